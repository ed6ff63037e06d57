"""Launch Library's filters of launches, and calfeed's own that only launches have."""

from collections.abc import Callable
from operator import attrgetter, eq, ge, gt, le, lt

from calfeed.launches.model import Launch
from calfeed.launches.parts import (
    Of,
    celestial_body_of_orbit,
    celestial_body_of_pad,
    configuration,
    location,
    manufacturer,
    mission_agencies,
    orbit,
    pad,
    provider,
    spacecraft,
    spacecraft_configurations,
    status,
)
from calfeed.launches.place import COUNTRY, NEAR
from calfeed.launches.record_tests import contains, has_member, launched_by_or_for
from calfeed.query import shared
from calfeed.query.filter import Filter, Test
from calfeed.query.kinds import FLAG, IDS, NUMBER, TEXT, UUIDS, Kind, Value, parse_words, slugs
from calfeed.query.record_tests import compares, has
from calfeed.query.shared import Rows

_net = attrgetter("net")

SUBORBITAL = "Suborbital"
"""The name of the orbit."""
WITHOUT_BODIES = ("2.2.0",)
"""The versions of the API that do not say on what celestial body a pad stands."""


def _ids(
    name: str, meaning: str, of: Of, phrase: str, same_as: str = "", lacking: tuple[str, ...] = ()
) -> Filter[Launch]:
    test = has_member(of, "id")
    phrase = f"{phrase} {{}}"
    return Filter(name, meaning, IDS, test, phrase, same_as=same_as, named=of, lacking=lacking)


def _names(name: str, meaning: str, of: Of, example: str, *names: str) -> Filter[Launch]:
    kind = Kind(parse_words, f"comma-separated names such as {example}", TEXT.schema, example)
    return Filter(name, meaning, kind, has_member(of, *(names or ("name",))), "{}")


def _text(name: str, what: str, of: Of, example: str, member: str = "name") -> Filter[Launch]:
    kind = Kind(parse_words, f"a text such as {example}", TEXT.schema, example)
    test = has_member(of, member)
    return Filter(name, f"{what} is exactly this", kind, test, "{}", many=False)


def _contains(name: str, what: str, of: Of, example: str, member: str = "name") -> Filter[Launch]:
    kind = Kind(parse_words, f"a text such as {example}", TEXT.schema, example)
    return Filter(f"{name}__icontains", f"{what} contains this, in any case", kind,
                  contains(of, member), "“{}”", many=False)  # fmt: skip


def _flag(name: str, meaning: str, holds: Callable[[Launch], bool], phrase: str) -> Filter[Launch]:
    def test(values: tuple[Value, ...]) -> Test[Launch]:
        (wanted,) = values
        return lambda launch: holds(launch) is wanted

    return Filter(name, meaning, FLAG, test, phrase, many=False)


def _include_suborbital() -> Filter[Launch]:
    """False leaves out suborbital launches; that true changes nothing holds for events too."""
    suborbital = has_member(orbit, "name")((SUBORBITAL,))

    def test(values: tuple[Value, ...]) -> Test[Launch]:
        return lambda launch: True in values or not suborbital(launch)

    return Filter("include_suborbital", "false: without suborbital launches", FLAG, test,
                  "without suborbital launches", many=False, spares=True)  # fmt: skip


def _counters() -> Rows:
    """Its number among all orbital launches, its site’s, its pad’s, its provider’s."""
    compared = (
        ("", eq, "exactly", ""), ("__gt", gt, "more than", "more than "),
        ("__gte", ge, "at least", "at least "), ("__lt", lt, "less than", "less than "),
        ("__lte", le, "at most", "at most "),
    )  # fmt: skip
    counted = {"orbital": "orbital", "location": "site’s", "pad": "pad’s", "agency": "provider’s"}
    return tuple(
        Filter(
            f"{name}_launch_attempt_count{year}{suffix}",
            f"its number among the {whose} launches{' of its year' if year else ''} is {meaning}",
            NUMBER,
            compares(compare, attrgetter(f"{name}_launch_attempt_count{year}")),
            f"{whose} launch number {phrase}{{}}{' of its year' if year else ''}",
            many=False,
        )
        for name, whose in counted.items()
        for year in ("", "_year")
        for suffix, compare, meaning, phrase in compared
    )


def _rocket() -> Rows:
    name = "rocket__configuration"
    of, maker = configuration, manufacturer
    return (
        _ids("launcher_config__id", "of any of these kinds of rocket", of, "rocket"),
        _ids(f"{name}__id", "the same as launcher_config__id", of, "rocket",
             same_as="launcher_config__id"),
        _text(f"{name}__name", "the rocket’s name", of, "Falcon 9"),
        _text(f"{name}__full_name", "the rocket’s full name", of, "Falcon 9 Block 5", "full_name"),
        _contains(f"{name}__full_name", "the rocket’s full name", of, "falcon", "full_name"),
        _text(f"{name}__manufacturer__name", "the name of who makes the rocket", maker, "SpaceX"),
        _contains(f"{name}__manufacturer__name", "the name of who makes the rocket", maker,
                  "space"),
        _names("serial_number", "with any of these boosters", attrgetter("launcher_stage"),
               "B1062", "serial_number"),
    )  # fmt: skip


def _spacecraft() -> Rows:
    name, of = "rocket__spacecraftflight__spacecraft", spacecraft
    return (
        _ids(f"{name}__id", "with any of these spacecraft", of, "spacecraft"),
        _text(f"{name}__name", "the spacecraft’s name", of, "Orion Integrity"),
        _contains(f"{name}__name", "the spacecraft’s name", of, "dragon"),
        _ids("spacecraft_config__ids", "with any of these kinds of spacecraft",
             spacecraft_configurations, "spacecraft"),
        _flag("is_crewed", "whether somebody is in it",
              lambda launch: bool(launch.spacecraft_stage)
              and any(craft.crew for craft in launch.spacecraft_stage), "crewed: {}"),
    )  # fmt: skip


def _provider() -> Rows:
    of = provider
    return (
        Filter("agency__ids", "launched by any of these agencies, or for one of them", IDS,
               launched_by_or_for, "agency {}", named=attrgetter("agencies")),
        _ids("lsp__id", "launched by any of these agencies", of, "provider"),
        _ids("lsp__ids", "the same as lsp__id", of, "provider", same_as="lsp__id"),
        _names("lsp__name", "launched by any of the agencies of these names", of, "SpaceX"),
        Filter("related_lsp__id", "launched by any of these agencies, or by one below them", IDS,
               has_member(of, "id", "parent_id"), "provider {}", named=of),
        _names("related_lsp__name", "the same by names", of, "SpaceX", "name", "parent"),
        Filter("related", "true: the filters lsp__… are read as related_lsp__…", FLAG,
               lambda values: lambda launch: True, "", many=False, spares=True,
               renames=("lsp__", "related_lsp__")),
        _ids("mission__agency__ids", "launched for any of these agencies", mission_agencies,
             "for agency"),
    )  # fmt: skip


def _place() -> Rows:
    return (
        _ids("location__ids", "from any of these sites", location, "site"),
        _ids("pad__location", "the same as location__ids", location, "site",
             same_as="location__ids"),
        _ids("pad__ids", "from any of these pads", pad, "pad"),
        _ids("pad", "the same as pad__ids", pad, "pad", same_as="pad__ids"),
        _ids("pad__location__celestial_body__id", "from any of these celestial bodies",
             celestial_body_of_pad, "from celestial body", lacking=WITHOUT_BODIES),
        COUNTRY,
        NEAR,
    )  # fmt: skip


def _orbit() -> Rows:
    return (
        _text("mission__orbit__name", "the orbit’s name", orbit, "Low Earth Orbit"),
        _contains("mission__orbit__name", "the orbit’s name", orbit, "orbit"),
        _ids("mission__orbit__celestial_body__id", "to orbits of any of these celestial bodies",
             celestial_body_of_orbit, "to celestial body", lacking=WITHOUT_BODIES),
        _include_suborbital(),
    )  # fmt: skip


def _launch() -> Rows:
    kind = Kind(
        parse_words, "comma-separated designators such as 2025-049", TEXT.schema, "2025-049"
    )
    return (
        Filter("launch_designator", "with any of these international designators", kind,
               has(attrgetter("launch_designator")), "{}", lacking=("2.2.0",)),
        _ids("status__ids", "of any of these statuses", status, "status"),
        _ids("status", "the same as status__ids", status, "status", same_as="status__ids"),
    )  # fmt: skip


FILTERS = shared.table(
    shared.moments("net", _net),
    shared.moments("window_start", attrgetter("window_start"), "window opens"),
    shared.moments("window_end", attrgetter("window_end"), "window closes"),
    shared.calendar(_net),
    shared.changes(),
    shared.identity(UUIDS, slugs("falcon-9-block-5-crew-10"), "launches", "launch"),
    shared.programs(IDS),
    shared.search(attrgetter("search_text"), "the designator and the names of launch, mission,"
                  " provider, pad, site, rocket, its maker and spacecraft"),
    shared.links(),
    shared.recent(),
    shared.exclude(),
    _launch(),
    _provider(),
    _place(),
    _rocket(),
    _spacecraft(),
    _orbit(),
    _counters(),
)  # fmt: skip
"""Every filter by its name."""

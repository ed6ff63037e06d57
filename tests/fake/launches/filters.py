"""What the list parameters of launches mean, as a table of tests.

As with events, unknown parameters and empty values filter nothing, a value that cannot be read is
refused, and a launch that lacks what a filter looks at does not pass it. Texts are compared
exactly, case included, but for `icontains` and `search`.
"""

import operator
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from .. import filters
from ..filters import Query, Test, compared, integer, last, number, one_of, text_of, upper
from ..parts import Record
from .paths import values
from .record import COUNTERS
from .tables import AGENCIES, SUBORBITAL

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
SEARCHED = (
    "launch_designator",
    "launch_service_provider.name",
    "mission.name",
    "name",
    "pad.location.name",
    "pad.name",
    "rocket.configuration.manufacturer.abbrev",
    "rocket.configuration.manufacturer.name",
    "rocket.configuration.name",
    "rocket.spacecraft_stage.spacecraft.name",
)
"""Where `search` looks; 2.2.0 has no designators."""
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
PROVIDER = "launch_service_provider"

Make = Callable[[str, str], Test]


def select(
    records: Iterable[Record],
    query: Query,
    *,
    older: bool,
    version: str = "2.3.0",
) -> list[Record]:
    """Keep the launches that pass every filter of the query.

    `older` deployments do not know `mission__agency__ids`, and 2.2.0 spells some filters in its
    own way.
    """
    known = table(version, older)
    if version == "2.2.0" and BOOLEANS.get(last(query, "related").lower()):
        known = known | RELATED_220
    given = {key: text for key in known if (text := last(query, key)).strip()}
    tests = [known[key](key, text) for key, text in given.items()]
    tests.extend(filters.programs(query))
    tests.extend(_search(last(query, "search"), SEARCHED[version == "2.2.0" :]))
    return [record for record in records if all(test(record) for test in tests)]


def _among(path: str, read: Callable[[str, str], Any] = number) -> Make:
    """Comma separated: some value at the path must be among them."""
    make: Make = one_of(lambda record: values(record, path), read)
    return make


def _is(path: str) -> Make:
    """A single integer that must stand at the path."""

    def make(key: str, text: str) -> Test:
        wanted = integer(key, text)
        return lambda record: any(value == wanted for value in values(record, path))

    return make


def _text_is(path: str) -> Make:
    def make(key: str, text: str) -> Test:
        return lambda record: any(value == text.strip() for value in values(record, path))

    return make


def _contains(path: str) -> Make:
    def make(key: str, text: str) -> Test:
        wanted = upper(text.strip())
        return lambda record: any(wanted in upper(str(value)) for value in values(record, path))

    return make


def _counter(field: str, holds: Callable[[Any, Any], bool]) -> Make:
    def make(key: str, text: str) -> Test:
        limit = integer(key, text)
        return lambda record: (count := record.get(field)) is not None and holds(count, limit)

    return make


def _search(text: str, paths: tuple[str, ...]) -> list[Test]:
    """Every word must occur in some of the fields, each in whichever it likes."""
    words = filters.search_words(text)

    def test(record: Record) -> bool:
        texts = [upper(str(value)) for path in paths for value in values(record, path)]
        return all(any(word in found for found in texts) for word in words)

    return [test] if words else []


def _boolean(make_test: Callable[[bool], Test]) -> Make:
    """True or false in any case, or 1 and 0; anything else filters nothing."""

    def make(key: str, text: str) -> Test:
        wanted = BOOLEANS.get(text.strip().lower())
        return (lambda record: True) if wanted is None else make_test(wanted)

    return make


def _crewed(wanted: bool) -> Test:
    path = "rocket.spacecraft_stage.launch_crew"
    return lambda record: any(True for _ in values(record, path)) is wanted


def _suborbital(included: bool) -> Test:
    return lambda record: included or SUBORBITAL not in values(record, "mission.orbit.name")


def _status_220(record: Record) -> list[Any]:
    """Give the status that 2.2.0 shows, where none is Payload Deployed."""
    return [6 if id == 9 else id for id in values(record, "status.id")]


def _related(field: str) -> Callable[[Record], list[Any]]:
    """Give the id or the name of the provider, and of the agency that is its parent."""

    def related(record: Record) -> list[Any]:
        names = list(values(record, f"{PROVIDER}.parent"))
        found = list(values(record, f"{PROVIDER}.{field}"))
        if field == "name":
            return found + names
        return found + [id for id, agency in AGENCIES.items() if agency[0] in names]

    return related


def _times() -> dict[str, Make]:
    return {
        f"{field}__{name}": compared(field, holds)
        for field in ("net", "window_start", "window_end")
        for name, holds in COMPARISONS.items()
    }


def _counters() -> dict[str, Make]:
    plain = {field: _counter(field, operator.eq) for field in COUNTERS}
    return plain | {
        f"{field}__{name}": _counter(field, holds)
        for field in COUNTERS
        for name, holds in COMPARISONS.items()
    }


CONFIGURATION = "rocket.configuration"
CRAFT = "rocket.spacecraft_stage.spacecraft"

COMMON: dict[str, Make] = {
    **_times(),
    **_counters(),
    **{part: one_of(filters.date_part(part, "net"), number) for part in ("year", "month", "day")},
    "id": _among("id", filters.uuid_of),
    "include_suborbital": _boolean(_suborbital),
    "is_crewed": _boolean(_crewed),
    "last_updated__gte": compared("last_updated", operator.ge),
    "last_updated__lte": compared("last_updated", operator.le),
    "launcher_config__id": _among(f"{CONFIGURATION}.id"),
    "location__ids": _among("pad.location.id"),
    "lsp__name": _among(f"{PROVIDER}.name", text_of),
    "mission__orbit__name": _text_is("mission.orbit.name"),
    "mission__orbit__name__icontains": _contains("mission.orbit.name"),
    "name": _text_is("name"),
    "pad": _is("pad.id"),
    "pad__location": _is("pad.location.id"),
    "rocket__configuration__full_name": _text_is(f"{CONFIGURATION}.full_name"),
    "rocket__configuration__full_name__icontains": _contains(f"{CONFIGURATION}.full_name"),
    "rocket__configuration__id": _is(f"{CONFIGURATION}.id"),
    "rocket__configuration__manufacturer__name": _text_is(f"{CONFIGURATION}.manufacturer.name"),
    "rocket__configuration__manufacturer__name__icontains": _contains(
        f"{CONFIGURATION}.manufacturer.name"
    ),
    "rocket__configuration__name": _text_is(f"{CONFIGURATION}.name"),
    "rocket__spacecraftflight__spacecraft__id": _is(f"{CRAFT}.id"),
    "rocket__spacecraftflight__spacecraft__name": _text_is(f"{CRAFT}.name"),
    "rocket__spacecraftflight__spacecraft__name__icontains": _contains(f"{CRAFT}.name"),
    "serial_number": _among("rocket.launcher_stage.launcher.serial_number", text_of),
    "slug": _text_is("slug"),
    "spacecraft_config__ids": _among(f"{CRAFT}.spacecraft_config.id"),
    "status": _is("status.id"),
    "status__ids": _among("status.id"),
    "video_url": _among("vid_urls.url", text_of),
}
ONLY_230: dict[str, Make] = {
    "launch_designator": _among("launch_designator", text_of),
    "lsp__id": _among(f"{PROVIDER}.id"),
    "mission__orbit__celestial_body__id": _is("mission.orbit.celestial_body.id"),
    "pad__location__celestial_body__id": _is("pad.location.celestial_body.id"),
    "related_lsp__id": one_of(_related("id"), number),
    "related_lsp__name": one_of(_related("name"), text_of),
}
ONLY_220: dict[str, Make] = {
    "lsp__id": _is(f"{PROVIDER}.id"),
    "lsp__ids": _among(f"{PROVIDER}.id"),
    "pad__ids": _among("pad.id"),
    "status": one_of(_status_220, integer),
    "status__ids": one_of(_status_220, number),
}
RELATED_220: dict[str, Make] = {
    "lsp__id": one_of(_related("id"), integer),
    "lsp__ids": one_of(_related("id"), number),
    "lsp__name": one_of(_related("name"), text_of),
}
"""What 2.2.0 knows in place of these with `related=true`."""
NEWER: dict[str, Make] = {"mission__agency__ids": _among("mission.agencies.id")}


@cache
def table(version: str, older: bool) -> dict[str, Make]:
    """All filters that a deployment knows, but for `program` and `search`."""
    own = ONLY_220 if version == "2.2.0" else ONLY_230
    return COMMON | own | ({} if older else NEWER)

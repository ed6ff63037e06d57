"""What the filters of launches mean: compared with the fake Launch Library's own account."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from calfeed.catalog import LAUNCHES_ONLY
from calfeed.launches import LAUNCHES
from calfeed.launches.filters import FILTERS
from calfeed.launches.model import Launch
from calfeed.query.parse import parse
from calfeed.query.query import Query
from tests.fake import Record
from tests.fake.launches import filters as fake
from tests.fake.launches.many import many_launches
from tests.fake.launches.older import as_220
from tests.fake.launches.paths import values

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OWN = {"agency__ids", "near", "country", "exclude", "related"}
"""What Launch Library's newest version does not have."""
SPELLINGS = {"pad__ids": "pad", "lsp__ids": "lsp__id", "program__ids": "program"}
"""Names that are understood in every version, and what 2.3.0 calls them."""


@cache
def records() -> list[Record]:
    return many_launches(400, now=NOW, ahead=80)


@cache
def launches() -> list[Launch]:
    return [LAUNCHES.read(record) for record in records()]


@cache
def older_launches() -> list[Launch]:
    return [LAUNCHES.read(as_220(record)) for record in records()]


def chosen(among: list[Launch], text: str) -> list[str]:
    asked = parse(parse_qsl(text), Query.everything(LAUNCHES_ONLY))
    tests = asked.tests(LAUNCHES)
    assert tests is not None
    return [launch.id for launch in among if all(test(launch) for test in tests)]


def ours(text: str) -> list[str]:
    return chosen(launches(), text)


def theirs(text: str, version: str = "2.3.0") -> list[str]:
    query = MultiDict(parse_qsl(text))
    found = fake.select(records(), query, older=False, version=version)
    return [record["id"] for record in found]


@cache
def some(path: str) -> list[object]:
    """What the launches have at a path, the most frequent first; up to five."""
    found = Counter(value for record in records() for value in values(record, path))
    ranked = sorted(found, key=lambda value: (-found[value], str(value)))
    return [ranked[0], *ranked[len(ranked) // 4 :: max(1, len(ranked) // 4)][:4]]


ROCKET, CRAFT = "rocket.configuration", "rocket.spacecraft_stage.spacecraft"
IDS = {
    "id": "id",
    "launcher_config__id": f"{ROCKET}.id",
    "location__ids": "pad.location.id",
    "lsp__id": "launch_service_provider.id",
    "mission__agency__ids": "mission.agencies.id",
    "spacecraft_config__ids": f"{CRAFT}.spacecraft_config.id",
    "status__ids": "status.id",
}
"""Filters that take lists, and where their values stand."""
SINGLE = {
    "mission__orbit__celestial_body__id": "mission.orbit.celestial_body.id",
    "pad": "pad.id",
    "pad__location": "pad.location.id",
    "pad__location__celestial_body__id": "pad.location.celestial_body.id",
    "program": "program.id",
    "rocket__configuration__id": f"{ROCKET}.id",
    "rocket__spacecraftflight__spacecraft__id": f"{CRAFT}.id",
    "status": "status.id",
}
"""Those that upstream reads one value of."""
TEXTS = {
    "launch_designator": "launch_designator",
    "lsp__name": "launch_service_provider.name",
    "mission__orbit__name": "mission.orbit.name",
    "related_lsp__name": "launch_service_provider.parent",
    "rocket__configuration__full_name": f"{ROCKET}.full_name",
    "rocket__configuration__manufacturer__name": f"{ROCKET}.manufacturer.name",
    "rocket__configuration__name": f"{ROCKET}.name",
    "rocket__spacecraftflight__spacecraft__name": f"{CRAFT}.name",
    "serial_number": "rocket.launcher_stage.launcher.serial_number",
    "slug": "slug",
}
CONTAINED = {
    f"{name}__icontains": TEXTS[name]
    for name in (
        "mission__orbit__name",
        "rocket__configuration__full_name",
        "rocket__configuration__manufacturer__name",
        "rocket__spacecraftflight__spacecraft__name",
    )
}


def encoded(value: object) -> str:
    return str(value).replace("+", "%2B").replace("&", "%26")


@cache
def queries() -> list[str]:
    """Each filter with values that some launch has, and with one that none has."""
    found = []
    for name, path in (IDS | SINGLE | TEXTS).items():
        found += [f"{name}={encoded(value)}" for value in some(path)]
    for name, path in IDS.items():
        found.append(f"{name}={','.join(map(str, some(path)))}")
    for name, path in CONTAINED.items():
        found += [f"{name}={encoded(str(value)[1:5].upper().strip())}" for value in some(path)]
    found += [f"{name}=999999" for name in (*IDS, *SINGLE) if name != "id"]
    found += [f"{name}=No Such Thing" for name in (*TEXTS, *CONTAINED) if name != "slug"]
    return found


def test_a_filter_means_what_launch_library_means() -> None:
    assert [text for text in queries() if ours(text) != theirs(text)] == []
    matched = {text.partition("=")[0] for text in queries() if ours(text)}
    assert matched == IDS.keys() | SINGLE.keys() | TEXTS.keys() | CONTAINED.keys()


OTHERS = [
    "day=29,30,31", "month=2,12", "year=2025,2026", "year=2026&month=3",
    "net__gt=2026-01-01", "net__gte=2026-03-10T12:00:00Z&net__lt=2027-01-01", "net__lte=1970-01-01",
    "window_start__gt=2026-01-01", "window_start__gte=2026-01-01", "window_start__lt=1990-01-01",
    "window_start__lte=1990-01-01", "window_end__gt=2026-06-01", "window_end__gte=2026-06-01",
    "window_end__lt=1970-01-01", "window_end__lte=1970-01-01T00:00:00-05:00",
    "last_updated__gte=2026-01-01", "last_updated__lte=2022-01-01",
    "is_crewed=true", "is_crewed=false", "is_crewed=1", "include_suborbital=false",
    "include_suborbital=true", "search=falcon", "search=SPACEX starlink", "search=2025-0,rocket",
    "search=kennedy", "search=CASC", "search=dragon", "search=39", "search=nothing-like-that",
    "search=soyuz baikonur,progress", "related_lsp__id=31", "related_lsp__id=900,121",
]  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_other_filters(text: str) -> None:
    assert ours(text) == theirs(text)


@pytest.mark.parametrize("of", ["orbital", "location", "pad", "agency"])
@pytest.mark.parametrize("year", ["", "_year"])
@pytest.mark.parametrize("compare", ["", "__gt", "__gte", "__lt", "__lte"])
def test_counters(of: str, year: str, compare: str) -> None:
    name = f"{of}_launch_attempt_count{year}"
    bounds = [record[name] for record in records()[::97] if record[name] is not None]
    for text in [f"{name}{compare}={bound}" for bound in bounds]:
        assert ours(text) == theirs(text)
        assert compare or ours(text)


def test_the_queries_above_use_every_filter() -> None:
    used = {text.partition("=")[0] for text in queries()}
    used |= {name for text in OTHERS for name, _ in parse_qsl(text)}
    counters = {name for name in FILTERS if "launch_attempt_count" in name}
    assert len(counters) == 40
    below = {"video_url", "hide_recent_previous"}
    assert set(FILTERS) - used - counters == OWN | SPELLINGS.keys() | below


def test_names_that_not_every_version_has() -> None:
    for name, theirs_name in SPELLINGS.items():
        path = (IDS | SINGLE)[theirs_name]
        for value in some(path):
            assert ours(f"{name}={value}") == theirs(f"{theirs_name}={value}") != []
        one, other = some(path)[:2]
        wanted = {*theirs(f"{theirs_name}={one}"), *theirs(f"{theirs_name}={other}")}
        assert set(ours(f"{name}={one},{other}")) == wanted


def test_a_single_id_of_upstream_may_be_a_list() -> None:
    for name in SINGLE:
        one, other = some(SINGLE[name])[:2]
        wanted = {*theirs(f"{name}={one}"), *theirs(f"{name}={other}")}
        assert set(ours(f"{name}={one},{other}")) == wanted


def test_a_video_link() -> None:
    links = some("vid_urls.url")
    for text in (str(links[0]), ",".join(map(str, links))):
        assert ours(f"video_url={text}") == theirs(f"video_url={text}") != []


PICKS = st.lists(st.integers(0, 4), min_size=1, max_size=3)
MOMENTS = st.datetimes(datetime(1960, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
    lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"
)


@given(
    st.dictionaries(st.sampled_from(sorted(IDS)), PICKS, max_size=2),
    st.dictionaries(st.sampled_from(sorted({**SINGLE, **TEXTS})), PICKS, max_size=1),
    st.dictionaries(
        st.sampled_from(
            [name for name in FILTERS if name.endswith(("__gt", "__gte", "__lt", "__lte"))]
        ).filter(lambda name: "attempt" not in name),
        MOMENTS,
        max_size=2,
    ),
    st.dictionaries(
        st.sampled_from([name for name in FILTERS if "attempt" in name]),
        st.integers(0, 3000),
        max_size=1,
    ),
    st.sampled_from(["", "&search=falcon", "&is_crewed=false", "&include_suborbital=false"]),
)
def test_filters_together(
    lists: dict[str, list[int]],
    single: dict[str, list[int]],
    moments: dict[str, str],
    counts: dict[str, int],
    rest: str,
) -> None:
    pairs: list[tuple[str, object]] = []
    for name, picks in lists.items():
        known = some(IDS[name])
        pairs.append((name, ",".join(str(known[n % len(known)]) for n in picks)))
    for name, picks in single.items():
        known = some({**SINGLE, **TEXTS}[name])
        pairs.append((name, encoded(known[picks[0] % len(known)])))
    text = "&".join(f"{name}={value}" for name, value in [*pairs, *moments.items()])
    text = "&".join(filter(None, [text, *(f"{name}={n}" for name, n in counts.items())])) + rest
    assert ours(text) == theirs(text)


def test_the_older_version_gives_the_same_answers_where_it_tells_as_much() -> None:
    lacking = {name for name, row in FILTERS.items() if "2.2.0" in row.lacking}
    assert lacking == {"launch_designator", "pad__location__celestial_body__id",
                       "mission__orbit__celestial_body__id"}  # fmt: skip
    for text in [*queries(), *OTHERS]:
        name = text.partition("=")[0]
        if name in lacking or name.startswith("related_lsp") or "search=2025" in text:
            continue
        if name.startswith("status"):
            assert chosen(older_launches(), text) == theirs(text, "2.2.0")
        else:
            assert chosen(older_launches(), text) == ours(text)

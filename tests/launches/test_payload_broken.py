"""Upstream records that are broken: refused as a whole, or mended by leaving parts out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.entry import Display
from calfeed.launches import LAUNCHES
from calfeed.launches.model import LAUNCH
from calfeed.launches.payload import from_record
from calfeed.record import UNKNOWN_PRECISION
from tests.fake import booster, launch, spacecraft_stage

ID = "10000000-0000-4000-8000-000000000001"
BIG = 10**30
WHOLE = launch(
    ID,
    boosters=(booster("B1069", 24, land_at=1),),
    spacecraft=(spacecraft_stage(900, ("Ada Miller",)),),
    vid_urls=["https://v.example/"],
    program=[25],
)
IDS: list[Any] = [None, True, 5, "1", "", "banana", f"{ID}0", [], {}]
NAMES: list[Any] = [None, 5, [], {"en": "x"}]
DATES: list[Any] = ["banana", "", "1751328000", 5, True, [], {}, "2026-02-30T00:00:00Z",
                    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]  # fmt: skip
WRONG: list[Any] = [None, True, -1, BIG, 1.5, "", "banana", "\ud800", [], {}, [None], [[]],
                    [5, "x", {}], {"id": None}, {"id": "x", "name": 5}]  # fmt: skip


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name != key}


@pytest.mark.parametrize(
    "record",
    [
        None, True, 5, "launch", [], [WHOLE], {}, {"id": ID}, {"detail": "Not found."},
        *(WHOLE | {"id": bad} for bad in IDS),
        *(WHOLE | {"name": bad} for bad in NAMES),
        *(WHOLE | {"net": bad} for bad in DATES),
        *(without(key) for key in ("id", "name", "net")),
    ],
)  # fmt: skip
def test_a_malformed_record_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_record(record)


def test_the_least_that_a_launch_is() -> None:
    known = from_record({"id": ID.upper(), "name": " \n", "net": None})
    assert (known.id, known.name, known.net) == (ID, f"Launch {ID}", None)
    assert LAUNCHES.span(known, Display()) is None
    assert LAUNCHES.entry(known, Display()) is None


PATHS: list[tuple[str, ...]] = [(key,) for key in WHOLE if key not in ("id", "name", "net")]
PATHS += [("vidURLs",), ("infoURLs",)]
PATHS += [("launch_service_provider", key) for key in ("id", "name", "abbrev", "parent")]
PATHS += [("pad", key) for key in ("id", "name", "latitude", "longitude", "country", "location")]
PATHS += [("mission", key) for key in WHOLE["mission"]]
PATHS += [("rocket", key) for key in WHOLE["rocket"]]


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_a_broken_optional_part_is_left_out_and_the_launch_stays(path: tuple[str, ...]) -> None:
    whole = from_record(WHOLE)
    for bad in WRONG:
        outer = path[0]
        value = bad if len(path) == 1 else WHOLE[outer] | {path[1]: bad}
        known = from_record(WHOLE | {outer: value})
        assert (known.id, known.name, known.net) == (whole.id, whole.name, whole.net)
        assert LAUNCH.validate_json(LAUNCH.dump_json(known)) == known
        assert LAUNCHES.entry(known, Display()) is not None


def test_one_broken_item_does_not_take_the_others_along() -> None:
    for key in ("launcher_stage", "spacecraft_stage"):
        rocket = WHOLE["rocket"]
        broken = rocket | {key: [None, *rocket[key], 5]}
        assert from_record(WHOLE | {"rocket": broken}) == from_record(WHOLE)


@pytest.mark.parametrize(
    ("given", "read"),
    [(None, None), ({"id": 6}, 6), ({"id": 99}, 99), ({}, UNKNOWN_PRECISION),
     ("Day", UNKNOWN_PRECISION), ({"id": True}, UNKNOWN_PRECISION)],
)  # fmt: skip
def test_precisions(given: object, read: int | None) -> None:
    known = from_record(WHOLE | {"net_precision": given})
    assert known.net_precision == read
    span = LAUNCHES.span(known, Display())
    assert span is not None
    assert span.timed is (given is None)


KEYS = ["id", "name", "url", "type", "parent", "pad", "location", "country", "alpha_2_code",
        "country_code", "latitude", "orbit", "agencies", "spacecraft", "launch_crew", "astronaut",
        "landing", "launcher", "configuration", "timezone_name", "celestial_body"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(
        st.characters(exclude_categories=()), max_size=8) | st.sampled_from(
        [ID, "2026-07-06T09:00:00Z", "https://e.example/", "28.6", "../etc", "Europe/Berlin"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=8,
)  # fmt: skip
OPTIONAL = [key for key in WHOLE if key not in ("id", "name", "net")]


@given(JSON | st.dictionaries(st.sampled_from([*WHOLE, "vidURLs"]), JSON))
def test_any_json_gives_a_launch_or_value_error(record: object) -> None:
    try:
        from_record(record)
    except ValueError:
        return
    assert isinstance(record, dict)


@given(st.dictionaries(st.sampled_from(OPTIONAL), JSON))
def test_any_optional_parts_give_a_launch_and_an_entry(parts: dict[str, object]) -> None:
    known = from_record(WHOLE | parts)
    assert known.id == ID
    LAUNCH.dump_json(known)
    assert LAUNCHES.entry(known, Display(window=True)) is not None

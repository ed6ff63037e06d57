"""Upstream records that are broken: refused as a whole, or mended by leaving parts out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.entry import Display
from calfeed.events import EVENTS
from calfeed.events.payload import from_record
from calfeed.record import UNKNOWN_PRECISION
from tests.fake import event

BIG = 10**30
IDS: list[Any] = [None, True, "1", 1.5, -1, 2**31, BIG, [], {}]
NAMES: list[Any] = [None, 5, [], {"en": "x"}]
DATES: list[Any] = ["banana", "", "1751328000", 5, True, [], {}, "2026-02-30T00:00:00Z",
                    "2026-01-01T25:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
                    "2026-01-01T00:00:00+99:00"]  # fmt: skip
PRECISIONS: list[Any] = ["Day", True, [], {"id": None}, {"id": "5"}, {"id": True}, {"id": -1},
                         {"id": BIG}]  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [
        None, True, 5, "event", [], [event(1)], {}, {"id": 1}, {"detail": "Not found."},
        *(event(1) | {"id": bad} for bad in IDS),
        *(event(1) | {"name": bad} for bad in NAMES),
        *(event(1) | {"date": bad} for bad in DATES),
        *({k: v for k, v in event(1).items() if k != key} for key in ("id", "name", "date")),
    ],
)  # fmt: skip
def test_a_malformed_record_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_record(record)


OPTIONAL = [key for key in event(1) if key not in ("id", "name", "date")]
OPTIONAL += ["feature_image", "video_url", "news_url"]


WRONG: list[Any] = [None, True, -1, BIG, 1.5, "", "banana", "\ud800", [], {}, [None], [[]],
                    [5, "x", {}], {"id": None}, {"id": "x", "name": 5}]  # fmt: skip


@pytest.mark.parametrize("key", OPTIONAL)
def test_a_broken_optional_part_is_left_out_and_the_event_stays(key: str) -> None:
    whole = from_record(event(1))
    for bad in WRONG:
        one = from_record(event(1) | {key: bad})
        assert (one.id, one.name, one.date) == (whole.id, whole.name, whole.date)
        assert [len(part) for part in (one.vid_urls, one.info_urls, one.agencies)] == [0, 0, 0]
        assert EVENTS.model.validate_json(EVENTS.model.dump_json(one)) == one


@pytest.mark.parametrize("bad", [None, 5, [], {"id": None}, {"id": True}, {"name": "x"}])
def test_one_bad_item_does_not_take_the_others_along(bad: object) -> None:
    for key in ("agencies", "program", "spacestations", "expeditions", "vid_urls", "info_urls"):
        good = "https://e.example/" if "urls" in key else 44
        record = event(1, **{key: [good]})
        broken = record | {key: [bad, *record[key], bad]}
        assert from_record(broken) == from_record(record)


@pytest.mark.parametrize(
    ("given", "read"),
    [(None, None), ({"id": 6}, 6), ({"id": 99}, 99), ({}, UNKNOWN_PRECISION)]
    + [(bad, UNKNOWN_PRECISION) for bad in PRECISIONS],
)
def test_a_precision_that_cannot_be_read_is_not_none(given: object, read: int | None) -> None:
    one = from_record(event(1) | {"date_precision": given})
    assert one.date_precision == read
    found = EVENTS.span(one, Display())
    assert found is not None
    assert found.timed is (given is None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(
        st.characters(exclude_categories=()), max_size=8) | st.sampled_from(
        ["2026-07-06T09:00:00Z", "https://e.example/", "PT1H", "javascript:x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "name", "url", "type", "code", "language", "comment", "created_on",
                         "image_url", "priority", "start_time", "abbrev", "x"]), inner),
    max_leaves=6,
)  # fmt: skip


@given(JSON | st.dictionaries(st.sampled_from([*event(1), "feature_image", "video_url"]), JSON))
def test_any_json_gives_an_event_or_value_error(record: object) -> None:
    try:
        from_record(record)
    except ValueError:
        return
    assert isinstance(record, dict)


@given(st.dictionaries(st.sampled_from(OPTIONAL), JSON))
def test_any_optional_parts_give_an_event(parts: dict[str, object]) -> None:
    one = from_record(event(1) | parts)
    assert one.id == 1
    assert EVENTS.model.validate_json(EVENTS.model.dump_json(one)) == one

"""Which records a calendar shows, and in what order."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.duration import LONGEST
from calfeed.events.payload import from_record
from calfeed.publish.window import window
from calfeed.query.options import Options
from calfeed.query.query import View
from calfeed.record import VidUrl
from tests.fake import make_events
from tests.publish.march import NOW, at, ids, shown
from tests.support import calendars

EVENTS = [from_record(record) for record in make_events(120, now=NOW)]
DATED = sum(one.date is not None for one in EVENTS)


def test_all_that_have_a_date_in_order_of_start_then_id() -> None:
    entries = shown(EVENTS)
    assert len(entries) == DATED < len(EVENTS)
    assert entries == sorted(entries, key=lambda entry: (entry.start, entry.record.id))
    assert shown(EVENTS[::-1]) == entries


def test_all_day_entries_come_before_timed_ones_of_the_same_moment_only_by_id() -> None:
    days = [at(5, id=2), at(5, id=1, date_precision=5), at(5, id=3, date_precision=7)]
    assert ids(days) == [1, 2, 3]
    assert ids([at(6), *days, at(4, 23)]) == [4, 1, 2, 3, 6]
    assert ids([at(2), *days], "coarse=span") == [3, 2, 1, 2]


def test_the_order_is_that_of_what_is_shown() -> None:
    early = VidUrl(url="https://v.example/", official=True, start_time=at(10, 1).date)
    events = [at(10, 2), at(10, 4, id=11, vid_urls=(early,))]
    assert ids(events) == [10, 11]
    assert ids(events, "start=webcast") == [11, 10]
    assert ids(events, "start=webcast&limit=1") == [10]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [1, 8, 9, 10, 11, 12, 20]),
        ("past=0d", [10, 11, 12, 20]),
        ("past=1d", [9, 10, 11, 12, 20]),
        ("future=0d", [1, 8, 9, 10]),
        ("future=1d", [1, 8, 9, 10, 11]),
        ("past=0d&future=0d", [10]),
        ("past=2d&future=2d", [8, 9, 10, 11, 12]),
        ("past=PT48H&future=PT1H", [8, 9, 10, 11]),
        ("past=36525d&future=36525d", [1, 8, 9, 10, 11, 12, 20]),
    ],
)
@pytest.mark.parametrize("precision", [0, 5])
def test_the_window_moves_by_whole_days(text: str, found: list[int], precision: int) -> None:
    events = [at(day, date_precision=precision) for day in (1, 8, 9, 10, 11, 12, 20)]
    for hour in (0, 12, 23):
        entries = calendars.select(calendars.query(text), NOW.replace(hour=hour), *events)
        assert [entry.record.id for entry in entries] == found


def test_any_part_of_what_is_shown_counts() -> None:
    long = at(8, 23, duration=timedelta(hours=2))
    assert ids([long], "past=1d") == [8]
    assert ids([long], "past=0d") == []
    assert ids([long], "past=1d&length=1h") == [8]
    touching = at(9, 23, duration=timedelta(hours=1))
    assert ids([touching], "past=0d") == []
    month = at(31, date_precision=7)
    assert ids([month], "future=1d") == []
    assert ids([month], "future=1d&coarse=span") == [31]
    assert ids([month], "future=1d&coarse=hide") == []
    assert ids([at(9, 23)], "past=0d&length=PT2H") == [9]
    assert ids([at(8), at(9)], "past=36h") == [9]
    assert ids([at(8, date_precision=5), at(9)], "past=36h") == [8, 9]


@given(st.timedeltas(timedelta(0), LONGEST), st.dates(date(1970, 1, 1), date(2999, 12, 31)))
def test_no_window_is_too_large(length: timedelta, today: date) -> None:
    midnight = datetime.combine(today, time(), UTC)
    bounds = (midnight - length, midnight + timedelta(days=1) + length)
    assert window(Options(past=length, future=length), today) == bounds
    assert window(Options(past=length), today) == (bounds[0], None)
    assert window(Options(future=length), today) == (None, bounds[1])
    assert window(Options(), today) == (None, None)


def test_only_events_with_a_webcast() -> None:
    official = VidUrl(url="https://v.example/1", official=True)
    other = VidUrl(url="https://v.example/2", official=False)
    unsaid = VidUrl(url="https://v.example/3")
    events = [
        at(1),
        at(2, vid_urls=(other,)),
        at(3, vid_urls=(unsaid,)),
        at(4, vid_urls=(other, official)),
    ]
    assert ids(events, "webcast=any") == [1, 2, 3, 4]
    assert ids(events, "webcast=yes") == [2, 3, 4]
    assert ids(events, "webcast=official") == [4]


@pytest.mark.parametrize(
    ("text", "view", "found"),
    [
        ("limit=2&ordering=name", View.ALL, [3, 5]),
        ("limit=2&ordering=-name", View.ALL, [1, 4]),
        ("limit=2&ordering=id", View.ALL, [1, 2]),
        ("limit=2&ordering=-id", View.ALL, [4, 5]),
        ("limit=2&ordering=-net", View.ALL, [4, 5]),
        ("limit=2", View.ALL, [1, 2]),
        ("limit=2", View.PREVIOUS, [4, 5]),
        ("limit=2&ordering=date", View.PREVIOUS, [1, 2]),
        ("limit=2&ordering=-date", View.ALL, [4, 5]),
        ("limit=2&offset=1", View.ALL, [2, 3]),
        ("limit=2&offset=1", View.PREVIOUS, [3, 4]),
        ("offset=3", View.ALL, [4, 5]),
        ("offset=3", View.PREVIOUS, [1, 2]),
        ("offset=5", View.ALL, []),
        ("limit=100000&offset=100000", View.ALL, []),
        ("limit=100000", View.ALL, [1, 2, 3, 4, 5]),
        ("limit=2&ordering=last_updated", View.ALL, [4, 5]),
        ("limit=2&ordering=-last_updated", View.ALL, [1, 2]),
        ("limit=1&past=7d", View.ALL, [3]),
        ("limit=1&future=0d", View.PREVIOUS, [5]),
        ("limit=1&webcast=yes", View.ALL, [2]),
        ("ordering=-date", View.ALL, [1, 2, 3, 4, 5]),
    ],
)
def test_limit_and_offset_count_last_and_the_feed_stays_in_order(
    text: str, view: View, found: list[int]
) -> None:
    video = (VidUrl(url="https://v.example/"),)
    events = [
        at(
            day,
            name="_ecadb"[day],
            last_updated=NOW - timedelta(days=day),
            vid_urls=video if day == 2 else (),
        )
        for day in (5, 3, 1, 2, 4)
    ]
    assert ids(events, text, view) == found


def test_what_is_upcoming_is_limited_to_what_comes_next() -> None:
    events = [at(day) for day in (13, 8, 12, 11)]
    assert ids(events, "limit=2", View.UPCOMING) == [11, 12]
    assert ids(events, "limit=2&ordering=-date", View.UPCOMING) == [12, 13]


@given(st.integers(1, 200), st.integers(0, 200), st.sampled_from(list(View)))
def test_pages_of_a_feed_are_the_feed(limit: int, offset: int, view: View) -> None:
    asked = [("limit", str(limit)), ("offset", str(offset))]
    page = ids(EVENTS, "&".join(map("=".join, asked)), view)
    assert len(page) == max(0, min(limit, len(ids(EVENTS, "", view)) - offset))
    before = ids(EVENTS, f"limit={offset}", view) if offset else []
    assert not set(page) & set(before)

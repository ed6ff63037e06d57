"""Chosen quickly, and remembered: what is shown is what the plain definition says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.events import EVENTS as COLLECTION
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.publish.layout import Placed
from calfeed.publish.matching import matching
from calfeed.publish.select import Selector
from calfeed.publish.window import window
from calfeed.query.collection import Scope
from calfeed.query.query import LONGEST_ENTRY, RECENT, Query, View
from tests.fake import make_events
from tests.publish.march import NOW, at, ids
from tests.support import calendars
from tests.support.flights import BOTH, flight

EVENTS = [from_record(record) for record in make_events(120, now=NOW)]
DATED = sum(event.date is not None for event in EVENTS)

TEXTS = (
    "", "year=2026", "year=2024,2027&month=3", "date__gt=2026-03-01", "date__gte=2026-02-10",
    "date__lt=2026-04-01", "date__lte=2026-03-10T12:00:00Z", "search=soyuz", "type__ids=2,3",
    "hide_recent_previous=true", "id=3,17,90,100", "id=5&month=3", "exclude=soyuz,dragon",
)  # fmt: skip
DISPLAYS = ("", "coarse=span", "coarse=hide", "start=webcast", "length=366d", "length=PT1503H",
            "length=30d&start=webcast", "length=window&coarse=span")  # fmt: skip
WINDOWS = ("", "past=0d", "past=12h", "past=90d&future=30d", "past=36525d", "future=0d",
           "past=61d", "past=1d&webcast=yes", "past=400d&webcast=official")  # fmt: skip


def plainly(events: list[Event], asked: Query) -> list[Event]:
    """What is shown, by the definition: nothing remembered, nothing left out before the end."""
    options, found = asked.options, []
    first, last = window(options, NOW.date())
    tests = asked.tests(COLLECTION)
    assert tests is not None
    for event in sorted(events, key=lambda event: event.id):
        span = COLLECTION.span(event, options.display)
        if span is None or not event.date or not all(test(event) for test in tests):
            continue
        if options.webcast == "yes" and not event.vid_urls:
            continue
        if options.webcast == "official" and not any(v.official for v in event.vid_urls):
            continue
        upcoming = event.date >= NOW - asked.recent
        if asked.view is not View.ALL and not (
            upcoming if asked.view is View.UPCOMING else event.date < NOW
        ):
            continue
        start, end = span.moments()
        if (first is None or end > first) and (last is None or start < last):
            found.append((start, event))
    return [event for _, event in sorted(found, key=lambda pair: pair[0])]


moments = st.integers(-500 * 86400, 500 * 86400).map(lambda n: NOW + timedelta(seconds=n))
changes = st.fixed_dictionaries(
    {"date": st.none() | moments, "date_precision": st.none() | st.integers(0, 17)},
    optional={"duration": st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=600))},
)
moves = st.lists(st.tuples(st.integers(0, len(EVENTS) - 1), changes), max_size=4)
queries = st.builds(
    lambda view, *texts: calendars.query(
        "&".join(
            text
            for text in texts
            if text and (view is View.UPCOMING or not text.startswith("hide"))
        ),
        view,
    ),
    st.sampled_from(list(View)),
    st.sampled_from(TEXTS),
    st.sampled_from(DISPLAYS),
    st.sampled_from(WINDOWS),
)


def moved(events: list[Event], index: int, change: dict[str, Any]) -> list[Event]:
    """The same with one event changed: a new object, the others the same."""
    changed = replace(events[index], **change)
    return [*events[:index], changed, *events[index + 1 :]]


@given(moves, queries)
def test_bisection_leaves_out_nothing_that_the_plain_definition_shows(
    moves: list[tuple[int, dict[str, Any]]], asked: Query
) -> None:
    events = EVENTS
    for index, change in moves:
        events = moved(events, index, change)
    entries = calendars.select(asked, NOW, *events)
    assert [entry.record.id for entry in entries] == [e.id for e in plainly(events, asked)]


@given(moves, queries)
def test_no_record_that_is_shown_lies_before_the_earliest_date(
    moves: list[tuple[int, dict[str, Any]]], asked: Query
) -> None:
    events = EVENTS
    for index, change in moves:
        events = moved(events, index, change)
    lasting = max((event.duration or timedelta(0) for event in events), default=timedelta(0))
    earliest = asked.earliest(COLLECTION, NOW, lasting)
    short = [event for event in events if (event.duration or RECENT) <= LONGEST_ENTRY]
    for bound, some in ((earliest, events), (asked.earliest(COLLECTION, NOW), short)):
        dates = [event.date for event in plainly(some, asked) if event.date]
        assert bound is None or all(date >= bound for date in dates)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("past=0d", at(1, date=NOW - timedelta(days=90), duration=timedelta(days=100))),
        ("past=12h&length=PT1441H",
         at(1, date=datetime(2026, 1, 8, tzinfo=UTC), date_precision=5)),
        ("past=0d&coarse=span", at(1, date=datetime(2020, 1, 1, tzinfo=UTC), date_precision=16)),
        ("past=0d&length=366d", at(1, date=NOW - timedelta(days=365))),
    ],
)  # fmt: skip
def test_what_lasts_long_is_shown_while_it_lasts(text: str, event: Event) -> None:
    assert ids([event], text) == ids([event], text, View.PREVIOUS) == [1]
    assert ids([at(2), event], text) == [1, *ids([at(2)], text)]


@given(
    moves,
    st.lists(queries, min_size=1, max_size=3),
    st.sampled_from([len(EVENTS) // 2, 2 * len(EVENTS) + 10, 40_000]),
    st.randoms(use_true_random=False),
)
def test_what_is_remembered_of_a_record_is_never_shown_of_another(
    moves: list[tuple[int, dict[str, Any]]], asked: list[Query], most: int, rng: Random
) -> None:
    selector, events = Selector(most), EVENTS
    for index, change in [(0, {}), *moves]:
        events = moved(events, index, change)
        of = calendars.result(asked[0], NOW, *rng.sample(events, len(events)))
        for query in asked:
            entries = selector.select(of, query)
            wanted = plainly(events, query)
            assert [id(entry.record) for entry in entries] == [id(event) for event in wanted]
            display = query.options.display
            assert [e.span for e in entries] == [COLLECTION.span(e, display) for e in wanted]
            assert selector.remembered <= most


def test_records_of_other_collections_with_the_same_ids_are_told_apart() -> None:
    other = replace(COLLECTION, name="others")
    both = Scope("all", "Spaceflight", (COLLECTION, other))
    early, late = at(5, id=1), at(6, id=1)
    of = calendars.result_of(calendars.query(scope=both), NOW, [early], [late])
    selector = Selector()
    for _ in range(2):
        assert [entry.record for entry in selector.select(of)] == [early, late]
        assert selector.remembered == 2


def test_what_is_remembered_is_bounded_and_what_was_used_last_stays() -> None:
    selector, of = Selector(3 * (DATED + 1)), calendars.result(calendars.query(), NOW, *EVENTS)
    first = selector.select(of)
    for n in range(1, 10):
        selector.select(of, calendars.query(f"length=PT{n + 1}H"))
        assert selector.remembered <= 3 * DATED
        again = selector.select(of)
        assert all(one is other for one, other in zip(first, again, strict=True))
    assert selector.remembered == 3 * DATED


FLOWN = [
    flight(n, None if n % 9 == 0 else NOW + timedelta(days=n % 7 * 30 - 90), name=f"F{n % 5}",
           last_updated=NOW - timedelta(days=n % 11) if n % 4 else None)
    for n in range(40)
]  # fmt: skip
RANKS: dict[str, Callable[[Placed], Any]] = {
    "date": lambda p: (p.collection.date(p.record), p.collection.name, p.record.id),
    "name": lambda p: (p.record.name, p.collection.name, p.record.id),
    "id": lambda p: (p.collection.name, p.record.id),
    "last_updated": lambda p: (
        p.record.last_updated or datetime(1, 1, 1, tzinfo=UTC), p.collection.name, p.record.id
    ),
}  # fmt: skip


@given(
    st.sampled_from(["", "search=f", "past=30d", "future=10d", "agency__ids=44", "coarse=hide"]),
    st.sampled_from([None, *RANKS, *(f"-{name}" for name in RANKS), "net", "-net"]),
    st.none() | st.integers(1, 160),
    st.sampled_from([0, 1, 7, 50, 130, 9000]),
    st.sampled_from(list(View)),
)
def test_limit_and_offset_leave_what_sorting_all_of_it_would(
    text: str, ordering: str | None, limit: int | None, offset: int, view: View
) -> None:
    selector, base = Selector(), text if "past=" in text else f"past=all&{text}"
    of = calendars.result_of(calendars.query(base, view, BOTH), NOW, EVENTS, FLOWN)
    everything = selector.select(of)
    assert everything == sorted(everything, key=lambda entry: entry.order)
    field = (ordering or ("-date" if view is View.PREVIOUS else "date")).replace("net", "date")
    ordered = sorted(everything, key=RANKS[field.strip("-")], reverse=field.startswith("-"))
    left = ordered[offset : None if limit is None else offset + limit]
    options = {"ordering": ordering, "limit": limit, "offset": offset}
    asked = "".join(f"&{name}={value}" for name, value in options.items() if value is not None)
    found = selector.select(of, calendars.query(base + asked, view, BOTH))
    assert found == sorted(left, key=lambda entry: entry.order)


def test_how_many_records_are_looked_at_is_told_before() -> None:
    selector = Selector()
    for text, most in (("past=all", len(EVENTS) + len(FLOWN)), ("id=1,2", 2), ("past=1d", DATED)):
        of = calendars.result_of(calendars.query(text, scope=BOTH), NOW, EVENTS, FLOWN)
        assert len(selector.select(of)) <= selector.extent(of) <= most


def test_ways_to_place_nothing_take_room_too() -> None:
    selector, events = Selector(DATED + 5), calendars.result(calendars.query(), NOW, *EVENTS)
    selector.select(events)
    assert selector.remembered == DATED
    nothing = calendars.result(calendars.query(), NOW)
    for n in range(1, 10):
        selector.select(nothing, calendars.query(f"length=PT{n + 1}H"))
    assert selector.remembered == 0


def test_matching_goes_by_date_with_what_has_none_last() -> None:
    events = [at(9), at(8, id=20), at(3), at(1, date=None), at(9, id=4)]
    made = calendars.snapshot(COLLECTION, events)
    assert [e.id for e in matching(made, calendars.query(), NOW)] == [3, 20, 4, 9, 1]
    for view, found in ((View.UPCOMING, [4, 9]), (View.PREVIOUS, [3, 20, 4, 9])):
        now = NOW.replace(day=10, hour=0)
        assert [e.id for e in matching(made, calendars.query("", view), now)] == found
    assert [e.id for e in matching(made, calendars.query("month=3"), NOW)] == [3, 20, 4, 9]

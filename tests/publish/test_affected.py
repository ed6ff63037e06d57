"""Which feeds a change concerns: never one too few, and not all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.result import Result
from calfeed.publish.affected import affected
from calfeed.publish.head import head
from calfeed.publish.select import Selector
from calfeed.query.query import Query, View
from calfeed.record import Agency, VidUrl
from tests.fake import make_events
from tests.publish.march import at
from tests.support import calendars
from tests.support.flights import BOTH, FLIGHTS, Flight, flight, uuid

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SOME = [from_record(record) for record in make_events(60, now=NOW)]
FLOWN = [flight(n, NOW + timedelta(days=9 * n - 90), rocket=f"R{n % 3}") for n in range(20)]
NASA, ESA = Agency(id=44, name="NASA", abbrev="NASA"), Agency(id=27, name="ESA", abbrev="ESA")


class Data:
    """Both collections, as they change."""

    def __init__(self, events: list[Event], flights: list[Flight]) -> None:
        self.events, self.flights = Dataset(EVENTS), Dataset(FLIGHTS)
        self.events.apply({event.id: event for event in events})
        self.flights.apply({flight.id: flight for flight in flights})

    def result(self, query: Query) -> Result:
        made = calendars.result_of(query, NOW)
        datasets: dict[str, Dataset[Any]] = {"events": self.events, "flights": self.flights}
        snapshots = tuple(datasets[s.collection.name].snapshot() for s in made.snapshots)
        return replace(made, snapshots=snapshots)


def shown(result: Result) -> object:
    """All of a feed that the data decides."""
    entries = Selector().select(result)
    return [(e.record, e.span) for e in entries], head(result, entries, None, None)


moments = st.none() | st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days))
agencies = st.sampled_from([(), (NASA,), (ESA, NASA), (replace(NASA, name="Nasa"),)])
event_changes: st.SearchStrategy[tuple[int, Any]] = st.tuples(
    st.sampled_from([event.id for event in SOME[:8]] + [9001]),
    st.none() | st.builds(dict, date=moments, agencies=agencies, name=st.sampled_from("ab")),
)
flight_changes: st.SearchStrategy[tuple[str, Any]] = st.tuples(
    st.sampled_from([uuid(2), uuid(7), uuid(99)]),
    st.none() | st.builds(dict, net=moments, agencies=agencies, crewed=st.booleans()),
)
queries = st.builds(
    lambda texts, view: calendars.query("&".join(filter(None, texts)), view, BOTH),
    st.tuples(
        st.sampled_from(["", "agency__ids=44", "agency__ids=27,44", "search=a", "rocket=R1"]),
        st.sampled_from(["", "past=all", "past=30d&future=30d", "past=0d"]),
        st.sampled_from(["", "coarse=span", "start=webcast", "webcast=yes", "limit=5", "id=3"]),
    ),
    st.sampled_from(list(View)),
)


@given(
    st.lists(event_changes, max_size=3), st.lists(flight_changes, max_size=2),
    st.lists(queries, min_size=1, max_size=4),
)  # fmt: skip
def test_what_is_not_affected_stays_as_it_is(
    events: list[tuple[int, Any]], flights: list[tuple[str, Any]], asked: list[Query]
) -> None:
    data = Data(SOME, FLOWN)
    before = {query: data.result(query) for query in asked}
    for key, change in events:
        known = data.events.records.get(key, at(1, id=key))
        data.events.apply({key: change and replace(known, **change)})
    for uid, change in flights:
        flown = data.flights.records.get(uid, Flight(id=uid))
        data.flights.apply({uid: change and replace(flown, **change)})
    for query, result in before.items():
        after = data.result(query)
        if not affected(after, result.version):
            assert shown(after) == shown(result)


BASE = [at(9, agencies=(NASA,)), at(10, agencies=(ESA,)), at(1, agencies=(NASA,), id=70)]


@pytest.mark.parametrize(
    ("text", "change", "concerned"),
    [
        ("", {"name": "new"}, True),
        ("past=0d", {"name": "new"}, False),
        ("past=1d", {"name": "new"}, True),
        ("past=0d", {"date": NOW}, True),
        ("future=0d", {"date": NOW + timedelta(days=9)}, True),
        ("past=0d&future=0d", {"date": NOW + timedelta(days=9)}, False),
        ("agency__ids=27", {"name": "new"}, False),
        ("agency__ids=27", {"agencies": (NASA, ESA)}, True),
        ("agency__ids=44", {"agencies": ()}, True),
        ("agency__ids=44&past=0d", {"name": "new"}, False),
        ("agency__ids=44&past=0d", {"agencies": (replace(NASA, name="N"),)}, True),
        ("agency__ids=44&past=0d", {"date": NOW - timedelta(days=9)}, True),
        ("webcast=yes", {"name": "new"}, False),
        ("webcast=yes", {"vid_urls": (VidUrl(url="https://v.example/"),)}, True),
        ("coarse=hide", {"date_precision": 7}, True),
        ("search=nothing", {"name": "new"}, False),
        ("id=10", {"name": "new"}, False),
        ("limit=1", {"name": "new"}, True),
    ],
)
def test_whom_a_change_concerns(text: str, change: dict[str, Any], concerned: bool) -> None:
    data, query = Data(BASE, []), calendars.query(text)
    before = data.result(query)
    data.events.apply({9: replace(BASE[0], **change)})
    assert affected(data.result(query), before.version) == concerned


def test_what_leaves_concerns_those_who_showed_it() -> None:
    data = Data(BASE, [])
    nasa, esa = calendars.query("agency__ids=44"), calendars.query("agency__ids=27")
    before = data.result(nasa).version
    data.events.apply({9: None})
    assert affected(data.result(nasa), before)
    assert not affected(data.result(esa), before)


def test_what_is_not_remembered_any_more_may_concern_everybody() -> None:
    data, query = Data(BASE, []), calendars.query("search=nothing")
    before = data.result(query).version
    for n in range(3000):
        data.events.apply({9: replace(BASE[0], name=str(n))})
    assert affected(data.result(query), before)
    assert not affected(data.result(query), data.result(query).version)
    assert affected(data.result(query), (data.events.version + 1,))

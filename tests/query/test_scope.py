"""What an address is about: one collection, or all of them in one calendar."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest

from calfeed.errors import QueryError
from calfeed.events.model import Event
from calfeed.publish.select import Selector
from calfeed.query.collection import Scope
from calfeed.query.query import View
from calfeed.record import Agency
from tests.support import calendars
from tests.support.flights import BOTH, EVENTS_BESIDE, FLIGHTS_ONLY, Flight, flight, uuid

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
NASA, ESA = (Agency(id=44, name="NASA"), Agency(id=27, name="ESA"))
SCOPES = [EVENTS_BESIDE, FLIGHTS_ONLY, BOTH]
by_name = pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)


def event(number: int, days: float, **changes: object) -> Event:
    date = NOW + timedelta(days=days)
    facts = {"id": number, "name": f"Event {number}", "date": date, "date_precision": 0, **changes}
    return Event(**facts)  # type: ignore[arg-type]


EVENTS = [event(1, -3, agencies=(NASA,)), event(2, 1, name="Docking"), event(3, 9)]
FLIGHTS = [
    flight(1, NOW - timedelta(days=2), agencies=(NASA, ESA), rocket="Falcon 9"),
    flight(2, NOW + timedelta(days=1), name="Docking test", crewed=True),
    flight(3, NOW + timedelta(days=400)),
]


def ids(
    text: str,
    scope: Scope = BOTH,
    events: list[Event] = EVENTS,
    flights: list[Flight] = FLIGHTS,
    view: View = View.ALL,
) -> list[int]:
    """What the calendar shows, in its order; flights by their negative numbers."""
    held: dict[str, Sequence[Any]] = {"events": events, "flights": flights}
    asked = calendars.query(text, view, scope)
    of_each = [held[collection.name] for collection in scope.collections]
    result = calendars.result_of(asked, NOW, *of_each)
    entries = Selector().select(result)
    found = [entry.record.id for entry in entries]
    return [id if isinstance(id, int) else -int(id[-12:]) for id in found]


def refused(text: str, scope: Scope, version: str = "") -> QueryError:
    with pytest.raises(QueryError) as caught:
        calendars.query(text, scope=scope, version=version)
    return caught.value


def test_a_calendar_of_all_holds_the_entries_of_each() -> None:
    assert ids("") == [1, -1, 2, -2, 3, -3]
    assert ids("", EVENTS_BESIDE) == [1, 2, 3]
    assert ids("", FLIGHTS_ONLY) == [-1, -2, -3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("agency__ids=44", [1, -1]),
        ("agency__ids=27", [-1]),
        ("search=docking", [2, -2]),
        ("exclude=docking", [1, -1, 3, -3]),
        ("rocket=Falcon 9", [-1]),
        ("spacestation__ids=4", []),
        ("type__ids=2&rocket=Falcon 9", []),
        ("agency__ids=44&rocket=Falcon 9", [-1]),
        ("include_uncrewed=false", [1, 2, -2, 3]),
        ("include_uncrewed=false&rocket=Falcon 9", []),
        ("year=2027", [-3]),
        ("month=3&day=11", [2, -2]),
    ],
)
def test_a_filter_keeps_the_entries_that_have_it(text: str, found: list[int]) -> None:
    assert ids(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("date__gte=2026-03-11", [2, -2, 3, -3]),
        ("date__lt=2026-03-11&past=all", [1, -1]),
        ("date__gt__lt=2026-03-11", [1, -1]),
        ("date__gt=2026-03-11T12:00:00Z", [3, -3]),
        ("date__lte=2026-03-11T12:00:00Z", [1, -1, 2, -2]),
    ],
)
def test_the_date_goes_by_either_name(text: str, found: list[int]) -> None:
    other = text.replace("date__gt__lt", "net__lt").replace("date__", "net__")
    assert ids(text) == ids(other) == found
    asked, again = (calendars.query(each, scope=BOTH) for each in (text, other))
    assert asked == again
    assert asked.text() == again.text()
    assert "net__" not in asked.text()


def test_alone_each_has_its_own_name_for_the_date() -> None:
    assert ids("net__gte=2026-03-11", FLIGHTS_ONLY) == [-2, -3]
    assert calendars.query("net__gte=2026-03-11", scope=FLIGHTS_ONLY).clauses[0].name == "net__gte"
    error = refused("net__gte=2026-03-11", EVENTS_BESIDE)
    assert str(error).startswith("“net__gte” is a filter of flights: use /flights.ics or /all.ics")
    error = refused("date__gte=2026-03-11", FLIGHTS_ONLY)
    assert str(error).startswith("“date__gte” is a filter of events: use /events.ics or /all.ics")


def test_ordering_by_the_date_too() -> None:
    for name in ("date", "net"):
        assert ids(f"ordering={name}&limit=3") == [1, -1, 2]
        assert ids(f"ordering=-{name}&limit=3") == [-2, 3, -3]


@pytest.mark.parametrize(
    ("scope", "text", "said"),
    [
        (EVENTS_BESIDE, "rocket=X", "“rocket” is a filter of flights: use /flights.ics"),
        (FLIGHTS_ONLY, "type__ids=2", "“type__ids” is a filter of events: use /events.ics"),
        (FLIGHTS_ONLY, "type=2", "“type” is a filter of events: use /events.ics"),
    ],
)
def test_a_filter_of_the_other_collection_is_refused_with_words(
    scope: Scope, text: str, said: str
) -> None:
    error = refused(text, scope)
    assert str(error).startswith(f"{said} or /all.ics")
    assert error.parameter == text.partition("=")[0]
    assert error.parameter not in error.takes.removeprefix("one of ").split(", ")


@pytest.mark.parametrize(
    ("scope", "name", "nearest", "said"),
    [
        (EVENTS_BESIDE, "agency_ids", "agency__ids", "did you mean “agency__ids”?"),
        (EVENTS_BESIDE, "rockets", None, "flights have “rocket”"),
        (FLIGHTS_ONLY, "expedition_ids", None, "events have “expedition__ids”"),
        (BOTH, "rockets", "rocket", "did you mean “rocket”?"),
        (BOTH, "expedition_ids", "expedition__ids", "did you mean “expedition__ids”?"),
    ],
)
def test_the_nearest_name_may_be_the_other_collections(
    scope: Scope, name: str, nearest: str | None, said: str
) -> None:
    error = refused(f"{name}=1", scope)
    assert error.nearest == nearest
    assert str(error) == f"unknown parameter “{name}”; {said}"


@pytest.mark.parametrize(
    ("scope", "text", "said"),
    [
        (FLIGHTS_ONLY, "id=1183", "1183 is the id of an event: use /events.ics"),
        (FLIGHTS_ONLY, "id=7, 1183", "7 is the id of an event: use /events.ics"),
        (FLIGHTS_ONLY, f"id={uuid(1)},7", "7 is the id of an event: use /events.ics"),
        (EVENTS_BESIDE, f"id={uuid(1)}", f"{uuid(1)} is the id of a flight: use /flights.ics"),
        (EVENTS_BESIDE, f"id=7,{uuid(1)}", f"{uuid(1)} is the id of a flight: use /flights.ics"),
    ],
)
def test_an_id_of_the_other_kind_is_refused_with_words(scope: Scope, text: str, said: str) -> None:
    error = refused(text, scope)
    assert (error.parameter, error.value) == ("id", text.removeprefix("id="))
    assert str(error).endswith(f"; {said}")


@pytest.mark.parametrize("text", ["id=x", "id=1.5", "id=-1"])
@by_name
def test_what_is_no_id_at_all_is_refused_everywhere(scope: Scope, text: str) -> None:
    assert "is the id of" not in str(refused(text, scope))


def test_ids_of_both_kinds_in_a_list() -> None:
    text = f"id={uuid(2).upper()},3,1,{uuid(1)}"
    assert ids(text) == [1, -1, -2, 3]
    asked = calendars.query(text, scope=BOTH)
    assert asked == calendars.query(f"id=1&id={uuid(1)}&id=3,{uuid(2)}", scope=BOTH)
    assert calendars.query(asked.text(), scope=BOTH) == asked


def test_a_filter_whose_data_a_version_lacks_is_refused_with_words() -> None:
    for scope in (FLIGHTS_ONLY, BOTH):
        assert calendars.query("rocket=X", scope=scope, version="2.3.0").clauses
        error = refused("rocket=X", scope, "2.2.0")
        assert (error.parameter, error.value) == ("rocket", "X")
        assert "version 2.2.0 of Launch Library's API" in str(error)


def test_entries_of_one_moment_stand_in_order_of_collection_and_id() -> None:
    events = [event(n, 0) for n in (20, 3)]
    flights = [flight(n, NOW) for n in (7, 1)]
    assert ids("", events=events, flights=flights) == [3, 20, -1, -7]
    assert ids("limit=3", events=events, flights=flights) == [3, 20, -1]
    assert ids("limit=3&ordering=-date", events=events, flights=flights) == [20, -1, -7]


@pytest.mark.parametrize(
    ("ordering", "found"),
    [
        ("name", [10, -1]),
        ("-name", [-2, 2]),
        ("id", [2, 10]),
        ("-id", [-1, -2]),
        ("last_updated", [10, -2]),
        ("-last_updated", [-1, 2]),
    ],
)
def test_limit_counts_across_collections(ordering: str, found: list[int]) -> None:
    events = [event(10, 1, name="A", last_updated=None),
              event(2, 4, name="C", last_updated=NOW - timedelta(hours=1))]  # fmt: skip
    flights = [flight(2, NOW + timedelta(days=3), name="D", last_updated=NOW - timedelta(days=9)),
               flight(1, NOW + timedelta(days=2), name="B", last_updated=NOW)]  # fmt: skip
    shown = ids(f"limit=2&ordering={ordering}", events=events, flights=flights)
    dates = {10: 1, -1: 2, -2: 3, 2: 4}
    assert sorted(shown) == sorted(found)
    assert shown == sorted(shown, key=dates.__getitem__)


@by_name
def test_the_tables_of_a_scope(scope: Scope) -> None:
    names = chain.from_iterable(collection.filters for collection in scope.collections)
    assert list(scope.filters) == sorted(set(names))
    assert all(row.same_as in {"", *scope.filters} for row in scope.filters.values())


@by_name
def test_the_views(scope: Scope) -> None:
    own = {collection.name for collection in scope.collections}
    shown = {1: "events", 2: "events", 3: "events", -1: "flights", -2: "flights", -3: "flights"}
    for view, found in ((View.UPCOMING, [2, -2, 3, -3]), (View.PREVIOUS, [1, -1])):
        assert ids("", scope, view=view) == [id for id in found if shown[id] in own]


def test_two_spellings_of_one_bound_both_hold_for_every_collection() -> None:
    tomorrow, yesterday = (f"{NOW + timedelta(days=n):%Y-%m-%d}" for n in (1, -1))
    both = ids(f"date__gte={tomorrow}&net__gte={yesterday}")
    assert both == ids(f"date__gte={tomorrow}") == ids(f"net__gte={tomorrow}")
    assert {number > 0 for number in both} == {True, False}
    early = ids(f"date__gt__lt={tomorrow}&date__lt=2099-01-01")
    assert early == ids(f"net__lt={tomorrow}") == [1, -1]

"""What is done next: what is ahead first, then what changed, then the rest as calls allow."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.plan import Pace, idle, is_near, next_step
from calfeed.mirror.state import ChangesState, FillState, ReconcileState, State
from calfeed.store import Calls
from tests.support.mirror import NOW

PACE = Pace(timedelta(minutes=15), 15)
OTHERS = replace(EVENTS, name="others")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def dataset(
    collection: Any = EVENTS,
    *,
    fill: FillState | None = None,
    as_of: Any = NOW,
    reconcile: ReconcileState | None = None,
    events: Iterable[Event] = (),
) -> Dataset[Any]:
    made = Dataset[Any](collection)
    made.state = made.draft = State(
        fill or FillState(complete=True, began_at=NOW - DAY, undated=True),
        ChangesState(as_of=as_of, synced_to=as_of),
        reconcile or ReconcileState(looked_at=NOW, ahead_at=NOW),
    )
    made.apply({event.id: event for event in events})
    return made


def new(collection: Any = EVENTS, **fill: Any) -> Dataset[Any]:
    return dataset(collection, fill=FillState(**fill), as_of=fill.get("began_at"))


def step(*datasets: Dataset[Any], calls: Calls | None = None, pace: Pace = PACE) -> str:
    found = next_step(datasets, NOW, calls or Calls(), pace)
    return f"{found.kind} {found.dataset.collection.name}" if found else ""


def test_what_is_ahead_comes_first_in_every_collection_then_ninety_days_then_the_small_ones() -> (
    None
):
    order = []
    events, others = new(), new(OTHERS)
    since = {"events": NOW + 300 * DAY, "others": NOW + 300 * DAY}
    for _ in range(24):
        found = next_step([events, others], NOW, Calls(), PACE)
        assert found
        order.append(found.dataset.collection.name)
        name = found.dataset.collection.name
        since[name] -= 100 * DAY if name == "others" else 400 * DAY
        found.dataset.state = found.dataset.draft = State(
            FillState(began_at=NOW, since=since[name], count=9000 if name == "others" else 1000),
            ChangesState(as_of=NOW, synced_to=NOW, probed_at=NOW),
        )
        if since["events"] < NOW - 3000 * DAY:
            break
    assert order[:5] == ["events", *["others"] * 4]
    assert set(order[5:]) == {"events"}


def test_the_youngest_collection_uses_every_call_of_its_first_hour() -> None:
    young = new(began_at=NOW - MINUTE, since=NOW - 100 * DAY, count=1000)
    assert step(young, calls=Calls((60.0,) * 14)) == "fill events"


def test_later_changes_come_before_what_is_filled() -> None:
    older = new(began_at=NOW - 2 * HOUR, since=NOW - 100 * DAY, count=1000)
    assert step(older) == "changes events"
    older.state = older.draft = replace(older.draft, changes=ChangesState(as_of=NOW, synced_to=NOW))
    assert step(older) == "fill events"
    assert step(older, calls=Calls((60.0,) * 11)) == ""


@pytest.mark.parametrize(("age", "wanted"), [(13, ""), (15, "changes events")])
def test_changes_are_due_a_little_before_data_is_stale(age: int, wanted: str) -> None:
    assert step(dataset(as_of=NOW - age * MINUTE)) == wanted


def test_a_clock_that_was_set_back_delays_nothing_for_long() -> None:
    assert step(dataset(as_of=NOW + DAY)) == "changes events"


def test_who_waits_longest_is_served_first_but_long_lists_last() -> None:
    events, others = dataset(as_of=NOW - 2 * HOUR), dataset(OTHERS, as_of=NOW - HOUR)
    assert step(events, others) == "changes events"
    unfinished = events.draft.changes.model_copy(update={"reached": NOW - 3 * HOUR})
    events.draft = replace(events.draft, changes=unfinished)
    assert step(events, others) == "changes others"


@pytest.mark.parametrize(
    ("precision", "minutes", "near"),
    [(0, 59, True), (1, -59, True), (2, 5, True), (1, 61, False), (5, 5, False), (7, 5, False)],
)
def test_near_is_a_timed_record_within_the_hour(precision: int, minutes: int, near: bool) -> None:
    event = Event(id=1, name="x", date=NOW + minutes * MINUTE, date_precision=precision)
    assert is_near(dataset(events=[event]), NOW) == near


def test_near_a_timed_event_changes_are_looked_at_every_five_minutes() -> None:
    event = Event(id=1, name="x", date=NOW + MINUTE, date_precision=1)
    assert step(dataset(events=[event], as_of=NOW - 4 * MINUTE)) == ""
    assert step(dataset(events=[event], as_of=NOW - 5 * MINUTE)) == "changes events"
    far = dataset(OTHERS, as_of=NOW - 5 * MINUTE)
    assert step(dataset(events=[event]), far) == ""


@pytest.mark.parametrize(("calls", "collections"), [(15, 1), (15, 2), (2, 1), (2, 2), (1, 1)])
def test_changes_and_comparing_fit_in_an_hour(calls: int, collections: int) -> None:
    pace = Pace(timedelta(minutes=15), calls)
    datasets = [dataset(replace(EVENTS, name=f"{n}")) for n in range(collections)]
    every = pace.changes_every(datasets, NOW)
    changes = sum(HOUR / one for one in every)
    compared = HOUR / pace.reconcile_every(every)
    assert changes <= calls * 0.6
    assert changes + compared <= max(14 if calls == 15 else calls, 1)


def test_a_page_is_compared_when_calls_are_to_spare() -> None:
    due = ReconcileState(looked_at=NOW - HOUR, ahead_at=NOW - HOUR)
    assert step(dataset(reconcile=due)) == "ahead events"
    assert step(dataset(reconcile=due), calls=Calls((60.0,) * 11)) == ""
    history = ReconcileState(looked_at=NOW - HOUR, ahead_at=NOW)
    assert step(dataset(reconcile=history)) == "walk events"
    assert step(dataset(reconcile=ReconcileState(looked_at=NOW - MINUTE, ahead_at=NOW))) == ""


def test_who_is_missing_is_asked_for_at_once_but_who_is_doubted_a_day_later() -> None:
    missing = ReconcileState(looked_at=NOW, ahead_at=NOW, missing={"1": NOW - HOUR})
    assert step(dataset(reconcile=missing)) == "ask events"
    doubted = missing.model_copy(update={"doubted": frozenset({"1"})})
    assert step(dataset(reconcile=doubted)) == ""
    later = doubted.model_copy(update={"missing": {"1": NOW - DAY}})
    assert step(dataset(reconcile=later)) == "ask events"


def test_how_long_nothing_can_be_due() -> None:
    made = [dataset(as_of=NOW - 10 * MINUTE)]
    assert idle(made, NOW, Calls(), PACE) < 5 * MINUTE
    assert idle(made, NOW, Calls((3600.0,)), PACE) == timedelta(seconds=30)
    assert idle([new()], NOW, Calls(blocked=7.0), PACE) <= timedelta(seconds=7)


def test_the_walk_over_everything_has_turns_for_every_collection() -> None:
    walked = {"events": NOW - DAY, "others": NOW - DAY}
    turns, now = [], NOW
    few = [Event(id=n, name="x", date=NOW - n * DAY) for n in range(1, 20)]
    many = [Event(id=n, name="x", date=NOW - n * DAY) for n in range(1, 900)]
    for _ in range(40):
        made = [
            dataset(
                collection,
                events=records,
                as_of=now,
                reconcile=ReconcileState(
                    looked_at=now - HOUR, ahead_at=now, walked_at=walked[collection.name]
                ),
            )
            for collection, records in ((EVENTS, few), (OTHERS, many))
        ]
        found = next_step(made, now, Calls(), PACE)
        assert found
        assert found.kind == "walk"
        turns.append(found.dataset.collection.name)
        walked[turns[-1]] = now
        now += HOUR
    assert 2 <= turns.count("events") <= 4  # one page, which has to be compared within 18 hours
    assert turns.count("others") == 40 - turns.count("events")

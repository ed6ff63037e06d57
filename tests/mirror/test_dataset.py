"""The records of a collection in memory, and the snapshots made of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.mirror.dataset import MOST_LOGGED, Dataset
from calfeed.mirror.state import FillState, State

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SOME = st.builds(
    Event,
    id=st.integers(1, 9),
    name=st.sampled_from(["a", "b"]),
    date=st.none() | st.integers(-9, 9).map(lambda days: NOW + timedelta(days=days)),
)


def dataset(*events: Event) -> Dataset[Event]:
    made = Dataset(EVENTS)
    made.apply({event.id: event for event in events})
    return made


@given(st.lists(st.tuples(st.lists(SOME, max_size=5), st.sets(st.integers(1, 9), max_size=3))))
def test_a_snapshot_has_all_records_in_order(steps: list[tuple[list[Event], set[int]]]) -> None:
    made, kept = Dataset(EVENTS), dict[int, Event]()
    for events, removed in steps:
        before = made.version
        seen = dict(kept)
        changes: dict[int | str, Event | None] = {event.id: event for event in events}
        changes |= dict.fromkeys(removed)
        made.apply(changes)
        kept |= {event.id: event for event in events}
        kept = {key: event for key, event in kept.items() if key not in removed}
        assert (made.version > before) == (kept != seen)

        snapshot = made.snapshot()
        assert dict(snapshot.by_id) == kept == made.records
        in_order = sorted(kept.values(), key=lambda e: (e.date is None, e.date or NOW, e.id))
        assert snapshot.records == tuple(in_order)
        assert snapshot.dates == tuple(event.date for event in in_order if event.date)
        assert made.snapshot() is snapshot


@given(st.lists(st.lists(SOME, max_size=4), max_size=8), st.integers(0, 8))
def test_what_changed_since_a_version_is_told(steps: list[list[Event]], since: int) -> None:
    made = Dataset(EVENTS)
    states = {0: dict(made.records)}
    for events in steps:
        made.apply({event.id: event for event in events})
        states[made.version] = dict(made.records)
    if since in states:
        replayed = dict(states[since])
        for old, new in made.snapshot().changes_since(since) or ():
            if old is not None:
                assert replayed.pop(old.id) == old
            if new is not None:
                replayed[new.id] = new
        assert replayed == made.records


def test_what_changed_long_ago_is_not_told() -> None:
    made = dataset(Event(id=1, name="first"))
    for number in range(MOST_LOGGED + 1):
        made.apply({2: Event(id=2, name=f"{number}")})
    assert made.snapshot().changes_since(0) is None
    assert len(made.snapshot().changes_since(made.version - 10) or ()) == 10
    assert made.snapshot().changes_since(made.version) == ()


def test_an_unchanged_record_stays_the_very_same_object() -> None:
    first, same, other = (Event(id=1, name=name) for name in ("a", "a", "b"))
    made = dataset(first)
    assert not made.apply({1: same})
    assert made.snapshot().records[0] is first
    assert made.apply({1: other})
    assert made.snapshot().records == (other,)


def test_the_records_between_two_dates() -> None:
    events = [Event(id=n, name="x", date=NOW + timedelta(days=n)) for n in range(5)]
    snapshot = dataset(*events, Event(id=9, name="undated")).snapshot()
    assert snapshot.between(events[1].date, events[3].date) == tuple(events[1:4])
    assert snapshot.between(None, events[1].date) == tuple(events[:2])
    assert snapshot.between(events[3].date, None) == tuple(events[3:])


@pytest.mark.parametrize(
    ("fill", "earliest", "covered"),
    [
        (FillState(), NOW, False),
        (FillState(since=NOW), NOW, False),  # others of that very date may be lacking
        (FillState(since=NOW), NOW + timedelta(seconds=1), True),
        (FillState(since=NOW), None, False),
        (FillState(complete=True), None, True),
        (FillState(complete=True, again=True), None, True),
    ],
)
def test_what_is_covered(fill: FillState, earliest: datetime | None, covered: bool) -> None:
    made = Dataset(EVENTS)
    made.state = State(fill=fill)
    assert made.covers(earliest) == covered

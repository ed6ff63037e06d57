"""The kept copy: which events a query is answered from, whatever has changed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calfeed.events.model import Event
from calfeed.mirror.dataset import Dataset, Known
from calfeed.query.query import parse
from calfeed.store import Changes

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
EVENTS = st.builds(
    Event,
    id=st.integers(1, 9),
    name=st.sampled_from(["a", "b"]),
    date=st.none() | st.integers(-9, 9).map(lambda days: NOW + timedelta(days=days)),
    detailed=st.booleans(),
)


@given(
    st.lists(st.tuples(st.lists(EVENTS, max_size=5), st.sets(st.integers(1, 9), max_size=3))),
    st.frozensets(st.integers(1, 9)),
)
def test_candidates_are_all_that_is_kept(
    changes: list[tuple[list[Event], set[int]]], ids: frozenset[int]
) -> None:
    copy, kept = Dataset(), dict[int, Event]()
    everything, detailed = parse([]), parse([("agency__ids", "44")])
    for revision, (events, removed) in enumerate(changes, 1):
        copy.apply(Changes(revision, tuple(events), tuple(removed)))
        kept |= {event.id: event for event in events}
        kept = {key: event for key, event in kept.items() if key not in removed}
        assert copy.events == kept

        found = list(copy.candidates(everything, Known(NOW)))
        assert {event.id: event for event in found} == kept
        assert len(found) == len(kept)
        assert all(event is copy.events[event.id] for event in found)
        assert found == sorted(found, key=lambda one: (one.date is None, one.date or NOW, one.id))

        found = list(copy.candidates(detailed, Known(NOW)))
        assert {one.id for one in found} == {one.id for one in kept.values() if one.detailed}
        found = list(copy.candidates(everything, Known(NOW, ids)))
        assert {one.id for one in found} == ids & kept.keys()


def test_an_unchanged_event_stays_the_very_same_object() -> None:
    first, same, other = (Event(id=1, name=name) for name in ("a", "a", "b"))
    copy = Dataset()
    copy.apply(Changes(1, (first,)))
    copy.apply(Changes(2, (same,)))
    assert copy.events[1] is first
    copy.apply(Changes(3, (other,)))
    assert copy.events[1] is other
    assert list(copy.candidates(parse([]), Known(NOW))) == [other]

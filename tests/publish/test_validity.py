"""How long the passing of time alone leaves a feed as it is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calfeed.events.model import Event
from calfeed.publish.window import Validity, validity
from calfeed.query.query import RECENT, View
from tests.publish.march import NOW, at
from tests.support import calendars


@given(st.lists(st.none() | st.integers(-60, 60), max_size=8), st.sampled_from(list(View)))
def test_validity_is_bounded_by_every_turn_of_a_record(hours: list[int | None], view: View) -> None:
    dates = [None if n is None else NOW + timedelta(hours=n) for n in hours]
    events = [Event(id=n, name="x", date=date) for n, date in enumerate(dates)]
    turns = [turn for date in dates if date for turn in (date, date + RECENT)]
    if view is View.ALL:
        turns = []
    since = max((turn for turn in turns if turn < NOW), default=None)
    until = min((turn for turn in turns if turn >= NOW), default=None)
    assert valid(events, "", view) == Validity(since, until)


def valid(events: list[Event], text: str = "", view: View = View.ALL) -> Validity:
    return validity(calendars.result(calendars.query(text, view), NOW, *events))


def test_how_long_time_alone_leaves_what_is_shown() -> None:
    events = [at(9, 9), at(10, 9), at(10, 18)]
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    before_the_next = midnight + timedelta(days=1, microseconds=-1)
    dates = [event.date for event in events]
    assert valid(events) == Validity(None, None)
    assert valid(events, "past=1d") == Validity(midnight, before_the_next)
    assert valid(events, "future=1d") == Validity(midnight, before_the_next)
    assert valid(events, "", View.PREVIOUS) == Validity(dates[1], dates[2])
    assert valid([], "", View.UPCOMING) == Validity(None, None)
    assert dates[1]
    assert dates[2]
    moving = valid(events, "past=1d", View.PREVIOUS)
    assert moving == Validity(dates[1], min(dates[2], before_the_next))
    assert [moving.at(moment) for moment in (NOW, midnight, dates[2], before_the_next)] == [
        True, False, True, False,
    ]  # fmt: skip

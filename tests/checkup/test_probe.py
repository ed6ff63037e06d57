"""Which records the filters are tried with."""

from datetime import timedelta

from calfeed.checkup.probe import MOST, choose_probe
from calfeed.events import EVENTS
from calfeed.events.model import Event
from tests.support.mirror import NOW

DAY = timedelta(days=1)


def event(key: int, date: int | None, changed: int) -> Event:
    """An event of so many days from now, changed so many days ago."""
    at = None if date is None else NOW + date * DAY
    return Event(id=key, name=f"Event {key}", date=at, last_updated=NOW - changed * DAY)


def test_each_bound_leaves_out_one_record() -> None:
    records = [event(1, 5, 1), event(2, 7, 9), event(3, 8, 2), event(4, 9, 3), event(5, None, 1)]
    probe = choose_probe(EVENTS, records)
    assert probe
    assert probe.left_out == (1, 4, 2)
    assert probe.passing == (3,)
    assert probe.params == [
        ("id", "1,4,2,3"),
        ("date__gte", "2026-03-15T12:00:01Z"),
        ("date__lte", "2026-03-19T11:59:59Z"),
        ("last_updated__gte", "2026-03-01T12:00:01Z"),
    ]


def test_what_changes_last_is_latest() -> None:
    """Then the one changed longest ago is the earliest too, and shows nothing of its date."""
    probe = choose_probe(EVENTS, [event(key, key, 50 - key) for key in range(50)])
    assert probe
    assert sum(key is None for key in probe.left_out) == 1
    assert probe.early is None
    assert len(probe.passing) <= MOST


def test_a_bulk_edit_leaves_the_dates() -> None:
    probe = choose_probe(EVENTS, [event(key, key, 3) for key in range(5)])
    assert probe
    assert probe.left_out == (0, 4, None)
    assert probe.passing == (1, 2, 3)


def test_records_that_are_too_few_or_too_much_alike() -> None:
    assert choose_probe(EVENTS, []) is None
    assert choose_probe(EVENTS, [event(1, 1, 1)]) is None
    assert choose_probe(EVENTS, [event(key, 1, 1) for key in range(9)]) is None
    assert choose_probe(EVENTS, [event(key, None, key) for key in range(9)]) is None

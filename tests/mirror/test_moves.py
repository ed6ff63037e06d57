"""How a date moved: what counts as a move, and what is remembered of it."""

from datetime import UTC, datetime, timedelta

import pytest

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.mirror.moves import MOST_MOVES, carry_moves
from calfeed.record import Move

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER_1, YEAR = 0, 1, 2, 5, 6, 7, 8, 14


def at(text: str, precision: int | None) -> Event:
    date = datetime.fromisoformat(text + "Z") if text else None
    return Event(id=1, name="Docking", date=date, date_precision=precision)


MOVED = {
    "by two minutes": (at("2026-11-18T14:00", MINUTE), at("2026-11-18T14:02", MINUTE)),
    "to a month": (at("2026-11-18T14:00", MINUTE), at("2026-11-30T00:00", MONTH)),
    "to a day": (at("2026-11-18T00:00", MINUTE), at("2026-11-18T00:00", DAY)),
    "from a month to one before": (at("2026-11-30T00:00", MONTH), at("2026-10-18T14:00", MINUTE)),
    "from a month to a quarter": (at("2026-03-31T00:00", MONTH), at("2026-03-31T00:00", QUARTER_1)),
    "from a day to the next": (at("2026-11-18T00:00", DAY), at("2026-11-19T10:00", SECOND)),
    "from a week to the next": (at("2026-11-18T00:00", WEEK), at("2026-11-23T00:00", DAY)),
    "to no date at all": (at("2026-11-18T14:00", MINUTE), at("", None)),
    "timed, of no precision": (at("2021-11-18T14:00", None), at("2021-11-19T14:00", None)),
}
NOT_MOVED = {
    "by a minute": (at("2026-11-18T14:00", MINUTE), at("2026-11-18T14:01", SECOND)),
    "not at all": (at("2026-11-18T14:00", MINUTE), at("2026-11-18T14:00", MINUTE)),
    "from an hour to a minute": (at("2026-11-18T14:00", HOUR), at("2026-11-18T14:00", MINUTE)),
    "to a day in its month": (at("2026-11-30T00:00", MONTH), at("2026-11-18T00:00", DAY)),
    "to a minute in its year": (at("2026-12-31T00:00", YEAR), at("2026-02-01T10:00", MINUTE)),
    "to a minute of its day": (at("2026-11-18T00:00", DAY), at("2026-11-18T14:00", MINUTE)),
    "to a week that ends in the next": (
        at("2026-11-30T00:00", MONTH),
        at("2026-11-30T00:00", WEEK),
    ),
    "in a quarter that it is not in": (
        at("2026-12-18T00:00", QUARTER_1),
        at("2026-12-18T00:00", QUARTER_1),
    ),
    "within the same week": (at("2026-11-18T00:00", WEEK), at("2026-11-20T00:00", WEEK)),
    "first date": (at("", None), at("2026-11-18T14:00", MINUTE)),
}


@pytest.mark.parametrize("name", MOVED)
def test_a_move_is_remembered(name: str) -> None:
    before, after = MOVED[name]
    assert before.date
    move = Move(date=before.date, precision=before.date_precision, noticed_at=NOW)
    assert carry_moves(EVENTS, before, after, NOW).moves == (move,)


@pytest.mark.parametrize("name", NOT_MOVED)
def test_what_is_no_move_leaves_the_record_as_it_came(name: str) -> None:
    before, after = NOT_MOVED[name]
    assert carry_moves(EVENTS, before, after, NOW) is after


def test_the_last_ten_moves_are_kept_in_order() -> None:
    event = at("2026-11-01T14:00", MINUTE)
    for day in range(2, 15):
        after = at(f"2026-11-{day:02}T14:00", MINUTE)
        event = carry_moves(EVENTS, event, after, NOW + timedelta(days=day))
    assert len(event.moves) == MOST_MOVES == 10
    assert [move.date.day for move in event.moves] == list(range(4, 14))
    unmoved = carry_moves(EVENTS, event, at("2026-11-14T14:00", MINUTE), NOW)
    assert unmoved.moves == event.moves

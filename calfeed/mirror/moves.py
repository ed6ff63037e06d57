"""How a record's date moved: noticed when a new version of it comes. Pure."""

import dataclasses
from datetime import datetime, timedelta

from calfeed.query.collection import Collection, R
from calfeed.record import Move
from calfeed.span import Precision, Shape, precision

MOST_MOVES = 10
LEAST = timedelta(minutes=1)
"""Timed dates that differ by no more than this have not moved."""


def carry_moves(collection: Collection[R], before: R, after: R, now: datetime) -> R:
    """The new version of a record with the moves of the old one, and one more where it moved."""
    moves = before.moves
    date = collection.date(before)
    if date is not None and _moved(collection, before, after):
        move = Move(date=date, precision=collection.precision(before), noticed_at=now)
        moves = (*moves, move)[-MOST_MOVES:]
    if moves == after.moves:
        return after
    return dataclasses.replace(after, moves=moves)  # type: ignore[type-var]


def _moved(collection: Collection[R], before: R, after: R) -> bool:
    old, new = collection.date(before), collection.date(after)
    if old is None or new is None:
        return old is not None
    if old == new and collection.precision(before) == collection.precision(after):
        return False  # whatever period upstream says that it stands for
    was, now = precision(old, collection.precision(before)), _precision(collection, after, new)
    if was.shape is Shape.TIMED:
        return now.shape is not Shape.TIMED or abs(new - old) > LEAST
    first, last = was.period(old.date())
    newly_first, newly_last = now.period(new.date())
    finer = newly_last - newly_first <= last - first
    return not (finer and first <= new.date() <= last)


def _precision(collection: Collection[R], record: R, date: datetime) -> Precision:
    return precision(date, collection.precision(record))

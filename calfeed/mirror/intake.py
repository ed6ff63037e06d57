"""A page of Launch Library -> the records on it that are new or changed, staged to be written."""

from datetime import datetime, timedelta
from typing import Any

from calfeed.launchlibrary.page import Page
from calfeed.mirror.compare import forget, note_older
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.moves import carry_moves
from calfeed.mirror.replica import Replica
from calfeed.query.collection import R
from calfeed.record import Id

FIRST_DATE = "1900-01-01T00:00:00Z"
"""Before every date: as a bound it leaves out the records without one."""
LAST_DATE = "2999-12-31T23:59:59Z"
OVERLAP = timedelta(minutes=10)
"""How long after its ``last_updated`` a change may first show in lists."""


def take_in(
    replica: Replica, dataset: Dataset[R], page: Page[R], now: datetime, *,
    by_id: bool = False, **parts: Any,
) -> int:  # fmt: skip
    """Stage what a page tells, with other parts of the state; returns how many records changed.

    What is on the page is not missing. What of it could not be read is remembered, and the last
    good version stays. So it does of a record that is older on the page, which may come from some
    cache on the way: it is asked for by its id. What is said ``by_id`` counts, however old: a
    ``last_updated`` falls where a backup was restored, or a clock set right.
    """
    older = set() if by_id else {r.id for r in page.records if _is_older(dataset, r)}
    news = {
        record.id: found
        for record in page.records
        if record.id not in older and (found := _news(dataset, record, now))
    }
    reconcile = parts.pop("reconcile", dataset.draft.reconcile)
    listed = set(map(str, page.ids))
    unread = (reconcile.unread - listed) | frozenset(map(str, page.unread))
    if unread != reconcile.unread:
        reconcile = reconcile.model_copy(update={"unread": unread})
    reconcile = forget(reconcile, listed)
    reconcile = note_older(reconcile, listed, set(map(str, older)), now + OVERLAP)
    replica.stage(dataset, dict[Id, Any](news), reconcile=reconcile, **parts)
    return len(news)


def _is_older(dataset: Dataset[R], record: R) -> bool:
    before = dataset.records.get(record.id)
    if before is None or before.last_updated is None or record.last_updated is None:
        return False
    return record.last_updated < before.last_updated


def _news(dataset: Dataset[R], record: R, now: datetime) -> R | None:
    """The record to keep; None where nothing changed."""
    before = dataset.records.get(record.id)
    if before is None:
        return record
    record = carry_moves(dataset.collection, before, record, now)
    return record if record != before else None

"""A page of Launch Library -> the records on it that are new or changed, staged to be written."""

from datetime import datetime, timedelta
from typing import Any

from calfeed.launchlibrary.page import Page
from calfeed.mirror.compare import forget
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
    replica: Replica, dataset: Dataset[R], page: Page[R], now: datetime, **parts: Any
) -> int:
    """Stage what a page tells, with other parts of the state; returns how many records changed.

    What is on the page is not missing. What of it could not be read is remembered, and the last
    good version stays.
    """
    news = {record.id: found for record in page.records if (found := _news(dataset, record, now))}
    reconcile = parts.pop("reconcile", dataset.draft.reconcile)
    listed = set(map(str, page.ids))
    unread = (reconcile.unread - listed) | frozenset(map(str, page.unread))
    if unread != reconcile.unread:
        reconcile = reconcile.model_copy(update={"unread": unread})
    replica.stage(dataset, dict[Id, Any](news), reconcile=forget(reconcile, listed), **parts)
    return len(news)


def _news(dataset: Dataset[R], record: R, now: datetime) -> R | None:
    """The record to keep; None where nothing changed. One that is older than ours, from some cache
    on the way, changes nothing."""
    before = dataset.records.get(record.id)
    if before is None:
        return record
    if before.last_updated and record.last_updated and record.last_updated < before.last_updated:
        return None
    record = carry_moves(dataset.collection, before, record, now)
    return record if record != before else None

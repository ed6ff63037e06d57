"""Fetching everything there is, latest date first, a page at a time.

Each page begins at the date at which the one before ended, not at an offset: ordered by date,
Launch Library has no order among records that share one, so these vanish between pages that
follow each other by offset. All that is dated later than the last record of a page is on it.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from calfeed.duration import SECOND
from calfeed.errors import UpstreamError
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.launchlibrary.page import Page
from calfeed.mirror.compare import in_order
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.intake import FIRST_DATE, OVERLAP, take_in
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import ChangesState, FillState
from calfeed.query.collection import R
from calfeed.span import iso

log = logging.getLogger(__name__)

MOST_PASSES = 5
"""How often records in no reliable order are paged through: each time others may be lacking."""


async def fill_page(
    api: LaunchLibrary, replica: Replica, dataset: Dataset[Any], clock: Callable[[], datetime]
) -> None:
    """Fetch the next page, and write what it tells.

    Raises:
        UpstreamError: it did not come, or is none of a list of everything.
        StoreError: it could not be written.
    """
    state, now = dataset.draft.fill, clock()
    if state.done:
        await _undated(api, replica, dataset, now)
        return
    by_offset = state.offset is not None
    page = await (_block_page if by_offset else _latest_page)(api, dataset)
    if not page.size and not by_offset and not _seems_whole(dataset):
        raise UpstreamError(f"a list without any {dataset.collection.name}")
    parts: dict[str, Any] = {}
    if state.began_at is None:
        state = state.model_copy(update={"began_at": now, "count": page.count})
        parts["changes"] = _changes_from(page, now)
    if not by_offset:
        state = _after_page(dataset, state, page)
    else:
        state = state.model_copy(update={"offset": (state.offset or 0) + page.size})
    take_in(replica, dataset, page, now, fill=state, **parts)
    await replica.flush()
    if by_offset and (not page.size or (state.offset or 0) >= page.count):
        replica.stage(dataset, fill=_after_block(dataset, state, page))
        await replica.flush()
    if dataset.state.fill.done:
        log.info("all %s are kept: %d", dataset.collection.name, len(dataset.records))
        update = {"looked_at": now, "ahead_at": now}  # it was all seen just now
        replica.stage(dataset, reconcile=dataset.draft.reconcile.model_copy(update=update))


def _changes_from(page: Page[Any], now: datetime) -> ChangesState:
    """From when on changes have to be asked for."""
    sent_at = min(page.sent_at or now, now)
    return ChangesState(as_of=now, synced_to=sent_at - OVERLAP)


async def _latest_page(api: LaunchLibrary, dataset: Dataset[R]) -> Page[R]:
    field, since = dataset.collection.date_field, dataset.draft.fill.since
    params = [(f"{field}__gte", FIRST_DATE)]
    params += [(f"{field}__lte", iso(since))] if since else []
    return await api.page(dataset.collection, params, ordering=f"-{field}")


async def _block_page(api: LaunchLibrary, dataset: Dataset[R]) -> Page[R]:
    field, state = dataset.collection.date_field, dataset.draft.fill
    params = [(f"{field}__gte", iso(state.block) if state.block else FIRST_DATE)]
    params += [(f"{field}__lte", iso(state.since))] if state.since else []
    return await api.page(dataset.collection, params, ordering="id", offset=state.offset or 0)


def _after_page(dataset: Dataset[R], state: FillState, page: Page[R]) -> FillState:
    """Where the next page begins."""
    if page.whole:
        return _complete(state)
    dates = [date for record in page.records if (date := dataset.collection.date(record))]
    since = state.since
    ordered = in_order(dates, falling=True) and (
        since is None or max(dates, default=since) <= since
    )
    if not ordered or not dates:
        return state.model_copy(update={"offset": 0, "block": None, "passes": 0})
    if since is not None and dates[-1] >= since:  # more share this date than fit on a page
        return state.model_copy(update={"offset": 0, "block": since, "passes": 0})
    return state.model_copy(update={"since": dates[-1]})


def _after_block(dataset: Dataset[R], state: FillState, page: Page[R]) -> FillState:
    """Where to go on once records were paged through by offset: again through these, if there are
    fewer of them than upstream counts."""
    there = len(dataset.snapshot().between(state.block, state.since))
    there += len(dataset.draft.reconcile.unread)
    if there < page.count and state.passes < MOST_PASSES:
        return state.model_copy(update={"offset": 0, "passes": state.passes + 1})
    if there < page.count:
        log.warning("%d of %d %s were found", there, page.count, dataset.collection.name)
    if state.block is None:
        return _complete(state)
    since = state.block - SECOND
    return state.model_copy(update={"since": since, "offset": None, "block": None})


def _seems_whole(dataset: Dataset[Any]) -> bool:
    """Whether about as many records are there as upstream once counted: none may be left then."""
    fill, unread = dataset.draft.fill, len(dataset.draft.reconcile.unread)
    return fill.since is not None and len(dataset.snapshot().dates) + unread >= 0.95 * fill.count


def _complete(state: FillState) -> FillState:
    return FillState(complete=True, began_at=state.began_at, count=state.count)


async def _undated(
    api: LaunchLibrary, replica: Replica, dataset: Dataset[Any], now: datetime
) -> None:
    """Look once for records without a date, which stand before the latest. They have no place in a
    calendar before they get one."""
    page = await api.page(dataset.collection, ordering=f"-{dataset.collection.date_field}")
    fill = dataset.draft.fill.model_copy(update={"undated": True})
    take_in(replica, dataset, page, now, fill=fill)
    await replica.flush()

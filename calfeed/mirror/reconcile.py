"""Comparing the mirror with upstream, a page at a time, to find what left, and what changed without
a new ``last_updated``."""

import logging
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from calfeed.duration import DAY, HOUR, SECOND
from calfeed.errors import UpstreamError
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.launchlibrary.page import Page
from calfeed.mirror.compare import (
    BELIEVED,
    compare,
    due_ids,
    may_leave,
    note_missing,
    note_removed,
)
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.intake import FIRST_DATE, take_in
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import ReconcileState
from calfeed.query.collection import R
from calfeed.record import Id
from calfeed.span import iso

log = logging.getLogger(__name__)

AHEAD_FROM = DAY
"""How old a record may be and still be compared with what is ahead."""
MOST_ASKED = 30
"""How many records are asked for by their ids in one call."""
ID_WITNESSES = 20
"""How many others, which must exist, are asked for with them; a tenth of these may be missing."""


class Reconciler:
    """Compares a dataset with upstream. ``choose`` draws a sample of a given size."""

    def __init__(
        self,
        api: LaunchLibrary,
        replica: Replica,
        clock: Callable[[], datetime],
        choose: Callable[[Sequence[Any], int], Sequence[Any]] = random.sample,
    ) -> None:
        self._api = api
        self._replica = replica
        self._clock = clock
        self._choose = choose

    async def ahead(self, dataset: Dataset[Any]) -> None:
        """Compare a page of what is ahead, nearest first. Where upstream counts as many as are
        kept from there on, that is the end of it.

        Raises:
            UpstreamError: it did not come, or is not believed.
        """
        now, state = self._clock(), dataset.draft.reconcile
        first = state.ahead or now - AHEAD_FROM
        field = dataset.collection.date_field
        params = [(f"{field}__gte", iso(first))]
        page = await self._api.page(dataset.collection, params, ordering=field)
        snapshot = dataset.snapshot()
        found = compare(snapshot, page, first, None, falling=False)
        self._believe(dataset, page, found.expected)
        over = found.reach is None or page.count == len(snapshot.between(first, None))
        reach = None if over or found.reach is None else max(found.reach, first + SECOND)
        state = note_missing(state, found, len(dataset.records), now)
        update = {"looked_at": now, "ahead": reach, "ahead_at": now if over else state.ahead_at}
        await self._keep(dataset, page, state.model_copy(update=update))

    async def walk(self, dataset: Dataset[Any]) -> None:
        """Compare the next page of everything, latest date first.

        Raises:
            UpstreamError: it did not come, or is not believed.
        """
        now, state = self._clock(), dataset.draft.reconcile
        last, field = state.walk, dataset.collection.date_field
        if last is not None and state.walk_offset is not None:
            await self._walk_date(dataset, last, state.walk_offset)
            return
        params = [(f"{field}__gte", FIRST_DATE)] + ([(f"{field}__lte", iso(last))] if last else [])
        page = await self._api.page(dataset.collection, params, ordering=f"-{field}")
        found = compare(dataset.snapshot(), page, None, last, falling=True)
        self._believe(dataset, page, found.expected)
        reach, offset = found.reach, None
        if reach is not None and reach == last:  # more share this date than fit on a page
            offset = 0
        elif reach is not None and last is not None:
            reach = min(reach, last - SECOND)
        state = note_missing(state, found, len(dataset.records), now)
        update = {"looked_at": now, "walked_at": now, "walk": reach, "walk_offset": offset}
        await self._keep(dataset, page, state.model_copy(update=update))

    async def _walk_date(self, dataset: Dataset[R], date: datetime, offset: int) -> None:
        """Take in the next page of those that share a date. What such a page lacks may be on
        another, so it tells nothing of what is missing."""
        now, field = self._clock(), dataset.collection.date_field
        params = [(f"{field}__gte", iso(date)), (f"{field}__lte", iso(date))]
        page = await self._api.page(dataset.collection, params, ordering="id", offset=offset)
        end = offset + page.size
        update: dict[str, Any] = {"looked_at": now, "walked_at": now, "walk_offset": end}
        if not page.size or end >= page.count:
            update |= {"walk": date - SECOND, "walk_offset": None}
        await self._keep(dataset, page, dataset.draft.reconcile.model_copy(update=update))

    async def ask(self, dataset: Dataset[Any]) -> None:
        """Ask by their ids for those that are missing, for what a page showed older than it is
        kept, and for what could not be read.

        Raises:
            UpstreamError: it did not come, or is not believed.
        """
        now, state = self._clock(), dataset.draft.reconcile
        due = due_ids(state, now)[:MOST_ASKED]
        ids = [dataset.collection.read_id(key) for key in due]
        others = [key for key in dataset.records if str(key) not in {*due, *state.missing}]
        chosen = self._choose(others, min(ID_WITNESSES, len(others)))
        older = {key for key in ids if str(key) in state.older.keys() - state.missing.keys()}
        witnesses = set(chosen) or older  # of a few records all may be asked for
        page = await self._api.by_ids(dataset.collection, [*ids, *chosen])
        lacking = witnesses - set(page.ids)
        unwanted = set(page.ids) - {*ids, *chosen}
        if len(lacking) > len(witnesses) // 10 or page.nameless or unwanted:
            update: dict[str, Any] = {"ask_from": now + HOUR, "retried_at": now}
            self._replica.stage(dataset, reconcile=state.model_copy(update=update))
            raise UpstreamError(
                f"asked for {dataset.collection.name} by their ids, {len(lacking)} of"
                f" {len(witnesses)} that must be there were lacking"
            )
        gone = [key for key in ids if key not in set(page.ids)]
        leaving = set(may_leave(state, now))
        removed = [key for key in gone if str(key) in leaving]
        state = note_removed(state, map(str, removed), now)
        unread = state.unread - set(map(str, gone))
        left = {key: at for key, at in state.older.items() if key not in due}
        update = {"retried_at": now, "unread": unread, "older": left}
        self._leave(dataset, [key for key in removed if key in dataset.records])
        state = state.model_copy(update=update)
        await self._keep(dataset, page, state, flush=bool(removed), by_id=True)

    def _leave(self, dataset: Dataset[R], ids: Sequence[Id]) -> None:
        if ids:
            self._replica.stage(dataset, dict.fromkeys(ids))
            said = ", ".join(sorted(map(str, ids)))
            log.info("%s gone upstream, confirmed by id: %s", dataset.collection.name, said)

    def _believe(self, dataset: Dataset[R], page: Page[R], expected: int) -> None:
        if not page.count and expected > BELIEVED:
            raise UpstreamError(f"a list without any of {expected} {dataset.collection.name}")

    async def _keep(
        self, dataset: Dataset[R], page: Page[R], state: ReconcileState, *,
        flush: bool = False, by_id: bool = False,
    ) -> None:  # fmt: skip
        before, now = dataset.doubted, self._clock()
        changed = take_in(self._replica, dataset, page, now, by_id=by_id, reconcile=state)
        if changed:
            log.info("%d %s differed", changed, dataset.collection.name)
        doubted = len(dataset.draft.reconcile.doubted)
        if doubted > before:
            log.warning("%d %s are missing upstream; they stay until that is still so a day later",
                        doubted, dataset.collection.name)  # fmt: skip
        if changed or flush:
            await self._replica.flush()

"""Filling the copy and keeping it current, at one or two calls a round."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from calfeed.errors import BudgetSpent, UpstreamError
from calfeed.launchlibrary.budget import Budget, Purpose
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.reconcile import Reconciler
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import SyncState

log = logging.getLogger(__name__)

MARGIN = timedelta(hours=1)
"""How far before its start the changes since a fill are asked for: clocks differ."""
OVERLAP = timedelta(minutes=10)
"""How far the changes asked for overlap with those seen, so that nothing falls between."""
UNREAD_FOR = timedelta(days=1)
"""How long a malformed record that changed is asked for again with every round."""
RESUME_WITHIN = timedelta(days=2)
"""How long a fill that was broken off goes on where it was; later it starts again. At one call an
hour a fill takes half a day."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far filling has come: for people."""

    events: int
    of: int


class Sync:
    """The rounds that fill and update one copy."""

    def __init__(
        self,
        api: LaunchLibrary,
        budget: Budget,
        replica: Replica,
        clock: Callable[[], datetime],
        report: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self._api = api
        self._lost = Reconciler(api, budget, replica, clock)
        self._replica = replica
        self._owed = False  # a look for what was deleted, for which no call was left
        self._clock = clock
        self._report = report

    @property
    def _dataset(self) -> Dataset:
        return self._replica.dataset

    async def round(self, *, look_for_lost: bool = True) -> None:
        """Bring the copy up to date: what changed, then what was deleted.

        Raises:
            UpstreamError: a call failed or none is left; what came before it is kept.
        """
        if not self._dataset.coverage.complete:
            await self._fill()
            return
        began = self._clock()
        if self._owed:
            self._owed = look_for_lost = False
            await self._lost.look(search=True)
        as_expected = await self._update(began)
        if as_expected:
            await self._current_as_of(began)
        try:
            await self._lost.look(search=look_for_lost or not as_expected)
        except BudgetSpent:
            self._owed = True
            raise
        await self._current_as_of(began)

    async def _current_as_of(self, began: datetime) -> None:
        await self._replica.keep((), self._dataset.coverage.model_copy(update={"as_of": began}))

    async def calls_left_upstream(self) -> int | None:
        """How many calls Launch Library itself says are left, where it says so."""
        return await self._api.calls_left()

    async def _fill(self) -> None:
        """All events, latest date first, so that what is ahead stands before history."""
        now, coverage = self._clock(), self._dataset.coverage
        if coverage.began is None or now - coverage.began > RESUME_WITHIN:
            coverage = SyncState(began=now, unread=coverage.unread)
        since, sorted_so_far = coverage.since, True
        async for page in self._api.pages(
            offset=coverage.offset,
            expected=coverage.count or len(self._dataset.events),
            purpose=Purpose.FILL,
        ):
            dates = [event.date for event in page.events if event.date]
            sorted_so_far &= dates == sorted(dates, reverse=True)
            if sorted_so_far and dates:
                since = dates[-1] if since is None else min(since, dates[-1])
            coverage = coverage.model_copy(
                update={
                    "offset": page.end,
                    "count": page.count,
                    "since": since,
                    "unread": self._dataset.still_unread(page.ids, page.events),
                }
            )
            await self._replica.keep(page.events, coverage)
            self._report(Progress(page.end, page.count))
        if not self._dataset.events:
            await self._replica.keep((), SyncState())
            raise UpstreamError("a list of everything in which nothing can be read")
        began = coverage.began or now
        newest = max((e.last_updated for e in self._dataset.events.values() if e.last_updated),
                     default=began)  # fmt: skip
        await self._replica.keep((), SyncState(
            complete=True, as_of=began, synced_to=min(newest, began - MARGIN),
            unread=coverage.unread,
        ))  # fmt: skip
        log.info("the copy is complete: %d events", len(self._dataset.events))

    async def _update(self, began: datetime) -> bool:
        """What changed since the newest change known. False where not even that was in the answer:
        either it was deleted, or the answer is wrong."""
        coverage = self._dataset.coverage
        synced_to = coverage.synced_to or datetime(1970, 1, 1, tzinfo=UTC)
        bound = synced_to - OVERLAP
        asked = [("last_updated__gte", bound.strftime("%Y-%m-%dT%H:%M:%SZ"))]
        unread, newest, changed, count = coverage.unread, synced_to, 0, 0
        nameless = False
        async for page in self._api.pages(
            params=asked, ordering="-last_updated", purpose=Purpose.UPDATE
        ):
            count = max(count, page.count)
            stamps = [event.last_updated for event in page.events if event.last_updated]
            newest = max([newest, *(at for at in stamps if at <= began + MARGIN)])
            unread = self._dataset.still_unread(page.ids, page.events)
            nameless |= len(page.ids) < page.size
            changed += await self._replica.keep(
                page.events, coverage.model_copy(update={"unread": unread})
            )
            if any(at < bound for at in stamps):  # a deployment that does not know the filter
                break
        if unread or nameless:
            newest = max(synced_to, newest - UNREAD_FOR)
        done = {"synced_to": newest, "unread": unread}
        await self._replica.keep((), coverage.model_copy(update=done))
        if changed:
            log.info("%d events changed", changed)
        return count > 0 or not any(
            event.last_updated and event.last_updated >= bound
            for event in self._dataset.events.values()
        )

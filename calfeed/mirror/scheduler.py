"""Who refreshes, and when: one process at a time, often near an event, rarely when it fails."""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from uuid import uuid4

from calfeed.errors import BudgetSpent, CalfeedError, StoreError, Throttled, UpstreamError
from calfeed.launchlibrary.budget import Budget
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import LastSync
from calfeed.mirror.sync import Sync
from calfeed.store import Changes

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between looks at what other processes wrote, and at who refreshes."""
LEASE = 8.0
"""Seconds after which the right to refresh is free again when its holder died."""
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 600.0
"""Seconds to leave Launch Library alone after a first failure, and after many."""
AFTER_A_BUG = 60
"""How many looks are left out after something that nobody thought of."""
CONSULT_EVERY = timedelta(hours=1)
NEAR = timedelta(hours=1)
"""How near an event has to be for refreshing three times as often."""


class Scheduler:
    """Runs the rounds of a copy whenever one is due and this process has the right to."""

    def __init__(
        self,
        refresh: Sync,
        budget: Budget,
        replica: Replica,
        *,
        clock: Callable[[], datetime],
        fresh_for: timedelta,
        chance: Callable[[], float] = random.random,
        tick: float = TICK,
    ) -> None:
        self._refresh = refresh
        self._budget = budget
        self._replica = replica
        self._clock = clock
        self._fresh_for = fresh_for
        self._settled = False
        self._terms = f"{budget.calls_per_hour} calls, {fresh_for}"
        self._chance = chance
        self._tick = tick
        self._me = uuid4().hex
        self._consulted_at: datetime | None = None

    async def run(self) -> None:
        """For ever: look, and refresh when it is due."""
        while True:
            pause = self._tick
            try:
                if await self._replica.look():
                    await self.once()
            except StoreError as error:
                self._replica.trouble = str(error)
            except Exception:  # a bug; without this, nothing would ever be refreshed again
                pause *= AFTER_A_BUG
                log.exception("refreshing failed unexpectedly; next try in %.0f s", pause)
            await asyncio.sleep(pause)

    async def once(self) -> None:
        """One round, if one is due and nobody else is at it."""
        if self.due and await self._lease():
            await self._hold(self.round())

    @property
    def due(self) -> bool:
        """Whether a round should begin now."""
        rounds, now = self._replica.dataset.rounds, self._clock()
        if rounds is None or now < rounds.ended_at - NEAR:  # this machine's clock was set back
            return True
        # Once, at the start: processes with different settings must not drive each other.
        changed = not self._settled and rounds.terms != self._terms
        return changed or now >= rounds.next_at

    async def stop(self) -> None:
        """Let another process refresh at once."""
        try:
            await self._replica.store.release("refresh", self._me)
        except StoreError as error:
            log.warning("could not give back the right to refresh: %s", error)

    async def round(self) -> None:
        """One round, and the time of the next."""
        self._settled = True
        before = self._replica.dataset.rounds
        now = self._clock()
        swept_at = before.swept_at if before else None
        sweep_due = swept_at is None or now - swept_at >= self._fresh_for * 0.9
        sweep_due = sweep_due and await self._budget.left() > self._budget.calls_per_hour // 4
        failures, error, pause = 0, "", 0.0
        try:
            await self._consult(now)
            await self._refresh.round(look_for_lost=sweep_due)
            swept_at = now if sweep_due else swept_at
            pause = await self._interval()
        except UpstreamError as problem:
            failures = (before.failures if before else 0) + 1
            error, pause = str(problem), self._pause(problem, failures)
            log.warning("refreshing failed: %s; next try in %.0f s", error, pause)
        ended = self._clock()
        rounds = LastSync(
            next_at=ended + timedelta(seconds=pause), ended_at=ended,
            failures=failures, error=error, swept_at=swept_at, terms=self._terms,
        )  # fmt: skip
        await self._replica.write(Changes(notes={"rounds": rounds.model_dump_json()}))

    async def _consult(self, now: datetime) -> None:
        """Learn from time to time what others behind the same address have used. Costs no call."""
        if self._consulted_at and now - self._consulted_at < CONSULT_EVERY:
            return
        self._consulted_at = now
        try:
            left = await self._refresh.calls_left_upstream()
        except UpstreamError as problem:
            log.info("/api-throttle/ did not answer: %s", problem)
            return
        if left is not None:
            await self._budget.concede(left)

    def _pause(self, problem: CalfeedError, failures: int) -> float:
        if isinstance(problem, BudgetSpent | Throttled):
            return max(1.0, problem.retry_after)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))
        return pause * (0.9 + 0.2 * self._chance())

    async def _interval(self) -> float:
        """Seconds to the next round after a good one."""
        fresh = self._fresh_for.total_seconds()
        near = is_near(self._replica.dataset, self._clock())
        return max(fresh / 3 if near else fresh * 0.9, await self._budget.spread(calls=1))

    async def _lease(self) -> bool:
        now = self._clock().timestamp()
        return await self._replica.store.lease("refresh", self._me, now, LEASE)

    async def _hold(self, work: Coroutine[None, None, None]) -> None:
        """Do the work, and hold the right to it meanwhile."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LEASE / 4)
                if not task.done() and not await self._lease():
                    log.warning("another process refreshes now")
                    break
        finally:
            if not task.done():
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if not task.cancelled():
            task.result()


def is_near(copy: Dataset, now: datetime) -> bool:
    """Whether an event is about to begin, or has just begun."""
    return any(event.date and abs(event.date - now) <= NEAR for event in copy.events.values())

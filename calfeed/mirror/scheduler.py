"""Who refreshes, and when: one process at a time, one call after the other."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Coroutine, Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from calfeed.errors import BudgetSpent, LeaseLost, StoreError, Throttled, UpstreamError
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.mirror.changes import ChangesReader, WithoutWitnesses
from calfeed.mirror.compare import due_ids
from calfeed.mirror.fill import fill_page
from calfeed.mirror.plan import Pace, Step, idle, next_step
from calfeed.mirror.progress import Progress, progress_of
from calfeed.mirror.reconcile import Reconciler
from calfeed.mirror.replica import LEASE, Replica
from calfeed.mirror.state import MOST_RETRY, LastRound
from calfeed.store import Calls

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between looks at what other processes wrote, and at who refreshes."""
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 600.0
"""Seconds to leave Launch Library, or the store, alone after a first failure, and after many."""
AFTER_A_BUG = 60
"""How many ticks to wait after an unexpected error."""
CONSULT_EVERY = timedelta(hours=1)


class Scheduler:
    """Runs a round whenever one is due and this process has the right to refresh.

    ``report`` is told how far filling has come.
    """

    def __init__(
        self,
        api: LaunchLibrary,
        budget: Budget,
        replica: Replica,
        *,
        clock: Callable[[], datetime],
        fresh_for: timedelta,
        chance: random.Random | None = None,
        tick: float = TICK,
        report: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self._api = api
        self._budget = budget
        self._replica = replica
        self._clock = clock
        self._chance = chance or random.Random()  # noqa: S311  nothing here is a secret
        self._changes = ChangesReader(api, replica, clock)
        self._reconcile = Reconciler(api, replica, clock, self._chance.sample)
        self._pace = Pace(fresh_for, budget.calls_per_hour)
        self._tick = tick
        self._report = report
        self._me = uuid4().hex
        self._consulted_at: datetime | None = None
        self._working = asyncio.Lock()
        self._store_failures = 0
        self._store_retry_at: datetime | None = None
        self._idle_until: datetime | None = None

    async def run(self) -> None:
        """For ever: look, and refresh when it is due."""
        while True:
            pause = self._tick
            try:
                if await self._replica.look():
                    await self.once()
            except StoreError as error:
                log.debug("no round: %s", error)
            except Exception:  # a bug; without this, nothing would ever be refreshed again
                pause *= AFTER_A_BUG
                log.exception("refreshing failed unexpectedly; next try in %.0f s", pause)
            await asyncio.sleep(pause)

    async def once(self) -> None:
        """One round, if one is due and nobody else is at it."""
        async with self._working:
            if self.due and await self._lease():
                await self._hold(self.round())

    @property
    def due(self) -> bool:
        """Whether something is to be done now, if there are calls for it."""
        return not self._waits(self._clock()) and self._next(Calls()) is not None

    def _waits(self, now: datetime) -> bool:
        last = self._replica.last_round
        if last and last.pause(now):
            return True
        retries = (self._store_retry_at, self._idle_until)
        return any(at is not None and now < at <= now + MOST_RETRY for at in retries)

    def _next(
        self, calls: Calls, left_out: Collection[str] = (), no_changes: Collection[str] = ()
    ) -> Step | None:
        datasets = [d for name, d in self._replica.datasets.items() if name not in left_out]
        return next_step(datasets, self._clock(), calls, self._pace, no_changes)

    async def stop(self) -> None:
        """Let another process refresh at once."""
        try:
            await self._replica.store.release(self._me)
        except StoreError as error:
            log.warning("could not give back the right to refresh: %s", error)

    async def round(self) -> None:
        """All that is due, as far as calls reach; what happened is written at the end.

        Raises:
            StoreError: the store cannot be written. It is left alone for a while.
        """
        self._replica.owner = self._me
        try:
            await self._replica.flush()  # what could not be written last time
            if happened := await self._work():
                self._replica.stage_round(happened)
            await self._replica.flush()
        except LeaseLost as error:
            log.warning("%s", error)
        except StoreError:
            self._store_failures += 1
            pause = timedelta(seconds=self._pause(self._store_failures))
            self._store_retry_at = self._clock() + pause
            raise
        else:
            self._store_failures, self._store_retry_at = 0, None

    async def _work(self) -> LastRound | None:
        """Step after step, until nothing is due or no call is left. None: nothing happened."""
        before = self._replica.last_round
        failures = before.failures if before else 0
        failed: dict[str, UpstreamError] = {}
        left_out: set[str] = set()
        retry_at, steps = None, 0
        await self._consult()
        try:
            while step := self._next(await self._budget.calls(), left_out, failed):
                try:
                    await self._do(step)
                    steps += 1
                except (BudgetSpent, Throttled):
                    raise
                except UpstreamError as error:
                    failed[step.dataset.collection.name] = error
                    if not self._goes_on(step, error):
                        left_out.add(step.dataset.collection.name)
        except BudgetSpent as spent:
            retry_at = self._clock() + timedelta(seconds=max(1.0, spent.retry_after))
        except Throttled as error:
            failed[""] = error
        now = self._clock()
        if failed:
            pause = self._after(list(failed.values()), failures + 1)
            return LastRound(ended_at=now, failures=failures + 1, retry_at=now + pause,
                             error=_said(failed.values()))  # fmt: skip
        if retry_at is None:
            calls, datasets = await self._budget.calls(), list(self._replica.datasets.values())
            self._idle_until = now + idle(datasets, now, calls, self._pace)
            if not steps:
                return None
        carried = before and not steps and before.failures
        return LastRound(ended_at=now, retry_at=retry_at, failures=failures if carried else 0,
                         error=before.error if before and carried else "")  # fmt: skip

    def _goes_on(self, step: Step, error: UpstreamError) -> bool:
        """Whether a dataset gets other calls in a round in which one failed: where upstream
        answers, and is about to say by id whether the records are there."""
        asks = due_ids(step.dataset.draft.reconcile, self._clock())
        return isinstance(error, WithoutWitnesses) and bool(asks)

    async def _do(self, step: Step) -> None:
        dataset = step.dataset
        if step.kind == "fill":
            before = len(dataset.records)
            await fill_page(self._api, self._replica, dataset, self._clock)
            if len(dataset.records) != before:
                log.info("%s", progress_of(dataset))
                self._report(progress_of(dataset))
        elif step.kind == "changes":
            await self._changes.page(dataset, self._pace.probe_every)
        elif step.kind == "ask":
            await self._reconcile.ask(dataset)
        elif step.kind == "ahead":
            await self._reconcile.ahead(dataset)
        else:
            await self._reconcile.walk(dataset)

    def _after(self, errors: list[UpstreamError], failures: int) -> timedelta:
        pause = self._pause(failures)
        waits = [error.retry_after for error in errors if isinstance(error, Throttled)]
        pause = max(pause, *waits) if waits else pause
        log.warning("refreshing failed: %s; next try in %.0f s", "; ".join(map(str, errors)), pause)
        return timedelta(seconds=pause)

    def _pause(self, failures: int) -> float:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))
        return pause * self._chance.uniform(0.9, 1.1)

    async def _consult(self) -> None:
        """Learn from time to time what others behind the same address have used. Costs no call."""
        now = self._clock()
        if self._consulted_at and abs(now - self._consulted_at) < CONSULT_EVERY:
            return
        self._consulted_at = now
        try:
            left = await self._api.calls_left()
        except UpstreamError as problem:
            log.info("/api-throttle/ did not answer: %s", problem)
            return
        if left is not None:
            await self._budget.concede(left)

    async def _lease(self) -> bool:
        return await self._replica.store.lease(self._me, LEASE)

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


def _said(errors: Iterable[UpstreamError]) -> str:
    """What errors say, each once."""
    return "; ".join(dict.fromkeys(map(str, errors)))

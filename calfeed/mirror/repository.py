"""The library: answers from the kept copy, asks for what it lacks, serves stale on faults."""

import asyncio
import logging
import math
from asyncio import FIRST_COMPLETED
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from cachetools import TTLCache

from calfeed import sample as shipped
from calfeed.errors import BudgetSpent, CalfeedError, NoData, StoreError, Throttled, UpstreamError
from calfeed.events import EVENTS
from calfeed.launchlibrary.budget import Purpose
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.launchlibrary.page import Answer, believable
from calfeed.launchlibrary.question import Question, from_query
from calfeed.mirror.dataset import Known, snapshot
from calfeed.mirror.replica import Replica
from calfeed.mirror.result import Result, Sample
from calfeed.mirror.state import Asked
from calfeed.query.query import RECENT, Query, View
from calfeed.store import Changes

log = logging.getLogger(__name__)

WAIT = 10.0
"""How many seconds a request waits for the first data."""
SAMPLE_WAIT = 3.0
"""The same where sample data can be shown instead."""
PATIENCE = 3.0
"""How many of them it waits for the copy to be filled, before it asks for itself."""
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 600.0
"""Seconds to leave a question alone after it failed first, and after many times."""
ASKING = 100.0
"""Seconds for which one process has the right to ask a question: longer than a call takes."""


@dataclass(frozen=True, slots=True)
class _Pause:
    """A question that failed: when it may be asked again, and why it was not answered."""

    until: datetime
    failures: int
    error: CalfeedError


class Repository:
    """Answers queries. ``refreshed`` says whether somebody fills the copy and keeps it current
    meanwhile; see :mod:`calfeed.mirror.sync`."""

    def __init__(
        self,
        api: LaunchLibrary,
        replica: Replica,
        *,
        clock: Callable[[], datetime],
        fresh_for: timedelta,
        wait: float = WAIT,
        sample: Sample = "never",
        refreshed: bool = True,
    ) -> None:
        self._api = api
        self._replica = replica
        self._clock = clock
        self._wait = min(wait, SAMPLE_WAIT) if sample == "fallback" else wait
        self._sample = sample
        self.fresh_for = fresh_for
        self.refreshed = refreshed
        self._me = uuid4().hex
        self._asking: dict[Question, asyncio.Task[None]] = {}
        self._pauses: TTLCache[Question, _Pause] = TTLCache(
            1000, LONGEST_PAUSE * 2, timer=lambda: clock().timestamp()
        )

    async def close(self) -> None:
        """Stop asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def replica(self) -> Replica:
        """What is kept."""
        return self._replica

    @property
    def ready(self) -> bool:
        """Whether there is something to answer with."""
        return self._sample != "never" or not self._replica.dataset.empty

    @property
    def shows_sample(self) -> bool:
        """Whether the packaged sample answers at the moment."""
        return self._sample == "always" or (
            self._sample == "fallback" and self._replica.dataset.empty
        )

    async def get(self, query: Query) -> Result:
        """The events a query means, from the copy where it covers them.

        What is there is given at once, however old, and renewed behind the caller's back. What is
        not there is waited for.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
        """
        if self._sample == "always":
            return self._sampled(query)
        if whole := self._replica.dataset.whole(query):
            return self._kept(query, whole, hit=True)
        question = from_query(query)
        known = self._known(query, question)
        if known is not None:
            if known.ids is not None and self._clock() - known.as_of >= self.fresh_for:
                self._ask(question)
            return self._kept(query, known, hit=True)
        try:
            return self._kept(query, await self._first(query, question), hit=False)
        except NoData:
            if self._sample == "never" or not self._replica.dataset.empty:
                raise
            return self._sampled(query)

    def _known(self, query: Query, question: Question) -> Known | None:
        return self._replica.dataset.known(query, question, self._clock())

    def _sampled(self, query: Query) -> Result:
        return Result(
            query=query,
            snapshots=(snapshot(shipped.records(EVENTS), -1, shipped.NOW),),
            now=shipped.NOW,
            as_of=self._clock(),
            changed_at=shipped.NOW,
            hit=True,
            stale=False,
            sample=True,
        )

    def _kept(self, query: Query, known: Known, *, hit: bool) -> Result:
        now, copy = self._clock(), self._replica.dataset
        return Result(
            query=query,
            snapshots=(copy.snapshot(),),
            now=now,
            as_of=known.as_of,
            changed_at=copy.changed_at or known.as_of,
            hit=hit,
            complete=known.ids is None and copy.coverage.complete,
            stale=now - known.as_of >= self.fresh_for,
        )

    async def _first(self, query: Query, question: Question) -> Known:
        """Wait for the copy to cover a query; ask for it alone when that takes long, or fails."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wait
        ask_at = loop.time() + (min(PATIENCE, self._wait / 3) if self._filling else 0.0)
        while loop.time() < deadline:
            if loop.time() >= ask_at or not self._filling:
                self._ask(question)
            if not self._filling and question not in self._asking:
                break
            until = deadline if loop.time() >= ask_at else min(ask_at, deadline)
            await self._news(question, max(0.01, until - loop.time()))
            if known := self._known(query, question):
                return known
        if known := self._known(query, question):
            return known
        raise self._no_data(question)

    async def _news(self, question: Question, seconds: float) -> None:
        """Wait until something was kept or the question's call has ended, so long at most."""
        change = asyncio.create_task(self._replica.changed(seconds))
        call = self._asking.get(question)
        try:
            await asyncio.wait({change, call} if call else {change}, return_when=FIRST_COMPLETED)
        finally:
            change.cancel()

    @property
    def _filling(self) -> bool:
        """Whether the copy is being built, and that goes well."""
        copy = self._replica.dataset
        failed = copy.rounds and copy.rounds.failures
        return self.refreshed and not copy.coverage.complete and not failed

    def _no_data(self, question: Question) -> NoData:
        pause = self._pauses.get(question)
        if pause is None:
            return NoData("Launch Library has not answered yet; try again in a minute", 60)
        wait = max(1, math.ceil((pause.until - self._clock()).total_seconds()))
        return NoData(f"nothing is kept yet: {pause.error}", wait)

    def _ask(self, question: Question) -> None:
        """Ask upstream once, however many want to know, and not while it is left alone."""
        pause = self._pauses.get(question)
        if question in self._asking or (pause and self._clock() < pause.until):
            return
        task = asyncio.create_task(self._fetch(question))
        self._asking[question] = task
        task.add_done_callback(lambda _: self._asking.pop(question, None))

    async def _fetch(self, question: Question) -> None:
        began, store = self._clock(), self._replica.store
        name = f"ask {question.key}"
        try:
            while not await store.lease(name, self._me, self._clock().timestamp(), ASKING):
                await self._replica.changed(1.0)  # another process asks; its answer comes this way
                await self._replica.look()
                if (asked := self._replica.dataset.asked(question)) and asked.as_of >= began:
                    return
            try:
                purpose = Purpose.ASKED if self.refreshed else Purpose.UPDATE
                await self._keep(question, await self._api.fetch(question, purpose), began)
            finally:
                await store.release(name, self._me)
        except (UpstreamError, StoreError) as error:
            self._pause(question, error)
        else:
            self._pauses.pop(question, None)

    def _pause(self, question: Question, error: CalfeedError) -> None:
        failures = (self._pauses[question].failures if question in self._pauses else 0) + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
        if isinstance(error, BudgetSpent | Throttled):
            pause = max(1.0, error.retry_after)
        self._pauses[question] = _Pause(self._clock() + timedelta(seconds=pause), failures, error)
        log.warning("%s: %s; next try in %.0f s", question.key, error, pause)

    async def _keep(self, question: Question, answer: Answer, as_of: datetime) -> None:
        copy = self._replica.dataset
        known = copy.asked(question) or Asked(as_of=as_of)
        lost = (known.ids | known.missing) - answer.ids
        if question.view is View.UPCOMING:  # what has passed is not missing
            lost -= {e.id for e in copy.events.values() if e.date and e.date < as_of - RECENT}
        emptied = lost and not answer.ids and question.event_id is None
        if emptied or not believable(len(lost), len(known.ids)):
            raise UpstreamError(f"{len(lost)} of {len(known.ids)} events went missing at once")
        asked = Asked(as_of=as_of, ids=answer.ids, missing=lost - known.missing)
        notes: dict[str, str | None] = {f"asked {question.key}": asked.model_dump_json()}
        await self._replica.write(Changes(events=copy.newer(answer.events), notes=notes))

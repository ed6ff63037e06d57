"""The library: answers from the kept copy, fetches what it lacks, serves stale on faults."""

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cachetools import TTLCache

from calfeed import sample as shipped
from calfeed.copy import Asked, Copy
from calfeed.errors import BudgetSpent, NoData, Throttled, UpstreamError
from calfeed.event import Event
from calfeed.launchlibrary.client import Answer, LaunchLibrary
from calfeed.launchlibrary.question import Question, from_query
from calfeed.query import Query
from calfeed.store import Changes, Store

Sample = Literal["never", "always", "fallback"]
"""Whether the packaged sample answers: only while nothing is kept, with ``fallback``."""

log = logging.getLogger(__name__)

WAIT = 10.0
"""How many seconds a request waits for the first data."""
SAMPLE_WAIT = 3.0
"""The same where sample data can be shown instead."""
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 900.0
"""Seconds to leave Launch Library alone after a first failure, and after many."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The events a query means, and how old the knowledge of them is.

    ``now`` is the moment the answer was made for, ``changed_at`` when anything kept last changed,
    ``hit`` whether it was there already, ``stale`` whether it is older than it should be.
    """

    events: tuple[Event, ...]
    now: datetime
    as_of: datetime
    changed_at: datetime
    hit: bool
    stale: bool
    sample: bool = False


@dataclass
class _Pause:
    """A question that failed: when it may be asked again, and why it was not answered."""

    until: datetime
    failures: int
    error: UpstreamError


class Library:
    """Owns the kept copy of one store and the tasks that fetch into it."""

    def __init__(
        self,
        api: LaunchLibrary,
        store: Store,
        *,
        clock: Callable[[], datetime],
        fresh_for: timedelta,
        wait: float = WAIT,
        sample: Sample = "never",
    ) -> None:
        self._api = api
        self._store = store
        self._clock = clock
        self._wait = min(wait, SAMPLE_WAIT) if sample == "fallback" else wait
        self._sample = sample
        self.fresh_for = fresh_for
        self.copy = Copy()
        self._asking: dict[Question, asyncio.Task[None]] = {}
        self._pauses: TTLCache[Question, _Pause] = TTLCache(
            1000, LONGEST_PAUSE * 2, timer=lambda: clock().timestamp()
        )

    async def start(self) -> None:
        """Read what the store holds."""
        await self._store.open()
        await self._catch_up()

    async def close(self) -> None:
        """Stop asking, and let go of the store."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._store.close()

    @property
    def ready(self) -> bool:
        """Whether there is something to answer with."""
        return self._sample != "never" or self.copy.revision > 0

    async def answer(self, query: Query) -> Kept:
        """The events a query means, from the copy where it covers them.

        What is there is given at once, however old, and renewed behind the caller's back. What is
        not there is waited for.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
        """
        if self._sample == "always":
            return self._sampled(query)
        try:
            return await self._answer(query)
        except NoData:
            if self._sample == "never" or self.copy.revision:
                raise
            return self._sampled(query)

    def _sampled(self, query: Query) -> Kept:
        events = tuple(one for one in shipped.events() if query.matches(one, shipped.NOW))
        return Kept(
            events, shipped.NOW, self._clock(), shipped.NOW, hit=True, stale=False, sample=True
        )

    async def _answer(self, query: Query) -> Kept:
        question = from_query(query)
        known = self.copy.asked(question)
        if known is None:
            await self._first_answer(question)
            known = self.copy.asked(question)
            if known is None:
                raise NoData("the answer could not be kept", 60)
            return self._kept(query, known, hit=False)
        if self._clock() - known.as_of >= self.fresh_for:
            self._ask(question, urgent=False)
        return self._kept(query, known, hit=True)

    def _kept(self, query: Query, known: Asked, *, hit: bool) -> Kept:
        now = self._clock()
        return Kept(
            events=self.copy.matching(query, now, known.ids | known.missing),
            now=now,
            as_of=known.as_of,
            changed_at=self.copy.changed_at or known.as_of,
            hit=hit,
            stale=now - known.as_of >= self.fresh_for,
        )

    async def _first_answer(self, question: Question) -> None:
        task = self._ask(question, urgent=True)
        if task is not None:
            await asyncio.wait([task], timeout=self._wait)
            if not task.done():
                raise NoData("Launch Library has not answered yet; try again in a minute", 60)
        pause = self._pauses.get(question)
        if self.copy.asked(question) is None and pause:
            wait = max(1, math.ceil((pause.until - self._clock()).total_seconds()))
            raise NoData(f"nothing is kept yet, and {pause.error}", wait) from pause.error

    def _ask(self, question: Question, *, urgent: bool) -> asyncio.Task[None] | None:
        """Ask upstream once, however many want to know; None while it is left alone."""
        if question in self._asking:
            return self._asking[question]
        pause = self._pauses.get(question)
        if pause and self._clock() < pause.until:
            return None
        task = asyncio.create_task(self._fetch(question, urgent=urgent))
        self._asking[question] = task
        task.add_done_callback(lambda _: self._asking.pop(question, None))
        return task

    async def _fetch(self, question: Question, *, urgent: bool) -> None:
        began = self._clock()
        try:
            answer = await self._api.fetch(question, urgent=urgent)
            await self._keep(question, answer, began)
        except UpstreamError as error:
            self._pause(question, error)
        else:
            self._pauses.pop(question, None)

    def _pause(self, question: Question, error: UpstreamError) -> None:
        failures = (self._pauses[question].failures if question in self._pauses else 0) + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
        if isinstance(error, BudgetSpent | Throttled):
            pause = max(1.0, error.retry_after)
        self._pauses[question] = _Pause(self._clock() + timedelta(seconds=pause), failures, error)
        log.warning("%s: %s; next try in %.0f s", question.key, error, pause)

    async def _keep(self, question: Question, answer: Answer, as_of: datetime) -> None:
        known = self.copy.asked(question)
        lost = (known.ids | known.missing) - answer.ids if known else frozenset()
        if known and len(lost) > max(3, len(known.ids) // 5):
            raise UpstreamError(f"{len(lost)} of {len(known.ids)} events went missing at once")
        again = known.missing & lost if known else frozenset()
        asked = Asked(as_of=as_of, ids=answer.ids, missing=lost - again)
        notes: dict[str, str | None] = {f"asked {question.key}": asked.model_dump_json()}
        await self._store.write(Changes(events=self.copy.newer(answer.events), notes=notes))
        await self._catch_up()

    async def _catch_up(self) -> None:
        self.copy.apply(await self._store.read(self.copy.revision), self._clock())

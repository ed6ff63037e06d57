"""Queries in, what is kept for them out: at once where it is there, else waited for."""

import asyncio
import math
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from calfeed import sample as shipped
from calfeed.errors import NoData, StoreError
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.page import PAGE
from calfeed.mirror.dataset import Dataset, Snapshot
from calfeed.mirror.plan import comes_first
from calfeed.mirror.progress import Pending, progress_of
from calfeed.mirror.replica import Replica
from calfeed.mirror.result import HeldUp, Result, Sample
from calfeed.query.kinds import Value
from calfeed.query.query import Query

WAIT = 10.0
"""How many seconds a request waits for the first data."""
SAMPLE_WAIT = 3.0
"""The same where sample data can be shown instead."""
LONGEST_RETRY = 6 * 3600
SHARE = 0.4
"""How much of the calls go into filling what does not come first; the others keep up to date."""
SAMPLE_VERSION = -2
"""Where the sample's versions begin: none of them is ever one of real data."""


class Repository:
    """Answers queries out of the datasets. Somebody else fills them and keeps them current; see
    :mod:`calfeed.mirror.scheduler`."""

    def __init__(
        self,
        replica: Replica,
        budget: Budget,
        *,
        clock: Callable[[], datetime],
        fresh_for: timedelta,
        wait: float = WAIT,
        sample: Sample = "never",
    ) -> None:
        self._replica = replica
        self._budget = budget
        self._clock = clock
        self._wait = min(wait, SAMPLE_WAIT) if sample == "fallback" else wait
        self._sample = sample
        self._sampled: dict[str, Snapshot[Any]] = {}
        self.fresh_for = fresh_for

    @property
    def ready(self) -> bool:
        """Whether there is something to answer with."""
        return self._sample != "never" or not self._replica.empty

    @property
    def shows_sample(self) -> bool:
        """Whether the packaged sample answers at the moment."""
        return self._sample == "always" or (self._sample == "fallback" and self._replica.empty)

    @property
    def applied(self) -> int:
        """Rises with every change of what is kept."""
        return self._replica.applied

    def covers(self, query: Query) -> bool:
        """Whether everything that a query can mean is kept."""
        return not self._lacking(query)

    def pending(self, query: Query) -> Pending | None:
        """What a query waits for; None where it can be answered. Any thread may ask."""
        lacking = self._lacking(query)
        if not lacking or self.shows_sample:
            return None
        ready_in = timedelta(seconds=self._estimate(query, lacking))
        return Pending(tuple(map(progress_of, lacking)), ready_in)

    async def changed(self, seconds: float) -> None:
        """Wait for the next change of what is kept, so long at most."""
        await self._replica.changed(seconds)

    async def get(self, query: Query) -> Result:
        """What is kept for a query, however old. What is not there yet is waited for, as long as it
        may come.

        Raises:
            NoData: not all that it needs is kept, and it did not come in time.
        """
        if self._sample == "always":
            return self._from_sample(query)
        if self.covers(query):
            return self._result(query, hit=True)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wait
        while (left := deadline - loop.time()) > 0 and not self._pauses(left):
            await self._replica.changed(left)
            if self.covers(query):
                return self._result(query, hit=False)
        if self.shows_sample:
            return self._from_sample(query)
        raise await self._no_data(query)

    def _lacking(self, query: Query) -> list[Dataset[Any]]:
        """The datasets that do not hold everything yet that a query can mean."""
        now = self._clock()
        datasets = [
            self._replica.datasets[collection.name]
            for collection in query.scope.collections
            if query.concerns(collection)
        ]
        return [
            dataset
            for dataset in datasets
            if not dataset.covers(query.earliest(dataset.collection, now))
            and not _holds(dataset, query.ids)
        ]

    def _pauses(self, seconds: float) -> bool:
        """Whether nothing is fetched for so long, because of a fault or for want of calls."""
        last = self._replica.last_round
        return last is not None and last.pause(self._clock()).total_seconds() > seconds

    def _result(self, query: Query, *, hit: bool) -> Result:
        now = self._clock()
        datasets = [self._replica.datasets[c.name] for c in query.scope.collections]
        snapshots = tuple(dataset.snapshot() for dataset in datasets)
        as_of = min(dataset.as_of or now for dataset in datasets)
        changed = (snapshot.changed_at for snapshot in snapshots if snapshot.changed_at)
        again = any(dataset.state.fill.again for dataset in datasets)
        return Result(
            query=query,
            snapshots=snapshots,
            now=now,
            as_of=as_of,
            changed_at=max(changed, default=as_of),
            hit=hit,
            stale=again or now - as_of >= self.fresh_for,
            complete=all(dataset.state.fill.complete for dataset in datasets),
            progress=tuple(map(progress_of, datasets)),
            held_up=self._held_up(now),
        )

    def _held_up(self, now: datetime) -> HeldUp:
        last = self._replica.last_round
        if last is None:
            return ""
        if last.failures:
            return "fault"
        return "limit" if last.pause(now) else ""

    def _from_sample(self, query: Query) -> Result:
        for collection in query.scope.collections:
            if collection.name not in self._sampled:
                dataset = Dataset[Any](collection, SAMPLE_VERSION)
                dataset.apply({record.id: record for record in shipped.records(collection)})
                self._sampled[collection.name] = dataset.snapshot()
        return Result(
            query=query,
            snapshots=tuple(self._sampled[c.name] for c in query.scope.collections),
            now=shipped.NOW,
            as_of=self._clock(),
            changed_at=shipped.NOW,
            hit=True,
            stale=False,
            sample=True,
        )

    async def _no_data(self, query: Query) -> NoData:
        """Says how far back what is kept reaches by now, and when that may be far enough."""
        lacking = self._lacking(query)
        said = "; ".join(str(progress_of(dataset)) for dataset in lacking)
        last = self._replica.last_round
        why = f" ({last.error})" if last and last.error else ""
        seconds = await self._seconds(query, lacking)
        return NoData(f"not everything this needs is there yet: {said}{why}", seconds)

    async def _seconds(self, query: Query, lacking: list[Dataset[Any]]) -> int:
        """When to ask again."""
        try:
            wait = (await self._budget.calls()).wait(self._budget.calls_per_hour)
        except StoreError:
            wait = 60.0
        return math.ceil(min(self._estimate(query, lacking, wait), LONGEST_RETRY))

    def _estimate(self, query: Query, lacking: list[Dataset[Any]], wait: float = 0.0) -> float:
        """In how many seconds the pages that are lacking will have been fetched, as far as the
        budget tells, where the next call has to ``wait``."""
        now, allowed = self._clock(), self._budget.calls_per_hour
        last = self._replica.last_round
        retry = last.pause(now).total_seconds() if last else 0.0
        pages = sum(_pages(dataset, query.earliest(dataset.collection, now)) for dataset in lacking)
        if all(comes_first(dataset, now) for dataset in lacking):
            later = max(0, pages - allowed // 2)
            return max(retry, wait, 5.0) + later * 3600 / allowed
        return max(retry, wait, pages * 3600 / (allowed * SHARE))


def _holds(dataset: Dataset[Any], ids: Collection[Value] | None) -> bool:
    """Whether those of some ids that can be the collection's are all kept already."""
    if ids is None:
        return False
    for value in ids:
        try:
            if dataset.collection.read_id(str(value)) not in dataset.records:
                return False
        except ValueError:  # of the other collection's kind
            continue
    return True


def _pages(dataset: Dataset[Any], earliest: datetime | None) -> int:
    """How many pages have to come until a dataset reaches back so far; as if records were spread
    evenly over the years."""
    fill = dataset.state.fill
    left = max(PAGE, fill.count - len(dataset.records))
    if fill.since is not None and earliest is not None:
        years = (fill.since - earliest).days / 365
        left = int(left * min(1.0, max(0.0, years) / 20))
    return max(1, -(-left // PAGE))

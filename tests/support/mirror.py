"""A whole mirror on a fake Launch Library, with a clock in the tests' hands.

Rounds are stepped by hand: ``fill``, ``next_round``, ``rounds_for``.
"""

import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from yarl import URL

from calfeed.errors import StoreError
from calfeed.events import EVENTS
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import MOST_BYTES, LaunchLibrary
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.replica import Replica
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result, Sample
from calfeed.mirror.scheduler import Scheduler
from calfeed.publish.matching import matching
from calfeed.query.collection import Collection
from calfeed.query.query import View
from calfeed.store import Store
from calfeed.store.memory import MemoryStore
from tests.fake import Call, FakeLaunchLibrary, Fault, Record, as_220, event
from tests.support.calendars import query

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FRESH_FOR = timedelta(minutes=15)
PATIENT = aiohttp.ClientTimeout(total=60)
QUICK = aiohttp.ClientTimeout(sock_read=0.3)
"""For an upstream that never answers. Connecting may take its time: on a busy machine it does."""
STEP = timedelta(seconds=30)
"""How far the clock moves between looks at whether a round is due."""
LONGEST = timedelta(days=8)
"""No round is further away."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """The same in seconds since the Unix epoch, for stores."""
        return self.now.timestamp()

    def ahead(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Running:
    """One process: its parts, and what tests do with them."""

    ll: FakeLaunchLibrary
    clock: Clock
    budget: Budget
    api: LaunchLibrary
    replica: Replica
    repository: Repository
    scheduler: Scheduler
    outcomes: list[str]

    @property
    def dataset(self) -> Dataset[Any]:
        """The first collection's: events, unless a test has others."""
        return next(iter(self.replica.datasets.values()))

    async def fill(self) -> None:
        """Fill all there is, and forget what that cost."""
        for _ in range(2000):
            if all(d.state.fill.undated for d in self.replica.datasets.values()):
                break
            await self.next_round()
            assert not self.error
        assert self.replica.complete
        self.clock.ahead(hours=1, minutes=1)
        self.ll.calls.clear()

    @property
    def error(self) -> str:
        """What went wrong in the last round."""
        return self.replica.last_round.error if self.replica.last_round else ""

    async def next_round(self) -> int:
        """Wait until a round is due, run it, and say how many calls it made."""
        until = self.clock.now + LONGEST
        while not self.scheduler.due:
            self.clock.now += STEP
            assert self.clock.now < until, "no round is ever due"
        before = len(self.ll.calls)
        await self.scheduler.once()
        return len(self.ll.calls) - before

    async def rounds_for(
        self, *, until: Callable[[], object] = lambda: False, **length: float
    ) -> timedelta | None:
        """Run the rounds that are due in so long a time, as the service does; end early once a
        condition holds, and say after how long."""
        began = self.clock.now
        end = began + timedelta(**length)
        while self.clock.now < end:
            if until():
                return max(self.clock.now - began, timedelta(seconds=1))
            if self.scheduler.due:
                try:
                    await self.scheduler.once()
                except StoreError:
                    continue
            else:
                self.clock.now += STEP
        return self.clock.now - began if until() else None

    def most_calls_in_an_hour(self) -> int:
        """As upstream counted them."""
        times = [call.time for call in self.ll.calls]
        hour = timedelta(hours=1)
        return max((sum(at <= t < at + hour for t in times) for at in times), default=0)

    async def ask(self, text: str = "", view: View = View.ALL) -> Result:
        return await self.repository.get(query(text, view))

    async def ids(self, text: str = "", view: View = View.ALL) -> set[int]:
        result = await self.ask(text, view)
        return {
            record.id
            for snapshot in result.snapshots
            for record in matching(snapshot, result.query, result.now)
        }

    def as_upstream(self, *, old: bool = False) -> bool:
        """Whether what is kept is exactly what upstream has, but for how dates moved."""
        kept = {
            key: EVENTS.model.dump_python(record, exclude={"moves"})
            for key, record in self.dataset.records.items()
        }
        return kept == {key: _read(record, old) for key, record in self.ll.events.items()}


_read_before: dict[tuple[int, bool], tuple[Record, Any]] = {}


def _read(record: Record, old: bool) -> Any:
    key = id(record), old
    found = _read_before.get(key)
    if found is None or found[0] is not record:
        read = EVENTS.read(as_220(record) if old else record)
        found = record, EVENTS.model.dump_python(read, exclude={"moves"})
        _read_before[key] = found
    return found[1]


@asynccontextmanager
async def running(
    ll: FakeLaunchLibrary,
    clock: Clock,
    store: Store | None = None,
    *,
    collections: Iterable[Collection[Any]] = (EVENTS,),
    calls: int = 15,
    base: str = "",
    wait: float = 10.0,
    timeout: aiohttp.ClientTimeout = PATIENT,  # noqa: ASYNC109
    most_bytes: int = MOST_BYTES,
    sample: Sample = "never",
    token: str | None = None,
    fresh_for: timedelta = FRESH_FOR,
    seed: int = 1,
) -> AsyncIterator[Running]:
    store = store or MemoryStore(clock.seconds)
    outcomes: list[str] = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        budget = Budget(store, calls, clock)
        replica = Replica(store, collections, clock)
        api = LaunchLibrary(
            URL(base or ll.url), session, budget,
            clock=clock, token=token, timeout=timeout, most_bytes=most_bytes,
            counted=outcomes.append,
        )  # fmt: skip
        repository = Repository(
            replica, budget, clock=clock, fresh_for=fresh_for, wait=wait, sample=sample
        )
        scheduler = Scheduler(
            api, budget, replica,
            clock=clock, fresh_for=fresh_for, chance=random.Random(seed), tick=0.001,
        )  # fmt: skip
        await store.open()
        await replica.look()
        try:
            yield Running(ll, clock, budget, api, replica, repository, scheduler, outcomes)
        finally:
            await store.close()


@asynccontextmanager
async def filled(
    records: list[Record], clock: Clock, *, older: bool = False, **changes: Any
) -> AsyncIterator[Running]:
    """A process with everything kept, on a fake of its own."""
    async with FakeLaunchLibrary(records, now=clock, older=older) as ll:
        async with running(ll, clock, **changes) as process:
            await process.fill()
            yield process


def light(count: int) -> list[Record]:
    """So many plain events, quickly read: a tenth ahead, some of NASA, each changed at its time."""
    return [
        event(
            max(1000, count) - key,
            name=f"Soyuz docking {key}" if key % 3 else f"Walk {key}",
            date=NOW + timedelta(days=(count // 10 - key) * 5, hours=-12, minutes=-key),
            agencies=[44] if key % 4 == 0 else [],
            last_updated=NOW - timedelta(hours=2 + key * 7 % count),
        )
        for key in range(count)
    ]


def once_when(picks: Callable[[Call], bool], change: Callable[[], object]) -> Fault:
    """Not a fault: changes what the fake holds just before it answers a call, once."""
    done: list[Call] = []

    def when(call: Call) -> bool:
        if picks(call) and not done:
            done.append(call)
            change()
        return False

    return Fault("delay", when=when)

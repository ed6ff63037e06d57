"""A whole library on a fake Launch Library, with a clock in the tests' hands."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.mirror.replica import Replica
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result, Sample
from calfeed.mirror.scheduler import Scheduler
from calfeed.mirror.sync import Sync
from calfeed.publish.select import Selector
from calfeed.query.query import View
from calfeed.store import Store
from calfeed.store.memory import MemoryStore
from tests.fake import Call, FakeLaunchLibrary, Fault, Record, as_220, event
from tests.support.calendars import query

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FRESH_FOR = timedelta(minutes=15)
PATIENT = aiohttp.ClientTimeout(total=20)
QUICK = aiohttp.ClientTimeout(total=0.03)
"""For an upstream that never answers."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

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
    refresh: Sync
    scheduler: Scheduler
    outcomes: list[str]

    def patience(self, limits: aiohttp.ClientTimeout) -> None:
        """How long calls may take from now on."""
        self.api._timeout = limits

    async def fill(self) -> None:
        """Fill the copy, and forget what that cost."""
        await self.scheduler.once()
        assert self.replica.dataset.coverage.complete
        self.clock.ahead(hours=1, minutes=1)
        self.ll.calls.clear()

    async def next_round(self) -> int:
        """Wait for the time of the next round, run it, and say how many calls it made."""
        rounds = self.replica.dataset.rounds
        if rounds:
            self.clock.now = max(self.clock.now, rounds.next_at)
        before = len(self.ll.calls)
        await self.scheduler.once()
        return len(self.ll.calls) - before

    async def ask(self, text: str = "", view: View = View.ALL) -> Result:
        return await self.repository.get(query(text, view))

    async def ids(self, text: str = "", view: View = View.ALL) -> set[int]:
        return {placed.record.id for placed in Selector().select(await self.ask(text, view))}

    def as_upstream(self, *, old: bool = False) -> bool:
        """Whether the copy is exactly what upstream has."""
        return self.replica.dataset.events == {
            key: _read(record, old) for key, record in self.ll.events.items()
        }


_known: dict[tuple[int, bool], tuple[Record, Event]] = {}


def _read(record: Record, old: bool) -> Event:
    key = id(record), old
    known = _known.get(key)
    if known is None or known[0] is not record:
        known = _known[key] = record, from_record(as_220(record) if old else record)
    return known[1]


@asynccontextmanager
async def running(
    ll: FakeLaunchLibrary,
    clock: Clock,
    store: Store | None = None,
    *,
    calls: int = 15,
    base: str = "",
    wait: float = 10.0,
    sample: Sample = "never",
    refreshed: bool = True,
    token: str | None = None,
) -> AsyncIterator[Running]:
    store = store or MemoryStore()
    outcomes: list[str] = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        budget = Budget(store, calls, clock)
        replica = Replica(store, clock)
        api = LaunchLibrary(
            URL(base or ll.url), session, budget,
            token=token, timeout=PATIENT, counted=outcomes.append,
        )  # fmt: skip
        repository = Repository(
            api, replica, clock=clock, fresh_for=FRESH_FOR,
            wait=wait, sample=sample, refreshed=refreshed,
        )  # fmt: skip
        refresh = Sync(api, budget, replica, clock)
        scheduler = Scheduler(
            refresh,
            budget,
            replica,
            clock=clock,
            fresh_for=FRESH_FOR,
            chance=lambda: 0.5,
            tick=0.001,
        )
        await store.open()
        await replica.look()
        try:
            yield Running(ll, clock, budget, api, replica, repository, refresh, scheduler, outcomes)
        finally:
            await repository.close()
            await store.close()


@asynccontextmanager
async def filled(
    records: list[Record], clock: Clock, *, older: bool = False, **changes: Any
) -> AsyncIterator[Running]:
    """A process whose copy is complete, on a fake of its own."""
    async with FakeLaunchLibrary(records, now=clock, older=older) as ll:
        async with running(ll, clock, **changes) as one:
            await one.fill()
            yield one


def light(count: int) -> list[Record]:
    """So many plain events, quickly read: a tenth ahead, some of NASA, each changed at its time."""
    return [
        event(
            1000 - key,
            name=f"Soyuz docking {key}" if key % 3 else f"Walk {key}",
            date=NOW + timedelta(days=(count // 10 - key) * 5, hours=-12, minutes=-key),
            agencies=[44] if key % 4 == 0 else [],
            last_updated=NOW - timedelta(hours=2 + key * 7 % count),
        )
        for key in range(count)
    ]


def once_at(offset: int, change: Callable[[], object]) -> Fault:
    """Not a fault: changes the fake's events just before it answers a page, once."""
    done: list[Call] = []

    def when(call: Call) -> bool:
        if call.offset == offset and not done:
            done.append(call)
            change()
        return False

    return Fault("delay", when=when)


class Deaf(FakeLaunchLibrary):
    """A deployment that does not know some parameters."""

    deaf_to: tuple[str, ...] = ()

    def _answer(self, request: web.Request, shape: Any) -> tuple[Any, int]:
        known = [(k, v) for k, v in request.query.items() if k not in self.deaf_to]
        heard = request.clone(rel_url=request.rel_url.with_query(known))
        heard._match_info = request._match_info
        return super()._answer(heard, shape)

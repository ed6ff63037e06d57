"""Settings -> what answers queries and keeps current: store, budget, API and mirror, joined."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from calfeed.catalog import COLLECTIONS
from calfeed.errors import SettingsError, StoreError
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.metrics import Metrics
from calfeed.mirror.progress import Progress
from calfeed.mirror.replica import Replica
from calfeed.mirror.repository import WAIT, Repository
from calfeed.mirror.result import Sample
from calfeed.mirror.scheduler import TICK, Scheduler
from calfeed.settings import Settings, sqlite_path
from calfeed.store import Store
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore


def utcnow() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def store_for(settings: Settings, sample: Sample, clock: Callable[[], datetime] = utcnow) -> Store:
    """The store that CALFEED_CACHE_URL names, for one Launch Library. Redis goes by its own
    clock."""
    url = "memory://" if sample == "always" else settings.cache_url
    upstream = settings.ll2_url.authority
    scheme = url.partition("://")[0]

    def seconds() -> float:
        return clock().timestamp()

    if scheme == "memory":
        return MemoryStore(seconds)
    if scheme in ("redis", "rediss"):
        from calfeed.store.redis import RedisStore  # 50 ms and 6 MB

        return RedisStore(url, upstream)
    return SqliteStore(sqlite_path(url, Path), upstream, clock=seconds)


async def _open(store: Store) -> None:
    try:
        await store.open()
    except StoreError as error:
        raise SettingsError(f"CALFEED_CACHE_URL cannot be used: {error}") from error


@dataclass(frozen=True, slots=True)
class Runtime:
    """All that is open, for those commands and pages that look at more than feeds."""

    repository: Repository
    replica: Replica
    budget: Budget
    scheduler: Scheduler
    metrics: Metrics
    now: Callable[[], datetime]


@asynccontextmanager
async def open_runtime(
    settings: Settings,
    sample: Sample = "never",
    *,
    keep_current: bool = True,
    report: Callable[[Progress], None] = lambda progress: None,
    clock: Callable[[], datetime] = utcnow,
    wait: float = WAIT,
    tick: float = TICK,
) -> AsyncIterator[Runtime]:
    """What the settings ask for, ready to answer; closed at the end.

    With ``keep_current`` the mirror is filled and refreshed meanwhile. ``report`` is told how far
    filling has come; ``wait`` is how many seconds a query waits for the first data, ``tick`` how
    many pass between looks at whether something is due.
    """
    store, metrics = store_for(settings, sample, clock), Metrics()
    replica = Replica(store, COLLECTIONS.values(), clock)
    budget = Budget(store, settings.ll2_calls_per_hour, clock)
    keep_current = keep_current and sample != "always"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        api = LaunchLibrary(
            settings.ll2_url, session, budget,
            clock=clock, token=settings.token, counted=metrics.call,
        )  # fmt: skip
        repository = Repository(
            replica, budget, clock=clock, fresh_for=settings.fresh_for, wait=wait, sample=sample
        )
        scheduler = Scheduler(
            api, budget, replica,
            clock=clock, fresh_for=settings.fresh_for, tick=tick, report=report,
        )  # fmt: skip
        await _open(store)
        await replica.look()
        try:
            async with _running(scheduler) if keep_current else nullcontext():
                yield Runtime(repository, replica, budget, scheduler, metrics, clock)
        finally:
            await store.close()


@asynccontextmanager
async def _running(scheduler: Scheduler) -> AsyncIterator[None]:
    """The scheduler at work."""
    task = asyncio.create_task(scheduler.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await scheduler.stop()


@asynccontextmanager
async def open_client(
    settings: Settings, *, clock: Callable[[], datetime] = utcnow
) -> AsyncIterator[tuple[LaunchLibrary, Budget]]:
    """Launch Library, and the budget that a service on the same store goes by; no record is read
    or written."""
    store = store_for(settings, "never", clock)
    budget = Budget(store, settings.ll2_calls_per_hour, clock)
    await _open(store)
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield (
                LaunchLibrary(settings.ll2_url, session, budget, clock=clock, token=settings.token),
                budget,
            )
    finally:
        await store.close()

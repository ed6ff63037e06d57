"""Settings -> a library that is open: the store, the budget, the API and the copy, joined."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from calfeed.errors import SettingsError, StoreError
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.metrics import Metrics
from calfeed.mirror.replica import Replica
from calfeed.mirror.repository import WAIT, Repository
from calfeed.mirror.result import Sample
from calfeed.mirror.scheduler import Scheduler
from calfeed.mirror.sync import Progress, Sync
from calfeed.settings import Settings, sqlite_path
from calfeed.store import Store
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore


def utcnow() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def store_for(settings: Settings, sample: Sample) -> Store:
    """The store that CALFEED_CACHE_URL names, for one Launch Library."""
    url = "memory://" if sample == "always" else settings.cache_url
    upstream = settings.ll2_url.authority
    scheme = url.partition("://")[0]
    if scheme == "memory":
        return MemoryStore()
    if scheme in ("redis", "rediss"):
        from calfeed.store.redis import RedisStore  # 50 ms and 6 MB

        return RedisStore(url, upstream)
    return SqliteStore(sqlite_path(url, Path), upstream)


async def _open(store: Store) -> None:
    try:
        await store.open()
    except StoreError as error:
        raise SettingsError(f"CALFEED_CACHE_URL cannot be used: {error}") from error


@dataclass(frozen=True, slots=True)
class Runtime:
    """An open library, and the parts that some commands and pages look at."""

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
) -> AsyncIterator[Runtime]:
    """The library of some settings, ready to answer; closed at the end.

    With ``keep_current`` the copy is filled and refreshed meanwhile. ``report`` is told how far
    filling has come; ``wait`` is how many seconds a query waits for the first data.
    """
    store = store_for(settings, sample)
    replica, metrics = Replica(store, clock), Metrics()
    budget = Budget(store, settings.ll2_calls_per_hour, clock)
    keep_current = keep_current and sample != "always"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        api = LaunchLibrary(
            settings.ll2_url, session, budget, token=settings.token, counted=metrics.call
        )
        repository = Repository(
            api, replica, clock=clock, fresh_for=settings.fresh_for,
            wait=wait, sample=sample, refreshed=keep_current,
        )  # fmt: skip
        refresh = Sync(api, budget, replica, clock, report)
        scheduler = Scheduler(refresh, budget, replica, clock=clock, fresh_for=settings.fresh_for)
        await _open(store)
        await replica.look()
        running = asyncio.create_task(scheduler.run()) if keep_current else None
        try:
            yield Runtime(repository, replica, budget, scheduler, metrics, clock)
        finally:
            if running:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await scheduler.stop()
            await repository.close()
            await store.close()

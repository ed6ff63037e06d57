"""Settings -> a library that is open: the store, the budget, the API and the copy, joined."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp

from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.library import Library, Sample
from calfeed.settings import Settings
from calfeed.store.memory import MemoryStore


def utcnow() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_library(settings: Settings, sample: Sample = "never") -> AsyncIterator[Library]:
    """The library of some settings, ready to answer; closed at the end."""
    store = MemoryStore()
    budget = Budget(store, settings.ll2_calls_per_hour, utcnow)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        api = LaunchLibrary(settings.ll2_url, session, budget, token=settings.token)
        library = Library(api, store, clock=utcnow, fresh_for=settings.fresh_for, sample=sample)
        await library.start()
        try:
            yield library
        finally:
            await library.close()

"""What the tests of launches share: a clock, a fake with many launches, and a client."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from . import FakeLaunchLibrary, make_events
from .asking import MANY, NOW, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ll(clock: Clock) -> AsyncIterator[FakeLaunchLibrary]:
    async with FakeLaunchLibrary(make_events(50, now=NOW), MANY, now=clock) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session

"""Several real processes on one real Redis: one copy, one budget, one refresher at a time."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
import pytest
import redis

from calfeed.errors import StoreError
from calfeed.store import Changes
from calfeed.store.redis import RedisStore
from tests.fake import FakeLaunchLibrary, event, make_events
from tests.support.redis_server import RedisServer, running

SECONDS = 180.0
"""How long a condition may take at most before a test fails."""


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running() as started:
        yield started


@pytest.fixture
def redis_url(server: RedisServer) -> str:
    server.flush()
    return server.url


class Process:
    """One ``calfeed serve`` and where it listens."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, log: list[str]) -> None:
        self.process = process
        self.url = url
        self.log = log

    @property
    def refreshes(self) -> bool:
        return any("upstream" in line and "/events/" in line for line in self.log)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)


@asynccontextmanager
async def serve(ll: FakeLaunchLibrary, cache: str, **env: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "calfeed", "serve", "--port", "0",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "CALFEED_LL2_URL": ll.url, "CALFEED_CACHE_URL": cache, **env},
    )  # fmt: skip
    assert process.stderr
    log: list[str] = []
    url = ""
    while not url:
        line = (await asyncio.wait_for(process.stderr.readline(), SECONDS)).decode()
        assert line, log
        log.append(line)
        found = re.search(r"serves on (http://\S+)", line)
        url = found[1] if found else ""
    reading = asyncio.create_task(_collect(process.stderr, log))
    try:
        yield Process(process, url, log)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


async def _collect(stream: asyncio.StreamReader, log: list[str]) -> None:
    async for line in stream:
        log.append(line.decode())


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            result = condition()
            if asyncio.iscoroutine(result):
                result = await result
            if result:
                return
            await asyncio.sleep(0.05)


async def filled(client: aiohttp.ClientSession, process: Process) -> bool:
    """Whether everything is there, and the round that fetched it is over."""
    async with client.get(f"{process.url}/status.json") as answer:
        status = await answer.json()
    return bool(status["data"]["complete"] and status["refresh"]["last"])


async def test_three_processes_share_copy_and_budget_and_survive_a_death(redis_url: str) -> None:
    now = datetime.now(UTC)
    records = make_events(120, now=now)
    async with FakeLaunchLibrary(records, now=lambda: datetime.now(UTC)) as ll:
        fast = {"CALFEED_FRESH_FOR": "PT1S", "CALFEED_LL2_CALLS_PER_HOUR": "2000"}
        async with (
            serve(ll, redis_url, **fast) as one,
            serve(ll, redis_url, **fast) as two,
            serve(ll, redis_url, **fast) as three,
            aiohttp.ClientSession() as client,
        ):
            processes = [one, two, three]

            async def names(process: Process) -> set[str]:
                async with client.get(f"{process.url}/events.json") as answer:
                    assert answer.status == 200
                    return {shown["summary"] for shown in (await answer.json())["events"]}

            for process in processes:
                await until(partial(filled, client, process))
            assert await names(one) == await names(two) == await names(three)
            await until(lambda: any(process.refreshes for process in processes))
            refresher = next(process for process in processes if process.refreshes)
            others = [process for process in processes if process is not refresher]
            assert not any(process.refreshes for process in others)

            refresher.kill()
            ll.put(event(900_001, name="Added after the death", date=now, last_updated=now))

            async def added(process: Process) -> bool:
                return "Added after the death" in await names(process)

            for process in others:
                await until(partial(added, process))
            await until(lambda: any(process.refreshes for process in others))
        assert len(ll.calls) <= 2000
        assert ll.refused == 0


async def test_a_cold_start_of_three_stays_within_fifteen_calls(redis_url: str) -> None:
    records = make_events(1071, now=datetime.now(UTC))
    async with FakeLaunchLibrary(records, now=lambda: datetime.now(UTC)) as ll:
        ll.calls_per_hour = 15
        async with (
            serve(ll, redis_url) as one,
            serve(ll, redis_url) as two,
            serve(ll, redis_url) as three,
            aiohttp.ClientSession() as client,
        ):

            async def ask(process: Process, agency: int) -> int:
                async with client.get(f"{process.url}/events.ics?agency__ids={agency}") as answer:
                    await answer.read()
                    return answer.status

            async def all_answered() -> bool:
                asked = [ask(process, n) for n in range(1, 41) for process in (one, two, three)]
                statuses = set(await asyncio.gather(*asked))
                assert statuses <= {200, 503}  # which it is after ten seconds, on a busy machine
                return statuses == {200}

            await until(all_answered)
        assert len(ll.calls) <= 15
        assert ll.refused == 0


async def test_redis_gone_and_back(redis_url: str, server: RedisServer) -> None:
    records = make_events(50, now=datetime.now(UTC))
    async with FakeLaunchLibrary(records, now=lambda: datetime.now(UTC)) as ll:
        async with serve(ll, redis_url) as one, aiohttp.ClientSession() as client:

            async def feed() -> bytes:
                async with client.get(f"{one.url}/events.ics") as answer:
                    assert answer.status == 200
                    return await answer.read()

            async def trouble() -> str | None:
                async with client.get(f"{one.url}/status.json") as answer:
                    said: str | None = (await answer.json())["store"]["trouble"]
                    return said

            async def no_trouble() -> bool:
                return await trouble() is None

            await until(partial(filled, client, one))
            before = await feed()
            server.stop()
            await until(trouble)
            assert await feed() == before
            server.start()
            await until(no_trouble)
            assert await feed() == before
        calls = len(ll.calls)

        # What the process held is in the emptied Redis again, for others and for a restart.
        await ll.gone()
        async with serve(ll, redis_url) as two, aiohttp.ClientSession() as client:
            async with client.get(f"{two.url}/events.ics") as answer:
                assert (answer.status, await answer.read()) == (200, before)
        assert len(ll.calls) == calls


async def test_an_error_is_told_in_the_words_of_redis() -> None:
    with running() as own, redis.Redis(port=own.port) as client:
        client.config_set("maxmemory", "1")
        store = RedisStore(own.url)
        with pytest.raises(StoreError) as full:
            await store.write(Changes(await store.revision(), {"events": {"1": b"{}"}}))
        own.stop()
        with pytest.raises(StoreError) as away:
            await store.revision()
        await store.close()
    place = f"redis at 127.0.0.1:{own.port}: "
    assert str(full.value).startswith(place)
    assert "command not allowed when used memory > 'maxmemory'" in str(full.value)
    assert str(away.value).startswith(place)
    assert len(str(away.value)) > len(place)


@pytest.mark.parametrize("where", ["redis://me:{}@{}/0", "redis://{1}/0?password={0}"])
async def test_an_error_that_repeats_the_password_does_not_get_far(where: str) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"-ERR the password s3cret/1 is wrong\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listening:
        host = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        store = RedisStore(where.format("s3cret%2F1", host))
        with pytest.raises(StoreError) as refused:
            await store.revision()
        await store.close()
    assert str(refused.value) == f"redis at {host}: the password … is wrong"

"""Feeds on their way to slow readers are bounded; who is refused hears when to come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from calfeed.errors import Busy
from calfeed.mirror.result import Result
from calfeed.publish.rendered import RenderedFeed
from calfeed.publish.window import Validity
from calfeed.web.conditional import respond
from calfeed.web.outgoing import SMALL, Outgoing
from tests.support.calendars import query
from tests.support.service import PATIENCE, listening

SIZE = 20_000_000
"""More than sockets hold for a client that does not read."""
NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)
RESULT = Result(query(), (), NOW, NOW, NOW, hit=True, stale=False, complete=True)


def feed(size: int = SIZE) -> RenderedFeed:
    return RenderedFeed(bytes(size), "tag", NOW, 1, (1,), Validity(None, None))


class World:
    """An application with a large feed at every address, rendered for the one who asks first."""

    def __init__(self, feeds: int) -> None:
        self.cached: set[RenderedFeed] = set()
        self.feeds: dict[str, RenderedFeed] = {}
        most = feeds * feed().size
        self.outgoing = Outgoing(self.cached.__contains__, most)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        warm = request.path in self.feeds
        found = self.feeds.setdefault(request.path, feed())
        try:
            if not warm:
                self.outgoing.admit(found)
        except Busy as error:
            return web.Response(status=503, text=str(error.retry_after))
        return await respond(
            request, found, RESULT, self.outgoing, content_type="text/calendar", filename="x.ics",
            fresh_for=timedelta(minutes=15),
        )  # fmt: skip


@asynccontextmanager
async def world(feeds: int) -> AsyncIterator[tuple[World, str]]:
    made = World(feeds)
    app = web.Application()
    app.router.add_get("/{name}", made.handle)
    async with listening(app) as url:
        yield made, url


@asynccontextmanager
async def slow(url: str, name: str) -> AsyncIterator[asyncio.StreamReader]:
    """A client that is being sent a feed, and reads no more than its beginning."""
    port = int(url.rstrip("/").rpartition(":")[2])
    stream, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    writer.write(f"GET /{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert (await stream.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    try:
        yield stream
    finally:
        writer.transport.abort()


async def status(url: str, name: str) -> int:
    fields = {"Accept-Encoding": "identity"}
    async with aiohttp.ClientSession() as client, client.get(url + name, headers=fields) as answer:
        await answer.read()
        return answer.status


async def test_so_many_feeds_that_nothing_caches_are_sent_at_a_time_and_no_more() -> None:
    async with world(2) as (made, url), slow(url, "one") as reading:
        async with slow(url, "two"):
            assert await status(url, "three") == 503
            made.feeds.pop("/three")
            assert len(await reading.read(-1)) == SIZE
            assert await status(url, "three") == 200


async def test_a_feed_is_one_however_many_read_it() -> None:
    async with world(2) as (_, url):
        async with slow(url, "one"), slow(url, "one"), slow(url, "one"):
            assert await status(url, "one") == 200
            assert await status(url, "two") == 200


async def test_a_feed_that_is_cached_takes_no_room_and_counts_once_it_is_not() -> None:
    async with world(1) as (made, url), slow(url, "one"):
        made.cached.add(made.feeds["/one"])
        assert await status(url, "two") == 200
        made.cached.clear()
        assert await status(url, "three") == 503


async def test_who_asks_for_what_was_there_before_is_not_refused() -> None:
    async with world(1) as (made, url):
        assert await status(url, "before") == 200
        async with slow(url, "one"):
            assert await status(url, "new") == 503
            assert await status(url, "before") == 200
            made.outgoing.admit(feed(SMALL // 2))


async def test_one_larger_than_the_bound_is_sent_where_it_is_alone() -> None:
    async with world(0) as (_, url):
        assert await status(url, "one") == 200
        assert await status(url, "two") == 200


async def test_a_client_that_goes_frees_its_place() -> None:
    async with world(1) as (made, url):
        async with slow(url, "one"):
            with pytest.raises(Busy):
                made.outgoing.admit(feed())
        async with asyncio.timeout(PATIENCE):
            while await status(url, "two") == 503:
                made.feeds.pop("/two")

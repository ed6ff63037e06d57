"""Large feeds on their way to slow readers are bounded; who is refused hears when to come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from calfeed.errors import Busy
from calfeed.web.outgoing import Outgoing
from tests.support.service import listening, until

SIZE = 20_000_000
"""More than sockets hold for a client that does not read."""


class World:
    """An application with one large response, and how many of them are being sent."""

    def __init__(self, most: int) -> None:
        self.outgoing = Outgoing(most)
        self.sending = self.gone = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        async def make() -> web.Response:
            self.sending += 1
            return web.Response(body=bytes(SIZE))

        try:
            return await self.outgoing.send(request, make(), SIZE)
        except Busy as error:
            return web.Response(status=503, text=str(error.retry_after))
        finally:
            self.gone += 1


@asynccontextmanager
async def world(most: int) -> AsyncIterator[tuple[World, str]]:
    made = World(most)
    app = web.Application()
    app.router.add_get("/", made.handle)
    async with listening(app) as url:
        yield made, url


async def reader(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that has asked, and reads nothing yet."""
    port = int(url.rstrip("/").rpartition(":")[2])
    stream, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    return stream, writer


async def test_so_much_is_sent_at_a_time_and_no_more() -> None:
    async with world(2 * SIZE) as (made, url), aiohttp.ClientSession() as client:
        slow = [await reader(url) for _ in range(2)]
        await until(lambda: made.sending == 2)
        async with client.get(url) as refused:
            assert (refused.status, await refused.text()) == (503, "60")
        head = await slow[0][0].readuntil(b"\r\n\r\n")
        body = await slow[0][0].read()
        while piece := await slow[0][0].read(1_000_000):
            body += piece
        assert head.startswith(b"HTTP/1.1 200 ")
        assert len(body) == SIZE
        async with client.get(url) as answer:
            assert len(await answer.read()) == SIZE
        slow[1][1].close()
        await until(lambda: made.gone == 4)
        slow[0][1].close()


async def test_one_larger_than_the_bound_is_sent_where_it_is_alone() -> None:
    async with world(SIZE // 2) as (_, url), aiohttp.ClientSession() as client:
        for _ in range(2):
            async with client.get(url) as answer:
                assert len(await answer.read()) == SIZE


async def test_a_client_that_goes_is_no_fault_and_frees_its_place() -> None:
    async with world(SIZE) as (made, url), aiohttp.ClientSession() as client:
        _, writer = await reader(url)
        await until(lambda: made.sending == 1)
        writer.transport.abort()
        await until(lambda: made.gone == 1)
        async with client.get(url) as answer:
            assert answer.status == 200
            await answer.read()

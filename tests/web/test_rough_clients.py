"""Clients that are slow, rude or many do not stop others from being served."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from calfeed.web import server
from tests.support.process import Process, serving
from tests.support.service import PATIENCE, until

OWN_FILES = 500
"""What the test and the service need besides the connections."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with serving(tmp_path_factory.mktemp("rough"), "--sample", "always") as started:
        yield started


def others_are_served(service: Process) -> None:
    """While the rough ones are still there: ``get`` waits for no longer than its time-out, which is
    much shorter than any of the service's own."""
    for path in ("/healthz", "/events.ics", "/feeds.json"):
        assert service.get(path)


def status(answer: bytes) -> int:
    return int(answer.split(maxsplit=2)[1])


BIG = b"a" * 1_000_000
RUDE = {
    "a huge address": b"GET /" + BIG + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a huge query": b"GET /events.ics?name=" + BIG + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a huge header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + BIG + b"\r\n\r\n",
    "a header without end": b"GET / HTTP/1.1\r\nHost: a\r\n" + BIG,
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * 50_000 + b"\r\n",
    "a huge method": BIG + b" / HTTP/1.1\r\n\r\n",
    "no HTTP": bytes(range(256)) * 100 + b"\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "length and chunks": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "blanks in a header's name": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
}


@pytest.mark.parametrize("request_", RUDE.values(), ids=RUDE)
def test_what_is_too_much_is_refused_at_once(service: Process, request_: bytes) -> None:
    with service.connect() as connection:  # with a time-out much shorter than that of idle ones
        with contextlib.suppress(ConnectionError):
            connection.sendall(request_)
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = connection.recv(65536)
    assert not answer or status(answer) == 400
    assert b"Python" not in answer
    assert b"aiohttp" not in answer
    others_are_served(service)


def test_a_body_is_not_read(service: Process) -> None:
    head = b"POST /events.ics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n"
    before = service.memory
    with service.connect() as connection:
        connection.sendall(head)
        assert status(connection.recv(65536)) == 405
        with contextlib.suppress(OSError):
            connection.settimeout(0.5)
            for _ in range(50):
                connection.sendall(BIG)
        others_are_served(service)
    assert service.memory - before < 20_000_000


def test_malformed_requests_are_one_line_each_in_the_log(service: Process) -> None:
    before = len(service.log.splitlines())
    for _ in range(20):
        assert status(service.exchange(b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n")) == 400
    # Lines of earlier requests may come a moment later than their answers.
    lines = [line for line in service.log.splitlines()[before:] if not line.endswith(" ms")]
    assert len(lines) == 20
    assert all("malformed request: InvalidURLError" in line for line in lines)
    assert "Traceback" not in service.log


def test_slow_requests_hold_up_nobody(service: Process) -> None:
    head = b"GET /events.ics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    slow = [service.connect() for _ in range(100)]
    for place in range(0, len(head), 8):
        for one in slow:
            one.sendall(head[place : place + 8])
        others_are_served(service)
    for one in slow:
        with one:
            assert status(one.recv(100)) == 200


def test_thousands_of_connections_opened_and_left(service: Process) -> None:
    """10,000 where this machine lets a process open so many files, else as many as it does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 1_000_000 if hard == resource.RLIM_INFINITY else hard
    count = min(10_000, most - OWN_FILES)
    assert count >= 2_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + OWN_FILES), hard))
    before = service.memory
    opened: list[socket.socket] = []
    try:
        for number in range(count):
            opened.append(service.connect())
            if number % 2:
                opened[-1].sendall(b"GET /events.ics HTTP/1.1\r\nHost:")
            if number % 2_000 == 0:
                others_are_served(service)
        others_are_served(service)
        assert (service.memory - before) / count < 40_000
    finally:
        for one in opened:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    others_are_served(service)
    assert "Traceback" not in service.log


@asynccontextmanager
async def stalling(app: web.Application, seconds: float = 0.3) -> AsyncIterator[socket.socket]:
    """A connection to a server that gives up who sends, or reads, nothing for so long."""
    runner = web.AppRunner(app, keepalive_timeout=seconds)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.give_up_stalled(listening, seconds)
        await web.SockSite(runner, listening).start()
        with socket.create_connection(listening.getsockname()) as client:
            client.setblocking(False)
            yield client
            await until(lambda: runner.server and not runner.server.connections)
        await runner.cleanup()


async def test_who_sends_half_a_request_is_given_up() -> None:
    async with stalling(web.Application()) as client:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, b"GET / HTTP/1.1\r\nHost: a\r\n")
        async with asyncio.timeout(PATIENCE):
            assert await loop.sock_recv(client, 1000) == b""


async def test_who_stops_reading_is_given_up() -> None:
    begun = asyncio.Event()

    async def much(request: web.Request) -> web.Response:
        begun.set()
        return web.Response(body=b"x" * 20_000_000)

    app = web.Application()
    app.router.add_get("/", much)
    async with stalling(app) as client:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            await begun.wait()

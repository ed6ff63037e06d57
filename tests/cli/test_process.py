"""The real program in a process of its own: its start, its log, its end."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from calfeed.settings import PREFIX
from calfeed.web.server import LAST_REQUESTS
from tests.fake import FakeLaunchLibrary, Fault
from tests.support.needs import missing
from tests.support.process import free_port
from tests.support.service import PATIENCE, ROOT, begun, known, until

TOKEN = "d0-not-tell-0123456789"
STARTED = re.compile(r"calfeed serves on (http://localhost:([0-9]+))")
QUICKLY = LAST_REQUESTS - 1
"""Less than a service takes that waits, at its end, for what does not come."""


@dataclass
class Running:
    """A ``calfeed serve``: what it wrote, line by line, and where it listens."""

    process: Process
    log: list[str] = field(default_factory=list)
    url: str = ""

    async def read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log.append(line.decode().rstrip("\n"))
            if found := STARTED.fullmatch(self.log[-1]):
                self.url = found[1].replace("localhost", "127.0.0.1")

    def told(self, text: str) -> list[str]:
        return [line for line in self.log if text in line]

    async def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


def environment(**env: str) -> dict[str, str]:
    bare = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX) and k != "PORT"}
    return {**bare, "CALFEED_CACHE_URL": "memory://", **env}


async def start(*arguments: str, **env: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-X", "dev", "-W", "error", "-m", "calfeed", *arguments,
        cwd=ROOT, env=environment(PYTHONPATH=str(ROOT), **env), stdout=DEVNULL, stderr=PIPE,
    )  # fmt: skip


@asynccontextmanager
async def program(*options: str, **env: str) -> AsyncIterator[Running]:
    """The service from its start on; ended, if it has not ended, with the block."""
    process = await start("serve", *options, **env)
    running = Running(process)
    reading = asyncio.create_task(running.read())
    try:
        async with asyncio.timeout(PATIENCE):
            await until(lambda: running.url or process.returncode is not None)
            yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def failed(*arguments: str, **env: str) -> tuple[int, str]:
    """The exit status of what does not start, and the one line it says."""
    process = await start(*arguments, **env)
    try:
        async with asyncio.timeout(PATIENCE):
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    said = err.decode()
    assert said.endswith("\n")
    assert said.count("\n") == 1
    assert process.returncode is not None
    return process.returncode, said.rstrip("\n")


async def test_a_request_in_flight_is_finished_at_the_end() -> None:
    async with FakeLaunchLibrary(known()) as ll:
        ll.faults = [Fault("hang")]
        async with program("--port", "0", CALFEED_LL2_URL=ll.url) as running:
            port = int(running.url.rpartition(":")[2])
            reader, writer = await begun(running.url, "/events/1183.ics")
            await until(lambda: ll.held)
            running.process.send_signal(signal.SIGTERM)
            await until_refused(port)
            ll.release()
            answered = await reader.read()
            writer.close()
            async with asyncio.timeout(QUICKLY):
                assert await running.process.wait() == 0
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answered.endswith(b"END:VCALENDAR\r\n")
    assert running.told("Traceback") == []
    assert len(running.told("GET /events/1183.ics 200 ")) == 1


async def until_refused(port: int) -> None:
    """Wait until nobody listens there any more."""

    def refused() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    await until(refused)


async def test_it_ends_at_once_where_nothing_is_in_flight() -> None:
    async with FakeLaunchLibrary(known()) as ll:
        ll.fault = Fault("hang")
        async with program("--port", "0", CALFEED_LL2_URL=ll.url) as running:
            await until(lambda: ll.calls)
            async with asyncio.timeout(QUICKLY):
                assert await running.end() == 0
    assert running.told("Traceback") == []


async def until_all_is_quiet(client: aiohttp.ClientSession) -> None:
    """Wait until everything is there and the first round is over: the next is minutes away."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with client.get("/status.json") as answer:
                status = await answer.json()
            if status["data"]["complete"] and status["refresh"]["last"]:
                return
            await asyncio.sleep(0.05)


async def test_the_log_has_a_line_for_each_call_and_request_and_no_token() -> None:
    async with FakeLaunchLibrary(known()) as ll:
        env = {"CALFEED_LL2_URL": ll.url, "CALFEED_LL2_TOKEN": TOKEN}
        ll.faults = [Fault("status", status=500), Fault("throttled", seconds=1, on="throttle")]
        async with program("--port", "0", **env) as running:
            async with aiohttp.ClientSession(running.url) as client:
                await until_all_is_quiet(client)
                for path in ("/events.ics?search=soyuz", "/feeds/nasa.json", "/nope", "/"):
                    async with client.get(path) as answer:
                        assert TOKEN not in await answer.text()
                    assert TOKEN not in str(answer.headers)
            assert await running.end() == 0
    sent = ll.calls + ll.throttle_calls
    assert {call.headers["Authorization"] for call in sent} == {f"Token {TOKEN}"}
    lines = running.told(" upstream /2.3.0/events/")
    lines += running.told(" upstream /2.3.0/launches/")
    assert len(lines) == len(ll.calls) >= 2
    (consulted,) = running.told(" upstream /2.3.0/api-throttle/")
    assert " 429 in " in consulted
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO"
    assert re.fullmatch(stamp + r" upstream /2\.3\.0/events/\S* 500 in [0-9.]+ s", lines[0])
    requests = [line for line in running.told(" GET ") if "/status.json" not in line]
    assert len(requests) == 4
    assert re.fullmatch(stamp + r" GET /nope 404 \d+ bytes in [0-9.]+ ms", requests[2])
    assert running.told(TOKEN) == []


async def test_it_listens_where_port_says_and_says_so_when_it_does() -> None:
    port = free_port()
    async with program("--sample", "always", PORT=str(port)) as running:
        assert running.url == f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession(running.url) as client:
            assert (await client.get("/feeds/nasa.ics")).status == 200
        running.process.send_signal(signal.SIGINT)
        assert await running.process.wait() == 0
    assert running.told("WARNING sample data: always")
    assert len(running.told("calfeed serves on")) == 1
    assert running.told("Traceback") == []


async def test_all_addresses_are_those_of_ipv4_and_of_ipv6() -> None:
    if not socket.has_dualstack_ipv6():
        missing("this machine has no IPv6")
    async with program("--host", "::", "--port", "0", "--sample", "always") as running:
        port = int(running.url.rpartition(":")[2])
        for host in ("127.0.0.1", "[::1]"):
            async with aiohttp.ClientSession(f"http://{host}:{port}") as client:
                assert (await client.get("/healthz")).status == 200
        assert await running.end() == 0


async def test_a_port_in_use() -> None:
    async with FakeLaunchLibrary(known()) as ll:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            status, said = await failed("serve", "--port", str(port), CALFEED_LL2_URL=ll.url)
        assert ll.calls == []
    assert status == 1
    assert said == f"calfeed: cannot listen on 127.0.0.1, port {port}: Address already in use"


async def test_what_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('name = "x"\n', encoding="utf-8")
    (status, said), (feed_status, feed_said), (host_status, host_said), lost = await asyncio.gather(
        failed("serve", CALFEED_FRESH_FOR="soon"),
        failed("serve", CALFEED_FEEDS_DIR=str(tmp_path)),
        failed("serve", "--host", "192.0.2.1", "--port", "0"),
        failed("events", CALFEED_LL2_URL="http://127.0.0.1:1/2.3.0"),
    )
    assert status == 2
    assert said.startswith("calfeed: CALFEED_FRESH_FOR='soon' cannot be used: it takes ")
    assert feed_status == 2
    assert feed_said == f"calfeed: {tmp_path / 'bad.toml'}: “description”: Field required"
    assert host_status == 1
    assert host_said.startswith("calfeed: cannot listen on 192.0.2.1, port 0: ")
    assert lost == (1, "calfeed: not everything this needs is there yet: no events are kept "
                       "yet (no answer from Launch Library: ClientConnectorError)")  # fmt: skip

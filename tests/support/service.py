"""The whole service on a fake Launch Library, asked over HTTP, with a clock in the tests' hands."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import icalendar
from aiohttp import web
from multidict import CIMultiDictProxy
from yarl import URL

from calfeed import feeds, settings
from calfeed.mirror.result import Sample
from calfeed.runtime import Runtime
from calfeed.web import keys
from calfeed.web.app import init_app
from tests.fake import FakeLaunchLibrary, Record, event
from tests.support.mirror import STEP, Clock

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "recorded"
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
"""Later than whatever the wording of events may have changed on."""
NOT_IN_A_TEST = 3600.0
"""Seconds after which no test is running any more."""
PATIENCE = 60.0
"""Seconds after which what a test waits for will not come."""


@dataclass(frozen=True)
class Answer:
    """An answer as it went over the wire: still compressed where it was."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def calendar(self) -> icalendar.Component:
        return icalendar.Calendar.from_ical(self.body)

    @property
    def names(self) -> list[str]:
        """What the calendar shows, in its order."""
        return [str(one["SUMMARY"]) for one in self.calendar.walk("VEVENT")]


@dataclass
class Service:
    """A running service. The client sends nothing that it is not told to send."""

    url: str
    client: aiohttp.ClientSession
    app: web.Application
    clock: Clock

    @property
    def parts(self) -> Runtime:
        return self.app[keys.RUNTIME]

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Header names are written with underscores: ``If_None_Match="*"``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, path, headers=sent) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def filled(self) -> None:
        """Wait until all of Launch Library is kept."""
        replica = self.parts.replica
        async with asyncio.timeout(PATIENCE):
            while not (replica.complete and replica.last_round):
                await replica.changed(0.05)

    async def take_in(self, collection: str, **changes: Any) -> None:
        """Have a record, by its ``id``, changed as if a refresh had told so."""
        replica, key = self.parts.replica, changes.pop("id")
        dataset = replica.datasets[collection]
        replica.stage(dataset, {key: replace(dataset.records[key], **changes)})
        await replica.flush()

    async def next_round(self) -> None:
        """Move to the time at which a round is due, and wait until it is over."""
        replica, scheduler = self.parts.replica, self.parts.scheduler
        before = replica.last_round
        async with asyncio.timeout(PATIENCE):
            while replica.last_round == before:
                if not scheduler.due:
                    self.clock.now += STEP
                await scheduler.once()


def clock_at(moment: datetime = NOW) -> Clock:
    return Clock(moment)


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """The application at an address of its own."""
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=True, max_line_size=32_768, shutdown_timeout=0.1
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def chosen(ll: FakeLaunchLibrary | str, **changes: Any) -> settings.Settings:
    """Settings for a fake, or for any address."""
    url = ll if isinstance(ll, str) else ll.url
    places = {"cache_url": "memory://", "feeds_dir": ROOT / "feeds"}
    return settings.load({"ll2_url": url, **places, **changes})


@asynccontextmanager
async def serving(
    ll: FakeLaunchLibrary | str,
    *,
    sample: Sample = "never",
    clock: Clock | None = None,
    wait: float = PATIENCE,
    **changes: Any,
) -> AsyncIterator[Service]:
    """The service on a fake, or on any address; ``changes`` are settings."""
    clock = clock or clock_at()
    own = chosen(ll, **changes)
    app = init_app(
        own, feeds.load(own.feeds_dir), sample,
        clock=clock, wait=wait, prerender_after=NOT_IN_A_TEST,
    )  # fmt: skip
    quiet = ["Accept-Encoding", "User-Agent"]
    async with (
        listening(app) as url,
        aiohttp.ClientSession(url, auto_decompress=False, skip_auto_headers=quiet) as client,
    ):
        yield Service(url, client, app, clock)


@asynccontextmanager
async def calling(
    ll: FakeLaunchLibrary | str, **changes: Any
) -> AsyncIterator[aiohttp.ClientSession]:
    """An ordinary client of the service, which goes by the real time."""
    own = chosen(ll, **changes)
    app = init_app(own, feeds.load(own.feeds_dir))
    async with listening(app) as url, aiohttp.ClientSession(url) as client:
        yield client


@asynccontextmanager
async def filled(records: Sequence[Record], **changes: Any) -> AsyncIterator[Service]:
    """The service with a complete copy of a fake of its own."""
    clock = clock_at()
    async with (
        FakeLaunchLibrary(records, now=clock) as ll,
        serving(ll, clock=clock, **changes) as s,
    ):
        await s.filled()
        yield s


async def begun(url: str, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request on a connection of its own, once the service has begun with it: whoever expects to
    be told to continue is told so before anything else is done (RFC 9110 10.1.1)."""
    at = URL(url)
    reader, writer = await asyncio.open_connection(at.host, at.port)
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    return reader, writer


async def until(condition: Callable[[], object]) -> None:
    """Wait for what nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def recorded(name: str) -> Record:
    record: Record = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return record


def known() -> list[Record]:
    """Launch Library's recorded answers in the 2.3.0 form, and some events around them."""
    docking = recorded("2.3.0-1183")
    return [
        docking,
        docking | event(
            1185, name="Soyuz MS-27 Hatch Opening", date="2025-04-08T11:20:00Z", type=12,
            agencies=[44, 63], duration=None, info_urls=[], vid_urls=[],
        ),
        recorded("2.3.0-948"),
        recorded("2.3.0-352"),
        event(9, name="Dragon Docking", type=2, agencies=[44, 121], date="2027-04-01T10:00:00Z"),
        event(8, name="Soyuz Undocking", type=8, agencies=[63], date="2027-03-10T02:00:00Z"),
        event(7, name="Without a Date", date=None, agencies=[44]),
    ]  # fmt: skip

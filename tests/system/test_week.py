"""A week of the real program in about a minute: changes, bulk changes, additions, deletions,
faults and restarts, feeds polled all the time.

The clock lies in a file that the program and the fake Launch Library share. It moves in steps, and
stands while a call is under way: a real second would otherwise be an hour to it.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from tests.fake import (
    FakeLaunchLibrary,
    Fault,
    Record,
    event,
    launch,
    make_events,
    many_launches,
    stamp,
)
from tests.support.needs import ROOT
from tests.system.clock import SharedClock

BEGIN = datetime(2027, 3, 1, tzinfo=UTC)
WEEK = timedelta(days=int(os.environ.get("CALFEED_SYSTEM_DAYS", "7")))
STEP = timedelta(minutes=3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALM = 42 * HOUR
"""At the end nothing more happens upstream for so long: what left in the past leaves here."""
CALLS = 15
TOLERANCE = 3 * STEP
"""By so much may a call arrive later than it was entered, in the time of this clock."""
MOST_GROWTH = 1.15
LOOKS = 4
"""So often does the program look at the clock before it moves on: a tick looks twice."""
EVERYTHING = "/all.json?past=all"
AHEAD = ("/events/upcoming.ics", "/launches/upcoming.ics", "/feeds/nasa.ics")
SECONDS = 60.0

FAULTS: tuple[Callable[[], Fault], ...] = (
    lambda: Fault("status", status=500),
    lambda: Fault("status", status=404),
    lambda: Fault("throttled", seconds=900),
    lambda: Fault("throttled", seconds=5, retry_after="5"),
    lambda: Fault("html"),
    lambda: Fault("truncated"),
    lambda: Fault("empty"),
    lambda: Fault("drop"),
    lambda: Fault("shape", shape="results missing"),
    lambda: Fault("mangle", mangle=lambda record: record | {"name": None}),
)


@dataclass
class Program:
    """The service in a process of its own."""

    process: asyncio.subprocess.Process
    url: str
    log: list[str] = field(default_factory=list)

    def memory(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def started(folder: Path, ll: FakeLaunchLibrary) -> AsyncIterator[Program]:
    env = {name: text for name, text in os.environ.items() if not name.startswith("CALFEED_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.system.program", str(folder / "clock"),
        cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        env=env | {
            "CALFEED_LL2_URL": ll.url,
            "CALFEED_LL2_CALLS_PER_HOUR": str(CALLS),
            "CALFEED_CACHE_URL": f"sqlite:///{folder / 'kept.sqlite3'}",
        },
    )  # fmt: skip
    assert process.stderr
    program = Program(process, "")
    while not program.url:
        line = (await asyncio.wait_for(process.stderr.readline(), SECONDS)).decode()
        assert line, program.log
        program.log.append(line)
        _, _, program.url = line.strip().partition("calfeed serves on ")
    reading = asyncio.create_task(_read(process.stderr, program.log))
    try:
        yield program
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        await reading


async def _read(stream: asyncio.StreamReader, log: list[str]) -> None:
    async for line in stream:
        log.append(line.decode())


class Busy(FakeLaunchLibrary):
    """Knows whether it is answering at the moment."""

    under_way = 0

    async def _data(self, request: Any) -> Any:
        self.under_way += 1
        try:
            return await super()._data(request)
        finally:
            self.under_way -= 1


class World:
    """Upstream, what happens to it, and what was seen of the feeds."""

    def __init__(self, clock: SharedClock, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = clock
        events = make_events(140, now=clock(), seed=seed)
        self.ll = Busy(
            [record for record in events if record["date"]],
            many_launches(220, now=clock(), seed=seed),
            now=clock,
        )
        self.seen: set[str] = set()
        self.etag = ""
        self.fault_until = self.hidden_until = clock()
        self.done: dict[str, int] = dict.fromkeys(("changes", "bulk", "faults", "polls"), 0)
        self.next_id = 500_000

    def records(self) -> dict[int | str, Record]:
        """All that upstream has."""
        return dict(self.ll.events) | dict(self.ll.launches)

    def ids(self) -> list[int | str]:
        return list(self.records())

    def live(self, quiet: bool) -> None:
        """Some minutes pass upstream."""
        now = self.clock()
        if self.ll.fault and now >= self.fault_until:
            self.ll.fault = None
        if self.ll.hidden and now >= self.hidden_until:
            self.ll.show()
        if quiet:
            return
        if self.chance.random() < 0.05:
            self._change()
        if self.chance.random() < 0.006 and not self.ll.fault:
            self.done["faults"] += 1
            self.ll.fault = self.chance.choice(FAULTS)()
            self.fault_until = now + self.chance.choice((10, 30, 120)) * timedelta(minutes=1)

    def _change(self) -> None:
        """A record moves, is renamed, goes, or a new one comes."""
        self.done["changes"] += 1
        now, key = stamp(self.clock()), self.chance.choice(self.ids())
        moved = stamp(self.clock() + self.chance.uniform(-300, 900) * HOUR)
        what = self.chance.random()
        field = "date" if isinstance(key, int) else "net"
        if what < 0.4:
            self.ll.change(key, **{field: moved}, last_updated=now)
        elif what < 0.8:
            self.ll.change(key, name=f"Renamed at {now}", last_updated=now)
        elif what < 0.9:
            self.ll.delete(key)
        else:
            self.next_id += 1
            uuid = f"00000000-0000-4000-8000-{self.next_id:012}"
            self.ll.put(event(self.next_id, name="New", date=moved, last_updated=now))
            self.ll.put(launch(uuid, "New | Launch", net=moved, last_updated=now))

    def bulk(self, share: float) -> None:
        """Hundreds of records are touched in the same second."""
        self.done["bulk"] += 1
        keys = self.chance.sample(self.ids(), int(len(self.ids()) * share))
        self.ll.change(*keys, last_updated=stamp(self.clock()))

    def hide(self) -> None:
        """Half of the rows are in no answer for six hours."""
        self.ll.hide(*self.chance.sample(self.ids(), len(self.ids()) // 2))
        self.hidden_until = self.clock() + 6 * HOUR

    async def poll(self, client: aiohttp.ClientSession) -> None:
        """What upstream has, and was shown before, is shown."""
        self.done["polls"] += 1
        async with client.get(
            EVERYTHING, headers={"If-None-Match": self.etag} if self.etag else {}
        ) as answer:
            if answer.status == 304:
                return
            if answer.status == 503:
                assert not self.seen, f"503 at {self.clock()}: {await answer.text()}"
                return
            assert answer.status == 200
            self.etag = answer.headers["ETag"]
            self.check(json.loads(await answer.read())["events"])
        for path in AHEAD:
            async with client.get(path) as answer:
                assert answer.status == 200
                assert (await answer.read()).startswith(b"BEGIN:VCALENDAR")

    def check(self, entries: list[dict[str, Any]]) -> None:
        shown = {str(entry["id"]) for entry in entries}
        lost = (self.seen & set(map(str, self.ids()))) - shown
        assert not lost, f"lost {sorted(lost)} at {self.clock()}"
        self.seen = shown

    def most_calls(self) -> int:
        """In any hour, by the fake's own count."""
        times = [call.time for call in self.ll.calls]
        window = HOUR - TOLERANCE
        most, first = 0, 0
        for last, at in enumerate(times):
            while at - times[first] >= window:
                first += 1
            most = max(most, last - first + 1)
        return most


async def step(world: World, clock: SharedClock, client: aiohttp.ClientSession) -> None:
    """Time goes on, and people poll; it stands while upstream answers, and until the program has
    had a look at it."""
    clock.ahead(STEP)
    await world.poll(client)
    looks = clock.looks
    async with asyncio.timeout(SECONDS):
        while world.ll.under_way or clock.looks < looks + LOOKS:  # noqa: ASYNC110
            await asyncio.sleep(0.0005)


async def run_until(
    end: datetime, world: World, clock: SharedClock, program: Program, *, quiet: bool = False
) -> None:
    quiet_ends = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(program.url, timeout=quiet_ends) as client:
        while clock() < end:
            world.live(quiet)
            await step(world, clock, client)


async def test_a_week(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock", BEGIN)
    world = World(clock, seed=11)
    async with world.ll as ll:
        for day in range(WEEK // DAY):
            async with started(tmp_path, ll) as program:
                if day == 1:
                    world.hide()
                await run_until(BEGIN + (day + 0.5) * DAY, world, clock, program)
                if day in (2, 4):
                    world.bulk(0.5 if day == 2 else 1.0)
                await run_until(BEGIN + (day + 1) * DAY, world, clock, program)
        async with started(tmp_path, ll) as program:
            await run_until(clock() + CALM / 2, world, clock, program, quiet=True)
            early = program.memory()
            await run_until(clock() + CALM / 2, world, clock, program, quiet=True)
            assert program.memory() < early * MOST_GROWTH
            await compare(world, program)
    print(world.done, len(world.ll.calls), "calls,", world.most_calls(), "in an hour at most")
    assert world.most_calls() <= CALLS
    assert min(world.done.values()) > 1, world.done


async def compare(world: World, program: Program) -> None:
    """In the end the feeds are what upstream has."""
    async with aiohttp.ClientSession(program.url) as client, client.get(EVERYTHING) as answer:
        entries = (await answer.json())["events"]
    upstream = {str(key): record for key, record in world.records().items()}
    shown = {str(entry["id"]) for entry in entries}
    assert (shown - upstream.keys(), upstream.keys() - shown) == (set(), set())
    names = {str(entry["id"]): entry["summary"] for entry in entries}
    other = [key for key, name in names.items() if not name.startswith(upstream[key]["name"])]
    assert other == []

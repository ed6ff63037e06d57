"""Every fault against a complete mirror that is running: nothing leaves, nothing is hammered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest

from calfeed.launchlibrary import client
from calfeed.query.query import View
from calfeed.store.memory import MemoryStore
from tests.fake import FakeLaunchLibrary, Fault, event, stamp
from tests.support.mirror import FRESH_FOR, NOW, PATIENT, Clock, Running, light, running

RECORDS = light(30)
SLOW = ("slow", "hang", "stall")
QUICK = aiohttp.ClientTimeout(total=0.2)
"""Soon over where nothing comes, and yet enough for what comes."""
FAULTS: dict[str, Any] = {
    "slow": Fault("delay", seconds=30),
    "hang": Fault("hang"),
    "stall": Fault("stall"),
    "drop": Fault("drop"),
    "cut": Fault("cut"),
    "500": Fault("status", status=500),
    "502": Fault("status", status=502),
    "503": Fault("status", status=503, json=True),
    "401": Fault("status", status=401, json=True),
    "404": Fault("status", status=404),
    "429": Fault("throttled", seconds=700),
    "429 unsaid": Fault("status", status=429),
    "html": Fault("html"),
    "truncated": Fault("truncated"),
    "empty": Fault("empty"),
    "nothing at all": Fault("body", body={"count": 0, "results": []}),
    "huge": Fault("huge", size=2_000_000),
    "bomb": Fault("bomb", size=2_000_000),
    "bad gzip": Fault("bad_gzip"),
    "redirect": Fault("redirect", url="/2.3.0/events/?limit=100&mode=detailed"),
    "no names": Fault("mangle", mangle=lambda record: record | {"name": None}),
    "no dates": Fault("mangle", mangle=lambda record: record | {"date": "soon"}),
    "no ids": Fault("mangle", mangle=lambda record: record | {"id": None}),
    "no objects": Fault("mangle", mangle=lambda record: record["id"]),
    "every other without a name": Fault(
        "mangle", mangle=lambda record: record | {"name": None} if record["id"] % 2 else record
    ),
    "a list of lists": Fault("shape", shape="list"),
    "an empty object": Fault("shape", shape="object"),
    "no results": Fault("shape", shape="results null"),
}
HARMLESS = {"every other without a name", "no dates", "no names"}
"""Those that may let through that nothing has changed."""


@asynccontextmanager
async def complete(timeout: aiohttp.ClientTimeout = PATIENT) -> AsyncIterator[Running]:  # noqa: ASYNC109
    """A process that waits so long for an answer, with everything kept and compared."""
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, store) as patient:
            await patient.fill()
            await patient.next_round()
            clock.ahead(hours=1, minutes=1)
            await patient.next_round()
            await patient.scheduler.stop()
        ll.calls.clear()
        async with running(ll, clock, store, timeout=timeout) as process:
            yield process


@pytest.fixture
async def one() -> AsyncIterator[Running]:
    async with complete() as process:
        yield process


async def feeds(one: Running) -> list[set[int]]:
    """Some feeds, by the ids in them."""
    return [
        await one.ids(),
        await one.ids(view=View.PREVIOUS),
        await one.ids("agency__ids=44,63"),
        await one.ids("year=2024&search=docking"),
    ]


def most(times: list[datetime], within: timedelta) -> int:
    return max((sum(at <= one < at + within for one in times) for at in times), default=0)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_an_hour(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 1_000_000)  # not to unpack 32 MB on every call
    async with complete(QUICK if fault in SLOW else PATIENT) as one:
        await suffer(one, fault)
        await recover(one)


async def suffer(one: Running, fault: str) -> None:
    before = await feeds(one)
    began = one.clock()
    one.ll.fault = FAULTS[fault]
    while one.clock() - began < timedelta(minutes=70):
        await one.next_round()
        assert await feeds(one) == before
        if fault not in HARMLESS:
            kept = await one.ask()
            assert kept.stale == (one.clock() - kept.as_of >= FRESH_FOR)
            assert kept.as_of <= began
    times = [call.time for call in one.ll.calls]
    assert most(times, timedelta(hours=1)) <= 15
    assert most(times, timedelta(minutes=1)) <= 4


async def recover(one: Running) -> None:
    one.ll.fault = None
    one.ll.put(event(90_001, date=NOW, last_updated=one.clock(), agencies=[44]))
    one.ll.delete(RECORDS[20]["id"])
    ended = one.clock()
    while not one.as_upstream():
        await one.next_round()
        assert one.clock() - ended < timedelta(hours=2)
    assert not (await one.ask()).stale
    assert 90_001 in await one.ids("agency__ids=44")
    assert most([call.time for call in one.ll.calls], timedelta(hours=1)) <= 15


async def test_a_429_is_obeyed_to_the_second(one: Running) -> None:
    one.ll.fault = Fault("throttled", seconds=2429)
    assert await one.next_round() == 1
    hit = one.clock()
    assert await one.next_round() == 1
    assert one.clock() - hit == timedelta(seconds=2429)


async def test_failures_are_followed_by_longer_and_longer_pauses(one: Running) -> None:
    one.ll.fault = Fault("status", status=502)
    await one.next_round()
    times = []
    for _ in range(8):
        await one.next_round()
        times.append(one.clock())
    pauses = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert pauses == [40, 80, 160, 320, 600, 600, 600]


async def test_upstream_gone_and_back(one: Running) -> None:
    before = await feeds(one)
    await one.ll.gone()
    for _ in range(5):
        await one.next_round()
        assert await feeds(one) == before
    assert (await one.ask()).stale
    await one.ll.back()
    one.ll.put(event(90_001, date=NOW, last_updated=stamp(one.clock())))
    await one.next_round()
    assert one.as_upstream()
    assert not (await one.ask()).stale


async def test_a_fault_of_days_never_passes_the_budget(one: Running) -> None:
    one.ll.fault = Fault("status", status=500)
    began = one.clock()
    while one.clock() - began < timedelta(days=1):
        await one.next_round()
    times = [call.time for call in one.ll.calls]
    assert most(times, timedelta(hours=1)) <= 10
    assert len(times) < 24 * 7
    assert {record["id"] for record in RECORDS} == set(one.dataset.records)

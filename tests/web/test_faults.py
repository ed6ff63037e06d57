"""Every fault against a running library with a whole copy: nothing leaves, nothing is hammered."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from calfeed.query.query import View
from calfeed.store.memory import MemoryStore
from tests.fake import Fault, event, stamp
from tests.support.mirror import (
    FRESH_FOR,
    NOW,
    PATIENT,
    QUICK,
    STEP,
    Clock,
    Running,
    filled,
    light,
    running,
)

RECORDS = light(30)
AGENCIES = {44, 63, 121}

SLOW = ("slow", "hang", "stall")
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


@pytest.fixture
def timeout(request: pytest.FixtureRequest) -> aiohttp.ClientTimeout:
    """How long upstream is waited for: not long, where it never answers."""
    return QUICK if request.node.name.partition("[")[2].rstrip("]") in SLOW else PATIENT


@pytest.fixture
async def process(
    timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  of aiohttp, for each call
) -> AsyncIterator[Running]:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    most = 1_000_000  # not to unpack 32 MB on every call
    async with (
        filled(RECORDS, clock, store=store) as first,
        running(first.ll, clock, store, timeout=timeout, most_bytes=most) as process,
    ):
        await process.rounds_for(hours=2)
        process.ll.calls.clear()
        yield process


async def feeds(process: Running) -> list[set[int]]:
    """Some feeds, by the ids in them."""
    return [
        await process.ids(),
        await process.ids(view=View.PREVIOUS),
        await process.ids("agency__ids=44,63"),
        await process.ids("year=2024&search=docking"),
    ]


def most(times: list[datetime], within: timedelta) -> int:
    return max((sum(at <= t < at + within for t in times) for at in times), default=0)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_an_hour(process: Running, fault: str) -> None:
    before = await feeds(process)
    began = process.clock()
    process.ll.fault = FAULTS[fault]
    while process.clock() - began < timedelta(minutes=70):
        await process.next_round()
        assert await feeds(process) == before
        result = await process.ask()
        assert result.stale == (process.clock() - result.as_of >= FRESH_FOR)
        if fault not in HARMLESS:
            assert result.as_of <= began
    times = [call.time for call in process.ll.calls]
    assert most(times, timedelta(hours=1)) <= 15
    assert most(times, timedelta(minutes=1)) <= 6

    process.ll.fault = None
    process.ll.release()
    process.ll.put(event(90_001, date=NOW, last_updated=process.clock(), agencies=[44]))
    process.ll.delete(RECORDS[20]["id"])
    assert await process.rounds_for(until=process.as_upstream, hours=5)
    assert not (await process.ask()).stale
    assert 90_001 in await process.ids("agency__ids=44")
    assert process.most_calls_in_an_hour() <= 15


async def test_a_429_is_obeyed_to_the_second(process: Running) -> None:
    process.ll.fault = Fault("throttled", seconds=2429)
    await process.next_round()
    hit = process.ll.calls[-1].time
    await process.next_round()
    again = process.ll.calls[-1].time
    assert timedelta(0) <= again - hit - timedelta(seconds=2429) <= STEP


async def test_failures_are_followed_by_longer_and_longer_pauses(process: Running) -> None:
    process.ll.fault = Fault("status", status=400)
    pauses: dict[datetime, float] = {}
    while len(pauses) < 9:
        await process.next_round()
        last = process.replica.last_round
        if last and last.retry_at:
            pauses[last.ended_at] = (last.retry_at - last.ended_at).total_seconds()
    steps = [20, 40, 80, 160, 320, 600, 600, 600, 600]
    for pause, step in zip(pauses.values(), steps, strict=True):
        assert 0.9 * step <= pause <= 1.1 * step


async def test_upstream_gone_and_back(process: Running) -> None:
    before = await feeds(process)
    await process.ll.gone()
    await process.rounds_for(hours=1)
    assert await feeds(process) == before
    assert (await process.ask()).stale
    await process.ll.back()
    process.ll.put(event(90_001, date=NOW, last_updated=stamp(process.clock())))
    assert await process.rounds_for(until=process.as_upstream, hours=1)
    assert not (await process.ask()).stale


async def test_a_fault_of_days_never_passes_the_budget(process: Running) -> None:
    process.ll.fault = Fault("status", status=500)
    await process.rounds_for(hours=24)
    assert process.most_calls_in_an_hour() <= 15
    assert {record["id"] for record in RECORDS} == set(process.dataset.records)

"""Queries answered out of what is kept, and what is said where that does not suffice."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from calfeed.errors import NoData
from calfeed.query.query import View
from calfeed.store.memory import MemoryStore
from tests.fake import FakeLaunchLibrary, Fault, event, make_events
from tests.support.calendars import query
from tests.support.mirror import FRESH_FOR, NOW, Clock, light, running
from tests.support.service import PATIENCE

RECORDS = make_events(60, now=NOW)
IDS = {record["id"] for record in RECORDS}
DAY = timedelta(days=1)


async def test_what_is_kept_is_given_at_once_however_old() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        await process.fill()
        await process.next_round()
        calls = len(ll.calls)
        result = await process.ask()
        assert (result.hit, result.stale, result.complete, result.sample) == (
            True, False, True, False,
        )  # fmt: skip
        assert {record.id for record in result.snapshots[0].records} == IDS
        clock.ahead(seconds=FRESH_FOR.total_seconds())
        assert (await process.ask()).stale
        clock.ahead(days=300)
        old = await process.ask()
        assert (old.stale, old.version, old.as_of) == (True, result.version, result.as_of)
        assert len(ll.calls) == calls


async def test_a_version_is_that_of_the_data() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        await process.fill()
        before = await process.ask()
        await process.rounds_for(hours=2)
        quiet = await process.ask()
        assert quiet.version == before.version
        assert quiet.snapshots[0] is before.snapshots[0]
        ll.change(RECORDS[0]["id"], name="Changed", last_updated=clock())
        await process.rounds_for(hours=1)
        changed = await process.ask()
        assert changed.version > before.version
        assert before.changed_at < changed.changed_at <= clock()


BROKEN_OFF = Fault("status", status=400, when=lambda call: "date__lte" in call.query)
"""Only the first page of a fill comes: of a tenth of what is ahead, and years of history."""

COVERED: dict[str, tuple[str, View]] = {
    "ahead": ("", View.UPCOMING),
    "a month back": ("past=30d", View.ALL),
    "from a date on": (f"date__gte={(NOW - 100 * DAY):%Y-%m-%dT%H:%M:%SZ}", View.ALL),
    "this year": ("year=2026", View.ALL),
}
NOT_COVERED: dict[str, tuple[str, View]] = {
    "everything": ("", View.ALL),
    "what is over": ("", View.PREVIOUS),
    "an agency": ("agency__ids=44", View.ALL),
    "by id": ("id=7", View.ALL),
    "a year long ago": ("year=2022", View.ALL),
    "entries that are very long": ("past=300d&length=P365D", View.ALL),
    "periods in full": ("past=30d&coarse=span", View.ALL),
}


@pytest.mark.parametrize("name", [*COVERED, *NOT_COVERED])
async def test_what_a_part_of_everything_covers(name: str) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(light(330), now=clock) as ll:
        ll.fault = BROKEN_OFF
        async with running(ll, clock, wait=0.01) as process:
            await process.scheduler.once()
            if name in COVERED:
                result = await process.ask(*COVERED[name])
                assert (result.hit, result.complete) == (True, False)
            else:
                with pytest.raises(NoData):
                    await process.ask(*NOT_COVERED[name])


async def test_what_is_asked_for_by_id_waits_for_nothing_else() -> None:
    clock, records = Clock(), light(330)
    async with FakeLaunchLibrary(records, now=clock) as ll:
        ll.fault = BROKEN_OFF
        async with running(ll, clock, wait=0.01) as process:
            await process.scheduler.once()
            there = set(process.dataset.records)
            lacking = {record["id"] for record in records} - there
            assert there
            assert lacking
            assert (await process.ask(f"id={min(there)}")).hit
            with pytest.raises(NoData):
                await process.ask(f"id={min(there)},{min(lacking)}")


async def test_who_has_to_wait_is_told_how_far_it_is_and_for_how_long() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(light(1071), now=clock) as ll:
        async with running(ll, clock, calls=4, wait=0.01) as process:
            with pytest.raises(NoData, match="no events are kept yet") as nothing:
                await process.ask()
            assert 5 <= nothing.value.retry_after <= 6 * 3600
            await process.scheduler.once()
            said = r"39\d of 1071 events are kept, back to \d+ \w+ 20\d\d$"
            with pytest.raises(NoData, match=said) as part:
                await process.ask()
            assert part.value.retry_after > 3600
            with pytest.raises(NoData) as soon:
                await process.ask("year=2020")
            assert 3600 <= soon.value.retry_after < part.value.retry_after


async def test_a_fault_is_named() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        ll.fault = Fault("throttled", seconds=1800)
        async with running(ll, clock, wait=0.01) as process:
            await process.scheduler.once()
            with pytest.raises(NoData, match="Launch Library asks to wait 1800 s") as refused:
                await process.ask()
            assert 1800 <= refused.value.retry_after < 2000


async def test_nobody_waits_for_what_is_not_even_tried() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        ll.fault = Fault("throttled", seconds=1800)
        async with running(ll, clock, wait=600) as process, asyncio.timeout(PATIENCE):
            waiting = asyncio.create_task(process.ask())
            await asyncio.sleep(0)  # it waits for the round
            await process.scheduler.once()
            with pytest.raises(NoData):
                await waiting
            with pytest.raises(NoData):
                await process.ask()


async def test_a_pause_noted_before_the_clock_was_set_back_is_none() -> None:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with (
            running(ll, clock, store, wait=0.01) as hasty,
            running(ll, clock, store, wait=PATIENCE) as process,
        ):
            ll.fault = Fault("status", status=403)
            clock.ahead(days=365)
            await process.scheduler.once()
            await hasty.replica.look()
            ll.fault = None
            clock.ahead(days=-365)
            with pytest.raises(NoData) as soon:
                await hasty.ask()
            assert soon.value.retry_after < 60
            waiting = asyncio.create_task(process.ask())
            await asyncio.sleep(0)  # it waits for the round
            await process.scheduler.once()
            assert not (await waiting).hit


async def test_the_first_data_is_waited_for_but_not_for_ever() -> None:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with (
            running(ll, clock, store, wait=0.05) as hasty,
            running(ll, clock, store) as process,
        ):
            ll.fault = Fault("hang")
            filling = asyncio.create_task(process.scheduler.once())
            with pytest.raises(NoData, match="not everything this needs is there yet"):
                await hasty.ask()
            waiting = [asyncio.create_task(process.ask()) for _ in range(50)]
            ll.fault = None
            ll.release()
            await filling
            results = await asyncio.gather(*waiting)
            assert {result.hit for result in results} == {False}
            assert {r.id for r in results[0].snapshots[0].records} <= IDS


async def test_nobody_who_stops_waiting_stops_the_others(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    caplog.set_level(logging.ERROR)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        tasks = [asyncio.create_task(process.repository.get(query())) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await process.scheduler.once()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(found[0], asyncio.CancelledError)
        assert not any(isinstance(result, BaseException) for result in found[1:])
    assert caplog.text == ""


@pytest.mark.parametrize("sample", ["never", "always", "fallback"])
async def test_sample_data(sample: Any) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        await ll.gone()
        async with running(ll, clock, sample=sample, wait=0.05) as process:
            await process.scheduler.once()
            assert process.repository.ready == (sample != "never")
            if sample == "never":
                with pytest.raises(NoData):
                    await process.ask()
            else:
                result = await process.ask()
                assert (result.sample, process.repository.shows_sample) == (True, True)
                assert len(result.snapshots[0].records) > 5
                assert await process.ids("agency__ids=63&type__ids=2,8")
            await ll.back()
            await process.next_round()
            assert (await process.ask()).sample == (sample == "always")
            if sample != "always":
                assert await process.ids() == IDS


FILTERS: dict[str, Callable[[Any], bool]] = {
    "agency__ids=44": lambda record: any(a["id"] == 44 for a in record["agencies"]),
    "type__ids=2,8": lambda record: record["type"]["id"] in (2, 8),
}


@pytest.mark.parametrize("text", FILTERS)
async def test_no_query_costs_a_call(text: str) -> None:
    clock = Clock()
    more = [
        event(key, date=NOW - (key - 90_000) * DAY, agencies=[44]) for key in range(90_001, 90_009)
    ]
    async with FakeLaunchLibrary([*RECORDS, *more], now=clock) as ll:
        async with running(ll, clock) as process:
            await process.fill()
            wanted = {r["id"] for r in ll.events.values() if FILTERS[text](r)}
            assert await process.ids(text) == wanted
            assert ll.calls == []

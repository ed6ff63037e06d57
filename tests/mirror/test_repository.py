"""Answers from the copy, and what happens where it does not cover a query."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from calfeed.errors import NoData
from calfeed.query.query import View
from calfeed.store.memory import MemoryStore
from tests.fake import FakeLaunchLibrary, Fault, event, make_events
from tests.support.mirror import FRESH_FOR, NOW, Clock, Deaf, Running, query, running

RECORDS = make_events(60, now=NOW)
IDS = {record["id"] for record in RECORDS}
NASA = [event(key, date=NOW - timedelta(days=key), agencies=[44]) for key in range(1, 9)]
ALONE: dict[str, Any] = {"refreshed": False}
"""Nobody fills the copy: every query is asked by itself."""


async def refetch(one: Running, text: str = "", view: View = View.ALL) -> set[int]:
    """Ask when it is stale, wait for what that brings, and ask again."""
    one.clock.ahead(seconds=FRESH_FOR.total_seconds())
    await one.ask(text, view)
    await asyncio.gather(*one.repository._asking.values())
    return await one.ids(text, view)


async def test_a_hundred_at_once_cause_one_call() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock, **ALONE) as one:
        answers = await asyncio.gather(*(one.ask("type__ids=2,8") for _ in range(100)))
        assert len(ll.calls) == 1
        assert len({answer.events for answer in answers}) == 1
        assert {answer.hit for answer in answers} == {False}
        again = await one.ask("type__ids=8,2")
        assert (again.hit, again.stale, len(ll.calls)) == (True, False, 1)
        clock.ahead(seconds=FRESH_FOR.total_seconds())
        stale = await asyncio.gather(*(one.ask("type__ids=2,8") for _ in range(100)))
        assert {(answer.hit, answer.stale) for answer in stale} == {(True, True)}
        await asyncio.gather(*one.repository._asking.values())
        assert len(ll.calls) == 2
        assert not (await one.ask("type__ids=2,8")).stale


async def test_two_processes_cause_one_call() -> None:
    clock, store = Clock(), MemoryStore()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, store, **ALONE) as one:
            async with running(ll, clock, store, **ALONE) as two:
                ll.fault = Fault("hang")
                asked = [asyncio.create_task(p.ids("year=2024")) for p in (one, two)]
                async with asyncio.timeout(5):
                    while not ll.calls:  # noqa: ASYNC110
                        await asyncio.sleep(0.001)
                ll.fault = None
                ll.release()
                found = await asyncio.gather(*asked)
                assert found[0] == found[1]
                assert len(ll.calls) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", status=502),
        Fault("html"),
        Fault("empty"),
        Fault("drop"),
        Fault("throttled", seconds=60),
        Fault("shape", shape="list"),
        Fault("mangle", mangle=lambda record: record | {"name": None}),
    ],
)
async def test_on_a_fault_what_is_there_is_served_and_upstream_left_alone(fault: Fault) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(NASA[:3], now=clock) as ll, running(ll, clock, **ALONE) as one:
        assert await one.ids("agency__ids=44") == {1, 2, 3}
        ll.fault = fault
        for _ in range(100):
            assert await refetch(one, "agency__ids=44") == {1, 2, 3}
            assert (await one.ask("agency__ids=44")).stale
            clock.ahead(seconds=-FRESH_FOR.total_seconds() + 1)
        assert len(ll.calls) <= 5
        ll.fault = None
        ll.put(event(90_001, date=NOW, agencies=[44]))
        clock.ahead(hours=1)
        assert await refetch(one, "agency__ids=44") == {1, 2, 3, 90_001}


async def test_alone_a_long_list_may_take_more_than_what_is_held_back() -> None:
    clock = Clock()
    many = make_events(520, now=NOW)
    async with FakeLaunchLibrary(many, now=clock) as ll, running(ll, clock, **ALONE) as one:
        assert len(await one.ids()) == 520
        assert len(ll.calls) == 6


async def test_an_event_leaves_only_when_it_was_missing_twice() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(NASA, now=clock) as ll, running(ll, clock, **ALONE) as one:
        everyone = await one.ids("agency__ids=44")
        ll.delete(3)
        assert await refetch(one, "agency__ids=44") == everyone
        clock.ahead(hours=1)
        assert await refetch(one, "agency__ids=44") == everyone - {3}
        ll.delete(4)
        clock.ahead(hours=1)
        assert await refetch(one, "agency__ids=44") == everyone - {3}
        ll.put(NASA[3])
        clock.ahead(hours=1)
        assert await refetch(one, "agency__ids=44") == everyone - {3}


async def test_an_event_of_its_own_is_gone_after_two_404() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(NASA, now=clock) as ll, running(ll, clock, **ALONE) as one:
        assert await one.ids("id=5") == {5}
        ll.delete(5)
        assert await refetch(one, "id=5") == {5}
        assert await refetch(one, "id=5") == set()
        assert await one.ids("id=777") == set()
        assert len(ll.calls) == 4


async def test_upcoming_events_that_have_passed_are_not_missing() -> None:
    clock = Clock()
    ahead = [event(key, date=NOW + timedelta(hours=key)) for key in range(1, 41)]
    async with FakeLaunchLibrary(ahead, now=clock) as ll, running(ll, clock, **ALONE) as one:
        assert len(await one.ids(view=View.UPCOMING)) == 40
        clock.ahead(hours=60)
        assert await refetch(one, view=View.UPCOMING) == set(range(37, 41))
        assert not (await one.ask(view=View.UPCOMING)).stale


async def test_nothing_to_answer_with() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock, **ALONE) as one:
        ll.fault = Fault("status", status=503)
        for _ in range(50):
            with pytest.raises(NoData, match=r"nothing is kept yet: .*503") as no_data:
                await one.ask("year=2024")
        assert no_data.value.retry_after == 20
        assert len(ll.calls) == 1
        clock.ahead(seconds=20)
        with pytest.raises(NoData) as no_data:
            await one.ask("year=2024")
        assert (no_data.value.retry_after, len(ll.calls)) == (40, 2)
        ll.fault = Fault("throttled", seconds=1800)
        with pytest.raises(NoData) as no_data:
            await one.ask("year=2025")
        assert no_data.value.retry_after == 1800
        with pytest.raises(NoData) as no_data:
            await one.ask("year=2026")
        assert (no_data.value.retry_after, len(ll.calls)) == (1800, 3)
        ll.fault = None
        clock.ahead(seconds=1800)
        assert await one.ids("year=2024")


async def test_the_first_answer_is_waited_for_but_not_for_ever() -> None:
    clock, store = Clock(), MemoryStore()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, store, wait=0.05) as hasty, running(ll, clock, store) as one:
            ll.fault = Fault("hang")
            filling = asyncio.create_task(one.scheduler.once())
            with pytest.raises(NoData, match="has not answered yet") as no_data:
                await hasty.ask()
            assert no_data.value.retry_after == 60
            waiting = asyncio.create_task(one.ask())
            ll.fault = None
            ll.release()
            await filling
            assert {e.id for e in (await waiting).events} == IDS


@pytest.mark.parametrize("sample", ["never", "always", "fallback"])
async def test_sample_data(sample: Any) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        await ll.gone()
        async with running(ll, clock, sample=sample) as one:
            await one.scheduler.once()
            assert one.repository.ready == (sample != "never")
            if sample == "never":
                with pytest.raises(NoData):
                    await one.ask()
            else:
                answer = await one.ask()
                assert (answer.sample, one.repository.shows_sample) == (True, True)
                assert len(answer.events) > 5
                assert await one.ids("agency__ids=63&type__ids=2,8") < {e.id for e in answer.events}
            await ll.back()
            await one.next_round()
            assert (await one.ask()).sample == (sample == "always")
            if sample != "always":
                assert await one.ids() == IDS
                await ll.gone()
                assert not (await one.ask("year=2024")).sample


async def test_a_deployment_without_details_is_asked_by_agency() -> None:
    clock = Clock()
    others = [event(key, date=NOW - timedelta(days=key), agencies=[27]) for key in range(11, 20)]
    async with Deaf(NASA + others, now=clock) as ll, running(ll, clock) as one:
        ll.deaf_to = ("mode",)
        await one.fill()
        assert await one.ids("type__ids=2") == set(range(1, 9)) | set(range(11, 20))
        assert len(ll.calls) == 0
        assert await one.ids("agency__ids=44") == set(range(1, 9))
        assert len(ll.calls) == 1
        assert await one.ids("agency__ids=44") == set(range(1, 9))
        assert len(ll.calls) == 1


async def test_a_single_event_without_details_costs_no_calls_and_is_in_no_agency() -> None:
    clock = Clock()
    poor = {k: v for k, v in event(90_001, date=NOW).items() if k != "agencies"}
    async with FakeLaunchLibrary([*NASA, poor], now=clock) as ll, running(ll, clock) as one:
        await one.fill()
        assert await one.ids("agency__ids=44") == set(range(1, 9))
        assert 90_001 in await one.ids()
        assert ll.calls == []


async def test_nobody_who_stops_waiting_stops_the_others(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    caplog.set_level(logging.ERROR)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock, **ALONE) as one:
        ll.fault = Fault("hang")
        tasks = [asyncio.create_task(one.repository.answer(query("year=2024"))) for _ in range(3)]
        async with asyncio.timeout(5):
            while not ll.calls:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        tasks[0].cancel()
        ll.fault = None
        ll.release()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(found[0], asyncio.CancelledError)
        assert not isinstance(found[1], BaseException)
        assert len(ll.calls) == 1
    assert caplog.text == ""

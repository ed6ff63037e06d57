"""Who refreshes, and when."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from calfeed.errors import StoreError
from calfeed.mirror.replica import LEASE
from calfeed.store import Revision
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, Fault, event, make_events
from tests.support.mirror import FRESH_FOR, NOW, Clock, Running, filled, running
from tests.support.service import until

RECORDS = make_events(120, now=NOW)
FAR = [event(key, date=NOW - timedelta(days=key), last_updated=NOW) for key in range(2, 60)]


@asynccontextmanager
async def at_work(process: Running) -> AsyncIterator[asyncio.Task[None]]:
    """The scheduler, running by itself."""
    task = asyncio.create_task(process.scheduler.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Failing(MemoryStore):
    """Fails on demand, in every way."""

    error: Exception | None = None

    async def revision(self) -> Revision:
        if self.error:
            raise self.error
        return await super().revision()


async def test_it_fills_and_refreshes_when_it_is_time() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock) as p, at_work(p):
        await until(lambda: p.replica.complete and p.replica.last_round)
        calls = len(ll.calls)
        clock.ahead(seconds=FRESH_FOR.total_seconds() * 0.95 - 1)
        ll.put(event(90_001, date=NOW - timedelta(days=1), last_updated=clock()))
        clock.ahead(seconds=1)
        await until(lambda: 90_001 in p.dataset.records)
        assert len(ll.calls) - calls <= 3


async def test_near_a_timed_event_changes_come_in_within_five_minutes() -> None:
    async with filled(FAR, Clock()) as process:
        await process.rounds_for(hours=1)
        begins = process.clock() + timedelta(minutes=65)
        process.ll.put(event(90_001, date=begins, date_precision=1, last_updated=process.clock()))
        await process.rounds_for(minutes=20)
        before = len(process.ll.calls)
        await process.rounds_for(minutes=45)
        times = [c.time for c in process.ll.calls[before:] if "last_updated__gte" in c.query]
        assert max(b - a for a, b in pairwise(times)) <= timedelta(minutes=5)
        assert process.most_calls_in_an_hour() <= 15


async def test_the_budget_lasts_even_when_data_must_be_ever_so_fresh() -> None:
    async with filled(FAR, Clock(), fresh_for=timedelta(seconds=1)) as process:
        await process.rounds_for(hours=5)
        assert process.error == ""
        assert process.most_calls_in_an_hour() <= 15
        assert process.dataset.as_of
        assert process.clock() - process.dataset.as_of <= timedelta(minutes=10)


@pytest.mark.parametrize("calls", [1, 2, 3])
async def test_very_few_calls_suffice(calls: int) -> None:
    async with filled(FAR, Clock(), calls=calls) as process:
        process.ll.put(event(90_001, date=NOW + timedelta(days=4), last_updated=process.clock()))
        process.ll.delete(FAR[7]["id"])
        assert await process.rounds_for(until=process.as_upstream, hours=40)
        assert process.most_calls_in_an_hour() <= calls
        as_of = process.dataset.as_of
        assert as_of
        assert process.clock() - as_of < timedelta(hours=5)


async def test_one_of_several_processes_refreshes(tmp_path: Path) -> None:
    clock = Clock()
    path = tmp_path / "calfeed.sqlite3"
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as one:
            async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as two:
                await asyncio.gather(one.scheduler.once(), two.scheduler.once())
                await asyncio.gather(one.replica.look(), two.replica.look())
                assert one.as_upstream()
                assert two.as_upstream()
                assert len({str(call.query) for call in ll.calls}) == len(ll.calls)

                clock.ahead(hours=2)
                await one.scheduler.once()
                clock.ahead(hours=1)
                await two.replica.look()
                calls = len(ll.calls)
                await two.scheduler.once()  # the first has died, its right has ended
                assert len(ll.calls) > calls


async def test_a_right_that_is_held_is_respected_until_it_ends() -> None:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock, store) as process:
        assert await store.lease("another", LEASE)
        await process.scheduler.once()
        assert ll.calls == []
        clock.ahead(seconds=LEASE)
        await process.scheduler.once()
        assert process.replica.complete
        await process.scheduler.stop()
        assert await store.lease("another", LEASE)


async def test_stopping_in_the_middle_of_a_call() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock) as process:
        ll.fault = Fault("hang")
        async with at_work(process):
            await until(lambda: ll.calls)
        ll.fault = None
        await process.scheduler.stop()
        await process.scheduler.once()
        assert process.as_upstream()


@pytest.mark.parametrize("error", [StoreError("away"), RuntimeError("a bug"), KeyError("another")])
async def test_nothing_ends_refreshing_for_ever(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    store = Failing(clock.seconds)
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock, store) as process:
        store.error = error
        async with at_work(process) as task:
            await until(lambda: caplog.text)
            assert not task.done()
            assert ll.calls == []
            store.error = None
            await until(lambda: process.replica.complete)
    if isinstance(error, StoreError):
        assert "the store is away" in caplog.text
        assert "the store is back" in caplog.text
    else:
        assert "Traceback" in caplog.text
        assert "refreshing failed unexpectedly" in caplog.text


async def test_a_clock_that_was_set_back_does_not_stop_refreshing() -> None:
    async with filled(FAR, Clock()) as process:
        process.clock.ahead(days=365)
        await process.scheduler.once()
        process.clock.ahead(days=-365)
        await process.rounds_for(hours=3)
        last = process.replica.last_round
        assert last
        assert (last.error, process.clock() - last.ended_at < timedelta(hours=1)) == ("", True)
        assert process.most_calls_in_an_hour() <= 15


async def test_running_out_of_calls_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock, calls=1) as process:
        await process.rounds_for(hours=4)
        assert process.replica.complete
        last = process.replica.last_round
        assert last
        assert (last.failures, last.error) == (0, "")
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []


async def test_what_others_have_used_is_respected_from_the_first_round() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock, calls_per_hour=15) as ll:
        ll.throttle_changes = {"current_use": 15}
        async with running(ll, clock) as process:
            await process.next_round()
            assert (len(ll.calls), await process.budget.left(), len(ll.throttle_calls)) == (0, 0, 1)
            ll.throttle_changes = {}
            await process.rounds_for(until=process.as_upstream, hours=2)
            assert process.as_upstream()


NONSENSE = [
    {"your_request_limit": 0}, {"your_request_limit": None}, {"your_request_limit": -1},
    {"limit_frequency_secs": 86_400, "current_use": 15}, {"current_use": None},
    {"current_use": -20}, {"your_request_limit": True}, {"your_request_limit": "many"},
]  # fmt: skip


@pytest.mark.parametrize("changes", NONSENSE)
async def test_a_throttle_that_makes_no_sense_stops_nobody(changes: dict[str, object]) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock, calls_per_hour=15) as ll:
        ll.throttle_changes = changes
        async with running(ll, clock) as process:
            await process.next_round()
            assert process.as_upstream()


@pytest.mark.parametrize("kind", ["status", "html", "drop", "empty"])
async def test_throttle_answers_that_tell_nothing_change_nothing(kind: str) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock) as process:
        ll.fault = Fault(kind, on="throttle")  # type: ignore[arg-type]
        await process.next_round()
        assert process.as_upstream()


FAULTS = {
    "empty": Fault("empty"),
    "Retry-After: 5": Fault("throttled", seconds=5, retry_after="5"),
    "500": Fault("status", status=500),
    "html": Fault("html"),
    "malformed": Fault("mangle", mangle=lambda record: {"id": record["id"]}),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_hours_costs_more_calls_than_another(fault: str) -> None:
    async with filled(FAR, Clock()) as process:
        process.ll.fault = FAULTS[fault]
        await process.rounds_for(hours=6)
        assert len(process.ll.calls) <= 6 * 15
        assert process.most_calls_in_an_hour() <= 15
        process.ll.fault = None
        process.ll.put(event(90_001, date=NOW, last_updated=process.clock()))
        assert await process.rounds_for(until=process.as_upstream, hours=2)

"""Who refreshes, and when."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from calfeed.errors import StoreError
from calfeed.mirror.scheduler import LEASE, Scheduler, is_near
from calfeed.store import Changes
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, Fault, event, make_events
from tests.support.mirror import FRESH_FOR, NOW, Clock, Running, filled, running

RECORDS = make_events(120, now=NOW)
FAR = [event(key, date=NOW - timedelta(days=key), last_updated=NOW) for key in range(2, 60)]


@asynccontextmanager
async def kept(one: Running) -> AsyncIterator[asyncio.Task[None]]:
    """The keeper at work."""
    task = asyncio.create_task(one.scheduler.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while True:
            if condition():
                return
            await asyncio.sleep(0.001)


class Failing(MemoryStore):
    """Fails on demand, in every way."""

    error: Exception | None = None

    async def revision(self) -> int:
        if self.error:
            raise self.error
        return await super().revision()


async def test_it_fills_and_refreshes_when_it_is_time() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock) as one, kept(one):
        await until(lambda: one.replica.dataset.coverage.complete and one.replica.dataset.rounds)
        assert len(ll.calls) == 1
        clock.ahead(seconds=FRESH_FOR.total_seconds() * 0.9 - 1)
        assert not one.scheduler.due
        ll.put(event(90_001, date=NOW, last_updated=clock()))
        clock.ahead(seconds=1)
        await until(lambda: 90_001 in one.replica.dataset.events)
        await until(lambda: len(ll.calls) == 3)


async def test_rounds_come_thrice_as_often_near_an_event() -> None:
    async with filled(FAR, Clock()) as one:
        start = one.clock()
        await one.next_round()
        rounds = one.replica.dataset.rounds
        assert rounds
        assert rounds.next_at - start == FRESH_FOR * 0.9
        one.ll.put(event(90_001, date=start + timedelta(minutes=70), last_updated=start))
        assert await one.next_round() == 2
        times = []
        for _ in range(5):
            await one.next_round()
            times.append(one.clock())
        assert times[1] - times[0] == FRESH_FOR / 3
        assert is_near(one.replica.dataset, one.clock())
        ahead = one.clock() - start
        assert len(one.ll.calls) <= 14
        assert ahead < timedelta(hours=1)


async def test_the_budget_lasts_even_when_data_must_be_ever_so_fresh() -> None:
    async with filled(FAR, Clock()) as one:
        hasty = Scheduler(
            one.refresh, one.budget, one.replica, clock=one.clock, fresh_for=timedelta(seconds=1)
        )
        failures = 0
        for _ in range(60):
            rounds = one.replica.dataset.rounds
            assert rounds
            one.clock.now = max(one.clock.now, rounds.next_at)
            await hasty.once()
            failures += rounds.failures
        assert failures == 0
        times = [call.time for call in one.ll.calls]
        for at in times:
            assert sum(at <= other < at + timedelta(hours=1) for other in times) <= 14


async def test_one_of_several_processes_refreshes(tmp_path: Path) -> None:
    clock = Clock()
    path = tmp_path / "calfeed.sqlite3"
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, SqliteStore(path)) as one:
            async with running(ll, clock, SqliteStore(path)) as two:
                await asyncio.gather(one.scheduler.once(), two.scheduler.once())
                await asyncio.gather(one.replica.look(), two.replica.look())
                assert len(ll.calls) == 2
                assert one.as_upstream()
                assert two.as_upstream()

                clock.ahead(hours=2)
                await one.scheduler.once()
                clock.ahead(hours=1)
                await two.replica.look()
                calls = len(ll.calls)
                await two.scheduler.once()  # the first has died, its right has ended
                assert len(ll.calls) == calls + 2


async def test_a_right_that_is_held_is_respected_until_it_ends() -> None:
    clock, store = Clock(), MemoryStore()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock, store) as one:
        assert await store.lease("refresh", "another", clock().timestamp(), LEASE)
        await one.scheduler.once()
        assert ll.calls == []
        clock.ahead(seconds=LEASE)
        await one.scheduler.once()
        assert len(ll.calls) == 1
        await one.scheduler.stop()
        assert await store.lease("refresh", "another", clock().timestamp(), LEASE)


async def test_stopping_in_the_middle_of_a_call() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock) as one:
        ll.fault = Fault("hang")
        async with kept(one):
            await until(lambda: ll.calls)
        ll.fault = None
        await one.scheduler.stop()
        await one.scheduler.once()
        assert one.as_upstream()


@pytest.mark.parametrize("error", [StoreError("away"), RuntimeError("a bug"), KeyError("another")])
async def test_nothing_ends_refreshing_for_ever(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    clock, store = Clock(), Failing()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock, store) as one:
        store.error = error
        async with kept(one) as task:
            await until(lambda: caplog.text)
            assert not task.done()
            assert ll.calls == []
            store.error = None
            await until(lambda: one.replica.dataset.coverage.complete)
    if isinstance(error, StoreError):
        assert "the store is away" in caplog.text
        assert "the store is back" in caplog.text
    else:
        assert "Traceback" in caplog.text
        assert "refreshing failed unexpectedly" in caplog.text


async def test_a_note_that_cannot_be_read_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    async with filled(FAR, Clock()) as one:
        await one.replica.store.write(Changes(notes={"coverage": "{", "rounds": "[]", "new": "x"}))
        await one.replica.look()
        assert not one.replica.dataset.coverage.complete
        await one.scheduler.once()
        assert one.as_upstream()
        assert "a note that cannot be read is forgotten: coverage" in caplog.text


async def test_a_clock_that_was_set_back_does_not_stop_refreshing() -> None:
    async with filled(FAR, Clock()) as one:
        one.clock.ahead(days=365)
        await one.scheduler.once()
        one.clock.ahead(days=-365)
        assert one.scheduler.due
        await one.scheduler.once()
        one.clock.ahead(hours=1, minutes=2)
        await one.scheduler.once()
        rounds = one.replica.dataset.rounds
        assert rounds
        assert (rounds.error, rounds.ended_at) == ("", one.clock())


async def test_what_others_have_used_is_respected_from_the_first_round() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock, calls_per_hour=15) as ll:
        ll.throttle_changes = {"current_use": 14}
        async with running(ll, clock) as one:
            await one.next_round()
            assert (len(ll.calls), await one.budget.left(), len(ll.throttle_calls)) == (0, 1, 1)
            ll.throttle_changes = {}
            await one.next_round()
            assert one.as_upstream()


@pytest.mark.parametrize("kind", ["status", "html", "drop", "empty"])
async def test_throttle_answers_that_tell_nothing_change_nothing(kind: str) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(FAR, now=clock) as ll, running(ll, clock) as one:
        ll.fault = Fault(kind, on="throttle")  # type: ignore[arg-type]
        await one.next_round()
        assert one.as_upstream()
        assert await one.budget.left() == 14

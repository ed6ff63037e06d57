"""What every store does, wherever it keeps things."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from calfeed.errors import LeaseLost, StoreReplaced
from calfeed.store import LEDGER_SECONDS, Changes, Revision, Store, calls_at
from calfeed.store.memory import MemoryStore
from calfeed.store.redis import RedisStore
from calfeed.store.sqlite import SqliteStore
from tests.support.redis_server import running

HOUR = LEDGER_SECONDS


class Seconds:
    """A clock that stands still until it is moved."""

    now = 1_773_144_000.0

    def __call__(self) -> float:
        return self.now


STORES: dict[str, Callable[[Path, Seconds], Store]] = {
    "memory": lambda folder, clock: MemoryStore(clock),
    "sqlite": lambda folder, clock: SqliteStore(folder / "deep" / "a.sqlite3", clock=clock),
}


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture(params=STORES)
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Seconds
) -> AsyncIterator[Store]:
    """Those that go by this machine's clock."""
    made = STORES[request.param](tmp_path, clock)
    await made.open()
    yield made
    await made.close()


@pytest.fixture(params=[*STORES, "redis"])
async def any_store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Seconds
) -> AsyncIterator[Store]:
    if request.param != "redis":
        made = STORES[request.param](tmp_path, clock)
        await made.open()
        yield made
        await made.close()
        return
    with running() as server:
        there = RedisStore(server.url)
        yield there
        await there.close()


async def put(store: Store, owner: str = "", **records: bytes | None) -> Revision:
    """Write records ``a``, ``b`` … of events, as somebody who has read all there is."""
    changes = Changes(await store.revision(), {"events": dict(records)})
    return await store.write(changes, owner)


async def test_an_empty_store(any_store: Store) -> None:
    assert (await any_store.revision()).number == 0
    assert (await any_store.read(Revision())).records == {}
    assert (await any_store.calls()).ages == ()


async def test_what_is_written_is_read_since_any_revision(any_store: Store) -> None:
    start = await any_store.revision()
    records: dict[str, dict[str, bytes | None]] = {
        "events": {"1": b"one", "2": b"two"}, "launches": {"1": b"\xff\x00 any bytes"},
    }  # fmt: skip
    first = await any_store.write(Changes(start, records, {"a": "1", "b": "2"}))
    second = await any_store.write(
        Changes(first, {"events": {"1": b"changed", "2": None}}, {"a": None, "c": "ü\u2028"})
    )
    assert await any_store.revision() == second
    assert second.number > first.number
    assert await any_store.read(first) == Changes(
        second, {"events": {"1": b"changed", "2": None}}, {"a": None, "c": "ü\u2028"}
    )
    everything = await any_store.read(Revision("of another store", 1000))
    assert everything.records["events"] == {"1": b"changed", "2": None}
    assert everything.records["launches"] == {"1": b"\xff\x00 any bytes"}
    assert everything.notes == {"a": None, "b": "2", "c": "ü\u2028"}
    assert await any_store.read(second) == Changes(second)


async def test_what_left_can_come_back(any_store: Store) -> None:
    await put(any_store, a=b"once", b=b"there")
    await put(any_store, a=None)
    await put(any_store, a=b"again")
    found = (await any_store.read(Revision())).records["events"]
    assert found == {"a": b"again", "b": b"there"}


async def test_who_has_not_read_this_store_does_not_write_to_it(any_store: Store) -> None:
    await put(any_store, a=b"kept")
    with pytest.raises(StoreReplaced):
        await any_store.write(Changes(Revision("another", 7), {"events": {"a": b"lost"}}))
    assert (await any_store.read(Revision())).records == {"events": {"a": b"kept"}}


async def test_who_has_lost_the_right_to_refresh_does_not_write(any_store: Store) -> None:
    assert await any_store.lease("one", 8)
    await put(any_store, "one", a=b"by one")
    await any_store.release("one")
    assert await any_store.lease("two", 8)
    with pytest.raises(LeaseLost):
        await put(any_store, "one", a=b"late")
    await any_store.release("two")
    with pytest.raises(LeaseLost):
        await put(any_store, "one", a=b"later")
    assert (await any_store.read(Revision())).records == {"events": {"a": b"by one"}}


async def test_who_was_slow_writes_as_long_as_nobody_has_taken_the_right(
    store: Store, clock: Seconds
) -> None:
    assert await store.lease("one", 8)
    clock.now += 60
    await put(store, "one", a=b"late, but nobody minds")


async def test_calls_are_entered_up_to_the_limit(any_store: Store) -> None:
    assert [await any_store.take_call(3) for _ in range(3)] == [0, 0, 0]
    wait = await any_store.take_call(3)
    assert HOUR - 60 < wait <= HOUR
    assert await any_store.take_call(0) == HOUR
    assert await any_store.take_call(4) == 0
    calls = await any_store.calls()
    assert len(calls.ages) == 4
    assert list(calls.ages) == sorted(calls.ages, reverse=True)


async def test_the_limit_holds_however_many_take_at_once(any_store: Store) -> None:
    waits = await asyncio.gather(*(any_store.take_call(5) for _ in range(20)))
    assert waits.count(0) == 5


async def test_ten_thousand_calls_of_others_are_entered_in_one_step(any_store: Store) -> None:
    await any_store.enter_calls(10_000)
    assert len((await any_store.calls()).ages) == 10_000
    assert await any_store.take_call(10_000) > 0
    assert await any_store.take_call(10_001) == 0


async def test_the_ledger_keeps_the_limit_in_a_rolling_hour(store: Store, clock: Seconds) -> None:
    for _ in range(3):
        assert await store.take_call(3) == 0
        clock.now += 1
    assert await store.take_call(3) == HOUR - 3
    clock.now += HOUR - 3.5
    assert await store.take_call(3) == 0.5
    clock.now += 0.5
    assert await store.take_call(3) == 0
    assert await store.take_call(3) == 1
    assert (await store.calls()).ages == (HOUR - 1, HOUR - 2, 0)


def test_an_hour_of_the_ledger_is_no_shorter_than_an_hour() -> None:
    assert HOUR > 3600


async def test_a_clock_that_was_set_back_passes_no_limit_and_stops_nobody_for_long(
    store: Store, clock: Seconds
) -> None:
    for _ in range(3):
        assert await store.take_call(3) == 0
    await store.block_calls(100)
    clock.now -= 7 * 86_400
    assert await store.take_call(3) == HOUR
    clock.now += HOUR
    assert await store.take_call(3) == 0
    assert await store.lease("one", 8)
    clock.now -= 86_400
    assert await store.lease("two", 8)


async def test_blocked_calls(any_store: Store) -> None:
    await any_store.block_calls(100)
    await any_store.block_calls(50)
    assert 90 < await any_store.take_call(3) <= 100
    calls = await any_store.calls()
    assert calls.ages == ()
    assert 90 < calls.blocked <= 100


async def test_a_block_ends(store: Store, clock: Seconds) -> None:
    await store.block_calls(100)
    clock.now += 100
    assert await store.take_call(3) == 0


def test_calls_of_a_moment() -> None:
    calls = calls_at(10_000.0, [6_000.0, 9_000.0, 12_000.0, 8_000.0], 10_007.0)
    assert calls.ages == (2_000.0, 1_000.0, 0.0)
    assert calls.blocked == 7.0
    assert calls_at(10_000.0, [], 99_000.0).blocked == 0


async def test_a_right_has_one_owner_at_a_time(store: Store, clock: Seconds) -> None:
    assert await store.lease("one", 8)
    clock.now += 4
    assert await store.lease("one", 8)
    clock.now += 7.9
    assert not await store.lease("two", 8)
    clock.now += 0.1
    assert await store.lease("two", 8)
    assert not await store.lease("one", 8)


async def test_only_the_owner_gives_a_right_back(any_store: Store) -> None:
    assert await any_store.lease("one", 8)
    await any_store.release("two")
    assert not await any_store.lease("two", 8)
    await any_store.release("one")
    assert await any_store.lease("two", 8)

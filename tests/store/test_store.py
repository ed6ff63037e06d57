"""What every store does, wherever it keeps things."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.store import HOUR, Changes, Store
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore
from tests.fake import as_220, make_events
from tests.support.mirror import NOW

T = NOW.timestamp()
EVENTS = tuple(
    from_record(form(record)) for form in (dict, as_220) for record in make_events(80, now=NOW)
)[40:120]

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda folder: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "deep" / "calfeed.sqlite3"),
}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made = STORES[request.param](tmp_path)
    await made.open()
    yield made
    await made.close()


async def take(
    store: Store, now: float, allowed: int = 3, urgent: bool = False, of: int = 3
) -> float:
    return await store.take_call(now, allowed, urgent=urgent, allowed_of_kind=of)


async def test_an_empty_store(store: Store) -> None:
    assert await store.revision() == 0
    assert await store.read(0) == Changes()
    assert (await store.ledger(T)).calls == ()


async def test_what_is_written_is_read_since_any_revision(store: Store) -> None:
    one, two, three = EVENTS[:3]
    first = await store.write(Changes(events=(one, two), notes={"a": "1", "b": "2"}))
    changed = one.model_copy(update={"name": "Renamed"})
    second = await store.write(
        Changes(events=(changed, three), removed=(two.id,), notes={"a": None})
    )
    assert await store.revision() == second > first
    since = await store.read(first)
    assert since.revision == second
    assert {e.id: e for e in since.events} == {one.id: changed, three.id: three}
    assert (since.removed, since.notes) == ((two.id,), {"a": None})
    everything = await store.read(0)
    assert {e.id: e for e in everything.events} == {one.id: changed, three.id: three}
    assert everything.removed == (two.id,)
    assert everything.notes == {"a": None, "b": "2"}
    assert await store.read(second) == Changes(second)


async def test_what_was_removed_or_forgotten_can_come_back(store: Store) -> None:
    one = EVENTS[0]
    await store.write(Changes(removed=(one.id, 999), notes={"a": None}))
    await store.write(Changes(events=(one,), notes={"a": "again", "": "empty name"}))
    everything = await store.read(0)
    assert (everything.events, everything.removed) == ((one,), (999,))
    assert everything.notes == {"a": "again", "": "empty name"}


async def test_events_come_back_exactly_as_they_were(store: Store) -> None:
    by_id = {event.id: event for event in EVENTS}
    await store.write(Changes(events=tuple(by_id.values())))
    found = {event.id: event for event in (await store.read(0)).events}
    assert found == by_id
    assert {key: one.model_dump_json() for key, one in found.items()} == {
        key: one.model_dump_json() for key, one in by_id.items()
    }


@pytest.mark.parametrize(
    "changes", [{"date": None}, {"name": "\u2028 «Ü» 🚀 '\"\n"}, {"duration": None}]
)
async def test_odd_events_come_back(store: Store, changes: dict[str, object]) -> None:
    odd = Event.model_validate(EVENTS[0].model_dump() | changes)
    await store.write(Changes(events=(odd,)))
    assert (await store.read(0)).events == (odd,)


async def test_the_ledger_keeps_the_limit_in_a_rolling_hour(store: Store) -> None:
    assert [await take(store, T + n) for n in range(3)] == [0, 0, 0]
    assert await take(store, T + 3) == HOUR - 3
    assert await take(store, T + HOUR - 0.5) == 0.5
    assert await take(store, T + HOUR) == 0
    assert await take(store, T + HOUR) == 1
    assert [at for at, _ in (await store.ledger(T + HOUR)).calls] == [T + 1, T + 2, T + HOUR]


async def test_an_hour_of_the_ledger_is_no_shorter_than_an_hour(store: Store) -> None:
    assert HOUR > 3600


async def test_the_ledger_tells_kinds_apart(store: Store) -> None:
    assert await take(store, T, 5, urgent=True, of=1) == 0
    assert await take(store, T + 1, 5, urgent=True, of=1) == HOUR - 1
    assert await take(store, T + 1, 5, urgent=False, of=2) == 0
    assert await take(store, T + 2, 5, urgent=False, of=2) == 0
    assert await take(store, T + 3, 5, urgent=False, of=2) == HOUR - 2
    assert (await store.ledger(T + 3)).calls == ((T, True), (T + 1, False), (T + 2, False))
    assert await take(store, T + 3, 3, urgent=False, of=3) == HOUR - 3  # of all, too


async def test_a_lower_limit_counts_at_once(store: Store) -> None:
    for n in range(3):
        assert await take(store, T + n, 3) == 0
    assert await take(store, T + 3, 1) == HOUR - 1
    assert await take(store, T + 3, 0) == HOUR


async def test_blocked_calls(store: Store) -> None:
    await store.block_calls(T + 100)
    await store.block_calls(T + 50)
    assert await take(store, T) == 100
    assert (await store.ledger(T)).calls == ()
    assert await take(store, T + 100) == 0


async def test_a_right_has_one_owner_at_a_time(store: Store) -> None:
    assert await store.lease("refresh", "one", T, 8)
    assert await store.lease("refresh", "one", T + 4, 8)
    assert not await store.lease("refresh", "two", T + 11.9, 8)
    assert await store.lease("other", "two", T, 8)
    assert await store.lease("refresh", "two", T + 12, 8)
    assert not await store.lease("refresh", "one", T + 12, 8)


async def test_only_the_owner_gives_a_right_back(store: Store) -> None:
    assert await store.lease("refresh", "one", T, 8)
    await store.release("refresh", "two")
    await store.release("never taken", "two")
    assert not await store.lease("refresh", "two", T + 1, 8)
    await store.release("refresh", "one")
    assert await store.lease("refresh", "two", T + 1, 8)

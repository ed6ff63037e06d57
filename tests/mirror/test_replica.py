"""The store fails, is emptied, or holds what cannot be read: nothing is lost, and feeds go on."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from calfeed.errors import LeaseLost, StoreError
from calfeed.events import EVENTS
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import LastRound
from calfeed.store import Changes, Revision, Store
from calfeed.store.memory import MemoryStore
from calfeed.store.redis import RedisStore
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, event, stamp
from tests.support.mirror import NOW, Clock, Running, filled, light, once_when, running
from tests.support.redis_server import running as redis_running

RECORDS = light(130)
IDS = {record["id"] for record in RECORDS}


def kept(process: Running) -> set[int]:
    return {int(key) for key in process.dataset.records}


async def forget(store: Store, name: str, text: str | None) -> None:
    """Another program has written nonsense."""
    await store.write(Changes(await store.revision(), notes={name: text}))


class Stubborn(MemoryStore):
    """Reads, and writes only what is small, as on a full disk: or only calls."""

    full = False
    tried = 0

    async def write(self, changes: Changes, owner: str = "") -> Revision:
        self.tried += 1
        if self.full:
            raise StoreError("no space left on device")
        return await super().write(changes, owner)


async def test_an_unreadable_state_costs_a_refill_at_once_and_no_feed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("events fill", "events changes"):
        clock = Clock()
        store = MemoryStore(clock.seconds)
        async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
            async with running(ll, clock, store) as process:
                await process.fill()
                await process.rounds_for(hours=1)
            await forget(store, name, '{"since": "not a date"}')
            async with running(ll, clock, store) as process:
                assert process.scheduler.due
                result = await process.ask()
                assert (result.stale, result.hit, await process.ids()) == (True, True, IDS)
                ll.put(event(90_001, date=NOW, last_updated=NOW - timedelta(days=9)))
                await process.scheduler.once()
                assert process.as_upstream()
                assert not (await process.ask()).stale
        assert "cannot be read and begins anew" in caplog.text


async def test_an_unreadable_reconcile_state_or_last_round_just_begins_anew() -> None:
    async with filled(RECORDS, Clock()) as process:
        for name in ("events reconcile", "round", "of a newer version"):
            await forget(process.replica.store, name, "{")
        await process.replica.look()
        assert process.dataset.state.fill.done
        await process.rounds_for(hours=1)
        assert process.error == ""


async def test_a_record_that_cannot_be_read_leaves_the_others_and_is_fetched_again() -> None:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, store) as process:
            await process.fill()
        some = str(RECORDS[3]["id"])
        await store.write(Changes(await store.revision(), {"events": {some: b'{"id": 7}'}}))
        async with running(ll, clock, store) as process:
            assert kept(process) == IDS - {int(some)}
            assert (await process.ask()).stale
            await process.rounds_for(until=process.as_upstream, hours=1)
            assert process.as_upstream()


async def test_a_store_that_lost_its_records_but_not_its_notes_passes_nothing_off() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock) as process:
            await process.fill()
            found = await process.replica.store.read(Revision())
        store = MemoryStore(clock.seconds)
        await store.write(Changes(await store.revision(), notes=found.notes))
        async with running(ll, clock, store, wait=0.01) as process:
            assert not process.replica.complete
            await process.scheduler.once()
            assert process.as_upstream()


def _delete(path: Path) -> None:
    for file in path.parent.glob(path.name + "*"):
        file.unlink()


async def test_what_was_fetched_is_not_lost_with_the_file(tmp_path: Path) -> None:
    """It is deleted between a fetch and its write."""
    clock, path = Clock(), tmp_path / "a.sqlite3"
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            await process.fill()
            for number, key in enumerate(sorted(IDS)[:30]):
                changed = clock() + timedelta(seconds=45 * number)
                ll.change(key, name=f"Changed {number}", last_updated=stamp(changed))
            clock.ahead(hours=1)
            ll.fault = once_when(lambda call: "last_updated__gte" in call.query,
                                 lambda: _delete(path))  # fmt: skip
            await process.scheduler.once()
            assert process.as_upstream()
            assert process.error == ""
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            assert process.as_upstream()
            assert process.replica.complete


async def test_what_was_fetched_is_not_lost_with_redis() -> None:
    clock = Clock()
    with redis_running() as server:
        async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
            async with running(ll, clock, RedisStore(server.url), calls=100) as process:
                await process.fill()
                for number, key in enumerate(sorted(IDS)[:30]):
                    ll.change(key, name=f"Changed {number}", last_updated=stamp(clock()))
                ll.fault = once_when(lambda call: "last_updated__gte" in call.query, server.flush)
                await process.scheduler.once()
                assert process.as_upstream()
            async with running(ll, clock, RedisStore(server.url), calls=100) as process:
                assert process.as_upstream()
                assert process.replica.complete


async def test_a_process_that_slept_over_a_loss_notices_it(tmp_path: Path) -> None:
    """However many revisions the new file has by then."""
    clock, path = Clock(), tmp_path / "a.sqlite3"
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with (
            running(ll, clock, SqliteStore(path, clock=clock.seconds)) as sleeper,
            running(ll, clock, SqliteStore(path, clock=clock.seconds)) as other,
        ):
            await sleeper.fill()
            await asyncio.to_thread(_delete, path)
            await other.rounds_for(until=lambda: other.dataset.state.fill.done, hours=2)
            for _ in range(30):
                await forget(other.replica.store, "x", "y")
            ll.change(RECORDS[0]["id"], name="Changed", last_updated=stamp(clock()))
            await other.rounds_for(hours=1)
            assert await sleeper.replica.look()
            assert sleeper.as_upstream()


async def test_a_store_that_takes_no_records_costs_no_calls_and_one_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    store = Stubborn(clock.seconds)
    async with filled(RECORDS, clock, store=store) as process:
        store.full = True
        process.ll.change(RECORDS[0]["id"], name="Changed", last_updated=stamp(clock()))
        caplog.clear()
        await process.rounds_for(hours=6)
        assert await process.ids() == IDS
        assert "no space left" in process.replica.trouble
        assert [r.levelname for r in caplog.records].count("WARNING") == 1
        assert len(process.ll.calls) <= 3
        assert store.tried < 60
        store.full = False
        await process.rounds_for(hours=1)
        assert process.as_upstream()
        assert process.replica.trouble == ""
        assert "the store can be written again" in caplog.text


async def test_who_was_stopped_in_the_middle_overwrites_nothing() -> None:
    """A refresher is stopped while it fills; another one finishes; then the first goes on."""
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, store) as first, running(ll, clock, store) as second:
            assert await store.lease("the first", 8)
            first.replica.owner = "the first"
            await first.replica.look()
            clock.ahead(minutes=1)
            await second.rounds_for(until=lambda: second.dataset.state.fill.done, hours=2)
            first.replica.stage(first.dataset, fill=first.dataset.draft.fill.model_copy())
            first.replica.stage_round(LastRound(ended_at=clock()))
            with pytest.raises(LeaseLost):
                await first.replica.flush()
            await first.replica.look()
            assert first.replica.complete
            assert first.as_upstream()


LOSSES: dict[str, Callable[[Path], object]] = {
    "deleted": _delete,
    "overwritten": lambda path: path.write_bytes(b"garbage" * 5000),
    "emptied": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_file_lost_while_running_ends_nothing(loss: str, tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.sqlite3"
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            await process.fill()
            LOSSES[loss](path)
            await process.rounds_for(hours=2)
            assert kept(process) == IDS
            assert process.replica.trouble == ""
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            await process.rounds_for(hours=2)
            assert process.as_upstream()


async def test_a_store_of_the_format_before_is_set_aside_and_refilled(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.sqlite3"
    db = sqlite3.connect(path)
    db.executescript(
        "CREATE TABLE events (id INTEGER PRIMARY KEY, revision INTEGER, body);"
        "CREATE TABLE notes (name, revision, body); PRAGMA user_version = 1;"
    )
    db.close()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            await process.scheduler.once()
            assert process.as_upstream()


async def test_a_quiet_round_is_one_write() -> None:
    async with filled(RECORDS, Clock()) as process:
        await process.rounds_for(hours=2)
        before = await process.replica.store.revision()
        assert await process.next_round() >= 1
        after = await process.replica.store.revision()
        assert after.number == before.number + 1


async def test_what_others_wrote_is_read_in_the_same_words() -> None:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, store) as process:
            await process.fill()
            replica = Replica(store, [EVENTS], clock)
            assert await replica.look()
            assert replica.datasets["events"].records == process.dataset.records
            assert replica.datasets["events"].state == process.dataset.state
            assert replica.last_round == process.replica.last_round

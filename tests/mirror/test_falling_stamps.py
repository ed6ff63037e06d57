"""``last_updated`` falls upstream, where a backup is restored or a clock set right: that is taken
in, and what changes beside it, too. A page that is merely old takes nothing back."""

from datetime import timedelta
from pathlib import Path

import pytest

from calfeed.store.sqlite import SqliteStore
from tests.fake import Call, FakeLaunchLibrary, Fault, Record, event, stamp
from tests.support.mirror import NOW, Clock, Running, filled, light, running

RECORDS = light(600)
IDS = [record["id"] for record in RECORDS]
MOVED, DELETED, NEW = IDS[20], IDS[30], 90_001
DAY = timedelta(days=1)


async def edit_and_restore(process: Running, many: int) -> list[int]:
    """A bad edit is taken in, and then undone upstream; the ids that it was of."""
    ids = IDS[100 : 100 + many]
    before = [process.ll.events[key] for key in ids]
    process.ll.change(*ids, name="Bad edit", last_updated=stamp(process.clock()))
    assert await process.rounds_for(until=process.as_upstream, hours=2)
    process.ll.put(*before)
    await process.rounds_for(hours=1)
    return ids


def change_what_is_ahead(process: Running) -> None:
    now = process.clock()
    process.ll.put(event(NEW, date=now + DAY, last_updated=now))
    process.ll.change(MOVED, date=stamp(now + 2 * DAY), last_updated=stamp(now))
    process.ll.delete(DELETED)


def ahead_is_in(process: Running) -> bool:
    records = process.dataset.records
    moved = MOVED in records and stamp(records[MOVED].date) == process.ll.events[MOVED]["date"]
    return moved and NEW in records and DELETED not in records


@pytest.mark.parametrize("many", [1, 3, 5, 300])
async def test_a_restored_backup_is_taken_in_and_holds_up_nothing(many: int) -> None:
    async with filled(RECORDS, Clock()) as process:
        await process.rounds_for(hours=30)
        await edit_and_restore(process, many)
        change_what_is_ahead(process)
        took = await process.rounds_for(until=lambda: ahead_is_in(process), hours=3)
        everything = await process.rounds_for(until=process.as_upstream, hours=20)
        print(f"{many} fell: what is ahead took {took}, everything {everything} more")
        assert took
        assert everything
        await process.rounds_for(hours=1)
        assert process.error == ""
        assert process.dataset.state.reconcile.older == {}
        assert process.most_calls_in_an_hour() <= 15


async def test_upstreams_clock_is_set_right_and_the_program_restarted(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "calfeed.sqlite3"
    edited = IDS[100:103]
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            await process.fill()
            await process.rounds_for(hours=5)
            ll.change(*edited, name="Edited", last_updated=stamp(clock() + DAY))
            assert await process.rounds_for(until=process.as_upstream, hours=1)
            ll.change(*edited, name="Edited again", last_updated=stamp(clock()))
            await process.next_round()
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as process:
            change_what_is_ahead(process)
            assert await process.rounds_for(until=process.as_upstream, hours=3)
            await process.rounds_for(hours=1)
            assert process.error == ""


def by_date(call: Call) -> bool:
    return "last_updated__gte" not in call.query and "id" not in call.query


def from_a_cache(record: Record) -> Record:
    return record | {"name": "As it once was", "last_updated": stamp(NOW - 900 * DAY)}


async def test_pages_out_of_an_old_cache_take_nothing_back() -> None:
    async with filled(RECORDS, Clock()) as process:
        process.ll.fault = Fault("mangle", mangle=from_a_cache, when=by_date)
        for _ in range(8):
            await process.rounds_for(hours=1)
            assert process.as_upstream()
        process.ll.fault = None
        await process.rounds_for(hours=12)
        assert process.as_upstream()
        assert process.dataset.state.reconcile.older == {}


async def test_lists_of_nothing_cost_a_question_by_id_an_hour() -> None:
    async with filled(RECORDS, Clock()) as process:
        await process.rounds_for(hours=2)
        process.ll.fault = Fault("empty")
        process.ll.calls.clear()
        await process.rounds_for(hours=6)
        by_id = [n for n, call in enumerate(process.ll.calls) if "id" in call.query]
        assert 1 <= len(by_id) <= 6
        assert not any(map(by_date, process.ll.calls[by_id[0] :]))
        assert set(process.dataset.records) == set(IDS)


@pytest.mark.parametrize("kind", ["status", "html", "drop"])
async def test_an_upstream_that_is_down_is_asked_once_a_round(kind: str) -> None:
    async with filled(RECORDS, Clock()) as process:
        await process.rounds_for(hours=2)
        process.ll.fault = Fault(kind, status=403)  # type: ignore[arg-type]
        calls = [await process.next_round() for _ in range(5)]
        assert set(calls) <= {0, 1}
        assert sum(calls) > 2

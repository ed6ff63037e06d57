"""The SQLite file: shared, damaged, deleted, full; and what a restart finds in it."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from calfeed.errors import StoreError
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.mirror.replica import Replica
from calfeed.store import Changes
from calfeed.store.sqlite import FORMAT, SqliteStore
from tests.fake import make_events
from tests.support.mirror import NOW, Clock

T = NOW.timestamp()
EVENTS = tuple(from_record(record) for record in make_events(100, now=NOW))
EVERYTHING = Changes(events=EVENTS, notes={"coverage": "{}"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calfeed.sqlite3"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path)
    try:
        await store.open()
        yield store
    finally:
        await store.close()


async def write_all(path: Path) -> None:
    async with opened(path) as store:
        await store.write(EVERYTHING)
        await store.take_call(T, 15, urgent=False, allowed_of_kind=15)


async def test_a_restart_finds_everything(path: Path) -> None:
    await write_all(path)
    async with opened(path) as store:
        assert set((await store.read(0)).events) == set(EVENTS)
        assert (await store.ledger(T)).calls == ((T, False),)


async def test_processes_share_one_file(path: Path) -> None:
    async with opened(path) as one, opened(path) as two:
        await one.write(Changes(events=EVENTS[:2]))
        assert await two.revision() == 1
        await two.write(Changes(removed=(EVENTS[0].id,)))
        assert (await one.read(1)).removed == (EVENTS[0].id,)
        takes = [
            store.take_call(T, 15, urgent=False, allowed_of_kind=15)
            for store in (one, two)
            for _ in range(12)
        ]
        assert (await asyncio.gather(*takes)).count(0) == 15
        owners = [store.lease("refresh", name, T, 8) for store, name in ((one, "1"), (two, "2"))]
        assert sorted(await asyncio.gather(*owners)) == [False, True]


@pytest.mark.parametrize("damaged", [False, True])
async def test_many_processes_start_at_once(path: Path, damaged: bool) -> None:
    for number in range(5):
        here = path.with_name(f"{number}.sqlite3")
        if damaged:
            await asyncio.to_thread(here.write_bytes, b"not a database at all" * 1000)
        stores = [SqliteStore(here) for _ in range(12)]
        await asyncio.gather(*(store.open() for store in stores))
        for _ in range(2):  # who was set aside by another notices that at a look
            await asyncio.gather(*(store.revision() for store in stores))
        await asyncio.gather(*(store.write(Changes(notes={"a": "b"})) for store in stores))
        assert {await store.revision() for store in stores} == {12}
        await asyncio.gather(*(store.close() for store in stores))


def _cut(at: float) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        body = path.read_bytes()
        path.write_bytes(body[: int(len(body) * at)])

    return cut


def _scribble(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[3000:20000] = b"\xa5" * 17000
    path.write_bytes(body)


def _sql(statements: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        db = sqlite3.connect(path)
        db.executescript(statements)
        db.close()

    return run


DAMAGES: dict[str, Callable[[Path], object]] = {
    "garbage": lambda path: path.write_bytes(b"not a database at all" * 1000),
    "cut to half": _cut(0.5),
    "cut to its header": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "scribbled over": _scribble,
    "newer format": _sql(f"PRAGMA user_version = {FORMAT + 1}"),
    "format 0": _sql("PRAGMA user_version = 0"),
    "another program's": _sql("DROP TABLE events; DROP TABLE notes; CREATE TABLE events (x)"),
    "a column short": _sql("ALTER TABLE events DROP COLUMN body"),
    "an event of another shape": _sql("UPDATE events SET body = '{}'"),
    "an event that is no JSON": _sql("UPDATE events SET body = '{' "),
    "an event that is no text": _sql("UPDATE events SET body = x'80ff'"),
    "an event that is no UTF-8": _sql("UPDATE events SET body = CAST(x'7b80ff7d' AS TEXT)"),
    "a note that is no UTF-8": _sql("UPDATE notes SET body = CAST(x'80ff' AS TEXT)"),
    "a number that is none": _sql("UPDATE numbers SET value = 'abc'"),
    "a call at no time": _sql("INSERT INTO calls VALUES ('x', 0)"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_file_that_cannot_be_used_is_set_aside(
    damage: str, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await write_all(path)
    DAMAGES[damage](path)
    async with opened(path) as store:
        assert await store.read(0) == Changes()
        await store.write(EVERYTHING)
    assert "set aside as calfeed.sqlite3.aside" in caplog.text
    async with opened(path) as store:
        assert set((await store.read(0)).events) == set(EVENTS)


async def test_an_event_that_becomes_unreadable_while_running_costs_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(path) as store:
        replica = Replica(store, Clock())
        await replica.write(EVERYTHING)
        _sql("UPDATE events SET body = '{}', revision = 2 WHERE id % 2 = 0")(path)
        _sql("UPDATE numbers SET value = 2 WHERE name = 'revision'")(path)
        for _ in range(2):
            assert await replica.look()
        assert set(replica.dataset.events.values()) == set(EVENTS)
    assert "an event in it cannot be read" in caplog.text
    async with opened(path) as store:
        assert set((await store.read(0)).events) == set(EVENTS)


async def test_a_start_reads_every_event_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await write_all(path)
    read: list[str | bytes] = []

    def counting(text: str | bytes) -> Event:
        read.append(text)
        return parse(text)

    parse = Event.model_validate_json
    monkeypatch.setattr(Event, "model_validate_json", counting)
    async with opened(path) as store:
        await Replica(store, Clock()).catch_up()
    assert len(read) == len(EVENTS)


async def test_a_folder_or_a_file_in_the_way_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "calfeed.sqlite3"):
        store = SqliteStore(path)
        with pytest.raises(StoreError, match=str(path)):
            await store.open()
        await store.close()


async def test_a_locked_file_is_a_store_error_and_not_set_aside(path: Path) -> None:
    await write_all(path)
    async with opened(path) as store:
        assert store._db
        store._db.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked"):
            await store.write(EVERYTHING)
        other.execute("ROLLBACK")
        other.close()
        assert await store.revision() == 1
    assert not path.with_name("calfeed.sqlite3.aside").exists()


async def test_a_full_disk_is_a_store_error_and_writes_nothing(path: Path) -> None:
    async with opened(path) as store:
        await store.write(Changes(events=EVENTS[:1], notes={"a": "1"}))
        assert store._db
        store._db.execute("PRAGMA max_page_count = 12")
        with pytest.raises(StoreError, match="full"):
            await store.write(Changes(events=EVENTS, notes={"a": "2"}))
        found = await store.read(0)
        assert (found.events, found.notes) == (EVENTS[:1], {"a": "1"})
        await store.revision()
        await store.write(EVERYTHING)
        assert set((await store.read(0)).events) == set(EVENTS)


async def test_a_store_that_is_not_open_says_so(path: Path) -> None:
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="not open"):
        await store.read(0)
    await store.close()
    with pytest.raises(StoreError):
        await store.read(0)


def _delete(path: Path) -> None:
    for one in path.parent.glob(path.name + "*"):
        one.unlink()


LOSSES: dict[str, Callable[[Path], object]] = {
    "deleted": _delete,
    "deleted with its folder": lambda path: shutil.rmtree(path.parent),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_file_lost_while_running_is_written_anew(loss: str, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "calfeed.sqlite3"
    async with opened(path) as store:
        replica = Replica(store, Clock())
        await replica.write(EVERYTHING)
        LOSSES[loss](path)
        for _ in range(3):
            await replica.look()
        assert replica.trouble == ""
        assert set(replica.dataset.events.values()) == set(EVENTS)
        await replica.write(Changes(notes={"asked all ": None}))
    async with opened(path) as store:
        assert set((await store.read(0)).events) == set(EVENTS)


async def test_a_clock_that_was_set_back_does_not_stop_everything(path: Path) -> None:
    year = 365 * 86400
    async with opened(path) as store:
        for n in range(15):
            await store.take_call(T + year + n, 15, urgent=False, allowed_of_kind=15)
        assert await store.lease("refresh", "dead", T + year, 8)
        assert await store.take_call(T, 15, urgent=False, allowed_of_kind=15) > 3599
        assert await store.take_call(T + 3700, 15, urgent=False, allowed_of_kind=15) == 0
        assert await store.lease("refresh", "alive", T, 8)


@pytest.mark.parametrize("body", [b"", b"garbage" * 5000])
async def test_a_file_overwritten_while_running_ends_nothing(body: bytes, path: Path) -> None:
    async with opened(path) as store:
        replica = Replica(store, Clock())
        await replica.write(EVERYTHING)
        await asyncio.to_thread(path.write_bytes, body)
        for _ in range(3):
            await replica.look()
        assert set(replica.dataset.events.values()) == set(EVENTS)
        assert replica.trouble == ""
    async with opened(path) as store:
        await store.write(EVERYTHING)
        assert set((await store.read(0)).events) == set(EVENTS)


async def test_two_processes_notice_that_their_file_is_gone(path: Path) -> None:
    async with opened(path) as one, opened(path) as two:
        shelves = [Replica(one, Clock()), Replica(two, Clock())]
        await shelves[0].write(EVERYTHING)
        assert await shelves[1].look()
        await asyncio.to_thread(_delete, path)
        for replica in shelves * 2:
            assert await replica.look()
        await shelves[0].write(Changes(removed=(EVENTS[0].id,)))
        assert await shelves[1].look()
        assert set(shelves[1].dataset.events.values()) == set(EVENTS[1:])

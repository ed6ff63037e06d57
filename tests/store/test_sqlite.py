"""The SQLite file: shared, damaged, deleted, full; and what a restart finds in it."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from calfeed.errors import StoreError, StoreReplaced
from calfeed.store import Changes, Revision
from calfeed.store.sqlite import FORMAT, SqliteStore

RECORDS: dict[str, dict[str, bytes | None]] = {
    "events": {str(n): b'{"id": %d, "text": "%s"}' % (n, b"x" * 500) for n in range(100)}
}


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


async def put(store: SqliteStore, **notes: str) -> Revision:
    return await store.write(Changes(await store.revision(), RECORDS, dict(notes)))


async def write_all(path: Path) -> None:
    async with opened(path) as store:
        await put(store, coverage="{}")
        await store.take_call(15)
        await store.lease("one", 3600)


async def test_a_restart_finds_everything(path: Path) -> None:
    await write_all(path)
    async with opened(path) as store:
        found = await store.read(Revision())
        assert (found.records, found.notes) == (RECORDS, {"coverage": "{}"})
        assert len((await store.calls()).ages) == 1
        assert not await store.lease("two", 3600)


async def test_processes_share_one_file(path: Path) -> None:
    async with opened(path) as one, opened(path) as two:
        first = await put(one)
        assert await two.revision() == first
        await two.write(Changes(first, {"events": {"0": None}}))
        assert (await one.read(first)).records == {"events": {"0": None}}
        takes = [store.take_call(15) for store in (one, two) for _ in range(12)]
        assert (await asyncio.gather(*takes)).count(0) == 15
        owners = [store.lease(name, 3600) for store, name in ((one, "1"), (two, "2"))]
        assert sorted(await asyncio.gather(*owners)) == [False, True]


@pytest.mark.parametrize("damaged", [False, True])
async def test_many_processes_start_at_once(path: Path, damaged: bool) -> None:
    for number in range(5):
        here = path.with_name(f"{number}.sqlite3")
        if damaged:
            await asyncio.to_thread(here.write_bytes, b"not a database at all" * 1000)
        stores = [SqliteStore(here) for _ in range(12)]
        await asyncio.gather(*(store.open() for store in stores))
        (revision,) = {await store.revision() for store in stores}
        await asyncio.gather(*(store.write(Changes(revision)) for store in stores))
        assert {(await store.revision()).number for store in stores} == {12}
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
    "the version before": _sql("DROP TABLE records; CREATE TABLE events (id); "
                               "PRAGMA user_version = 1"),
    "another program's": _sql("DROP TABLE records; DROP TABLE notes; CREATE TABLE events (x)"),
    "a column short": _sql("ALTER TABLE notes DROP COLUMN body"),
    "a note that is no UTF-8": _sql("UPDATE notes SET body = CAST(x'80ff' AS TEXT)"),
    "no state": _sql("DELETE FROM state"),
    "a call at no time": _sql("INSERT INTO calls VALUES ('x')"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_file_that_cannot_be_used_is_set_aside(
    damage: str, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await write_all(path)
    DAMAGES[damage](path)
    async with opened(path) as store:
        empty = await store.revision()
        assert await store.read(Revision()) == Changes(empty)
        assert empty.number == 0
        await put(store)
    assert "set aside as calfeed.sqlite3.aside" in caplog.text
    async with opened(path) as store:
        assert (await store.read(Revision())).records == RECORDS


async def test_a_folder_or_a_file_in_the_way_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "calfeed.sqlite3"):
        store = SqliteStore(path)
        with pytest.raises(StoreError, match=str(path)):
            await store.open()
        await store.close()


async def test_a_locked_file_is_a_store_error_and_not_set_aside(path: Path) -> None:
    await write_all(path)
    store = SqliteStore(path, busy_seconds=0.01)
    await store.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        await put(store)
    other.execute("ROLLBACK")
    other.close()
    assert (await store.revision()).number == 1
    await store.close()
    assert not path.with_name("calfeed.sqlite3.aside").exists()


async def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    await store.close()
    with pytest.raises(StoreError):
        await store.read(Revision())


def _delete(path: Path) -> None:
    for file in path.parent.glob(path.name + "*"):
        file.unlink()


LOSSES: dict[str, Callable[[Path], object]] = {
    "deleted": _delete,
    "deleted with its folder": lambda path: shutil.rmtree(path.parent),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_nothing_is_written_to_a_file_that_is_gone(loss: str, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "calfeed.sqlite3"
    async with opened(path) as store:
        before = await put(store)
        LOSSES[loss](path)
        with pytest.raises(StoreReplaced):
            await store.write(Changes(before, {"events": {"1": b"new"}}))
        await put(store)
    async with opened(path) as store:
        assert (await store.read(Revision())).records == RECORDS


async def test_two_processes_notice_that_their_file_is_gone(path: Path) -> None:
    async with opened(path) as one, opened(path) as two:
        before = await put(one)
        await asyncio.to_thread(_delete, path)
        for number in range(5):
            assert (await one.write(Changes(await one.revision()))).number == number + 1
        assert (await two.revision()).epoch != before.epoch

"""In one SQLite file, which any number of processes on this machine may share. It is a cache: it
can be deleted at any time, and a damaged or older one is set aside."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from calfeed.errors import StoreError
from calfeed.events.model import EVENT
from calfeed.store import HOUR, Changes, Ledger, mark
from calfeed.store.sqlite_file import inode, open_file, read_events

T = TypeVar("T")

FORMAT = 1
"""Raise it when the tables or the events' fields change: a file of another format is set aside."""


class SqliteStore:
    """Keeps all in one file, in a thread of its own: a slow disk never holds the event loop.

    After an error, and when the file is not the one opened, the next revision() opens it anew.
    """

    def __init__(self, path: Path, upstream: str = "") -> None:
        self._path = path
        self._format = FORMAT + 256 * (mark(upstream) >> 10)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._db: sqlite3.Connection | None = None
        self._file, self._failed = 0, False

    async def open(self) -> None:
        """See Store; a file that cannot be used is set aside."""
        await self._run(self._open)

    async def close(self) -> None:
        """See Store."""
        if self._db is not None:
            await self._run(self._db.close)
        self._thread.shutdown()

    async def revision(self) -> int:
        """See Store."""

        def look() -> int:
            if self._failed or inode(self._path) != self._file:
                self._open()
            return int(self._number("revision"))

        return await self._run(look)

    async def read(self, since: int) -> Changes:
        """See Store; a file with an event that cannot be read is set aside."""

        def read() -> Changes:
            try:
                return self._read(since)
            except ValueError:
                self._open(suspect=True)
                return self._read(since)

        return await self._run(read)

    async def write(self, changes: Changes) -> int:
        """See Store."""
        bodies = [(event.id, EVENT.dump_json(event).decode()) for event in changes.events]
        return await self._run(lambda: self._write(changes, bodies))

    async def take_call(
        self, now: float, allowed: int, *, urgent: bool, allowed_of_kind: int
    ) -> float:
        """See Store."""

        def take() -> float:
            with self._transaction() as db:
                wait = self._ledger(now).wait(now, allowed, urgent, allowed_of_kind)
                # A clock that was set back does not stop all calls until it is where it was.
                db.execute("UPDATE calls SET at = ? WHERE at > ?", (now, now))
                if not wait:
                    db.execute("INSERT INTO calls VALUES (?, ?)", (now, urgent))
                db.execute("DELETE FROM calls WHERE at <= ?", (now - HOUR,))
                return wait

        return await self._run(take)

    async def block_calls(self, until: float) -> None:
        """See Store."""

        def block() -> None:
            with self._transaction():
                self._set("blocked_until", max(until, self._number("blocked_until")))

        await self._run(block)

    async def ledger(self, now: float) -> Ledger:
        """See Store."""
        return await self._run(lambda: self._ledger(now))

    async def lease(self, name: str, owner: str, now: float, seconds: float) -> bool:
        """See Store."""

        def take() -> bool:
            with self._transaction() as db:
                done = db.execute(
                    "INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                    " SET owner = excluded.owner, until = excluded.until"
                    " WHERE owner = excluded.owner OR until <= ? OR until > ?",
                    (name, owner, now + seconds, now, now + 2 * seconds),  # a clock set back
                )
                return done.rowcount > 0

        return await self._run(take)

    async def release(self, name: str, owner: str) -> None:
        """See Store."""

        def give() -> None:
            with self._transaction() as db:
                db.execute("DELETE FROM leases WHERE name = ? AND owner = ?", (name, owner))

        await self._run(give)

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (sqlite3.Error, OSError, RuntimeError, ValueError) as error:
            self._failed = True
            raise StoreError(f"{self._path}: {error}") from error

    def _open(self, *, suspect: bool = False) -> None:
        if self._db is not None:
            self._db.close()
        self._db, self._file = open_file(self._path, self._format, suspect=suspect)
        self._failed = False

    @property
    def _open_db(self) -> sqlite3.Connection:
        if self._db is None:
            raise StoreError(f"{self._path}: not open")
        return self._db

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._open_db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # some errors, such as a full disk's, have ended it already
                db.execute("ROLLBACK")
            raise

    def _number(self, name: str) -> float:
        row = self._open_db.execute("SELECT value FROM numbers WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else 0.0

    def _set(self, name: str, value: float) -> None:
        self._open_db.execute("INSERT OR REPLACE INTO numbers VALUES (?, ?)", (name, value))

    def _read(self, since: int) -> Changes:
        with self._transaction() as db:
            gone = "SELECT id FROM events WHERE revision > ? AND body IS NULL"
            notes = "SELECT name, body FROM notes WHERE revision > ?"
            return Changes(
                int(self._number("revision")),
                read_events(db, since),
                tuple(key for (key,) in db.execute(gone, (since,))),
                dict(db.execute(notes, (since,)).fetchall()),
            )

    def _write(self, changes: Changes, bodies: list[tuple[int, str]]) -> int:
        with self._transaction() as db:
            revision = int(self._number("revision")) + 1
            rows = [*bodies, *((key, None) for key in changes.removed)]
            events = [(key, revision, body) for key, body in rows]
            db.executemany("INSERT OR REPLACE INTO events VALUES (?, ?, ?)", events)
            db.executemany(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)",
                [(name, revision, body) for name, body in changes.notes.items()],
            )
            self._set("revision", revision)
            return revision

    def _ledger(self, now: float) -> Ledger:
        since = "SELECT at, urgent FROM calls WHERE at > ? ORDER BY at"
        calls = self._open_db.execute(since, (now - HOUR,)).fetchall()
        blocked_until = self._number("blocked_until")
        return Ledger(tuple((at, bool(urgent)) for at, urgent in calls), blocked_until)

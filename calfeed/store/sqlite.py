"""In one SQLite file, which any number of processes on this machine may share. It is a cache: it
can be deleted at any time, and a damaged or older one is set aside."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from calfeed.errors import LeaseLost, StoreError, StoreReplaced
from calfeed.store import LEDGER_SECONDS, Calls, Changes, Revision, calls_at, mark
from calfeed.store.sqlite_file import inode, open_file

T = TypeVar("T")

FORMAT = 2
"""Raise it when the tables or a record's fields change: a file of another format is set aside."""


class SqliteStore:
    """Keeps all in one file, in a thread of its own: a slow disk never holds the event loop.

    After an error, and when the file is not the one opened, it is opened anew. ``clock`` gives
    seconds since the Unix epoch; another process' write is waited for ``busy_seconds``.
    """

    def __init__(
        self,
        path: Path,
        upstream: str = "",
        *,
        clock: Callable[[], float] = time.time,
        busy_seconds: float = 10.0,
    ) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._format = FORMAT + 256 * (mark(upstream) >> 10)
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None
        self._file = 0

    async def open(self) -> None:
        """See Store; a file that cannot be used is set aside."""
        await self.revision()

    async def close(self) -> None:
        """See Store."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def revision(self) -> Revision:
        """See Records."""
        return await self._run(self._revision)

    async def read(self, since: Revision) -> Changes:
        """See Records."""
        return await self._run(lambda: self._read(since))

    async def write(self, changes: Changes, owner: str = "") -> Revision:
        """See Records."""
        return await self._run(lambda: self._write(changes, owner))

    async def take_call(self, allowed: int) -> float:
        """See Ledger."""

        def take() -> float:
            with self._transaction() as db:
                now = self._clock()
                # A clock that was set back does not stop all calls until it is where it was.
                db.execute("UPDATE calls SET at = ? WHERE at > ?", (now, now))
                db.execute("DELETE FROM calls WHERE at <= ?", (now - LEDGER_SECONDS,))
                wait = self._calls().wait(allowed)
                if not wait:
                    db.execute("INSERT INTO calls VALUES (?)", (now,))
                return wait

        return await self._run(take)

    async def enter_calls(self, count: int) -> None:
        """See Ledger."""

        def enter() -> None:
            with self._transaction() as db:
                db.executemany("INSERT INTO calls VALUES (?)", [(self._clock(),)] * count)

        await self._run(enter)

    async def block_calls(self, seconds: float) -> None:
        """See Ledger."""

        def block() -> None:
            with self._transaction() as db:
                until = self._clock() + max(seconds, self._calls().blocked)
                db.execute("UPDATE state SET blocked_until = ?", (until,))

        await self._run(block)

    async def calls(self) -> Calls:
        """See Ledger."""
        return await self._run(self._calls)

    async def lease(self, owner: str, seconds: float) -> bool:
        """See Leases."""

        def take() -> bool:
            with self._transaction() as db:
                now = self._clock()
                latest = now + 2 * seconds  # a later end is that of a clock set back
                holders = db.execute(
                    "SELECT owner FROM lease WHERE until > ? AND until <= ?", (now, latest)
                ).fetchall()
                if holders not in ([], [(owner,)]):
                    return False
                db.execute("DELETE FROM lease")
                db.execute("INSERT INTO lease VALUES (?, ?)", (owner, now + seconds))
                return True

        return await self._run(take)

    async def release(self, owner: str) -> None:
        """See Leases."""

        def give() -> None:
            with self._transaction() as db:
                db.execute("DELETE FROM lease WHERE owner = ?", (owner,))

        await self._run(give)

    async def _run(self, work: Callable[[], T]) -> T:
        def on_the_file_of_now() -> T:
            try:
                if self._connection is None or inode(self._path) != self._file:
                    self._close()
                    self._connection = open_file(self._path, self._format, self._busy_seconds)
                    self._file = inode(self._path)
                return work()
            except (sqlite3.Error, OSError, ValueError, TypeError) as error:
                self._close()
                raise StoreError(f"{self._path}: {error}") from error

        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, on_the_file_of_now
            )
        except RuntimeError as error:
            raise StoreError(f"{self._path}: closed") from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(f"{self._path}: not open")
        return self._connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # some errors, such as a full disk's, have ended it already
                db.execute("ROLLBACK")
            raise

    def _revision(self) -> Revision:
        epoch, number = self._db.execute("SELECT epoch, revision FROM state").fetchone()
        return Revision(epoch, number)

    def _read(self, since: Revision) -> Changes:
        with self._transaction() as db:
            newest = self._revision()
            after = (since.number if since.epoch == newest.epoch else 0,)
            records: dict[str, dict[str, bytes | None]] = {}
            for collection, key, body in db.execute(
                "SELECT collection, id, body FROM records WHERE revision > ?", after
            ):
                records.setdefault(collection, {})[key] = body
            notes = db.execute("SELECT name, body FROM notes WHERE revision > ?", after)
            return Changes(newest, records, dict(notes.fetchall()))

    def _write(self, changes: Changes, owner: str) -> Revision:
        with self._transaction() as db:
            epoch, number = self._revision()
            if epoch != changes.revision.epoch:
                raise StoreReplaced(f"{self._path}: not the file that was read")
            if owner and db.execute("SELECT owner FROM lease").fetchall() != [(owner,)]:
                raise LeaseLost("another process refreshes now")
            number += 1
            db.executemany(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)",
                [
                    (collection, key, number, body)
                    for collection, bodies in changes.records.items()
                    for key, body in bodies.items()
                ],
            )
            db.executemany(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)",
                [(name, number, text) for name, text in changes.notes.items()],
            )
            db.execute("UPDATE state SET revision = ?", (number,))
            return Revision(epoch, number)

    def _calls(self) -> Calls:
        made = [at for (at,) in self._db.execute("SELECT at FROM calls")]
        (blocked_until,) = self._db.execute("SELECT blocked_until FROM state").fetchone()
        return calls_at(self._clock(), made, blocked_until)

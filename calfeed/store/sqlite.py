"""In one SQLite file, which any number of processes on this machine may share. It is a cache: it
can be deleted at any time, and a damaged or older one is set aside."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from calfeed.errors import StoreError
from calfeed.event import Event
from calfeed.store import HOUR, Changes, Ledger, mark

log = logging.getLogger(__name__)

T = TypeVar("T")

FORMAT = 1
"""Raise it when the tables or the events' fields change: a file of another format is set aside."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, body)",
    "CREATE INDEX IF NOT EXISTS events_by_revision ON events (revision)",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, body)",
    "CREATE TABLE IF NOT EXISTS calls (at REAL NOT NULL, urgent INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL)",
    "CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value REAL NOT NULL)",
)
_EXPECTED = {"events", "notes", "calls", "leases", "numbers"}


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
            if self._failed or self._inode() != self._file:
                self._open()
            return int(self._number("revision"))

        return await self._run(look)

    async def read(self, since: int) -> Changes:
        """See Store."""
        return await self._run(lambda: self._read(since))

    async def write(self, changes: Changes) -> int:
        """See Store."""
        bodies = [(event.id, event.model_dump_json()) for event in changes.events]
        return await self._run(lambda: self._write(changes, bodies))

    async def take_call(
        self, now: float, allowed: int, *, urgent: bool, allowed_of_kind: int
    ) -> float:
        """See Store."""

        def take() -> float:
            with self._transaction() as db:
                wait = self._ledger(now).wait(now, allowed, urgent, allowed_of_kind)
                # A clock that was set back does not stop all calls until it is where it was.
                db.execute("UPDATE calls SET at = ?1 WHERE at > ?1", (now,))
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
                    "INSERT INTO leases VALUES (?1, ?2, ?4) ON CONFLICT (name) DO UPDATE"
                    " SET owner = ?2, until = ?4 WHERE owner = ?2 OR until <= ?3 OR until > ?5",
                    (name, owner, now, now + seconds, now + 2 * seconds),  # a clock set back
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

    def _inode(self) -> int:
        try:
            return self._path.stat().st_ino
        except FileNotFoundError:
            return 0

    def _open(self) -> None:
        if self._db is not None:
            self._db.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(f"{self._path}.lock", timeout=10, isolation_level=None)
        with contextlib.closing(lock):  # one process at a time makes a file, or sets one aside
            lock.execute("BEGIN EXCLUSIVE")
            try:
                self._db = self._connect()
            except sqlite3.DatabaseError as error:
                kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
                if isinstance(error, sqlite3.OperationalError) and kind != sqlite3.SQLITE_ERROR:
                    raise  # locked, no rights, disk full
                self._set_aside(str(error))
                self._db = self._connect()
            self._file, self._failed = self._inode(), False

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            db.execute("BEGIN IMMEDIATE")
            (found,) = db.execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            if (tables and not tables >= _EXPECTED) or (tables and found != self._format):
                raise sqlite3.DatabaseError("of another version, or another Launch Library's")
            if tables:
                self._check(db)
            for statement in (*_TABLES, f"PRAGMA user_version = {self._format}", "COMMIT"):
                db.execute(statement)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            db.close()
            raise
        return db

    @staticmethod
    def _check(db: sqlite3.Connection) -> None:
        """Raise where the file is damaged, or an event in it cannot be read."""
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        try:
            for (body,) in db.execute("SELECT body FROM events WHERE body IS NOT NULL"):
                Event.model_validate_json(body)
        except ValueError as error:
            raise sqlite3.DatabaseError("an event in it cannot be read") from error

    def _set_aside(self, why: str) -> None:
        aside = self._path.with_name(self._path.name + ".aside")
        log.warning("%s cannot be used (%s); set aside as %s", self._path, why, aside.name)
        self._path.replace(aside)
        for ending in ("-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

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
            rows = db.execute("SELECT id, body FROM events WHERE revision > ?", (since,)).fetchall()
            notes = db.execute("SELECT name, body FROM notes WHERE revision > ?", (since,))
            kept = tuple(Event.model_validate_json(body) for _, body in rows if body is not None)
            gone = tuple(key for key, body in rows if body is None)
            return Changes(int(self._number("revision")), kept, gone, dict(notes.fetchall()))

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

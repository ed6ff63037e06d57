"""A SQLite file -> a connection to it: made where there is none, and set aside where it cannot be
used."""

import contextlib
import logging
import sqlite3
from pathlib import Path

from calfeed.events.model import EVENT, Event

log = logging.getLogger("calfeed.store.sqlite")

_TABLES = (
    "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, body)",
    "CREATE INDEX IF NOT EXISTS events_by_revision ON events (revision)",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, body)",
    "CREATE TABLE IF NOT EXISTS calls (at REAL NOT NULL, urgent INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL)",
    "CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value REAL NOT NULL)",
)
_EXPECTED = {"events", "notes", "calls", "leases", "numbers"}


def open_file(path: Path, version: int, *, suspect: bool) -> tuple[sqlite3.Connection, int]:
    """A connection to a file of this version that is not damaged, and the file's inode. Where it is
    ``suspect``, its events are read too; else that is left to who needs them: it takes a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(f"{path}.lock", timeout=10, isolation_level=None)
    with contextlib.closing(lock):  # one process at a time makes a file, or sets one aside
        lock.execute("BEGIN EXCLUSIVE")
        try:
            db = _connect(path, version, suspect=suspect)
        except sqlite3.DatabaseError as error:
            kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if isinstance(error, sqlite3.OperationalError) and kind != sqlite3.SQLITE_ERROR:
                raise  # locked, no rights, disk full
            _set_aside(path, str(error))
            db = _connect(path, version)
        return db, inode(path)


def inode(path: Path) -> int:
    """What tells one file from another of the same name; 0 where there is none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def read_events(db: sqlite3.Connection, since: int) -> tuple[Event, ...]:
    """The events written after a revision.

    Raises:
        ValueError: one cannot be read.
    """
    bodies = "SELECT CAST(body AS BLOB) FROM events WHERE revision > ? AND body IS NOT NULL"
    return tuple(EVENT.validate_json(body) for (body,) in db.execute(bodies, (since,)))


def _connect(path: Path, version: int, *, suspect: bool = False) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA cache_size = -256")  # KB, not 2,000: the events are in memory already
        db.execute("BEGIN IMMEDIATE")
        (found,) = db.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if (tables and not tables >= _EXPECTED) or (tables and found != version):
            raise sqlite3.DatabaseError("of another version, or another Launch Library's")
        if tables:
            _check(db, suspect=suspect)
        for statement in (*_TABLES, f"PRAGMA user_version = {version}", "COMMIT"):
            db.execute(statement)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection, *, suspect: bool) -> None:
    """Raise where the file is damaged, or lacks a column, or an event in it cannot be read."""
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    db.execute("SELECT revision, body FROM events LIMIT 0")
    for table, column in (("numbers", "value"), ("calls", "at")):
        types = {found for (found,) in db.execute(f"SELECT typeof({column}) FROM {table}")}  # noqa: S608
        if not types <= {"real", "integer"}:
            raise sqlite3.DatabaseError(f"{table} in it are no numbers")
    try:
        for (body,) in db.execute("SELECT CAST(body AS BLOB) FROM notes WHERE body IS NOT NULL"):
            body.decode()
    except ValueError as error:
        raise sqlite3.DatabaseError("a note in it cannot be read") from error
    if suspect:
        try:
            read_events(db, 0)
        except ValueError as error:
            raise sqlite3.DatabaseError("an event in it cannot be read") from error


def _set_aside(path: Path, why: str) -> None:
    aside = path.with_name(path.name + ".aside")
    log.warning("%s cannot be used (%s); set aside as %s", path, why, aside.name)
    path.replace(aside)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)

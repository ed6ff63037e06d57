"""A SQLite file -> a connection to it: made where there is none, and set aside where it is of
another format or damaged."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

log = logging.getLogger("calfeed.store.sqlite")

_TABLES = (
    "CREATE TABLE records (collection TEXT, id TEXT, revision INTEGER NOT NULL, body BLOB,"
    " PRIMARY KEY (collection, id))",
    "CREATE INDEX records_by_revision ON records (revision)",
    "CREATE TABLE notes (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT)",
    "CREATE TABLE calls (at REAL NOT NULL)",
    "CREATE TABLE lease (owner TEXT NOT NULL, until REAL NOT NULL)",
    "CREATE TABLE state (epoch TEXT NOT NULL, revision INTEGER NOT NULL, blocked_until REAL)",
)
_EXPECTED = {
    "records": "SELECT collection, id, revision, body FROM records LIMIT 0",
    "notes": "SELECT name, body FROM notes",
    "calls": "SELECT at + 0.0 FROM calls WHERE typeof(at) = 'real'",
    "lease": "SELECT owner, until FROM lease",
    "state": "SELECT epoch, revision + 0, blocked_until + 0 FROM state",
}


def open_file(path: Path, version: int, busy_seconds: float) -> sqlite3.Connection:
    """A connection to a file of this format that is not damaged.

    One process at a time looks at a file, makes one, or sets one aside: SQLite maps the file beside
    it into memory, and who still looks when that is taken away dies of a bus error.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(f"{path}.lock", timeout=busy_seconds, isolation_level=None)
    with closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        try:
            return _connect(path, version, busy_seconds)
        except (sqlite3.DatabaseError, ValueError) as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
                raise  # locked, no rights, disk full
            _set_aside(path, str(error))
            return _connect(path, version, busy_seconds)


def inode(path: Path) -> int:
    """What tells one file from another of the same name; 0 where there is none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def _connect(path: Path, version: int, busy_seconds: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA cache_size = -256")  # KB, not 2,000: the records are in memory already
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN IMMEDIATE")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if tables:
            _check(db, version, tables)
        else:
            for statement in (*_TABLES, f"PRAGMA user_version = {version}"):
                db.execute(statement)
            db.execute("INSERT INTO state VALUES (?, 0, 0)", (uuid4().hex,))
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection, version: int, tables: set[str]) -> None:
    """Raise where the file is of another format, or damaged."""
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found != version or not tables >= _EXPECTED.keys():
        raise sqlite3.DatabaseError("of another version, or another Launch Library's")
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    rows = {name: db.execute(query).fetchall() for name, query in _EXPECTED.items()}
    (calls,) = db.execute("SELECT count(*) FROM calls").fetchone()
    if len(rows["state"]) != 1 or len(rows["calls"]) != calls:
        raise sqlite3.DatabaseError("what it says of itself cannot be read")


def _set_aside(path: Path, why: str) -> None:
    aside = path.with_name(path.name + ".aside")
    log.warning("%s cannot be used (%s); set aside as %s", path, why, aside.name)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.replace(aside)

"""Thunderbird without a window, with a profile of its own that subscribes to a feed."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.clients.feed import PATIENCE, Entry
from tests.support.needs import needs

SUBSCRIPTION = {
    "type": "ics",
    "name": "Space",
    "readOnly": True,
    "cache.enabled": True,
}
"""What Thunderbird notes about a calendar that somebody subscribed to."""
NOWHERE = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
"""A proxy that is not there, for all addresses but those of this machine."""
ALL_DAY = 8
"""The flag of an all-day entry in its database."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUERY = "SELECT id, title, event_start, event_end, flags, ical_status FROM cal_events"


class Thunderbird:
    """The program; each `entries` is a start of it, with the profile of the last."""

    def __init__(self, folder: Path, url: str) -> None:
        self._program = needs("thunderbird")
        self._folder = folder
        self._profile = folder / "profile"
        self._profile.mkdir()
        calendar = {f"calendar.registry.space.{key}": value for key, value in SUBSCRIPTION.items()}
        calendar |= {"calendar.registry.space.uri": url, "calendar.list.sortOrder": "space"}
        (self._profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(key)}, {json.dumps(value)});\n"
            for key, value in {**calendar, **NOWHERE}.items()
        ))  # fmt: skip

    async def entries(self, expected: list[Entry]) -> list[Entry]:
        """Start it, and read what it holds, in order of UID, until that is what is expected;
        what it held last, where it never was."""
        entries: list[Entry] = []
        async with self._running():
            try:
                async with asyncio.timeout(PATIENCE):
                    while entries != expected:
                        await asyncio.sleep(0.2)
                        entries = self._read()
            except TimeoutError:
                pass
        return entries

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        with (self._folder / "thunderbird.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                self._program, "--headless", "--no-remote", "--profile", str(self._profile),
                stdout=log, stderr=log, env={**os.environ, "HOME": str(self._folder)},
            )  # fmt: skip
            try:
                yield
            finally:
                process.terminate()
                await process.wait()

    def _read(self) -> list[Entry]:
        """What its database holds. While it runs it keeps that locked, so a copy is read."""
        copy = self._folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in (self._profile / "calendar-data").glob("cache.sqlite*"):
            shutil.copy(file, copy)
        try:
            with closing(sqlite3.connect(copy / "cache.sqlite")) as database:
                return sorted(map(from_row, database.execute(QUERY)))
        except sqlite3.Error:  # no table yet, or copied in the middle of a change
            return []


def from_row(row: tuple[str, str, int, int, int, str]) -> Entry:
    """Times are in microseconds; all-day entries are floating, from midnight to midnight."""
    uid, title, start, end, flags, status = row
    start_at, end_at = (EPOCH + timedelta(microseconds=time) for time in (start, end))
    return Entry(uid, title, start_at, end_at, bool(flags & ALL_DAY), status)

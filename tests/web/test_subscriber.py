"""A real subscriber: vdirsyncer fetches a feed over HTTP, khal shows what it fetched."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from tests.fake import FakeLaunchLibrary, event, stamp
from tests.support.needs import needs
from tests.support.service import calling

NOW = datetime.now(UTC).replace(microsecond=0)
EVENTS = 60
CHANGED, DELETED = 7, 8
SECONDS = 20.0


class Subscriber:
    """vdirsyncer and khal with a folder of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self._programs = {name: needs(name) for name in ("vdirsyncer", "khal")}
        self._folder = folder
        self.items = folder / "items"
        self.items.mkdir()
        (folder / "vdirsyncer.conf").write_text(f"""
[general]
status_path = "{folder}/status/"
[pair subscription]
a = "feed"
b = "local"
collections = null
[storage feed]
type = "http"
url = "{url}"
[storage local]
type = "filesystem"
path = "{self.items}"
fileext = ".ics"
""")
        (folder / "khal.conf").write_text(f"""
[calendars]
[[subscription]]
path = {self.items}
readonly = True
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
""")

    async def sync(self) -> str:
        """Fetch; what it said."""
        config = str(self._folder / "vdirsyncer.conf")
        await self._run("vdirsyncer", "-c", config, "discover")
        return await self._run("vdirsyncer", "-c", config, "sync")

    async def shown(self) -> list[str]:
        """The titles khal shows, sorted."""
        config = str(self._folder / "khal.conf")
        day = (NOW - timedelta(days=1)).date().isoformat()
        options = ["--once", "--day-format", "", "--format", "{title}"]
        text = await self._run("khal", "-c", config, "list", *options, day, "200d")
        return sorted(line for line in text.splitlines() if line)

    async def _run(self, program: str, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            self._programs[program], *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "HOME": str(self._folder), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        said = (await process.communicate())[0].decode()
        assert process.returncode == 0, said
        return said


async def told(client: aiohttp.ClientSession) -> list[str]:
    """The titles the feed has, sorted."""
    async with client.get("/events.json") as answer:
        return sorted(one["summary"] for one in (await answer.json())["events"])


async def until(client: aiohttp.ClientSession, seen: Callable[[list[str]], bool]) -> list[str]:
    async with asyncio.timeout(SECONDS):
        while True:
            found = await told(client)
            if seen(found):
                return found
            await asyncio.sleep(0.1)


def title(number: int) -> str:
    return f"Event {number} – “докинг” 🚀"


def records() -> list[dict[str, Any]]:
    return [
        event(n, name=title(n), date=NOW + timedelta(days=2 * n, hours=1),
              date_precision=n % 3, last_updated=NOW - timedelta(days=9, minutes=n))
        for n in range(1, EVENTS + 1)
    ]  # fmt: skip


async def test_what_changes_upstream_reaches_the_subscriber(tmp_path: Path) -> None:
    async with FakeLaunchLibrary(records()) as ll:
        async with calling(ll, ll2_calls_per_hour=1000, fresh_for=timedelta(seconds=1)) as client:
            before = await told(client)
            async with client.head("/events.ics") as answer:
                subscriber = Subscriber(tmp_path, str(answer.url))
            await subscriber.sync()
            items = set(subscriber.items.iterdir())
            assert len(items) == len(before) == EVENTS
            assert await subscriber.shown() == before

            was, gone = title(CHANGED), title(DELETED)
            ll.put(ll.events[CHANGED] | {"name": "Postponed", "last_updated": stamp(NOW)})
            ll.delete(DELETED)
            after = await until(client, lambda now: "Postponed" in now and gone not in now)
            said = await subscriber.sync()
    assert "conflict" not in said.lower()
    assert set(before) - set(after) == {was, gone}
    assert set(after) - set(before) == {"Postponed"}
    assert await subscriber.shown() == after
    left = set(subscriber.items.iterdir())
    assert (len(items - left), len(left - items)) == (2, 1)

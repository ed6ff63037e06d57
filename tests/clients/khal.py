"""vdirsyncer fetches a feed over HTTP into a folder, and khal shows what lies there."""

import asyncio
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from tests.clients.feed import Entry, moment
from tests.support.needs import needs

KEYS = ("uid", "title", "start", "end", "all-day", "status")
"""What khal is to tell of each entry."""
VDIRSYNCER = """
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
path = "{folder}/items"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[subscription]]
path = {folder}/items
readonly = True
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%SZ
longdatetimeformat = %Y-%m-%dT%H:%M:%SZ
"""


class Khal:
    """Both programs, with a folder of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self._programs = {name: needs(name) for name in ("vdirsyncer", "khal")}
        self._folder = folder
        self._items = folder / "items"
        self._items.mkdir()
        for name, text in (("vdirsyncer", VDIRSYNCER), ("khal", KHAL)):
            (folder / f"{name}.conf").write_text(text.format(folder=folder, url=url))

    @property
    def items(self) -> set[Path]:
        """The files vdirsyncer made, one for each entry; an entry that changed has a new one."""
        return set(self._items.iterdir())

    async def sync(self) -> str:
        """Fetch; what vdirsyncer said."""
        await self._run("vdirsyncer", "discover")
        return await self._run("vdirsyncer", "sync")

    async def entries(self, since: datetime) -> list[Entry]:
        """What khal lists of the 200 days that follow, in order of title."""
        day = (since - timedelta(days=1)).date().isoformat()
        keys = [argument for key in KEYS for argument in ("--json", key)]
        text = await self._run("khal", "list", "--once", *keys, day, "200d")
        return sorted(from_json(item) for line in text.splitlines() for item in json.loads(line))

    async def _run(self, program: str, *arguments: str) -> str:
        config = ("-c", str(self._folder / f"{program}.conf"))
        process = await asyncio.create_subprocess_exec(
            self._programs[program], *config, *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "HOME": str(self._folder), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        said = (await process.communicate())[0].decode()
        assert process.returncode == 0, said
        return said


def from_json(item: dict[str, str]) -> Entry:
    """An entry as khal lists it: an all-day one with its last day. The UID is left out, for
    vdirsyncer puts the hash of each item in its place."""
    start, end = (moment(datetime.fromisoformat(item[key])) for key in ("start", "end"))
    all_day = item["all-day"] == "True"
    end += timedelta(days=1) if all_day else timedelta()
    return Entry("", item["title"], start, end, all_day, item["status"])

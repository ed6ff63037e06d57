"""A feed that the apps subscribe to: a fake Launch Library behind a real ``calfeed serve``."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import aiohttp
import icalendar

from tests.fake import FakeLaunchLibrary, Record, event
from tests.support.process import serving

PATIENCE = 300.0
"""Seconds after which what a test waits for will not come."""
EVENTS = 60
MOVED, CLEARED, DELETED, ADDED = 9, 10, 8, 61
"""The ids of the events that `Feed.change` is about."""
PRECISIONS = (0, 1, 6, 7)
"""Second, minute, week, month."""
SETTINGS = {"CALFEED_FRESH_FOR": "PT1S", "CALFEED_LL2_CALLS_PER_HOUR": "10000"}


@dataclass(frozen=True, order=True)
class Entry:
    """An entry of a calendar, as the feed has it and as an app shows it.

    Start and end are in UTC; an all-day entry begins at midnight and ends with the midnight
    after its last day.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    all_day: bool
    status: str


@dataclass(frozen=True)
class Feed:
    """The feed of all events, and the Launch Library that it comes from."""

    url: str
    now: datetime
    ll: FakeLaunchLibrary
    client: aiohttp.ClientSession

    async def entries(self, wanted: Callable[[dict[str, Entry]], bool]) -> list[Entry]:
        """What the feed has as soon as it is what is wanted, by title; in order of UID."""
        async with asyncio.timeout(PATIENCE):
            while True:
                entries = await self._fetch()
                if wanted({entry.title: entry for entry in entries}):
                    return entries
                await asyncio.sleep(0.2)

    async def _fetch(self) -> list[Entry]:
        async with self.client.get(self.url) as answer:
            if answer.status != 200:
                return []
            calendar = icalendar.Calendar.from_ical(await answer.read())
        return sorted(from_vevent(vevent) for vevent in calendar.walk("VEVENT"))

    async def filled(self) -> list[Entry]:
        """What it has once all events are there."""
        return await self.entries(lambda entries: len(entries) == EVENTS)

    async def change(self) -> list[Entry]:
        """Change events upstream, and wait for the feed: one moves, one that was known to its
        week gets a time, one goes, one comes."""
        self.ll.put(
            self._changed(MOVED, date=self.now + timedelta(days=40, minutes=5)),
            self._changed(CLEARED, date=self.now + timedelta(days=41), date_precision=0),
            event(ADDED, name=title(ADDED), date=self.now + timedelta(days=42), date_precision=0,
                  last_updated=self.now),
        )  # fmt: skip
        self.ll.delete(DELETED)
        return await self.entries(
            lambda entries: title(ADDED) in entries and title(DELETED) not in entries
        )

    def _changed(self, id: int, **changes: object) -> Record:
        """An event as it is, but for some keys."""
        was = {"name": title(id), "date_precision": PRECISIONS[id % 4], "last_updated": self.now}
        return event(id, **was | changes)


def title(id: int) -> str:
    return f"Event {id} – “докинг” 🚀"


def from_vevent(vevent: icalendar.Component) -> Entry:
    start, end = vevent.decoded("DTSTART"), vevent.decoded("DTEND")
    all_day = not isinstance(start, datetime)
    return Entry(
        str(vevent["UID"]), str(vevent["SUMMARY"]), moment(start), moment(end), all_day,
        str(vevent["STATUS"]),
    )  # fmt: skip


def moment(value: date) -> datetime:
    """A time in UTC; of a day, its beginning."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time(), UTC)


@asynccontextmanager
async def published(folder: Path) -> AsyncIterator[Feed]:
    """Serve the feed for the time of a block; half of its events have coarse dates."""
    now = datetime.now(UTC).replace(microsecond=0)
    records = [
        event(id, name=title(id), date=now + timedelta(days=2 * id, hours=1),
              date_precision=PRECISIONS[id % 4],
              last_updated=now - timedelta(days=9, minutes=id))
        for id in range(1, EVENTS + 1)
    ]  # fmt: skip
    async with FakeLaunchLibrary(records) as ll, aiohttp.ClientSession() as client:
        with serving(folder, CALFEED_LL2_URL=ll.url, **SETTINGS) as service:
            yield Feed(f"{service.url}/events.ics", now, ll, client)

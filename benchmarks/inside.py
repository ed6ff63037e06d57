"""What happens inside one process: rendering, rendering again, querying."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from icalendar import Calendar
from icalendar import Event as VEvent

from benchmarks.data import events
from benchmarks.warm import Row, spread
from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.publish.select import Selector
from calfeed.query.query import Query, View
from tests.support.calendars import query, render

ROUNDS = 7
COUNT = 1071
QUERIES = ("agency__ids=44&past=365d&search=docking", "", "past=90d", "search=docking",
           "type__ids=2,8&spacestation__ids=4", "limit=20")  # fmt: skip


class Held:
    """All of some events, and a publisher that answers out of them."""

    def __init__(self, some: Sequence[Event]) -> None:
        self.dataset = Dataset(EVENTS)
        self.dataset.apply({event.id: event for event in some})
        self._publisher = Publisher(cast(Repository, self))
        self._loop = asyncio.new_event_loop()

    async def get(self, query: Query) -> Result:
        """What a repository would answer."""
        return self.result(query)

    def result(self, query: Query) -> Result:
        """The same."""
        now = datetime.now(UTC)
        return Result(
            query, (self.dataset.snapshot(),), now, now, now, hit=True, stale=False, complete=True
        )

    def __del__(self) -> None:
        self._loop.close()

    def publish(self, text: str = "") -> bytes:
        """A feed's bytes."""
        asked = FeedRequest(query(text))
        # Not asyncio.run, which writes out the whole result in words for a comparison of its own.
        feed, _ = self._loop.run_until_complete(self._publisher.publish(asked, "ics"))
        return feed.body

    def change(self, description: str) -> None:
        """One event changes."""
        event = next(iter(self.dataset.records.values()))
        self.dataset.apply({event.id: replace(event, description=description)})


def rows() -> list[Row]:
    """Everything that is measured without a second process."""
    return [*rendering(), assembling(), *querying()]


def first_render(some: Sequence[Event]) -> float:
    """Seconds for a feed of all events, with nothing rendered before."""
    held = Held(some)
    return timed(held.publish)


def plain(some: Sequence[Event]) -> float:
    """What icalendar alone takes for the same components."""
    asked = query()
    entries = Selector().select(Held(some).result(asked))
    built = [VEvent.from_ical(render(entry, asked.options.display)) for entry in entries]

    def build() -> None:
        calendar = Calendar()
        for event in built:
            calendar.add_component(event)
        calendar.to_ical()

    return timed(build)


def after_change(some: Sequence[Event], text: str = "") -> float:
    """Seconds for a feed after one of its events has changed."""
    held = Held(some)
    held.publish(text)
    found = []
    for n in range(20):
        held.change(f"changed {n}")
        found.append(timed(lambda: held.publish(text)))
    return statistics.median(found)


def rendering() -> list[Row]:
    """A cold render against plain icalendar's, and one after a change."""
    some = events(COUNT)
    pairs = [(first_render(some), plain(some)) for _ in range(ROUNDS)]
    firsts = [ours / theirs for ours, theirs in pairs]
    again = [after_change(some) / ours for ours, _ in pairs]
    return [
        (f"first feed of {COUNT} events", f"{spread(firsts)} of plain icalendar", "1.0 or less"),
        ("after one event changed", f"{spread(again, 3)} of that", "0.02 or less"),
    ]


def assembling() -> Row:
    """The last three months, of pieces that are rendered, but for one."""
    taken = statistics.median(after_change(events(COUNT), "past=90d") for _ in range(3)) * 1000
    return ("the same with past=90d", f"{taken:.2f} ms", "")


def querying() -> list[Row]:
    """Queries of several kinds, out of a full copy."""
    held = Held(events(1000))
    asked = {text: query(text) for text in QUERIES}
    asked["upcoming"] = query(view=View.UPCOMING)
    taken = {name or "all": answering(held, one) * 1000 for name, one in asked.items()}
    return [
        (f"a query against 1000 events: {name}", f"{each:.2f} ms", "1 ms")
        for name, each in taken.items()
    ]


def answering(held: Held, asked: Query) -> float:
    """Seconds from a query to the events a calendar shows."""
    selector = Selector()
    return statistics.median(timed(lambda: selector.select(held.result(asked))) for _ in range(50))


def timed(work: Callable[[], object]) -> float:
    """Seconds it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

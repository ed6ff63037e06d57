"""What happens inside one process: rendering, querying, growth."""

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import cast
from urllib.parse import parse_qsl

from icalendar import Calendar

from benchmarks.data import events
from benchmarks.warm import Row, spread
from calfeed.copy import Copy
from calfeed.event import Event
from calfeed.ics import vcalendar, vevent
from calfeed.kept import Kept
from calfeed.launchlibrary.question import from_query
from calfeed.library import Library
from calfeed.notes import Coverage
from calfeed.options import Display
from calfeed.pieces import Pieces
from calfeed.publish import Publisher, Request
from calfeed.query import Query, View, parse
from calfeed.select import Shown, select
from calfeed.store import Changes

ROUNDS = 5
COUNT = 1071
QUERIES = ("agency__ids=44&past=365d&search=docking", "", "past=90d", "search=docking",
           "type__ids=2,8&spacestation__ids=4", "limit=20")  # fmt: skip
HEAD = vcalendar.Head("All", "All events", "steelblue", datetime(2026, 1, 1, tzinfo=UTC))


def rows() -> list[Row]:
    """Everything that is measured without a second process."""
    return [*rendering(), *query(), assembling(), *growth()]


def shown(count: int) -> list[Shown]:
    """All the events, with their spans."""
    return select(events(count), Query(), datetime.now(UTC))


def plain(entries: list[Shown]) -> bytes:
    """What icalendar alone does with the same components."""
    calendar = Calendar()
    for one in entries:
        calendar.add_component(vevent.build(one.event, one.span, Display()))
    body: bytes = calendar.to_ical()
    return body


def pieced(entries: list[Shown], pieces: Pieces) -> bytes:
    """What calfeed does."""
    return vcalendar.render(HEAD, asyncio.run(pieces.render(entries, Display())))


def rendering() -> list[Row]:
    """A cold render against plain icalendar's, and one after a change."""
    entries = shown(COUNT)
    first, again, one = [], [], entries[COUNT // 2]
    for n in range(ROUNDS):
        pieces = Pieces()
        ours = timed(partial(pieced, entries, pieces))
        theirs = timed(lambda: plain(entries))
        first.append(ours / theirs)
        changed = one.event.model_copy(update={"description": f"changed {n}"})
        newer = [Shown(changed, one.span) if other is one else other for other in entries]
        again.append(timed(partial(pieced, newer, pieces)) / ours)
    return [
        (f"first render of {COUNT} events", f"{spread(first)} of plain icalendar", "1.0 or less"),
        ("after one event changed", f"{spread(again)} of the first", "0.02 or less"),
    ]


def query() -> list[Row]:
    """Queries of several kinds, out of a full copy."""
    copy = copy_of(events(1000))
    asked = {text: parse(parse_qsl(text)) for text in QUERIES}
    asked["upcoming"] = parse([], View.UPCOMING)
    taken = {name or "all": answering(copy, one) * 1000 for name, one in asked.items()}
    return [
        (f"a query against 1000 events: {name}", f"{each:.2f} ms", "1 ms")
        for name, each in taken.items()
    ]


def answering(copy: Copy, asked: Query) -> float:
    """Seconds from a query to the events a calendar shows."""
    now = datetime.now(UTC)

    def answer() -> None:
        known = copy.known(asked, from_query(asked), now)
        assert known is not None
        select(asked.choose(copy.candidates(asked, known), now), asked, now)

    return statistics.median(timed(answer) for _ in range(50))


def assembling() -> Row:
    """The last three months as a feed, of pieces that are all rendered: only the data's version
    has risen since."""
    copy, asked, now = copy_of(events(COUNT)), parse([("past", "90d")]), datetime.now(UTC)
    known = copy.known(asked, from_query(asked), now)
    assert known is not None
    among = copy.candidates(asked, known)

    async def answer(asked: Query) -> Kept:
        copy.version += 1
        return Kept(asked, among, copy.version, now, now, now, hit=True, stale=False)

    publisher = Publisher(cast(Library, SimpleNamespace(answer=answer)))

    async def measure() -> list[float]:
        found = []
        for _ in range(50):
            began = time.perf_counter()
            await publisher.publish(Request(asked), "ics")
            found.append(time.perf_counter() - began)
        return found

    taken = statistics.median(asyncio.run(measure())) * 1000
    return (f"a feed anew, of {COUNT} events with past=90d", f"{taken:.2f} ms", "1.5 ms")


def growth() -> list[Row]:
    """From 1,000 events to 10,000: ten times the work, or less."""
    few, lots = events(1000), events(10_000)
    now, found = datetime.now(UTC), []
    everything = parse([("past", "3650d")])
    measures: dict[str, Callable[[tuple[Event, ...]], float]] = {
        "first render": lambda some: timed(
            lambda: pieced(select(some, Query(), now), Pieces(10**9))
        ),
        "query": lambda some: answering(copy_of(some), everything),
        "taking in changes": lambda some: timed(lambda: copy_of(some)),
    }
    for name, measure in measures.items():
        ratio = statistics.median(measure(lots) / measure(few) for _ in range(3))
        found.append((f"10,000 events to 1,000: {name}", f"{ratio:.1f} times", "10 or less"))
    return found


def copy_of(some: tuple[Event, ...]) -> Copy:
    """A complete copy of these."""
    now = datetime.now(UTC)
    coverage = Coverage(complete=True, as_of=now, synced_to=now - timedelta(hours=1))
    copy = Copy()
    copy.apply(Changes(1, some, (), {"coverage": coverage.model_dump_json()}))
    return copy


def timed(work: Callable[[], object]) -> float:
    """Seconds it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

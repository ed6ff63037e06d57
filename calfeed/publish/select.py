"""A query's result -> the records a calendar shows, each with its span, in order. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Any

from cachetools import LRUCache

from calfeed.entry import Display
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.result import Result
from calfeed.query.collection import Collection
from calfeed.query.options import Options
from calfeed.query.query import LONGEST_ENTRY, RECENT, Query, View
from calfeed.record import Id
from calfeed.span import DAY, Span

MOMENT = timedelta(microseconds=1)
MOST_PLACED = 40_000
"""How many records are remembered with their spans."""
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_WHOLE = Display(window=True)


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and where it lies in the calendar; ``start`` and ``end`` are the span's as moments,
    ``order`` is what to sort by: start, then collection and id."""

    collection: Collection[Any]
    record: Any
    span: Span
    start: datetime
    end: datetime
    order: tuple[datetime, int | str, Id]

    @classmethod
    def of(cls, collection: Collection[Any], record: Any, span: Span) -> "Placed":
        """A record at its span."""
        start, end = span.moments()
        return cls(collection, record, span, start, end, (start, collection.name, record.id))


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last moment at which something holds; None where there is no bound."""

    since: datetime | None
    until: datetime | None

    def at(self, now: datetime) -> bool:
        """Whether it holds then."""
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or now <= self.until)


class Selector:
    """Chooses what calendars show, and remembers where records lie: most queries agree on that.

    A changed record is a new object, and is placed anew.
    """

    def __init__(self, most: int = MOST_PLACED) -> None:
        self._most = most
        self._longest: dict[str, tuple[Mapping[Id, Any], timedelta]] = {}
        self._places: LRUCache[tuple[object, ...], dict[Id, Placed]] = LRUCache(
            most, getsizeof=lambda places: len(places) + 1
        )

    def select(self, result: Result, query: Query | None = None) -> list[Placed]:
        """What the calendar of a query shows; without one, of that which the result is for."""
        query, now = query or result.query, result.now
        options = query.options
        first, last = window(options, now.date())
        entries: list[Placed] = []
        for snapshot in result.snapshots:
            records = matching(snapshot, query, now, self._lasting(snapshot, query))
            if options.webcast != "any":
                records = [r for r in records if has_webcast(r, options.webcast)]
            entries += self.place(snapshot.collection, records, options.display)
        if first is not None:
            entries = [entry for entry in entries if entry.end > first]
        if last is not None:
            entries = [entry for entry in entries if entry.start < last]
        if options.limit is not None or options.offset:
            entries = _cut(entries, options, query.view)
        return sorted(entries, key=attrgetter("order"))

    @property
    def remembered(self) -> int:
        """How many records are remembered with their spans, once for each way to place them."""
        return sum(map(len, self._places.values()))

    def _lasting(self, snapshot: Snapshot[Any], query: Query) -> timedelta:
        """How long the longest of a snapshot's records lasts, where that is of any use."""
        if query.options.past is None:
            return LONGEST_ENTRY
        collection = snapshot.collection
        of, lasting = self._longest.get(collection.name, (None, LONGEST_ENTRY))
        if of is not snapshot.by_id:
            placed = self.place(collection, snapshot.by_id.values(), _WHOLE)
            lengths = (p.end - date for p in placed if (date := collection.date(p.record)))
            lasting = max(lengths, default=timedelta(0))
            self._longest[collection.name] = snapshot.by_id, lasting
        return lasting

    def place(
        self, collection: Collection[Any], records: Iterable[Any], display: Display
    ) -> Iterator[Placed]:
        """The records with their spans; those that have no place in the calendar are left out."""
        key = (collection.name, display.coarse, display.start, display.length, display.window)
        places = self._places.pop(key, {})
        for record in records:
            place = places.get(record.id)
            if place is None or place.record is not record:
                span = collection.span(record, display)
                if span is None:
                    continue
                place = places[record.id] = Placed.of(collection, record, span)
            yield place
        if len(places) < self._most:
            self._places[key] = places


def matching(
    snapshot: Snapshot[Any], query: Query, now: datetime, lasting: timedelta = LONGEST_ENTRY
) -> list[Any]:
    """The records that the filters and the view let through, in order of date; without some that
    are over before the query's window, where none lasts longer than ``lasting``."""
    tests = query.tests(snapshot.collection)
    if tests is None:
        return []
    _, before = query.in_view(now)
    since = query.earliest(snapshot.collection, now, lasting)
    first = 0 if since is None else bisect_left(snapshot.dates, since)
    undated = since is not None or before is not None
    end = len(snapshot.dates) if undated else len(snapshot.records)
    if before is not None:
        end = bisect_left(snapshot.dates, before)
    records: Iterable[Any] = snapshot.records[first:end]
    for test in tests:
        records = filter(test, records)
    return list(records)


def window(options: Options, today: date) -> tuple[datetime | None, datetime | None]:
    """The first moment of the moving window, and the first after it; None where it has no bound."""
    midnight = datetime.combine(today, time(), UTC)
    first = None if options.past is None else midnight - options.past
    last = None if options.future is None else midnight + DAY + options.future
    return first, last


def validity(result: Result) -> Validity:
    """How long the passing of time alone leaves what a result shows as it is."""
    query, now = result.query, result.now
    since: list[datetime] = []
    until: list[datetime] = []
    if query.options.past is not None or query.options.future is not None:
        midnight = datetime.combine(now.date(), time(), UTC)
        since.append(midnight)
        until.append(midnight + DAY - MOMENT)
    if query.view is not View.ALL:
        for snapshot in result.snapshots:
            for after in (timedelta(0), RECENT):  # when a record may pass from one view to another
                turned = bisect_left(snapshot.dates, now - after)
                since += [date + after for date in snapshot.dates[max(0, turned - 1) : turned]]
                until += [date + after for date in snapshot.dates[turned : turned + 1]]
    return Validity(max(since, default=None), min(until, default=None))


def has_webcast(record: Any, wanted: str) -> bool:
    """Whether a record has a webcast, or an ``official`` one."""
    if wanted == "official":
        return any(video.official for video in record.vid_urls)
    return bool(record.vid_urls)


def _cut(entries: list[Placed], options: Options, view: View) -> list[Placed]:
    """``offset`` and ``limit`` count in the order of ``ordering``."""
    ordering = options.ordering or ("-date" if view is View.PREVIOUS else "date")
    field = ordering.removeprefix("-")

    def rank(entry: Placed) -> tuple[str, Any, str, Id]:
        dated = field in ("date", "net")
        value = entry.collection.date(entry.record) if dated else getattr(entry.record, field)
        kind = type(value).__name__ if field == "id" else ""  # numbers, then UUIDs
        name = entry.collection.name
        return (kind, value if value is not None else _LONG_AGO, name, entry.record.id)

    ordered = sorted(entries, key=rank, reverse=ordering.startswith("-"))
    end = None if options.limit is None else options.offset + options.limit
    return ordered[options.offset : end]

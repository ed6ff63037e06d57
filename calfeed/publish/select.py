"""A query's result -> the records a calendar shows, each with its span, in order.

Looks at no clock and no socket.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any

from cachetools import LRUCache

from calfeed.entry import Display
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.result import Result
from calfeed.publish.layout import Layout, Placed, Rank, by_start
from calfeed.publish.matching import all_tests, candidates, dated, passing
from calfeed.publish.window import in_window, window
from calfeed.query.collection import Collection
from calfeed.query.filter import Test
from calfeed.query.options import Options
from calfeed.query.query import LONGEST_ENTRY, Query, View

MOST_PLACED = 40_000
"""How many records are remembered with their spans."""
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Selector:
    """Chooses what calendars show, and remembers where records lie."""

    def __init__(self, most: int = MOST_PLACED) -> None:
        self._longest: dict[str, tuple[tuple[Any, ...], timedelta]] = {}
        self._layouts: LRUCache[tuple[object, ...], Layout] = LRUCache(
            most, getsizeof=attrgetter("size")
        )

    def select(self, result: Result, query: Query | None = None) -> list[Placed]:
        """What the calendar of a query shows; without one, of that which the result is for."""
        query, now = query or result.query, result.now
        options = query.options
        if options.limit is not None:
            found = self._first(result, query, options.offset + options.limit)
            return sorted(found[options.offset :], key=attrgetter("order"))
        chosen: list[Placed] = []
        for snapshot in sorted(result.snapshots, key=attrgetter("collection.name")):
            chosen += self._all(snapshot, query, now)
        if len(result.snapshots) > 1:
            chosen.sort(key=attrgetter("start"))  # stable: then by collection, then by id
        return self._without_first(chosen, result, query) if options.offset else chosen

    def extent(self, result: Result) -> int:
        """How many records :meth:`select` looks at."""
        query, now = result.query, result.now
        if query.ids is not None:
            return len(query.ids)
        parts = (dated(part, query, now, self._lasting(part)) for part in result.snapshots)
        return sum(part.stop - part.start for part in parts)

    @property
    def remembered(self) -> int:
        """How many records are remembered with their spans, once for each way to place them."""
        return sum(len(layout.places) for layout in self._layouts.values())

    def place(
        self, collection: Collection[Any], records: Iterable[Any], display: Display
    ) -> list[Placed]:
        """The records with their spans; those that have no place in the calendar are left out."""
        layout = self._layout(collection, display)
        entries = list(layout.place(records))
        self._hold(layout)
        return entries

    def _all(self, snapshot: Snapshot[Any], query: Query, now: datetime) -> list[Placed]:
        """What is shown of a collection, in order of start, then id."""
        tests = all_tests(snapshot.collection, query)
        if tests is None:
            return []
        part = dated(snapshot, query, now, self._lasting(snapshot))
        layout = self._layout(snapshot.collection, query.options.display)
        if _most(snapshot, query, part):
            entries = layout.arrange(snapshot)
            for test in (*_in_view(snapshot.collection, query, now), *tests):
                entries = [entry for entry in entries if test(entry.record)]
        else:
            records = passing(tests, candidates(snapshot, query, part))
            entries = sorted(layout.place(records), key=by_start)
        self._hold(layout)
        return in_window(entries, query.options, now)

    def _first(self, result: Result, query: Query, count: int) -> list[Placed]:
        """The first so many in the query's ordering, without a look at those behind them."""
        falling, rank = _ordering(query).startswith("-"), _RANKS[_field(query)]
        streams, layouts = [], []
        for snapshot in result.snapshots:
            tests = all_tests(snapshot.collection, query)
            if tests is not None:
                layout = self._layout(snapshot.collection, query.options.display)
                entries = self._ranked(snapshot, query, result.now, layout, tests)
                streams.append(_in_window(entries, query.options, result.now))
                layouts.append(layout)
        found = list(islice(merge(*streams, key=rank, reverse=falling), count))
        for layout in layouts:
            self._hold(layout)
        return found

    def _ranked(
        self, snapshot: Snapshot[Any], query: Query, now: datetime, layout: Layout,
        tests: tuple[Test[Any], ...],
    ) -> Iterator[Placed]:  # fmt: skip
        """What a collection shows apart from the window, in the query's ordering; one by one, where
        everything is in that order already."""
        falling, rank = _ordering(query).startswith("-"), _RANKS[_field(query)]
        part = dated(snapshot, query, now, self._lasting(snapshot))
        if _most(snapshot, query, part) and rank is not _by_date:
            arranged = layout.arrange(snapshot, rank)
            entries = reversed(arranged) if falling else iter(arranged)
            for test in (*_in_view(snapshot.collection, query, now), *tests):
                entries = _passing(test, entries)
            return entries
        records = candidates(snapshot, query, part)
        if rank is _by_date:
            return layout.place(passing(tests, reversed(records) if falling else records))
        return iter(sorted(layout.place(passing(tests, records)), key=rank, reverse=falling))

    def _without_first(self, chosen: list[Placed], result: Result, query: Query) -> list[Placed]:
        """What ``offset`` leaves."""
        offset = query.options.offset
        if offset >= len(chosen):
            return []
        first = {id(entry.record) for entry in self._first(result, query, offset)}
        return [entry for entry in chosen if id(entry.record) not in first]

    def _layout(self, collection: Collection[Any], display: Display) -> Layout:
        layout = self._layouts.get(_key(collection, display))
        return layout or Layout(collection, display)

    def _hold(self, layout: Layout) -> None:
        """Take account of what a layout has grown to. One larger than all that is held goes."""
        key = _key(layout.collection, layout.display)
        self._layouts.pop(key, None)
        if layout.size <= self._layouts.maxsize:
            self._layouts[key] = layout

    def _lasting(self, snapshot: Snapshot[Any]) -> timedelta:
        """How long the longest of a snapshot's records lasts at most. Only a record that tells its
        duration can last longer than LONGEST_ENTRY by itself."""
        of, lasting = self._longest.get(snapshot.collection.name, (None, LONGEST_ENTRY))
        if of is not snapshot.records:
            told = (getattr(record, "duration", None) for record in snapshot.records)
            lasting = max(filter(None, told), default=LONGEST_ENTRY)
            lasting = max(lasting, LONGEST_ENTRY)
            self._longest[snapshot.collection.name] = snapshot.records, lasting
        return lasting


def _key(collection: Collection[Any], display: Display) -> tuple[object, ...]:
    return collection.name, display.coarse, display.start, display.length, display.window


def _in_view(
    collection: Collection[Any], query: Query, now: datetime
) -> Iterator[Callable[[Any], bool]]:
    """The tests of the view, for records that have a date."""
    since, before = query.in_view(now)
    date = collection.date
    if since is not None:
        yield lambda record: date(record) >= since  # type: ignore[operator]
    if before is not None:
        yield lambda record: date(record) < before  # type: ignore[operator]


def _in_window(entries: Iterator[Placed], options: Options, now: datetime) -> Iterator[Placed]:
    """Those that lie in the window, as they come."""
    visible = window(options, now.date())
    return (entry for entry in entries if visible.shows(entry.start, entry.end))


def _ordering(query: Query) -> str:
    """What ``offset`` and ``limit`` count by."""
    return query.options.ordering or ("-date" if query.view is View.PREVIOUS else "date")


def _field(query: Query) -> str:
    name = _ordering(query).removeprefix("-")
    return "date" if name == "net" else name


def _most(snapshot: Snapshot[Any], query: Query, part: slice) -> bool:
    """Whether a part is most of the records: then they are in order sooner than it can be put in
    order, for they are already, if anything has been asked before."""
    return query.ids is None and 2 * (part.stop - part.start) > len(snapshot.records)


def _passing(test: Test[Any], entries: Iterable[Placed]) -> Iterator[Placed]:
    return (entry for entry in entries if test(entry.record))


_by_date: Rank = attrgetter("date", "collection.name", "record.id")
_RANKS: dict[str, Rank] = {
    "date": _by_date,
    "name": attrgetter("record.name", "collection.name", "record.id"),
    "id": attrgetter("collection.name", "record.id"),
    "last_updated": lambda entry: (
        entry.record.last_updated or _LONG_AGO, entry.collection.name, entry.record.id
    ),
}  # fmt: skip

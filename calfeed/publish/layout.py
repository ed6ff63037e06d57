"""Where the records of a collection lie in the calendar, placed in one way. Most queries agree on
the way, so it is remembered. Looks at no clock and no socket."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from calfeed.entry import Display
from calfeed.mirror.dataset import Snapshot
from calfeed.query.collection import Collection
from calfeed.record import Id
from calfeed.span import Span


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and where it lies in the calendar. ``date`` is the record's, ``start`` and ``end``
    are the span's as moments; ``order`` is what to sort by: start, then collection and id."""

    collection: Collection[Any]
    record: Any
    span: Span
    date: datetime | None
    start: datetime
    end: datetime

    @classmethod
    def of(cls, collection: Collection[Any], record: Any, span: Span) -> "Placed":
        """A record at its span."""
        return cls(collection, record, span, collection.date(record), *span.moments())

    @property
    def order(self) -> tuple[datetime, str, Id]:
        """What to sort by where several collections are mixed."""
        return self.start, self.collection.name, self.record.id


Rank = Callable[[Placed], Any]
"""What to sort by."""
by_start: Rank = attrgetter("start", "record.id")
"""What to sort by in one collection."""


@dataclass(slots=True, eq=False)
class Layout:
    """The records of one collection, placed in one way. A changed record is a new object, and is
    placed anew."""

    collection: Collection[Any]
    display: Display
    places: dict[Id, Placed] = field(default_factory=dict)
    _arranged: dict[Rank, tuple[tuple[Any, ...], list[Placed]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much room it takes: as many as it holds, and itself."""
        return len(self.places) + 1

    def place(self, records: Iterable[Any]) -> Iterator[Placed]:
        """The records with their spans; those that have no place in the calendar are left out."""
        collection, places = self.collection, self.places
        for record in records:
            place = places.get(record.id)
            if place is None or place.record is not record:
                span = collection.span(record, self.display)
                if span is None:
                    continue
                place = places[record.id] = Placed.of(collection, record, span)
            yield place

    def arrange(self, snapshot: Snapshot[Any], rank: Rank = by_start) -> list[Placed]:
        """All records of a snapshot in order of start, then id, or of another rank. Whoever gets it
        must not change it: it is worked out once."""
        if not self.arranged(snapshot, rank):
            arranged = sorted(self.place(snapshot.records), key=rank)
            self._arranged[rank] = snapshot.records, arranged
        return self._arranged[rank][1]

    def arranged(self, snapshot: Snapshot[Any], rank: Rank = by_start) -> bool:
        """Whether :meth:`arrange` has nothing left to do."""
        return rank in self._arranged and self._arranged[rank][0] is snapshot.records

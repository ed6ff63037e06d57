"""One collection's records in memory, and immutable snapshots of them. Pure."""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Generic

from calfeed.mirror.state import State
from calfeed.query.collection import Collection, R
from calfeed.record import Id

MOST_LOGGED = 2000
"""How many changes are remembered for those who want to know what changed."""

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Snapshot(Generic[R]):
    """All records of a collection at one version, in order of date, then id; those without a date
    come last. ``dates`` are the dates of the others; ``changed_at`` is when any last changed;
    ``log`` has the last changes: the version that each made, the record before and after it."""

    collection: Collection[R]
    version: int
    records: tuple[R, ...]
    dates: tuple[datetime, ...]
    by_id: Mapping[Id, R]
    changed_at: datetime | None
    log: tuple[tuple[int, R | None, R | None], ...] = ()

    def changes_since(self, version: int) -> tuple[tuple[R | None, R | None], ...] | None:
        """What changed after a version, as pairs of before and after; None where that is not
        remembered any more, or the version is none of these records'."""
        if version == self.version:
            return ()
        oldest = self.log[0][0] if self.log else self.version + 1
        if len(self.log) == MOST_LOGGED:
            oldest += 1  # of the oldest, some changes may be gone already
        if not oldest - 1 <= version < self.version:
            return None
        start = bisect_right(self.log, version, key=itemgetter(0))
        return tuple([(before, after) for _, before, after in self.log[start:]])

    def between(self, first: datetime | None, last: datetime | None) -> tuple[R, ...]:
        """The records dated from ``first`` to ``last``, both included."""
        start = 0 if first is None else bisect_left(self.dates, first)
        end = len(self.dates) if last is None else bisect_right(self.dates, last)
        return self.records[start:end]


class Dataset(Generic[R]):
    """The records of one collection by id, and what is known of them.

    ``version`` rises with every change of a record. ``state`` is what the store says; ``draft``
    is what the next write will say.
    """

    def __init__(self, collection: Collection[R], version: int = 0) -> None:
        self.collection = collection
        self.version = version
        self.records: dict[Id, R] = {}
        self.state = State()
        self.draft = State()
        self._keys: list[tuple[datetime, Id]] = []
        self._log: deque[tuple[int, R | None, R | None]] = deque(maxlen=MOST_LOGGED)
        self._snapshot: Snapshot[R] | None = None

    def apply(self, changes: Mapping[Id, R | None]) -> bool:
        """Take in changed records, and let go of those that are None; whether any differed.

        A record that is equal to the one there stays the very same object.
        """
        before = self.version
        for key, record in changes.items():
            old = self.records.get(key)
            if record == old:
                continue
            self.version = before + 1
            if old is not None:
                del self._keys[bisect_left(self._keys, self._key(old))]
                del self.records[key]
            if record is not None:
                self.records[key] = record
                insort(self._keys, self._key(record))
            self._log.append((self.version, old, record))
        return self.version != before

    def snapshot(self) -> Snapshot[R]:
        """The records as they are now: the same object until one changes."""
        made, changed_at = self._snapshot, self.state.changes.changed_at
        if made is None or (made.version, made.changed_at) != (self.version, changed_at):
            dated = bisect_left(self._keys, (_NEVER,))
            made = self._snapshot = Snapshot(
                self.collection,
                self.version,
                tuple([self.records[key] for _, key in self._keys]),
                tuple([date for date, _ in self._keys[:dated]]),
                MappingProxyType(dict(self.records)),
                changed_at,
                tuple(self._log),
            )
        return made

    def covers(self, earliest: datetime | None) -> bool:
        """Whether every record dated from ``earliest`` on is there; from the first on if None."""
        fill = self.state.fill
        if fill.complete:
            return True
        return fill.since is not None and earliest is not None and earliest > fill.since

    @property
    def as_of(self) -> datetime | None:
        """When the records were last known to be current; None while there are none."""
        return self.state.changes.as_of

    @property
    def doubted(self) -> int:
        """How many records upstream seems to have lost, too many at once to be believed yet."""
        return len(self.state.reconcile.doubted)

    def _key(self, record: R) -> tuple[datetime, Id]:
        return self.collection.date(record) or _NEVER, record.id

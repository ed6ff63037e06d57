"""The kept copy: the events known, and what is known of how complete they are. Pure.

One set of events serves every query. What a query may be answered from it is decided by what was
asked of Launch Library: everything (then any query), everything later than some date (then queries
that look no further back), or the very question of the query.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from cachetools import LRUCache

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.launchlibrary.question import Question
from calfeed.mirror.state import Asked, LastSync, SyncState
from calfeed.query.collection import Collection
from calfeed.query.query import Query
from calfeed.record import Id, Record
from calfeed.store import Changes

log = logging.getLogger(__name__)

MOST_QUESTIONS = 1000
"""How many questions' answers are remembered."""

_NEVER = datetime.max.replace(tzinfo=UTC)


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, eq=False)
class Snapshot(Generic[R]):
    """All records of a collection at one moment: in order of date, then id; those without a date
    last. ``dates`` are those of the dated ones, for bisection."""

    collection: Collection[R]
    version: int
    records: tuple[R, ...]
    dates: tuple[datetime, ...]
    by_id: Mapping[Id, R]
    changed_at: datetime | None


def snapshot(events: Iterable[Event], version: int, changed_at: datetime | None) -> Snapshot[Event]:
    """The snapshot of some events."""
    records = tuple(sorted(events, key=_date_and_id))
    dates = tuple(event.date for event in records if event.date)
    by_id: dict[Id, Event] = {event.id: event for event in records}
    return Snapshot(EVENTS, version, records, dates, by_id, changed_at)


@dataclass(frozen=True, slots=True)
class Known:
    """How the copy covers a query: as of when; by which ids, where only an answer does."""

    as_of: datetime
    ids: frozenset[int] | None = None


class Dataset:
    """Events by id and the notes on what they cover, as read from a store.

    ``version`` rises with everything that can change what a query is answered, ``applied`` with
    everything that is taken in at all. ``detailed`` says whether Launch Library gives details at
    all; a single event without them is in no feed that asks for some.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.version = 0
        self.applied = 0
        self.events: dict[int, Event] = {}
        self.coverage = SyncState()
        self.rounds: LastSync | None = None
        self.changed_at: datetime | None = None
        self._asked: LRUCache[str, Asked] = LRUCache(MOST_QUESTIONS)
        self._snapshot: Snapshot[Event] | None = None

    def apply(self, changes: Changes) -> None:
        """Take in what a store holds newer. An unchanged event stays the very same object."""
        self.applied += 1
        for event in changes.events:
            known = self.events.get(event.id)
            if known is None or known != event:
                self.events[event.id] = event
        for key in changes.removed:
            self.events.pop(key, None)
        if changes.events or changes.removed:
            self.version += 1
        for name, text in changes.notes.items():
            try:
                self._note(name, text)
            except ValueError:  # another version of calfeed wrote it
                log.warning("a note that cannot be read is forgotten: %.80s", name)
                self._note(name, None)
        self.revision = max(self.revision, changes.revision)

    def _note(self, name: str, text: str | None) -> None:
        kind, _, key = name.partition(" ")
        if kind == "asked":
            self.version += 1
            self._asked.pop(key, None)
            if text is not None:
                self._asked[key] = Asked.model_validate_json(text)
        elif kind == "coverage":
            was = self.coverage
            self.coverage = SyncState.model_validate_json(text) if text else SyncState()
            self.version += (was.complete, was.since) != (
                self.coverage.complete,
                self.coverage.since,
            )
        elif kind == "rounds":
            self.rounds = LastSync.model_validate_json(text) if text else None
        elif kind == "changed":
            self.changed_at = datetime.fromisoformat(text) if text else None

    def dump(self) -> Changes:
        """All of it, for a store that has lost it."""
        notes: dict[str, str | None] = {"coverage": self.coverage.model_dump_json()}
        notes |= {f"asked {key}": asked.model_dump_json() for key, asked in self._asked.items()}
        if self.rounds:
            notes["rounds"] = self.rounds.model_dump_json()
        if self.changed_at:
            notes["changed"] = self.changed_at.isoformat()
        return Changes(events=tuple(self.events.values()), notes=notes)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever learned."""
        return not (self.events or self.coverage.complete or self._asked)

    def asked(self, question: Question) -> Asked | None:
        """What is known of a question's answer."""
        return self._asked.get(question.key)

    def whole(self, query: Query) -> Known | None:
        """How well a query can be answered out of everything; None where not all is there."""
        coverage = self.coverage
        return Known(coverage.as_of) if coverage.complete and coverage.as_of else None

    def known(self, query: Query, question: Question, now: datetime) -> Known | None:
        """How well a query can be answered; None where it must be asked first."""
        if whole := self.whole(query):
            return whole
        coverage = self.coverage
        reach = query.earliest(EVENTS, now)
        if coverage.since and coverage.began and reach and reach > coverage.since:
            return Known(coverage.began)
        asked = self.asked(question)
        return Known(asked.as_of, asked.ids | asked.missing) if asked else None

    def snapshot(self) -> Snapshot[Event]:
        """All of it, made once for a version."""
        if self._snapshot is None or self._snapshot.version != self.version:
            self._snapshot = snapshot(self.events.values(), self.version, self.changed_at)
        return self._snapshot

    def still_unread(self, ids: Iterable[int], events: Iterable[Event]) -> frozenset[int]:
        """What exists upstream and could not be read, now that these ids came, and these events of
        them could be."""
        return (self.coverage.unread | frozenset(ids)) - {event.id for event in events}

    def newer(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Those that change what is known."""
        found = (_better(event, self.events.get(event.id)) for event in events)
        return tuple(event for event in found if event)


def _date_and_id(event: Event) -> tuple[datetime, int]:
    return event.date or _NEVER, event.id


def _better(event: Event, known: Event | None) -> Event | None:
    """What to keep of an answer's event: None where it tells nothing new.

    An older one, which some cache on the way still had, does not replace a newer; one that is not
    detailed does not take away what a detailed one told.
    """
    if known is None:
        return event
    if known.last_updated and event.last_updated and event.last_updated < known.last_updated:
        return None
    return event if event != known else None

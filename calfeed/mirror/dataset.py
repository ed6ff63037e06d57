"""The kept copy: the events known, and what is known of how complete they are. Pure.

One set of events serves every query. What a query may be answered from it is decided by what was
asked of Launch Library: everything (then any query), everything later than some date (then queries
that look no further back), or the very question of the query.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from cachetools import LRUCache

from calfeed.events.model import Event
from calfeed.launchlibrary.question import Question
from calfeed.mirror.state import Asked, LastSync, SyncState
from calfeed.query.query import RECENT, Query, View
from calfeed.store import Changes

log = logging.getLogger(__name__)

MOST_QUESTIONS = 1000
"""How many questions' answers are remembered."""

SLACK = timedelta(days=4000)
"""How far from an event's date its entry may reach: a decade, the coarsest precision."""

LONGEST_ENTRY = timedelta(days=60)
"""The same for an entry that begins at the date: longer durations have not been seen."""

_NEVER = datetime.max.replace(tzinfo=UTC)


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
        self.detailed = True
        self._asked: LRUCache[str, Asked] = LRUCache(MOST_QUESTIONS)
        self._by_date: tuple[Event, ...] = ()
        self._detailed: tuple[Event, ...] = ()
        self._by_date_version = 0

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
            self.detailed = 2 * sum(e.detailed for e in self.events.values()) >= len(self.events)
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
        whole = coverage.complete and (self.detailed or not query.needs_detail)
        return Known(coverage.as_of) if whole and coverage.as_of else None

    def known(self, query: Query, question: Question, now: datetime) -> Known | None:
        """How well a query can be answered; None where it must be asked first."""
        if whole := self.whole(query):
            return whole
        coverage = self.coverage
        if self.detailed or not query.needs_detail:
            reach = _earliest(query, now)
            if coverage.since and coverage.began and reach and reach > coverage.since:
                return Known(coverage.began)
        asked = self.asked(question)
        return Known(asked.as_of, asked.ids | asked.missing) if asked else None

    def candidates(self, query: Query, known: Known) -> Collection[Event]:
        """The events among which those are that a query means."""
        if known.ids is not None:
            return [self.events[key] for key in known.ids if key in self.events]
        if self._by_date_version != self.version:
            self._sort()
        return self._detailed if query.needs_detail else self._by_date

    def _sort(self) -> None:
        """All events by date, once for a version: then what a calendar shows of them is nearly in
        its order already, and sorting it takes a fifth of the time."""
        self._by_date = tuple(sorted(self.events.values(), key=_date_and_id))
        self._detailed = tuple(event for event in self._by_date if event.detailed)
        self._by_date_version = self.version

    def still_unread(self, ids: Iterable[int], events: Iterable[Event]) -> frozenset[int]:
        """What exists upstream and could not be read, now that these ids came, and these events of
        them could be."""
        return (self.coverage.unread | frozenset(ids)) - {event.id for event in events}

    def newer(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Those that change what is known."""
        found = (_better(event, self.events.get(event.id)) for event in events)
        return tuple(event for event in found if event)


def _earliest(query: Query, now: datetime) -> datetime | None:
    """The earliest date an event of the query can have; None where there is no bound."""
    bounds = [
        value
        for clause in query.clauses
        if clause.name in ("date__gt", "date__gte")
        for value in clause.values
        if isinstance(value, datetime)
    ]
    if query.view is View.UPCOMING:
        bounds.append(now - RECENT)
    past = query.options.past
    if past is not None and past < SLACK:
        bounds.append(datetime.combine(now.date(), time(), UTC) - past - _reach(query))
    return max(bounds, default=None)


def _reach(query: Query) -> timedelta:
    """How long before the end of its entry an event's date may lie: no duration is that long."""
    return SLACK if query.options.coarse == "span" else LONGEST_ENTRY


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
    if known.detailed and not event.detailed:
        fields = ("agencies", "program", "launches", "expeditions", "spacestations", "detailed")
        event = event.model_copy(update={name: getattr(known, name) for name in fields})
    return event if event != known else None

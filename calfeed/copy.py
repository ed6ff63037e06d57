"""The kept copy: the events known, and what is known of how complete they are. Pure.

One set of events serves every query. What a query may be answered from it is decided by what was
asked: everything (then any query), everything later than some date (then queries that look no
further back), or the very question of the query.
"""

from collections.abc import Iterable
from datetime import datetime

from cachetools import LRUCache
from pydantic import BaseModel, ConfigDict

from calfeed.event import Event
from calfeed.launchlibrary.question import Question
from calfeed.query import Query
from calfeed.store import Changes

MOST_QUESTIONS = 1000
"""How many questions' answers are remembered."""


class Asked(BaseModel):
    """A question whose whole answer is among the events.

    ``missing`` are events that its newest answer no longer held; they stay until the next answer
    lacks them too.
    """

    model_config = ConfigDict(frozen=True)

    as_of: datetime
    ids: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()


class Copy:
    """Events by id and the notes on what they cover, as read from a store."""

    def __init__(self) -> None:
        self.revision = 0
        self.events: dict[int, Event] = {}
        self._asked: LRUCache[str, Asked] = LRUCache(MOST_QUESTIONS)
        self.changed_at: datetime | None = None

    def apply(self, changes: Changes, now: datetime) -> None:
        """Take in what a store holds newer. An unchanged event stays the very same object."""
        for event in changes.events:
            if self.events.get(event.id) != event:
                self.events[event.id] = event
                self.changed_at = now
        for key in changes.removed:
            if self.events.pop(key, None):
                self.changed_at = now
        for name, text in changes.notes.items():
            if name.startswith("asked "):
                self._asked.pop(name[6:], None)
                if text is not None:
                    self._asked[name[6:]] = Asked.model_validate_json(text)
        self.revision = max(self.revision, changes.revision)

    def asked(self, question: Question) -> Asked | None:
        """What is known of a question's answer."""
        return self._asked.get(question.key)

    def newer(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Those that change what is known."""
        found = (_better(event, self.events.get(event.id)) for event in events)
        return tuple(event for event in found if event)

    def matching(self, query: Query, now: datetime, answer: frozenset[int]) -> tuple[Event, ...]:
        """The events a query means among those that Launch Library answered, by their ids."""
        found = (self.events[key] for key in answer if key in self.events)
        return tuple(event for event in found if query.matches(event, now))


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

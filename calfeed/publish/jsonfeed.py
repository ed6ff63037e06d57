"""An entry as JSON: what the calendar shows, and what it was made from."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from calfeed import duration
from calfeed.entry import Entry
from calfeed.query.collection import Collection
from calfeed.record import Move
from calfeed.span import Shape, Span, precision


@dataclass(frozen=True, slots=True)
class Parts:
    """An entry's JSON without its start and end: what stands before and behind them."""

    head: bytes
    tail: bytes

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return len(self.head) + len(self.tail)

    def join(self, span: Span, alarms: Iterable[timedelta] = ()) -> bytes:
        """The whole entry; reminders are no part of it."""
        times = f'"start":"{_when(span.start)}","end":"{_when(span.end)}",'
        return b"".join((self.head, times.encode(), self.tail))


def render(collection: Collection[Any], record: Any, entry: Entry) -> Parts:
    """The members have the names of the calendar's properties; under the collection's noun is
    Launch Library's record, with its own."""
    head = {"kind": entry.kind, "id": entry.id, "uid": entry.uid, "summary": entry.summary}
    tail = {
        "all_day": not entry.span.timed,
        "known": entry.span.label or None,
        "status": entry.status,
        "location": entry.location or None,
        "geo": [entry.place.latitude, entry.place.longitude] if entry.place else None,
        "url": entry.url,
        "categories": entry.categories,
        "description": entry.description,
        "moves": [_move(move) for move in entry.moves],
        collection.noun: _record(collection, record),
    }
    return Parts(_dump(head)[:-1] + b",", _dump(tail)[1:])


def _record(collection: Collection[Any], record: Any) -> dict[str, Any]:
    fields: dict[str, Any] = collection.model.dump_python(
        record, mode="json", exclude={"id", "moves"}
    )
    if isinstance(length := getattr(record, "duration", None), timedelta):
        fields["duration"] = duration.render(length)
    return fields


def _move(move: Move) -> dict[str, Any]:
    known = precision(move.date, move.precision)
    return {
        "from": _when(move.date),
        "precision": move.precision,
        "all_day": known.shape is not Shape.TIMED,
        "known": known.label(move.date.date()) or None,
        "noticed_at": _when(move.noticed_at),
    }


def _dump(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def _when(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()

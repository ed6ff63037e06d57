"""An entry as JSON: what the calendar shows, and what it was made from."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from calfeed import duration
from calfeed.entry import Entry
from calfeed.query.collection import Collection
from calfeed.record import Move
from calfeed.span import Shape, Span, iso, precision


@dataclass(frozen=True, slots=True)
class Parts:
    """An entry's JSON where it lies, to be joined with other times: ``whole`` is it at ``span``,
    with the times from ``head`` to ``tail``."""

    whole: bytes
    span: Span
    head: int
    tail: int

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return len(self.whole)

    def join(self, span: Span, alarms: Iterable[timedelta] = ()) -> bytes:
        """The whole entry; reminders are no part of it."""
        if span is self.span or span == self.span:
            return self.whole
        return b"".join((self.whole[: self.head], _times(span), self.whole[self.tail :]))


def render(
    collection: Collection[Any], record: Any, entry: Entry, span: Span | None = None
) -> Parts:
    """An entry's JSON; at another span than its own where one is given.

    The members have the names of the calendar's properties; under the collection's noun is Launch
    Library's record, with its own.
    """
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
    span = span or entry.span
    before, times = _dump(head)[:-1] + b",", _times(span)
    whole = b"".join((before, times, _dump(tail)[1:]))
    return Parts(whole, span, len(before), len(before) + len(times))


def document(entries: Sequence[bytes], *, sample: bool = False) -> list[bytes]:
    """The whole document, in pieces; sample data says so."""
    head = b'{"count":%d%s,"events":[' % (len(entries), b',"sample":true' if sample else b"")
    pieces = [head]
    for entry in entries:
        pieces += (entry, b",")
    return [*(pieces[:-1] if entries else pieces), b"]}"]


def _times(span: Span) -> bytes:
    return f'"start":"{iso(span.start)}","end":"{iso(span.end)}",'.encode()


def _record(collection: Collection[Any], record: Any) -> dict[str, Any]:
    fields: dict[str, Any] = collection.model.dump_python(
        record, mode="json", exclude={"id", "moves"}
    )
    if isinstance(length := getattr(record, "duration", None), timedelta):
        fields["duration"] = duration.render(length)
    return fields


def _move(move: Move) -> dict[str, Any]:
    move_precision = precision(move.date, move.precision)
    return {
        "from": iso(move.date),
        "precision": move.precision,
        "all_day": move_precision.shape is not Shape.TIMED,
        "known": move_precision.label(move.date.date()) or None,
        "noticed_at": iso(move.noticed_at),
    }


def _dump(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()

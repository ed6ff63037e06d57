"""For tests that need no service: records, a query, and the calendar they make."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qsl

from calfeed.catalog import SCOPES
from calfeed.entry import Display
from calfeed.ics import vcalendar, vevent
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.publish.select import Selector
from calfeed.query.collection import Collection, Scope
from calfeed.query.parse import parse
from calfeed.query.query import Query, View
from calfeed.record import Id


def query(
    text: str = "", view: View = View.ALL, scope: Scope | str = "events", version: str = ""
) -> Query:
    """What an address with this query string asks for."""
    pairs = parse_qsl(text, keep_blank_values=True)
    about = SCOPES[scope] if isinstance(scope, str) else scope
    return parse(pairs, Query.everything(about, view), version)


def snapshot(
    collection: Collection[Any], records: Iterable[Any], version: int = 1
) -> Snapshot[Any]:
    """Records of one collection, as the mirror gives them out."""
    dated = [record for record in records if collection.date(record)]
    undated = [record for record in records if not collection.date(record)]
    dated.sort(key=lambda record: (collection.date(record), record.id))
    dates = tuple(collection.date(record) for record in dated)
    by_id: dict[Id, Any] = {record.id: record for record in (*dated, *undated)}
    return Snapshot(collection, version, (*dated, *undated), dates, by_id, None)  # type: ignore[arg-type]


def result(asked: Query, now: datetime, *records: Any) -> Result:
    """The result of a query over records of its first collection."""
    return result_of(asked, now, records)


def result_of(asked: Query, now: datetime, *records_of_each: Iterable[Any]) -> Result:
    """The result of a query over records of each of its collections."""
    of_each = zip(asked.scope.collections, chain(records_of_each, repeat(())))  # noqa: B905
    return Result(
        query=asked,
        snapshots=tuple(snapshot(collection, records) for collection, records in of_each),
        now=now,
        as_of=now,
        changed_at=now,
        hit=True,
        stale=False,
        complete=True,
    )


def select(asked: Query, now: datetime, *records: Any) -> list[Placed]:
    """What a calendar of these records shows."""
    return Selector().select(result(asked, now, *records))


def render(placed: Placed, display: Display) -> bytes:
    """The VEVENT of one of them."""
    entry = placed.collection.entry(placed.record, display)
    assert entry is not None
    return vevent.render(entry).join(placed.span, display.alarm)


def feed(collection: Collection[Any], record: Any, display: Display, head: vcalendar.Head) -> bytes:
    """A calendar of one record; without an entry where it has no place."""
    span = collection.span(record, display)
    if span is None:
        return b"".join(vcalendar.render(head, []))
    return b"".join(vcalendar.render(head, [render(Placed.of(collection, record, span), display)]))

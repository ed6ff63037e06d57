"""What the page is made from, put together by hand: events and launches around a fixed moment."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from calfeed.catalog import ALL, COLLECTIONS
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.result import Result
from calfeed.publish.select import Selector
from calfeed.query.query import Query
from calfeed.web.page.cards import coming
from tests.fake import Record, event, launch
from tests.support.service import NOW

FALCON, ELECTRON = 164, 26
CAPE, KENNEDY, MAHIA = 80, 87, 900
"""Pads; their sites are 12, 27 and 10."""


def soon(days: float, **changes: Any) -> Record:
    return event(int(days * 100) + 5000, date=NOW + timedelta(days=days), **changes)


def rocket(number: int, days: float, name: str, **changes: Any) -> Record:
    record = {"net": NOW + timedelta(days=days), "net_precision": 1, "pad": CAPE, "rocket": FALCON}
    return launch(UUID(int=number), name, **(record | changes))


def snapshot(name: str, records: Iterable[Record], version: int = 1) -> Snapshot[Any]:
    collection = COLLECTIONS[name]
    far = datetime.max.replace(tzinfo=UTC)
    read = sorted(
        map(collection.read, records),
        key=lambda record: (collection.date(record) or far, record.id),
    )
    dates = tuple(date for record in read if (date := collection.date(record)))
    by_id = {record.id: record for record in read}
    return Snapshot(collection, version, tuple(read), dates, by_id, NOW)


def result_of(
    events: Iterable[Record] = (), launches: Iterable[Record] = (), now: datetime = NOW
) -> Result:
    """Everything that is kept."""
    snapshots = (snapshot("events", events), snapshot("launches", launches))
    return Result(Query(ALL), snapshots, now, now, now, hit=True, stale=False, complete=True)


def ahead_of(result: Result) -> Result:
    return coming(result, Selector())

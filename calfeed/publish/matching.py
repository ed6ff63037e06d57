"""Which of a collection's records a query is about: its filters and its view. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from calfeed.mirror.dataset import Snapshot
from calfeed.query.collection import Collection
from calfeed.query.filter import Test
from calfeed.query.query import LONGEST_ENTRY, Query


def matching(
    snapshot: Snapshot[Any], query: Query, now: datetime, lasting: timedelta = LONGEST_ENTRY
) -> list[Any]:
    """The records that the filters and the view let through, in order of date; without some that
    are over before the query's window, where none lasts longer than ``lasting``."""
    tests = all_tests(snapshot.collection, query)
    if tests is None:
        return []
    return list(passing(tests, candidates(snapshot, query, dated(snapshot, query, now, lasting))))


def all_tests(collection: Collection[Any], query: Query) -> tuple[Test[Any], ...] | None:
    """What a collection's records must pass, whatever the time; None where none can."""
    tests = query.tests(collection)
    if tests is None or query.options.webcast == "any":
        return tests
    return (*tests, _official if query.options.webcast == "official" else _webcast)


def passing(tests: Iterable[Test[Any]], records: Iterable[Any]) -> Iterable[Any]:
    """The records that pass all tests."""
    for test in tests:
        records = filter(test, records)
    return records


def dated(
    snapshot: Snapshot[Any], query: Query, now: datetime, lasting: timedelta = LONGEST_ENTRY
) -> slice:
    """Where a snapshot's records stand that the view lets through, without some that are over
    before the query's window."""
    since, before = query.in_view(now)
    earliest = query.earliest(snapshot.collection, now, lasting)
    since = max(filter(None, (since, earliest)), default=None)
    first = 0 if since is None else bisect_left(snapshot.dates, since)
    if before is not None:
        return slice(first, max(first, bisect_left(snapshot.dates, before)))
    return slice(first, len(snapshot.records) if since is None else len(snapshot.dates))


def candidates(snapshot: Snapshot[Any], query: Query, part: slice) -> Sequence[Any]:
    """That part of a snapshot's records, in order of date. Where the query names ids, these are
    looked up; no part begins or ends between records of the same date."""
    if query.ids is None:
        return snapshot.records[part]
    dates, date = snapshot.dates, snapshot.collection.date
    found = []
    for key in query.ids:
        record = snapshot.by_id.get(key)  # type: ignore[arg-type]
        if record is None:
            continue
        moment = date(record)
        place = len(dates) if moment is None else bisect_left(dates, moment)
        if part.start <= place < part.stop:
            found.append((place, record.id, record))
    return [record for _, _, record in sorted(found)]


def _webcast(record: Any) -> bool:
    return bool(record.vid_urls)


def _official(record: Any) -> bool:
    for video in record.vid_urls:  # noqa: SIM110  any() takes three times as long
        if video.official:
            return True
    return False

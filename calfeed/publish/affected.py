"""Whether a change of the data can change a feed: most leave most feeds as they are. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.result import Result
from calfeed.publish.matching import all_tests
from calfeed.publish.window import window
from calfeed.query.query import Query


def affected(result: Result, versions: Sequence[int]) -> bool:
    """Whether what a result's query shows may differ from what it showed at those versions of its
    snapshots. The passing of time apart, False is certain."""
    return any(
        version != snapshot.version and _affected(result, snapshot, version)
        for snapshot, version in zip(result.snapshots, versions, strict=True)
    )


def _affected(result: Result, snapshot: Snapshot[Any], version: int) -> bool:
    changes = snapshot.changes_since(version)
    if changes is None:
        return True
    shows, names = _shows(result, snapshot), _names(result.query, snapshot)
    for before, after in changes:
        if (before and shows(before)) or (after and shows(after)):
            return True
        if names(before) != names(after):
            return True
    return False


def _shows(result: Result, snapshot: Snapshot[Any]) -> Callable[[Any], bool]:
    """Whether the query shows a record, if nothing else were there: ``limit`` may leave it out."""
    query, collection = result.query, snapshot.collection
    tests = all_tests(collection, query)
    since, before = query.in_view(result.now)
    visible = window(query.options, result.now.date())
    display = query.options.display

    def shows(record: Any) -> bool:
        date = collection.date(record)
        if tests is None or date is None or not all(test(record) for test in tests):
            return False
        if (since is not None and date < since) or (before is not None and date >= before):
            return False
        span = collection.span(record, display)
        return span is not None and visible.shows(*span.moments())

    return shows


def _names(query: Query, snapshot: Snapshot[Any]) -> Callable[[Any], list[object]]:
    """What a record tells a feed's title: how it spells the names of ids that the query has, and
    its date, for the latest record spells them."""
    rows = [
        (row.named, frozenset(clause.values))
        for clause in query.clauses
        if (row := query.scope.filter_of(snapshot.collection, clause.name)) and row.named
    ]

    def names(record: Any) -> list[object]:
        if record is None:
            return []
        found = [n for named, values in rows for n in named(record) if n.id in values]
        return [snapshot.collection.date(record), *found] if found else []

    return names

"""The tests that filters put to records, made for the values of a query.

Each is put to thousands of records, so they take no detours.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from calfeed.query.filter import MakeTest, Test
from calfeed.query.kinds import Value

R = TypeVar("R")


def has(of: Callable[[R], object]) -> MakeTest[R]:
    """The record's single value, for example its type, is one of these."""

    def test(values: tuple[Value, ...]) -> Test[R]:
        wanted = frozenset(values)
        return lambda record: of(record) in wanted

    return test


def has_any(of: Callable[[R], Iterable[object]]) -> MakeTest[R]:
    """One of the record's several values, for example of its agencies, is one of these."""

    def test(values: tuple[Value, ...]) -> Test[R]:
        wanted = frozenset(values)
        return lambda record: not wanted.isdisjoint(of(record))

    return test


def has_id(field: str) -> MakeTest[Any]:
    """An id in the record's list of that name is one of these."""
    items = attrgetter(field)

    def test(values: tuple[Value, ...]) -> Test[Any]:
        wanted = frozenset(values)

        def passes(record: Any) -> bool:
            for item in items(record):  # noqa: SIM110  any() takes three times as long
                if item.id in wanted:
                    return True
            return False

        return passes

    return test


def has_at(*paths: str) -> MakeTest[Any]:
    """What stands at a path of members, or at one of several that share their beginning, is one of
    these: ``pad.location.id``. Where a member on the way is None, nothing stands there."""
    get = attrgetter(*paths)

    def test(values: tuple[Value, ...]) -> Test[Any]:
        wanted = frozenset(values)

        def passes(record: Any) -> bool:
            try:
                return get(record) in wanted
            except AttributeError:
                return False

        def passes_any(record: Any) -> bool:
            try:
                return not wanted.isdisjoint(get(record))
            except AttributeError:
                return False

        return passes if len(paths) == 1 else passes_any

    return test


def compares(
    compare: Callable[[Any, Value], bool], of: Callable[[R], object | None]
) -> MakeTest[R]:
    """The record's value, where it has one, compares so with the single value of the filter."""

    def test(values: tuple[Value, ...]) -> Test[R]:
        (bound,) = values
        return lambda record: (value := of(record)) is not None and compare(value, bound)

    return test


def searches(of: Callable[[R], str]) -> MakeTest[R]:
    """All words occur in a text of the record, which is in lower case."""

    def test(values: tuple[Value, ...]) -> Test[R]:
        words = [str(word) for word in values]
        if len(words) == 1:
            (only,) = words
            return lambda record: only in of(record)

        def passes(record: R) -> bool:
            text = of(record)
            for word in words:  # noqa: SIM110  all() takes three times as long
                if word not in text:
                    return False
            return True

        return passes

    return test

"""What a filter is, and how filters are made.

A filter is a row of its collection's table: its name, what it takes, the test it puts to a record,
and its words. The rows say what Launch Library itself does, so that a record can be matched
without asking.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

from calfeed.query.kinds import Kind, Value
from calfeed.record import Named

R = TypeVar("R")
Test = Callable[[R], bool]
"""Whether a record passes."""
MakeTest = Callable[[tuple[Value, ...]], Test[R]]
"""Made once for the values of a query, for it is put to every record there is."""

MOST_VALUES = 100
"""How many values one list takes."""
LONGEST_VALUE = 300
"""How many characters one value takes: a video link is the longest."""


@dataclass(frozen=True, slots=True)
class Filter(Generic[R]):
    """A filter by its Launch Library name.

    ``test`` makes the test for a tuple of values; ``phrase`` says in a calendar's name what is
    filtered; ``named`` gives the names that belong to ids. ``same_as`` is the spelling under which
    it is kept where two mean the same. ``own`` says that it is calfeed's own and counts as an
    option; ``spares`` that it leaves the entries of other collections alone; ``lacking`` names the
    API versions whose records do not carry what it is about. ``renames`` makes it a switch: where
    it is true, filters whose names begin with the first stand for those that begin with the second.
    """

    name: str
    meaning: str
    kind: Kind
    test: MakeTest[R]
    phrase: str
    many: bool = True
    same_as: str = ""
    named: Callable[[R], Iterable[Named]] | None = None
    own: bool = False
    spares: bool = False
    lacking: tuple[str, ...] = ()
    renames: tuple[str, str] | None = None

    @property
    def takes(self) -> str:
        """What its values are, for people."""
        return self.kind.takes


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """One filter with its values, in the canonical order and without repetition."""

    name: str
    values: tuple[Value, ...]

    def text(self) -> str:
        """The values as a query parameter's value."""
        glue = " " if self.name == "search" else ","
        return glue.join(render_value(value) for value in self.values)


def render_value(value: Value) -> str:
    """One value as Launch Library reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):  # not strftime: it writes the year 33 in two digits
        return value.replace(tzinfo=None).isoformat() + "Z"
    return str(value)


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

        def passes(record: R) -> bool:
            text = of(record)
            for word in words:  # noqa: SIM110  all() takes three times as long
                if word not in text:
                    return False
            return True

        return passes

    return test

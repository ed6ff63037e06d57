"""What a filter is, and how filters are made.

A filter is a row of its collection's table: its name, what it takes, the test it puts to a record,
and its words. The rows say what Launch Library itself does, so that a record can be matched
without asking.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from calfeed.query.kinds import Kind, Value
from calfeed.record import Named
from calfeed.span import iso

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
    filtered; ``named`` gives the things whose ids the filter takes, with their names: a record that
    has one of those ids there passes. ``same_as`` is the main spelling, where two filters mean
    the same. ``own`` says that it is calfeed's own and counts as an
    option; ``spares`` that it leaves the entries of other collections alone; ``lacking`` names the
    API versions whose records do not carry what it is about. With ``renames`` it is a switch: where
    it is true, filters whose names begin with the first are read as those beginning with the second
    (``lsp__id`` as ``related_lsp__id``).
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
    return iso(value) if isinstance(value, datetime) else str(value)

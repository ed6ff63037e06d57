"""A query string -> a validated, canonical, hashable query.

A query has two halves. The *clauses* are filters: they decide which records are meant. The
*options* are calfeed's own: they decide which entries those make, and how they are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from calfeed.duration import DAY
from calfeed.query.collection import Collection, Scope
from calfeed.query.filter import Clause, Test
from calfeed.query.kinds import Value
from calfeed.query.options import PLAIN, Options
from calfeed.span import moment

RECENT = timedelta(hours=24)
"""How long Launch Library counts an entry as upcoming after its date."""
LONGEST_ENTRY = timedelta(days=60)
"""How long an entry is taken to last at most, while the records are not there yet."""
LONGEST_PERIOD = timedelta(days=4000)
"""The same for a date known to the decade, shown over all of it."""

_WHEN = ("date__", "net__", "window_start__", "window_end__", "last_updated__")
_WHICH = frozenset({"year", "month", "day", "id", "launch__ids", "launch_designator", "slug"})


class View(StrEnum):
    """Launch Library's three lists of a collection."""

    ALL = "all"
    UPCOMING = "upcoming"
    PREVIOUS = "previous"


def bounds_time(name: str) -> bool:
    """Whether a filter says something about time, or names single entries: then no default bound
    in time stands in its way."""
    return name in _WHICH or name.startswith(_WHEN)


@dataclass(frozen=True)
class Query:
    """What a subscriber asks for. Equal queries give equal feeds.

    ``past_by_default``: nobody asked for ``options.past``, so a filter that says something about
    time takes its place.
    """

    scope: Scope
    view: View = View.ALL
    clauses: tuple[Clause, ...] = ()
    options: Options = PLAIN
    past_by_default: bool = field(default=False, compare=False)

    @classmethod
    def everything(cls, scope: Scope, view: View = View.ALL) -> Self:
        """What an address lists before anything is asked of it."""
        past = None if view is View.UPCOMING else scope.default_past
        return cls(scope, view, options=Options(past=past), past_by_default=past is not None)

    def tests(self, collection: Collection[Any]) -> tuple[Test[Any], ...] | None:
        """What a collection's records must pass; None where a filter leaves out all of them, or
        the collection is not in the scope.

        Made anew each time, for tests may remember what they looked at.
        """
        if not self.concerns(collection):
            return None
        tests: list[Test[Any]] = []
        for clause in self.clauses:
            row = self.scope.filter_of(collection, clause.name)
            if row is not None:
                tests.append(row.test(clause.values))
        return tuple(tests)

    def concerns(self, collection: Collection[Any]) -> bool:
        """Whether it can mean records of a collection: one in its scope that has every filter, but
        for those that spare other collections."""
        scope = self.scope
        return collection.name in [own.name for own in scope.collections] and all(
            scope.filters[clause.name].spares or scope.filter_of(collection, clause.name)
            for clause in self.clauses
        )

    @cached_property
    def ids(self) -> frozenset[Value] | None:
        """The ids that the records are among; None where it names none."""
        named = [frozenset(clause.values) for clause in self.clauses if clause.name == "id"]
        return frozenset.intersection(*named) if named else None

    @cached_property
    def recent(self) -> timedelta:
        """How long after its date an entry counts as upcoming."""
        hidden = any(c.name == "hide_recent_previous" and True in c.values for c in self.clauses)
        return timedelta(0) if hidden else RECENT

    def in_view(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """The first date in the view, and the first after it; None where there is no bound."""
        if self.view is View.ALL:
            return None, None
        return (now - self.recent, None) if self.view is View.UPCOMING else (None, now)

    def earliest(
        self, collection: Collection[Any], now: datetime, lasting: timedelta = LONGEST_ENTRY
    ) -> datetime | None:
        """The earliest date that a record it means can have, where none lasts longer than
        ``lasting`` by itself; None where there is no bound."""
        bounds = [bound for clause in self.clauses for bound in _bounds(clause)]
        first, _ = self.in_view(now)
        if first is not None:
            bounds.append(first)
        past = self.options.past
        if past is not None and past < LONGEST_PERIOD:
            bounds.append(moment(now.date()) - past - self._reach(lasting))
        return max(bounds, default=None)

    def _reach(self, lasting: timedelta) -> timedelta:
        """How far beyond its date an entry may still be shown; an all-day one to its day's end."""
        reach = max(lasting, self.options.display.length) + DAY
        return max(reach, LONGEST_PERIOD) if self.options.coarse == "span" else reach

    def pairs(self, within: Self | None = None) -> list[tuple[str, str]]:
        """The canonical parameters, without the view; of a query ``within`` another only what
        narrows that one."""
        base = within or self.everything(self.scope, self.view)
        pairs = [(c.name, c.text()) for c in self.clauses if c not in base.clauses]
        beside = base.options
        if base.past_by_default and any(bounds_time(name) for name, _ in pairs):
            beside = replace(beside, past=None)
        return pairs + self.options.pairs(beside)

    def text(self, within: Self | None = None) -> str:
        """:meth:`pairs` as a query string."""
        return urlencode(self.pairs(within), safe=",:/")


def _bounds(clause: Clause) -> Iterable[datetime]:
    """The dates before which no record passes."""
    if clause.name == "year":
        years = [value for value in clause.values if isinstance(value, int)]
        return [datetime(min(years), 1, 1, tzinfo=UTC)]
    if clause.name.endswith(("__gt", "__gte")) and clause.name.startswith(("date__", "net__")):
        return [value for value in clause.values if isinstance(value, datetime)]
    return []

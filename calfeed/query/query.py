"""A query string -> a validated, canonical, hashable query.

A query has two halves. The *clauses* are Launch Library's filters: they decide which events are
meant, and so what must be fetched. The *options* are calfeed's own: they decide how those events
are shown, and never cost a fetch.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Self, TypeVar
from urllib.parse import urlencode

from calfeed.errors import QueryError
from calfeed.events.filters import FILTERS, LONGEST_VALUE, MOST_VALUES, Clause, Test, Value
from calfeed.events.model import Event
from calfeed.query.options import OPTIONS, PLAIN, Options

LONGEST_QUERY = 4000
"""How many characters a query string takes."""
MOST_PARAMETERS = 50

IGNORED = ("mode", "format")
"""Launch Library's own switches for the form of its answer; accepted, and change nothing."""

RECENT = timedelta(hours=24)
"""How long Launch Library counts an event as upcoming after its date."""


T = TypeVar("T")


class View(StrEnum):
    """Launch Library's three lists of events."""

    ALL = "all"
    UPCOMING = "upcoming"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Query:
    """What a subscriber asks for. Equal queries give equal feeds."""

    view: View = View.ALL
    clauses: tuple[Clause, ...] = ()
    options: Options = PLAIN

    def choose(self, events: Iterable[Event], now: datetime) -> list[Event]:
        """The events that the filters and the view let through, in the order given.

        Filters on what an event does not carry, for it is not a detailed one, let it through.
        """
        chosen = self._in_view(events, now)
        for test in self._tests:
            chosen = [event for event in chosen if test(event)]
        return chosen

    @cached_property
    def _tests(self) -> tuple[Test, ...]:
        return tuple(clause.test() for clause in self.clauses)

    @cached_property
    def _recent(self) -> timedelta:
        """How long after its date an event counts as upcoming."""
        hidden = any(c.name == "hide_recent_previous" and True in c.values for c in self.clauses)
        return timedelta(0) if hidden else RECENT

    @property
    def needs_detail(self) -> bool:
        """Whether only detailed events can be matched."""
        return any(FILTERS[clause.name].detail for clause in self.clauses)

    def _in_view(self, events: Iterable[Event], now: datetime) -> list[Event]:
        if self.view is View.ALL:
            return list(events)
        if self.view is View.PREVIOUS:
            return [event for event in events if event.date is not None and event.date < now]
        since = now - self._recent
        return [event for event in events if event.date is not None and event.date >= since]

    def text(self, within: Self | None = None) -> str:
        """The canonical query string, without the view; of a query ``within`` another only what
        narrows that one.

        Of all that a query within another asks for, it is for readers only: one string cannot ask
        for the same filter twice over.
        """
        held = within.clauses if within else ()
        pairs = [(clause.name, clause.text()) for clause in self.clauses if clause not in held]
        pairs += self.options.pairs(within.options if within else PLAIN)
        return urlencode(pairs, safe=",:/")


def _order(clause: Clause) -> tuple[str, str]:
    return clause.name, clause.text()


def parse(
    pairs: Iterable[tuple[str, str]], view: View = View.ALL, within: Query | None = None
) -> Query:
    """Read the parameters of a query string, decoded, in any order, with repetitions.

    ``within`` is a query that this one narrows: its filters hold too, and its options where this
    one gives none.

    Raises:
        QueryError: a parameter is unknown, or its value is none that it takes.
    """
    given = _collect(pairs)
    if view is not View.UPCOMING and "hide_recent_previous" in given:
        raise QueryError(
            "“hide_recent_previous” belongs to the upcoming events: use /events/upcoming.ics",
            "hide_recent_previous", given["hide_recent_previous"][0], "only with upcoming events",
        )  # fmt: skip
    clauses, options = [], {}
    for name, values in given.items():
        if name in FILTERS:
            same_as = FILTERS[name].same_as
            kept_as = same_as if same_as and same_as not in given else name
            clauses.append(Clause(kept_as, _filter_values(name, values)))
        else:
            options[name] = _read(name, OPTIONS[name].takes, OPTIONS[name].parse, values)
    wanted = [c for c in clauses if c != Clause("hide_recent_previous", (False,))]
    base = within or Query(view)
    held = {*base.clauses, *wanted}
    once = [c for c in held if Clause(FILTERS[c.name].same_as, c.values) not in held]
    return Query(view, tuple(sorted(once, key=_order)), replace(base.options, **options))


def _collect(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for count, (name, value) in enumerate(pairs, 1):
        if count > MOST_PARAMETERS:
            raise QueryError(
                f"more than {MOST_PARAMETERS} parameters", name, value, "fewer parameters"
            )
        if name.startswith("utm_") or name in IGNORED:
            continue
        if name not in FILTERS and name not in OPTIONS:
            raise _unknown(name, value)
        given.setdefault(name, []).append(value)
    return given


def _unknown(name: str, value: str) -> QueryError:
    name = name[:80]
    known = [*FILTERS, *OPTIONS]
    close = get_close_matches(name.lower(), known, 1, 0.6)
    hint = f"; did you mean “{close[0]}”?" if close else ""
    return QueryError(
        f"unknown parameter “{name}”{hint}",
        name, value[:80], "one of " + ", ".join(known), close[0] if close else None,
    )  # fmt: skip


def _filter_values(name: str, texts: list[str]) -> tuple[Value, ...]:
    row = FILTERS[name]

    def parse_all(values: list[str]) -> tuple[Value, ...]:
        if name == "search":
            values = [v for text in values for v in text.lower().replace(",", " ").split()]
        elif row.many:
            values = [value.strip() for text in values for value in text.split(",")]
        parsed = {row.parse(value) for value in values if _sized(value)}
        if not parsed or len(parsed) > (MOST_VALUES if row.many else 1):
            raise ValueError("too many values, or none")
        return tuple(sorted(parsed, key=lambda v: (v if isinstance(v, int) else 0, str(v))))

    takes = row.takes + (f" (at most {MOST_VALUES})" if row.many else ", once")
    return _read(name, takes, parse_all, texts)


def _sized(value: str) -> bool:
    if not value.strip() or len(value) > LONGEST_VALUE:
        raise ValueError(value)
    return True


def _read(name: str, takes: str, parser: Callable[[list[str]], T], texts: list[str]) -> T:
    try:
        for text in texts:
            if not text.strip() or len(text) > LONGEST_QUERY:
                raise ValueError(text)
        return parser([text.strip() for text in texts])
    except ValueError as error:
        value = ", ".join(texts)
        shown = value if len(value) <= 80 else value[:79] + "…"
        said = f"“{name}={shown}” cannot be read: “{name}” takes {takes}"
        raise QueryError(said, name, shown, takes) from error

"""The parameters of a query string -> a query, or words that say what is wrong with them."""

from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, TypeVar

from calfeed.errors import SHOWN, QueryError
from calfeed.query.collection import Scope
from calfeed.query.filter import LONGEST_VALUE, MOST_VALUES, Clause, Filter
from calfeed.query.kinds import Value
from calfeed.query.options import OPTIONS
from calfeed.query.query import Query, View, bounds_time

LONGEST_QUERY = 4000
"""How many characters a query string takes."""
MOST_PARAMETERS = 50

IGNORED = ("mode", "format")
"""Launch Library's own switches for the form of its answer; accepted, and change nothing."""
_NO_CHANGE = {Clause("hide_recent_previous", (False,)), Clause("include_suborbital", (True,))}

T = TypeVar("T")


def parse(pairs: Iterable[tuple[str, str]], base: Query, version: str = "") -> Query:
    """Read decoded parameters, in any order, with repetitions, as they narrow a ``base``.

    The filters of the base hold too, and its options where none are given. ``version`` is that of
    the API whose records are kept.

    Raises:
        QueryError: a parameter is unknown, or its value is none that it takes.
    """
    scope = base.scope
    given = _renamed(_collect(pairs, scope), scope)
    if base.view is not View.UPCOMING and "hide_recent_previous" in given:
        raise QueryError(
            "“hide_recent_previous” belongs to what is upcoming:"
            f" use /{scope.name}/upcoming.ics",
            "hide_recent_previous", given["hide_recent_previous"][0], "only with upcoming entries",
        )  # fmt: skip
    clauses, options = [], {}
    for name, texts in given.items():
        if name in scope.filters:
            clauses.append(_clause(scope.filters[name], texts, given, scope, version))
        else:
            options[name] = _read(name, OPTIONS[name].takes, OPTIONS[name].parse, texts)
    merged = {*base.clauses, *(clause for clause in clauses if clause not in _NO_CHANGE)}
    by_default = base.past_by_default and "past" not in options
    if by_default and any(bounds_time(clause.name) for clause in clauses):
        options["past"], by_default = None, False
    return Query(
        scope,
        base.view,
        tuple(sorted(_without_aliases(merged, scope), key=lambda c: (c.name, c.text()))),
        replace(base.options, **options),
        past_by_default=by_default,
    )


def _clause(
    row: Filter[Any], texts: list[str], given: Container[str], scope: Scope, version: str
) -> Clause:
    """The clause, under the main spelling of its filter unless that is given too."""
    if version in row.lacking:
        raise QueryError(
            f"“{row.name}” cannot be filtered by here: the data comes from version {version} of"
            " Launch Library's API, whose records do not carry it",
            row.name, texts[0][:SHOWN], "a newer version of the API",
        )  # fmt: skip
    same_as = row.same_as if row.same_as not in given else ""
    return Clause(same_as or row.name, _values(row, texts, scope))


def _without_aliases(clauses: set[Clause], scope: Scope) -> Iterable[Clause]:
    """Without those that say the same as another under its main spelling."""
    for clause in clauses:
        if Clause(scope.filters[clause.name].same_as, clause.values) not in clauses:
            yield clause


def _collect(pairs: Iterable[tuple[str, str]], scope: Scope) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for count, (name, value) in enumerate(pairs, 1):
        if count > MOST_PARAMETERS:
            raise QueryError(
                f"more than {MOST_PARAMETERS} parameters", name, value, "fewer parameters"
            )
        if name.startswith("utm_") or name in IGNORED:
            continue
        if name not in scope.filters and name not in OPTIONS:
            raise _unknown(name, value, scope)
        given.setdefault(name, []).append(value)
    return given


def _renamed(given: dict[str, list[str]], scope: Scope) -> dict[str, list[str]]:
    """The parameters under the names that switches such as ``related=true`` give them."""
    for row in [scope.filters[name] for name in given if name in scope.filters]:
        if row.renames is None:
            continue
        first, second = row.renames
        if _values(row, given.pop(row.name), scope) == (True,):
            for name in [name for name in given if name.startswith(first)]:
                main = scope.filters[name].same_as or name
                given.setdefault(second + main.removeprefix(first), []).extend(given.pop(name))
    return given


def _unknown(name: str, value: str, scope: Scope) -> QueryError:
    name = name[:SHOWN]
    names = [*scope.filters, *OPTIONS]
    close = get_close_matches(name.lower(), names, 1, 0.6)
    said = f"unknown parameter “{name}”"
    for other in scope.others:
        if name in other.filters:
            said = f"“{name}” is a filter of {other.name}: use /{other.name}.ics or /all.ics"
            twin = name.replace(f"{other.date_field}__", f"{scope.date_field}__", 1)
            close = [twin] if twin in scope.filters else []
            break
        if not close and (there := get_close_matches(name.lower(), other.filters, 1, 0.6)):
            said += f"; {other.name} have “{there[0]}”"
    hint = f"; did you mean “{close[0]}”?" if close else ""
    return QueryError(
        said + hint, name, value[:SHOWN], "one of " + ", ".join(names), close[0] if close else None
    )


def _values(row: Filter[Any], texts: list[str], scope: Scope) -> tuple[Value, ...]:
    def parse_all(values: list[str]) -> tuple[Value, ...]:
        if row.name == "search":
            values = [v for text in values for v in text.lower().replace(",", " ").split()]
        elif row.many:
            values = [value.strip() for text in values for value in text.split(",")]
        parsed = {row.kind.parse(value) for value in values if _sized(value)}
        if not parsed or len(parsed) > (MOST_VALUES if row.many else 1):
            raise ValueError("too many values, or none")
        return tuple(sorted(parsed, key=lambda v: (v if isinstance(v, int) else 0, str(v))))

    takes = row.takes + (f" (at most {MOST_VALUES})" if row.many else ", once")
    if row.name == "id":
        takes += _elsewhere(texts, scope)
    return _read(row.name, takes, parse_all, texts)


def _elsewhere(texts: list[str], scope: Scope) -> str:
    """Where an id of another collection's kind belongs, also one among others in a list."""
    for value in ",".join(texts).split(","):
        for other in scope.others:
            try:
                other.read_id(value.strip())
            except ValueError:
                continue
            article = "an" if other.noun[0] in "aeiou" else "a"
            owner = f"{article} {other.noun}"
            return f"; {value.strip()[:SHOWN]} is the id of {owner}: use /{other.name}.ics"
    return ""


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
        value = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
        raise QueryError.unreadable(name, value, takes) from error

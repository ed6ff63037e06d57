"""What a calendar is called: its filters in words, with names from the data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from calfeed import duration
from calfeed.mirror.dataset import Snapshot
from calfeed.query.filter import Clause, Filter, render_value
from calfeed.query.kinds import Value
from calfeed.query.query import Query, View
from calfeed.record import Agency, Named
from calfeed.text import clean_line

LONGEST = 100
SHORT = 20
"""The most characters of an agency's full name that stands for it."""


@dataclass(frozen=True, slots=True)
class Title:
    """A short name, for example ``Spaceflight events: SpaceX, NASA; Docking; “dragon”``, and a
    sentence that says what the calendar filters."""

    name: str
    description: str


def title(query: Query, snapshots: Iterable[Snapshot[Any]]) -> Title:
    """The title of a query's calendar, with the names that the data has for its ids."""
    names = _names(query, snapshots)
    phrases = [_phrase(query.scope.filters[c.name], c, names) for c in query.clauses]
    about = _about(query)
    name = about + (f": {'; '.join(phrases)}" if phrases else "")
    said = "; ".join(phrases + _options(query)) or "all of them"
    name = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    return Title(name, f"{about}: {said}.")


def _about(query: Query) -> str:
    title = query.scope.title
    if query.view is View.ALL:
        return title
    view = "Upcoming" if query.view is View.UPCOMING else "Past"
    return f"{view} {title[0].lower()}{title[1:]}"


def _phrase(row: Filter[Any], clause: Clause, names: dict[tuple[str, Value], str]) -> str:
    phrases = [names[clause.name, v] for v in clause.values if (clause.name, v) in names]
    texts = [_text(v) for v in clause.values if (clause.name, v) not in names]
    if texts:
        glue = " " if clause.name == "search" else ", "
        phrases.append(row.phrase.format(glue.join(texts)))
    return ", ".join(phrases)


def _text(value: Value) -> str:
    """A value for people. It may be any text."""
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"
    return clean_line(render_value(value))


def _names(query: Query, snapshots: Iterable[Snapshot[Any]]) -> dict[tuple[str, Value], str]:
    """By filter and id, as the latest record spells them."""
    found: dict[tuple[str, Value], str] = {}
    for snapshot in snapshots:
        for clause in query.clauses:
            row = query.scope.filter_of(snapshot.collection, clause.name)
            if row is not None and row.named is not None:
                for number, name in _spelled(row, clause, snapshot):
                    found.setdefault((clause.name, number), name)
    return found


def _spelled(
    row: Filter[Any], clause: Clause, snapshot: Snapshot[Any]
) -> Iterable[tuple[Value, str]]:
    assert row.named is not None  # noqa: S101  the caller has looked
    missing = set(clause.values)
    for record in filter(row.test(clause.values), reversed(snapshot.records)):
        for named in row.named(record):
            if named.id in missing and (name := _short(named)):
                missing.discard(named.id)
                yield named.id, name
        if not missing:
            return


def _short(named: Named) -> str:
    """SpaceX rather than SpX, but NASA rather than what it stands for."""
    if isinstance(named, Agency) and len(named.name) > SHORT:
        return named.abbrev or named.name
    return named.name


def _options(query: Query) -> list[str]:
    options, words = query.options, []
    if options.past is not None:
        words.append(f"{duration.words(options.past)} back" if options.past else "from today")
    if options.future is not None:
        words.append(f"{duration.words(options.future)} ahead" if options.future else "to today")
    if options.webcast != "any":
        words.append(
            "with an official webcast" if options.webcast == "official" else "with a webcast"
        )
    return words

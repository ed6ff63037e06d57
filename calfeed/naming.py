"""What a feed without a file is called: its filters in words, with names from the data."""

from collections.abc import Iterable
from datetime import datetime

from calfeed import duration
from calfeed.event import Agency, Event
from calfeed.filters import FILTERS, Clause, Value, render_value
from calfeed.query import Query, View

LONGEST = 100

_VIEWS = {View.ALL: "Spaceflight events", View.UPCOMING: "Upcoming spaceflight events",
          View.PREVIOUS: "Past spaceflight events"}  # fmt: skip


def name_query(query: Query, events: Iterable[Event]) -> str:
    """A short name, for example ``Roscosmos, Docking: soyuz``."""
    words = _phrases(query, events)
    name = _VIEWS[query.view] + (f": {'; '.join(words)}" if words else "")
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def describe_query(query: Query, events: Iterable[Event]) -> str:
    """A sentence that says what the feed filters."""
    words = _phrases(query, events) + _options(query)
    return _VIEWS[query.view] + (f", {'; '.join(words)}." if words else ", all of them.")


def _phrases(query: Query, events: Iterable[Event]) -> list[str]:
    names = _names(query.clauses, events)
    return [_phrase(clause, names) for clause in query.clauses]


def _phrase(clause: Clause, names: dict[tuple[str, Value], str]) -> str:
    kind = clause.name.partition("__")[0]
    known = [names.get((kind, value)) for value in clause.values]
    if all(known):
        return ", ".join(name for name in known if name)
    texts = [_text(value) for value in clause.values]
    glue = " " if clause.name == "search" else ", "
    return FILTERS[clause.name].phrase.format(glue.join(texts))


def _text(value: Value) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else render_value(value)


def _names(clauses: tuple[Clause, ...], events: Iterable[Event]) -> dict[tuple[str, Value], str]:
    wanted = {(c.name.partition("__")[0], value) for c in clauses for value in c.values}
    found: dict[tuple[str, Value], str] = {}
    for event in sorted(events, key=lambda event: event.id) if wanted else ():
        named = [("type", event.type)] if event.type else []
        named += [("agency", one) for one in event.agencies]
        named += [("program", one) for one in event.program]
        named += [("spacestation", one) for one in event.spacestations]
        named += [("expedition", one) for one in event.expeditions]
        for kind, one in named:
            if (kind, one.id) in wanted:
                short = one.abbrev if isinstance(one, Agency) else ""
                found.setdefault((kind, one.id), short or one.name)
    return found


def _options(query: Query) -> list[str]:
    options, words = query.options, []
    if options.past is not None:
        words.append(f"{duration.words(options.past)} back")
    if options.future is not None:
        words.append(f"{duration.words(options.future)} ahead")
    if options.webcast != "any":
        words.append(
            "with an official webcast" if options.webcast == "official" else "with a webcast"
        )
    return words

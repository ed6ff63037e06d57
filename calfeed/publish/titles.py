"""What a feed without a file is called: its filters in words, with names from the data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter

from calfeed import duration
from calfeed.events.filters import FILTERS, Clause, Value, render_value
from calfeed.events.model import Agency, Event, Named
from calfeed.query.query import Query, View
from calfeed.text import clean_line

LONGEST = 100
SHORT = 20
"""The most characters of an agency's full name that stands for it."""

_VIEWS = {View.ALL: "Spaceflight events", View.UPCOMING: "Upcoming spaceflight events",
          View.PREVIOUS: "Past spaceflight events"}  # fmt: skip

_NAMED: dict[str, Callable[[Event], Iterable[Named]]] = {
    "type": lambda event: (event.type,) if event.type else (),
    "agency": attrgetter("agencies"),
    "program": attrgetter("program"),
    "spacestation": attrgetter("spacestations"),
    "expedition": attrgetter("expeditions"),
}
"""Where an event has the names that belong to the ids of a kind of filter."""
_ID = attrgetter("id")


def name_query(query: Query, events: Iterable[Event]) -> str:
    """A short name, for example ``Spaceflight events: SpaceX, NASA; Docking; “dragon”``."""
    words = _phrases(query, events)
    name = _VIEWS[query.view] + (f": {'; '.join(words)}" if words else "")
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def describe_query(query: Query, events: Iterable[Event]) -> str:
    """A sentence that says what the feed filters."""
    words = _phrases(query, events) + _options(query)
    return f"{_VIEWS[query.view]}: {'; '.join(words) or 'all of them'}."


def _phrases(query: Query, events: Iterable[Event]) -> list[str]:
    names = _names(query.clauses, events)
    return [_phrase(clause, names) for clause in query.clauses]


def _phrase(clause: Clause, names: dict[tuple[str, Value], str]) -> str:
    kind = clause.name.partition("__")[0]
    known = [names[kind, value] for value in clause.values if (kind, value) in names]
    texts = [_text(value) for value in clause.values if (kind, value) not in names]
    if texts:
        glue = " " if clause.name == "search" else ", "
        known.append(FILTERS[clause.name].phrase.format(glue.join(texts)))
    return ", ".join(known)


def _text(value: Value) -> str:
    """A value for people. It may be any text: upstream is asked for it as it was typed."""
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"
    return clean_line(render_value(value))


def _names(clauses: tuple[Clause, ...], events: Iterable[Event]) -> dict[tuple[str, Value], str]:
    """As the first event by id spells them. Only events that a clause means are looked at closely:
    the others are many."""
    events = list(events)
    found: dict[tuple[str, Value], str] = {}
    for clause in clauses:
        kind = clause.name.partition("__")[0]
        if kind not in _NAMED:
            continue
        of, wanted = _NAMED[kind], frozenset(clause.values)
        meant = [event for event in events if not wanted.isdisjoint(map(_ID, of(event)))]
        named = [one for event in sorted(meant, key=_ID) for one in of(event)]
        for one in named:
            if one.id in wanted and (name := _short(one)):
                found.setdefault((kind, one.id), name)
    return found


def _short(one: Named) -> str:
    """SpaceX rather than SpX, but NASA rather than what it stands for."""
    if isinstance(one, Agency) and len(one.name) > SHORT:
        return one.abbrev or one.name
    return one.name


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

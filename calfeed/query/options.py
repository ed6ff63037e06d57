"""calfeed's own options: how the events of a feed are chosen further and shown."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from calfeed import duration
from calfeed.text import clean_line

HOUR = timedelta(hours=1)
LONGEST_NAME = 100
MOST_ALARMS = 3
MOST_LANGUAGES = 10
HIGHEST = 100_000
"""The largest ``limit`` and ``offset``."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Display:
    """Those options that decide what one event looks like."""

    coarse: str = "mark"
    start: str = "date"
    length: timedelta = HOUR
    alarm: tuple[timedelta, ...] = ()
    lang: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a query; the defaults change nothing."""

    past: timedelta | None = None
    future: timedelta | None = None
    coarse: str = "mark"
    start: str = "date"
    length: timedelta = HOUR
    alarm: tuple[timedelta, ...] = ()
    lang: tuple[str, ...] = ()
    webcast: str = "any"
    name: str = ""
    limit: int | None = None
    offset: int = 0
    ordering: str = ""

    @property
    def display(self) -> Display:
        """The part that one event is rendered with."""
        return Display(self.coarse, self.start, self.length, self.alarm, self.lang)

    def pairs(self, beside: "Options | None" = None) -> list[tuple[str, str]]:
        """Those that differ from others', or from the defaults, as canonical query parameters."""
        return [
            (name, _render(getattr(self, name)))
            for name in sorted(OPTIONS)
            if getattr(self, name) != getattr(beside or PLAIN, name)
        ]


PLAIN = Options()
"""No option given."""


def _render(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_render(one) for one in value)
    return duration.render(value) if isinstance(value, timedelta) else str(value)


@dataclass(frozen=True, slots=True)
class Option:
    """A row of the table: ``parse`` reads all the values given and raises ValueError."""

    name: str
    meaning: str
    takes: str
    parse: Callable[[list[str]], Any]


def _once(parse: Callable[[str], T]) -> Callable[[list[str]], T]:
    def parser(values: list[str]) -> T:
        if len(set(values)) > 1:
            raise ValueError("given more than once")
        return parse(values[0])

    return parser


def _one_of(*known: str) -> Callable[[list[str]], str]:
    def parse(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return _once(parse)


def _number(lowest: int) -> Callable[[list[str]], int]:
    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or not lowest <= int(text) <= HIGHEST:
            raise ValueError(text)
        return int(text)

    return _once(parse)


def _length(text: str) -> timedelta:
    length = duration.parse(text)
    if not timedelta(0) < length <= timedelta(days=366):
        raise ValueError(text)
    return length


def _alarm(values: list[str]) -> tuple[timedelta, ...]:
    leads = {duration.parse(one.strip()) for text in values for one in text.split(",")}
    if len(leads) > MOST_ALARMS or max(leads) > timedelta(days=366):
        raise ValueError("too many alarms, or too early")
    return tuple(sorted(leads, reverse=True))


def _lang(values: list[str]) -> tuple[str, ...]:
    codes = [one.strip().lower() for text in values for one in text.split(",")]
    if len(codes) > MOST_LANGUAGES:
        raise ValueError("too many languages")
    for code in codes:
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code, re.ASCII):
            raise ValueError(code)
    return tuple(dict.fromkeys(codes))


def _name(text: str) -> str:
    name = clean_line(text)
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(text)
    return name


_ROWS = (
    Option("past", "how far back, from today", duration.TAKES, _once(duration.parse)),
    Option("future", "how far ahead, from today", duration.TAKES, _once(duration.parse)),
    Option("coarse", "an event known only to its week, month, quarter, half or year: a mark"
           " of one day, the whole period, or left out", "mark, span or hide",
           _one_of("mark", "span", "hide")),
    Option("start", "begin at the event's date, or when its first official webcast begins",
           "date or webcast", _one_of("date", "webcast")),
    Option("length", "the length of an event whose duration is unknown",
           duration.TAKES + ", more than nothing and at most a year", _once(_length)),
    Option("alarm", "a reminder so long before", duration.TAKES + f", at most {MOST_ALARMS} times",
           _alarm),
    Option("lang", "which language's webcast comes first",
           f"comma-separated language codes such as en,ru, at most {MOST_LANGUAGES}", _lang),
    Option("webcast", "only events that have a webcast, or an official one",
           "any, yes or official", _one_of("any", "yes", "official")),
    Option("name", "the calendar's name in the app", f"a text of 1 to {LONGEST_NAME} characters",
           _once(_name)),
    Option("limit", "at most so many events", f"a whole number, 1 to {HIGHEST}", _number(1)),
    Option("offset", "leave out so many first", f"a whole number, 0 to {HIGHEST}", _number(0)),
    Option("ordering", "what limit and offset count by",
           "date, -date, last_updated or -last_updated",
           _one_of("date", "-date", "last_updated", "-last_updated")),
)  # fmt: skip

OPTIONS: dict[str, Option] = {row.name: row for row in _ROWS}
"""Every option by its name."""

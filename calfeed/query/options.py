"""calfeed's own options: how the entries of a feed are chosen further and shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from calfeed import duration
from calfeed.duration import HOUR
from calfeed.entry import Display
from calfeed.text import clean_line

LONGEST_NAME = 100
MOST_ALARMS = 3
MOST_LANGUAGES = 10
HIGHEST = 100_000
"""The largest ``limit`` and ``offset``."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a query; the defaults change nothing. ``length`` is a duration, or WINDOW."""

    past: timedelta | None = None
    future: timedelta | None = None
    coarse: str = "mark"
    start: str = "date"
    length: timedelta | str = HOUR
    alarm: tuple[timedelta, ...] = ()
    lang: tuple[str, ...] = ()
    webcast: str = "any"
    name: str = ""
    limit: int | None = None
    offset: int = 0
    ordering: str = ""

    @property
    def display(self) -> Display:
        """The part that one entry is rendered with."""
        window = not isinstance(self.length, timedelta)
        length = self.length if isinstance(self.length, timedelta) else HOUR
        return Display(self.coarse, self.start, length, window, self.alarm, self.lang)

    def pairs(self, beside: "Options | None" = None) -> list[tuple[str, str]]:
        """Those that differ from ``beside``, or from the defaults, as canonical query parameters.

        Of the options that can be None, only ``past`` can be set back to that, by ``past=all``.
        """
        return [
            (name, _render(name, getattr(self, name)))
            for name in sorted(OPTIONS)
            if getattr(self, name) != getattr(beside or PLAIN, name)
        ]


PLAIN = Options()
"""No option given."""
UNBOUNDED = "all"
"""What ``past`` takes for no bound."""
WINDOW = "window"
"""What ``length`` takes for: until a launch's window closes."""


def _render(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_render(name, item) for item in value)
    if name == "past" and value is None:
        return UNBOUNDED
    return duration.render(value) if isinstance(value, timedelta) else str(value)


@dataclass(frozen=True, slots=True)
class Option:
    """A row of the table: ``parse`` reads all the values given and raises ValueError; ``schema``
    (JSON Schema) and ``example`` say to programs what they are."""

    name: str
    meaning: str
    takes: str
    parse: Callable[[list[str]], Any]
    schema: Mapping[str, Any]
    example: object


def _single(parse: Callable[[str], T]) -> Callable[[list[str]], T]:
    def parser(values: list[str]) -> T:
        if len(set(values)) > 1:
            raise ValueError("given more than once")
        return parse(values[0])

    return parser


def _one_of(*values: str) -> Callable[[list[str]], str]:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return _single(parse)


def _number(lowest: int) -> Callable[[list[str]], int]:
    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or not lowest <= int(text) <= HIGHEST:
            raise ValueError(text)
        return int(text)

    return _single(parse)


def _past(text: str) -> timedelta | None:
    return None if text.lower() == UNBOUNDED else duration.parse(text)


def _length(text: str) -> timedelta | str:
    if text == WINDOW:
        return WINDOW
    length = duration.parse(text)
    if not timedelta(0) < length <= timedelta(days=366):
        raise ValueError(text)
    return length


def _alarm(values: list[str]) -> tuple[timedelta, ...]:
    leads = {duration.parse(lead.strip()) for text in values for lead in text.split(",")}
    if len(leads) > MOST_ALARMS or max(leads) > timedelta(days=366):
        raise ValueError("too many alarms, or too early")
    return tuple(sorted(leads, reverse=True))


def _lang(values: list[str]) -> tuple[str, ...]:
    codes = [code.strip().lower() for text in values for code in text.split(",")]
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


_TEXT: Mapping[str, Any] = {"type": "string"}
_ORDERINGS = ("date", "net", "last_updated", "name", "id")


def _choice(name: str, meaning: str, *values: str) -> Option:
    takes = ", ".join(values[:-1]) + f" or {values[-1]}"
    schema = {"type": "string", "enum": list(values)}
    return Option(name, meaning, takes, _one_of(*values), schema, values[0])


def _count(name: str, meaning: str, lowest: int) -> Option:
    takes = f"a whole number, {lowest} to {HIGHEST}"
    schema = {"type": "integer", "minimum": lowest, "maximum": HIGHEST}
    return Option(name, meaning, takes, _number(lowest), schema, 7)


_ROWS = (
    Option("past", "how far back, from today", f"{UNBOUNDED}, or {duration.TAKES}", _single(_past),
           _TEXT, "90d"),
    Option("future", "how far ahead, from today", duration.TAKES, _single(duration.parse),
           _TEXT, "90d"),
    _choice("coarse", "an entry known only to its week, month, quarter, half or year: a mark"
            " of one day, the whole period, or left out", "mark", "span", "hide"),
    _choice("start", "begin at the date, or when the first official webcast begins",
            "date", "webcast"),
    Option("length", "the length of an entry whose duration is unknown; with window a launch"
           " lasts until its window closes; an hour, where that is sooner or over 60 days away",
           f"{WINDOW}, or {duration.TAKES}, more than nothing and at most a year", _single(_length),
           _TEXT, "90m"),
    Option("alarm", "a reminder so long before", duration.TAKES + f", at most {MOST_ALARMS} times",
           _alarm, _TEXT, "30m"),
    Option("lang", "which language's webcast comes first",
           f"comma-separated language codes such as en,ru, at most {MOST_LANGUAGES}", _lang,
           _TEXT, "en"),
    _choice("webcast", "only entries that have a webcast, or an official one",
            "any", "yes", "official"),
    Option("name", "the calendar's name in the app", f"a text of 1 to {LONGEST_NAME} characters",
           _single(_name), {"type": "string", "minLength": 1}, "Space"),
    _count("limit", "at most so many entries", 1),
    _count("offset", "leave out so many first", 0),
    _choice("ordering", "what limit and offset count by", *_ORDERINGS,
            *(f"-{name}" for name in _ORDERINGS)),
)  # fmt: skip

OPTIONS: dict[str, Option] = {row.name: row for row in _ROWS}
"""Every option by its name."""

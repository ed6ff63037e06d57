"""What a filter is, and how filters are made.

A filter is a row of its collection's table: its name, what it takes, the test it puts to a record,
and its words. The rows say what Launch Library itself does, so that a record can be matched
without asking.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from calfeed.record import Named
from calfeed.text import clean_link

R = TypeVar("R")
Value = int | float | str | bool | datetime
Test = Callable[[R], bool]
"""Whether a record passes."""
MakeTest = Callable[[tuple[Value, ...]], Test[R]]
"""Made once for the values of a query, for it is put to every record there is."""

MOST_VALUES = 100
"""How many values one list takes."""
LONGEST_VALUE = 300
"""How many characters one value takes: a video link is the longest."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a filter's values are: ``parse`` reads one and raises ValueError, ``takes`` says to the
    reader of an error what it reads, ``schema`` (JSON Schema) and ``example`` say it to programs.
    """

    parse: Callable[[str], Value]
    takes: str
    schema: Mapping[str, Any]
    example: object


@dataclass(frozen=True, slots=True)
class Filter(Generic[R]):
    """A filter by its Launch Library name.

    ``test`` makes the test for a tuple of values; ``phrase`` says in a calendar's name what is
    filtered; ``named`` gives the names that belong to ids; a record
    that has one of the filter's there passes the test. ``same_as`` is the spelling under which
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


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Reads a whole number between two others."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) or not lowest <= int(text) <= highest:
            raise ValueError(text)
        return int(text)

    return parse


_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?)(Z|[+ -]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 date or time into UTC, whole seconds; without a zone it is UTC.

    A ``+`` in the offset that a form or a paste turned into a space is understood.
    """
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(text)
    day, clock, zone = found.groups()
    zone = (zone or "Z").upper().replace(" ", "+")
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{zone}".replace(",", "."))
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError(text) from error


def parse_flag(text: str) -> bool:
    """Read ``true`` or ``false``, in any case, or 1 or 0."""
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


def parse_uuid(text: str) -> str:
    """Read a UUID in any spelling into the one that is kept."""
    if not re.fullmatch("[-0-9a-fA-F]{32,36}", text):
        raise ValueError(text)
    return str(UUID(text))


def parse_words(text: str) -> str:
    """Read any text without control characters."""
    if re.search("[\x00-\x1f\x7f\ud800-\udfff]", text):
        raise ValueError(text)
    return text


def _link(text: str) -> str:
    clean_link(text)
    return text


def _slug(text: str) -> str:
    if not re.fullmatch(r"[-a-zA-Z0-9_]+", text):
        raise ValueError(text)
    return text


def _flag(text: str) -> bool:
    try:
        return parse_flag(text)
    except KeyError as error:
        raise ValueError(text) from error


_INTEGER: Mapping[str, Any] = {"type": "integer"}
_TEXT: Mapping[str, Any] = {"type": "string"}

parse_id = whole(0, 2**31 - 1)
IDS = Kind(parse_id, "comma-separated ids: whole numbers such as 44,63", _INTEGER, 44)
NUMBER = Kind(parse_id, "a whole number", _INTEGER, 7)
UUIDS = Kind(
    parse_uuid, "comma-separated launch ids (UUIDs)", {"type": "string", "format": "uuid"},
    "a3c9c47e-976e-40a5-8889-30c407131e3a",
)  # fmt: skip
MOMENT = Kind(
    parse_moment, "a date or time such as 2026-07-01 or 2026-07-01T12:00:00Z", _TEXT, "2026-07-01"
)
FLAG = Kind(_flag, "true or false", {"type": "boolean"}, True)
WORDS = Kind(parse_words, "words", _TEXT, "dragon")
TEXT = Kind(parse_words, "a text", _TEXT, "Falcon 9")
LINKS = Kind(
    _link, "comma-separated links", {"type": "string", "format": "uri"}, "https://example.org/"
)
YEARS = Kind(whole(1900, 2999), "comma-separated years, 1900 to 2999", _INTEGER, 2026)
MONTHS = Kind(whole(1, 12), "comma-separated months, 1 to 12", _INTEGER, 7)
DAYS = Kind(whole(1, 31), "comma-separated days, 1 to 31", _INTEGER, 7)


def slugs(example: str) -> Kind:
    """A slug, with one of the collection as the example."""
    return Kind(_slug, f"a slug such as {example}", _TEXT, example)

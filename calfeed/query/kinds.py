"""What the values of a filter are: how they are read and described."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from calfeed.text import clean_link

Value = int | float | str | bool | datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """What a filter's values are: ``parse`` reads one and raises ValueError, ``takes`` says to the
    reader of an error what it reads, ``schema`` (JSON Schema) and ``example`` say it to programs.
    """

    parse: Callable[[str], Value]
    takes: str
    schema: Mapping[str, Any]
    example: object


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
    flag = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    if flag is None:
        raise ValueError(text)
    return flag


def parse_uuid(text: str) -> str:
    """Read a UUID in any spelling into the canonical one."""
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
FLAG = Kind(parse_flag, "true or false", {"type": "boolean"}, True)
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

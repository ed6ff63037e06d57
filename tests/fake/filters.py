"""What the API's list parameters mean, as Django, django-filter and its REST framework have it.

Unknown parameters and empty values filter nothing. A value that cannot be read is refused with
`BadValueError`, which the server answers as 400. An event without a date passes no date filter.
"""

import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from multidict import MultiDict, MultiMapping

from .parts import Record

Test = Callable[[Record], bool]
Query = MultiMapping[str]
RECENT = timedelta(hours=24)
MOST_INTEGER = 2**31 - 1


class BadValueError(ValueError):
    """A parameter's value that Django would refuse."""

    def __init__(self, key: str, complaint: str) -> None:
        super().__init__(f"{key}: {complaint}")
        self.key = key
        self.complaint = complaint


def last(query: Query, key: str) -> str:
    """Read a parameter as Django does: of repeated ones the last counts."""
    return query.getall(key, [""])[-1]


def select(records: Iterable[Record], query: Query, *, older: bool) -> list[Record]:
    """Keep the records that pass every filter of the query.

    `older` chooses the deployment: older ones know `date__gt__lt`, newer ones `date__lt` and
    the `__ids` of expeditions, launches, programs and space stations.
    """
    known = COMMON | (OLDER if older else NEWER)
    given = {key: text for key in known if (text := last(query, key)).strip()}
    tests = [known[key](key, text) for key, text in given.items()]
    tests.extend(programs(query))
    tests.extend(search(last(query, "search")))
    return [record for record in records if all(test(record) for test in tests)]


def without(query: Query, names: Collection[str]) -> Query:
    """Give the query as a deployment reads it that is deaf to these parameters."""
    return MultiDict((key, text) for key, text in query.items() if key not in names)


def upcoming(
    records: Iterable[Record], query: Query, now: datetime, field: str = "date"
) -> list[Record]:
    """Keep what is ahead, and what happened in the last 24 hours unless that is hidden."""
    hidden = last(query, "hide_recent_previous").lower() == "true"
    first = now if hidden else now - RECENT
    return [record for record in records if (at := moment(record, field)) and at >= first]


def previous(records: Iterable[Record], now: datetime, field: str = "date") -> list[Record]:
    """Keep what is over."""
    return [record for record in records if (at := moment(record, field)) and at < now]


def moment(record: Record, field: str) -> datetime | None:
    """Read a record's time; null and unreadable ones are None."""
    try:
        return when(record.get(field) or "")
    except ValueError:
        return None


def when(text: str) -> datetime:
    """Read a time; without an offset it is UTC."""
    at = datetime.fromisoformat(text.strip())
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def number(key: str, text: str) -> Decimal:
    """Read any number."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise BadValueError(key, "Enter a number.") from None
    if not value.is_finite():
        raise BadValueError(key, "Enter a number.")
    return value


def uuid_of(key: str, text: str) -> str:
    """Read a UUID, in any of its spellings."""
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        raise BadValueError(key, "Enter a valid UUID.") from None


def text_of(key: str, text: str) -> str:
    """Read a text, as forms strip it."""
    return text.strip()


def one_of(values: Callable[[Record], Iterable[Any]], read: Callable[[str, str], Any]) -> Any:
    """Comma separated: some value of the record must be among them."""

    def make(key: str, text: str) -> Test:
        wanted = {read(key, item) for item in text.split(",") if item.strip()}
        return lambda record: any(value in wanted for value in values(record))

    return make


def compared(field: str, holds: Callable[[datetime, datetime], bool]) -> Any:
    """The record's time must stand so to the one given."""

    def make(key: str, text: str) -> Test:
        try:
            limit = when(text)
        except (ValueError, OverflowError):
            raise BadValueError(key, "Enter a valid date/time.") from None
        return lambda record: (at := moment(record, field)) is not None and holds(at, limit)

    return make


def date_part(part: str, field: str = "date") -> Callable[[Record], list[int]]:
    """Give the year, month or day of a record's date."""

    def values(record: Record) -> list[int]:
        at = moment(record, field)
        return [] if at is None else [getattr(at, part)]

    return values


def ids(field: str) -> Callable[[Record], list[Any]]:
    """Give the ids of what a record lists."""
    return lambda record: [item["id"] for item in record.get(field) or []]


def _own_type(record: Record) -> list[Any]:
    return [record["type"]["id"]] if record.get("type") else []


def integer(key: str, text: str) -> Decimal:
    """Read a number that the database's integers hold."""
    value = number(key, text)
    if abs(value) > MOST_INTEGER:
        raise BadValueError(key, "Ensure this value is within the range of an integer.")
    return value


def _type(key: str, text: str) -> Test:
    wanted = integer(key, text)
    return lambda record: wanted in _own_type(record)


def _slug(key: str, text: str) -> Test:
    return lambda record: record.get("slug") == text.strip()


def programs(query: Query) -> list[Test]:
    """Read `program`: repeated, not comma separated; one of them must be among the event's."""
    texts = [text for text in query.getall("program", []) if text.strip()]
    try:
        wanted = {int(text) for text in texts}
    except ValueError:
        raise BadValueError("program", "A value is not a valid id.") from None
    values = ids("program")
    return [lambda record: not wanted.isdisjoint(values(record))] if wanted else []


def search(text: str) -> list[Test]:
    """Read `search`: all words must occur in the name."""
    words = search_words(text)
    return [lambda record: all(word in upper(record["name"]) for word in words)] if words else []


def search_words(text: str) -> list[str]:
    """Split what is searched for at spaces and commas, in upper case."""
    return [upper(word) for word in text.replace(",", " ").split()]


def upper(text: str) -> str:
    """Upper case letter by letter as a database does it: `ß` stays."""
    return "".join(up if len(up := letter.upper()) == 1 else letter for letter in text)


COMMON: dict[str, Callable[[str, str], Test]] = {
    "agency__ids": one_of(ids("agencies"), number),
    "date__gt": compared("date", lambda at, limit: at > limit),
    "date__gte": compared("date", lambda at, limit: at >= limit),
    "date__lte": compared("date", lambda at, limit: at <= limit),
    "day": one_of(date_part("day"), number),
    "id": one_of(lambda record: [record["id"]], number),
    "last_updated__gte": compared("last_updated", lambda at, limit: at >= limit),
    "last_updated__lte": compared("last_updated", lambda at, limit: at <= limit),
    "month": one_of(date_part("month"), number),
    "slug": _slug,
    "type": _type,
    "type__ids": one_of(_own_type, number),
    "video_url": one_of(lambda record: [v["url"] for v in record.get("vid_urls") or []], text_of),
    "year": one_of(date_part("year"), number),
}
OLDER = {"date__gt__lt": compared("date", lambda at, limit: at < limit)}
NEWER = {
    "date__lt": compared("date", lambda at, limit: at < limit),
    "expedition__ids": one_of(ids("expeditions"), number),
    "launch__ids": one_of(ids("launches"), uuid_of),
    "program__ids": one_of(ids("program"), number),
    "spacestation__ids": one_of(ids("spacestations"), number),
}

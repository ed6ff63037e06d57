"""What the API's list parameters mean, as Django, django-filter and its REST framework have it.

Unknown parameters and empty values filter nothing. A value that cannot be read is refused with
`BadValueError`, which the server answers as 400. An event without a date passes no date filter.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from multidict import MultiMapping

from .parts import Record

Test = Callable[[Record], bool]
Query = MultiMapping[str]
ORDERINGS = ("date", "-date", "last_updated", "-last_updated")
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
    tests.extend(_programs(query))
    tests.extend(_search(last(query, "search")))
    return [record for record in records if all(test(record) for test in tests)]


def upcoming(records: Iterable[Record], query: Query, now: datetime) -> list[Record]:
    """Keep what is ahead, and what happened in the last 24 hours unless that is hidden."""
    hidden = last(query, "hide_recent_previous").lower() == "true"
    first = now if hidden else now - RECENT
    return [record for record in records if (at := moment(record, "date")) and at >= first]


def previous(records: Iterable[Record], now: datetime) -> list[Record]:
    """Keep what is over."""
    return [record for record in records if (at := moment(record, "date")) and at < now]


def ordered(records: Iterable[Record], ordering: str) -> list[Record]:
    """Sort by the known ones of the comma separated orderings; ties, and no ordering, by id.

    Null dates stand last in ascending and first in descending order, as Postgres has them.
    """
    found = sorted(records, key=lambda record: int(record["id"]))
    terms = [term.strip() for term in ordering.split(",")]
    for term in reversed([term for term in terms if term in ORDERINGS]):
        field = term.lstrip("-")

        def rank(record: Record, field: str = field) -> tuple[bool, datetime]:
            at = moment(record, field)
            return at is None, at or datetime.min.replace(tzinfo=UTC)

        found.sort(key=rank, reverse=term.startswith("-"))
    return found


def moment(record: Record, field: str) -> datetime | None:
    """Read a record's time; null and unreadable ones are None."""
    try:
        return _when(record.get(field) or "")
    except ValueError:
        return None


def _when(text: str) -> datetime:
    at = datetime.fromisoformat(text.strip())
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _number(key: str, text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise BadValueError(key, "Enter a number.") from None
    if not number.is_finite():
        raise BadValueError(key, "Enter a number.")
    return number


def _uuid(key: str, text: str) -> str:
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        raise BadValueError(key, "Enter a valid UUID.") from None


def _text(key: str, text: str) -> str:
    return text.strip()


def _one_of(values: Callable[[Record], Iterable[Any]], read: Callable[[str, str], Any]) -> Any:
    """Comma separated: some value of the record must be among them."""

    def make(key: str, text: str) -> Test:
        wanted = {read(key, item) for item in text.split(",") if item.strip()}
        return lambda record: any(value in wanted for value in values(record))

    return make


def _compared(field: str, holds: Callable[[datetime, datetime], bool]) -> Any:
    def make(key: str, text: str) -> Test:
        try:
            limit = _when(text)
        except (ValueError, OverflowError):
            raise BadValueError(key, "Enter a valid date/time.") from None
        return lambda record: (at := moment(record, field)) is not None and holds(at, limit)

    return make


def _date_part(part: str) -> Callable[[Record], list[int]]:
    def values(record: Record) -> list[int]:
        at = moment(record, "date")
        return [] if at is None else [getattr(at, part)]

    return values


def _ids(field: str) -> Callable[[Record], list[Any]]:
    return lambda record: [item["id"] for item in record.get(field) or []]


def _own_type(record: Record) -> list[Any]:
    return [record["type"]["id"]] if record.get("type") else []


def _type(key: str, text: str) -> Test:
    number = _number(key, text)
    if abs(number) > MOST_INTEGER:
        raise BadValueError(key, "Ensure this value is within the range of an integer.")
    return lambda record: number in _own_type(record)


def _slug(key: str, text: str) -> Test:
    return lambda record: record.get("slug") == text.strip()


def _programs(query: Query) -> list[Test]:
    """Read `program`: repeated, not comma separated; one of them must be among the event's."""
    texts = [text for text in query.getall("program", []) if text.strip()]
    try:
        wanted = {int(text) for text in texts}
    except ValueError:
        raise BadValueError("program", "A value is not a valid id.") from None
    values = _ids("program")
    return [lambda record: not wanted.isdisjoint(values(record))] if wanted else []


def _search(text: str) -> list[Test]:
    words = [_upper(word) for word in text.replace(",", " ").split()]
    return [lambda record: all(word in _upper(record["name"]) for word in words)] if words else []


def _upper(text: str) -> str:
    """Upper case letter by letter as a database does it: `ß` stays."""
    return "".join(up if len(up := letter.upper()) == 1 else letter for letter in text)


COMMON: dict[str, Callable[[str, str], Test]] = {
    "agency__ids": _one_of(_ids("agencies"), _number),
    "date__gt": _compared("date", lambda at, limit: at > limit),
    "date__gte": _compared("date", lambda at, limit: at >= limit),
    "date__lte": _compared("date", lambda at, limit: at <= limit),
    "day": _one_of(_date_part("day"), _number),
    "id": _one_of(lambda record: [record["id"]], _number),
    "last_updated__gte": _compared("last_updated", lambda at, limit: at >= limit),
    "last_updated__lte": _compared("last_updated", lambda at, limit: at <= limit),
    "month": _one_of(_date_part("month"), _number),
    "slug": _slug,
    "type": _type,
    "type__ids": _one_of(_own_type, _number),
    "video_url": _one_of(lambda record: [v["url"] for v in record.get("vid_urls") or []], _text),
    "year": _one_of(_date_part("year"), _number),
}
OLDER = {"date__gt__lt": _compared("date", lambda at, limit: at < limit)}
NEWER = {
    "date__lt": _compared("date", lambda at, limit: at < limit),
    "expedition__ids": _one_of(_ids("expeditions"), _number),
    "launch__ids": _one_of(_ids("launches"), _uuid),
    "program__ids": _one_of(_ids("program"), _number),
    "spacestation__ids": _one_of(_ids("spacestations"), _number),
}

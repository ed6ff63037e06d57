"""Launch Library's filters: one row each for its values, its meaning and its words.

The rows say what Launch Library itself does, so that a kept event can be matched without asking.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter, ge, gt, le, lt
from uuid import UUID

from calfeed.events.model import Event
from calfeed.text import clean_link

Value = int | str | bool | datetime
Test = Callable[[Event], bool]
"""Whether an event passes."""
MakeTest = Callable[[tuple[Value, ...]], Test]
"""Made once for the values of a query, for it is put to every event kept."""

MOST_VALUES = 100
"""How many values one list takes."""
DETAILS = frozenset({"agency", "expedition", "launch", "program", "spacestation"})
"""What only detailed events carry."""
LONGEST_VALUE = 300
"""How many characters one value takes: a video link is the longest."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter by its Launch Library name.

    ``parse`` reads one value and raises ValueError; ``test`` makes the test for a tuple of values;
    ``takes`` is for the reader of an error; ``same_as`` names the spelling under which it is kept
    where both mean the same.
    """

    name: str
    meaning: str
    takes: str
    parse: Callable[[str], Value]
    test: MakeTest
    phrase: str
    many: bool = True
    same_as: str = ""

    @property
    def detail(self) -> bool:
        """Whether only a detailed event can be matched."""
        return self.name.partition("__")[0] in DETAILS


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
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


def _flag(text: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def _uuid(text: str) -> str:
    if not re.fullmatch("[-0-9a-fA-F]{32,36}", text):
        raise ValueError(text)
    return str(UUID(text))


def _word(text: str) -> str:
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


def _one(of: Callable[[Event], object]) -> MakeTest:
    """What an event has one of, such as its type, is among the values."""

    def test(values: tuple[Value, ...]) -> Test:
        wanted = frozenset(values)
        return lambda event: of(event) in wanted

    return test


def _any(of: Callable[[Event], Iterable[object]]) -> MakeTest:
    """Something of what an event has several of, such as its agencies, is among the values."""

    def test(values: tuple[Value, ...]) -> Test:
        wanted = frozenset(values)
        return lambda event: not wanted.isdisjoint(of(event))

    return test


def _ids(field: str) -> MakeTest:
    many, key = attrgetter(field), attrgetter("id")
    return _any(lambda event: map(key, many(event)))


def _moment(compare: Callable[[datetime, Value], bool], field: str = "date") -> MakeTest:
    moment = attrgetter(field)

    def test(values: tuple[Value, ...]) -> Test:
        (bound,) = values
        return lambda event: (at := moment(event)) is not None and compare(at, bound)

    return test


def _search(words: tuple[Value, ...]) -> Test:
    wanted = [str(word) for word in words]
    return lambda event: all(map(event.name.lower().__contains__, wanted))


def _video(values: tuple[Value, ...]) -> Test:
    """Launch Library is asked for a link as it was given; events have theirs cleaned."""
    links = frozenset(clean_link(str(value)) for value in values)
    return lambda event: any(one.url in links for one in event.vid_urls)


_ID = _whole(0, 2**31 - 1)
_IDS = "comma-separated ids: whole numbers such as 44,63"
_TIME = "a date or time such as 2026-07-01 or 2026-07-01T12:00:00Z"
_after, _since, _before, _until = _moment(gt), _moment(ge), _moment(lt), _moment(le)
_type = _one(lambda event: event.type and event.type.id)
_program = _ids("program")

_ROWS = (
    Filter("agency__ids", "events of any of these agencies", _IDS, _ID,
           _ids("agencies"), "agency {}"),
    Filter("date__gt", "later than", _TIME, parse_moment, _after, "after {}", many=False),
    Filter("date__gte", "at or later than", _TIME, parse_moment, _since, "from {}", many=False),
    Filter("date__lt", "earlier than", _TIME, parse_moment, _before, "before {}", many=False),
    Filter("date__lte", "at or earlier than", _TIME, parse_moment, _until, "until {}", many=False),
    Filter("date__gt__lt", "earlier than, as older deployments spell it", _TIME, parse_moment,
           _before, "before {}", many=False, same_as="date__lt"),
    Filter("day", "on these days of the month", "comma-separated days, 1 to 31", _whole(1, 31),
           _one(lambda event: event.date and event.date.day), "day {}"),
    Filter("expedition__ids", "of any of these expeditions", _IDS, _ID,
           _ids("expeditions"), "expedition {}"),
    Filter("hide_recent_previous", "without the last 24 hours (upcoming only)", "true or false",
           _flag, lambda values: lambda event: True, "without the last 24 hours", many=False),
    Filter("id", "exactly these events", _IDS, _ID,
           _one(attrgetter("id")), "event {}"),
    Filter("last_updated__gte", "changed at or later than", _TIME, parse_moment,
           _moment(ge, "last_updated"), "changed since {}", many=False),
    Filter("last_updated__lte", "changed at or earlier than", _TIME, parse_moment,
           _moment(le, "last_updated"), "unchanged since {}", many=False),
    Filter("launch__ids", "of any of these launches", "comma-separated launch ids (UUIDs)", _uuid,
           _any(lambda event: [one.id.lower() for one in event.launches]), "launch {}"),
    Filter("month", "in these months", "comma-separated months, 1 to 12", _whole(1, 12),
           _one(lambda event: event.date and event.date.month), "month {}"),
    Filter("program", "of any of these programs", _IDS, _ID, _program, "program {}"),
    Filter("program__ids", "the same, as newer deployments spell it", _IDS, _ID, _program,
           "program {}", same_as="program"),
    Filter("search", "all these words in the name, in any case", "words", _word, _search,
           "“{}”"),
    Filter("slug", "the event with this slug", "a slug such as soyuz-ms-27-docking", _slug,
           _one(attrgetter("slug")), "{}", many=False),
    Filter("spacestation__ids", "at any of these space stations", _IDS, _ID,
           _ids("spacestations"), "space station {}"),
    Filter("type", "the same as type__ids", "event type ids such as 2,8", _ID, _type, "type {}",
           same_as="type__ids"),
    Filter("type__ids", "of any of these event types",
           "comma-separated event type ids such as 2,8",
           _ID, _type, "type {}"),
    Filter("video_url", "with any of these video links", "comma-separated links", _link, _video,
           "video {}"),
    Filter("year", "in these years", "comma-separated years, 1900 to 2999", _whole(1900, 2999),
           _one(lambda event: event.date and event.date.year), "year {}"),
)  # fmt: skip

FILTERS: dict[str, Filter] = {row.name: row for row in _ROWS}
"""Every filter by its name."""


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """One filter with its values, in the canonical order and without repetition."""

    name: str
    values: tuple[Value, ...]

    def test(self) -> Test:
        """Whether an event passes. One that does not carry what the filter is about, for it is not
        a detailed one, does."""
        row = FILTERS[self.name]
        passes = row.test(self.values)
        return (lambda event: passes(event) or not event.detailed) if row.detail else passes

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

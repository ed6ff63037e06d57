"""date + precision + duration -> the span an event takes in the calendar. Pure."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto

from calfeed.events.model import Event

DAY = timedelta(days=1)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
"""Spelled out, for the bytes of a feed must not depend on a locale."""


class Shape(Enum):
    """What an entry known to some precision looks like."""

    TIMED = auto()
    ALL_DAY = auto()
    COARSE = auto()


@dataclass(frozen=True, slots=True)
class Precision:
    """A row of Launch Library's table of precisions.

    ``label`` says in a few words what is known of a date (empty: the entry itself shows it);
    ``period`` gives the first and last day that such a date stands for.
    """

    name: str
    shape: Shape
    confirmed: bool = False
    label: Callable[[date], str] = lambda day: ""
    period: Callable[[date], tuple[date, date]] = lambda day: (day, day)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _week_label(day: date) -> str:
    monday, _ = _week(day)
    return f"week of {monday.day} {MONTHS[monday.month - 1]} {monday.year}"


def _quarter(n: int) -> Precision:
    return Precision(
        f"Quarter {n}",
        Shape.COARSE,
        label=lambda day: f"Q{n} {day.year}",
        period=lambda day: _months(day.year, 3 * n - 2, 3 * n),
    )


def _half(n: int) -> Precision:
    return Precision(
        f"Half {n}",
        Shape.COARSE,
        label=lambda day: f"H{n} {day.year}",
        period=lambda day: _months(day.year, 6 * n - 5, 6 * n),
    )


def _fiscal(day: date) -> int:
    """The fiscal year of the United States a day lies in: from October to September."""
    return day.year + (day.month >= 10)


def _decade(day: date) -> int:
    return day.year - day.year % 10


PRECISIONS: dict[int, Precision] = {
    0: Precision("Second", Shape.TIMED, confirmed=True),
    1: Precision("Minute", Shape.TIMED, confirmed=True),
    2: Precision("Hour", Shape.TIMED),
    3: Precision("Morning", Shape.ALL_DAY, label=lambda day: "morning"),
    4: Precision("Afternoon", Shape.ALL_DAY, label=lambda day: "afternoon"),
    5: Precision("Day", Shape.ALL_DAY),
    6: Precision("Week", Shape.COARSE, label=_week_label, period=_week),
    7: Precision(
        "Month",
        Shape.COARSE,
        label=lambda day: f"{MONTHS[day.month - 1]} {day.year}",
        period=lambda day: _months(day.year, day.month, day.month),
    ),
    8: _quarter(1),
    9: _quarter(2),
    10: _quarter(3),
    11: _quarter(4),
    12: _half(1),
    13: _half(2),
    14: Precision(
        "Year",
        Shape.COARSE,
        label=lambda day: f"{day.year}",
        period=lambda day: _months(day.year, 1, 12),
    ),
    15: Precision(
        "Fiscal Year",
        Shape.COARSE,
        label=lambda day: f"FY {_fiscal(day)}",
        period=lambda day: (date(_fiscal(day) - 1, 10, 1), date(_fiscal(day), 9, 30)),
    ),
    16: Precision(
        "Decade",
        Shape.COARSE,
        label=lambda day: f"{_decade(day)}s",
        period=lambda day: (date(_decade(day), 1, 1), date(_decade(day) + 9, 12, 31)),
    ),
}
"""By Launch Library's id; the period follows from the id and the date's year and month, for the
date stands at the end of its period only most of the time."""

UNKNOWN = Precision("Unknown", Shape.ALL_DAY)
"""A precision this table does not have yet: the day is taken, its time is not."""

NONE_TIMED = Precision("None", Shape.TIMED, confirmed=True)
NONE_ALL_DAY = Precision("None", Shape.ALL_DAY)


@dataclass(frozen=True, slots=True)
class Span:
    """Where an event lies: aware UTC datetimes where ``timed``, else dates; ``end`` exclusive.

    ``label`` is what is known of the date where the entry itself does not show it.
    """

    start: date
    end: date
    timed: bool
    confirmed: bool
    label: str

    def moments(self) -> tuple[datetime, datetime]:
        """Its start and its end as moments."""
        return _moment(self.start), _moment(self.end)


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)


def precision(event: Event) -> Precision:
    """The precision of an event's date. Launch Library's oldest events have none: then a time of
    exactly midnight stands for no time at all."""
    if event.date_precision is not None:
        return PRECISIONS.get(event.date_precision, UNKNOWN)
    timed = event.date is not None and event.date.time() != time()
    return NONE_TIMED if timed else NONE_ALL_DAY


def span(event: Event, *, coarse: str, start: str, length: timedelta) -> Span | None:
    """Where the event lies in the calendar, or None where it has no place there.

    ``coarse``, ``start`` and ``length`` are the query options of the same names.
    """
    if event.date is None:
        return None
    known = precision(event)
    if known.shape is Shape.TIMED:
        begin, end = _timed(event, event.date, start, length)
        return Span(begin, end, True, known.confirmed, "")
    day = event.date.date()
    label = known.label(day)
    if known.shape is Shape.ALL_DAY:
        days = max(1, -(-(event.duration or length) // DAY))
        return Span(day, day + days * DAY, False, False, label)
    if coarse == "hide":
        return None
    first, last = known.period(day) if coarse == "span" else (day, day)
    return Span(first, last + DAY, False, False, label)


def _timed(
    event: Event, begin: datetime, start: str, length: timedelta
) -> tuple[datetime, datetime]:
    end = begin + (event.duration or length)
    if start == "webcast" and (webcast := webcast_start(event, begin)):
        return webcast, webcast + event.duration if event.duration else end
    return begin, end


def webcast_start(event: Event, date: datetime) -> datetime | None:
    """When its first official webcast begins, if that is before ``date`` by a day at most."""
    starts = (
        video.start_time
        for video in event.vid_urls
        if video.official and video.start_time and date - DAY <= video.start_time < date
    )
    return min(starts, default=None)

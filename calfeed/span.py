"""date + precision + length -> the span an entry takes in the calendar. Pure."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto

from calfeed.duration import DAY
from calfeed.record import VidUrl

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

    ``exact`` says that it tells the minute; ``label`` says in a few words what is known of a date
    (empty: the entry itself shows it); ``period`` gives the first and last day that such a date
    stands for.
    """

    name: str
    shape: Shape
    exact: bool = False
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


def _part(name: str, n: int, months: int) -> Precision:
    """The ``n``-th quarter or half of a year."""
    return Precision(
        f"{name} {n}",
        Shape.COARSE,
        label=lambda day: f"{name[0]}{n} {day.year}",
        period=lambda day: _months(day.year, months * (n - 1) + 1, months * n),
    )


def _fiscal(day: date) -> int:
    """The fiscal year of the United States a day lies in: from October to September."""
    return day.year + (day.month >= 10)


def _decade(day: date) -> int:
    return day.year - day.year % 10


PRECISIONS: dict[int, Precision] = {
    0: Precision("Second", Shape.TIMED, exact=True),
    1: Precision("Minute", Shape.TIMED, exact=True),
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
    8: _part("Quarter", 1, months=3),
    9: _part("Quarter", 2, months=3),
    10: _part("Quarter", 3, months=3),
    11: _part("Quarter", 4, months=3),
    12: _part("Half", 1, months=6),
    13: _part("Half", 2, months=6),
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

NONE_TIMED = Precision("None", Shape.TIMED, exact=True)
NONE_ALL_DAY = Precision("None", Shape.ALL_DAY)


@dataclass(frozen=True, slots=True)
class Span:
    """Where an entry lies: aware UTC datetimes where ``timed``, else dates; ``end`` exclusive.

    ``exact`` says that the time is known to the minute, ``coarse`` that not even the day is.
    ``label`` is what is known of the date where the entry itself does not show it.
    """

    start: date
    end: date
    timed: bool
    exact: bool = False
    coarse: bool = False
    label: str = ""

    def moments(self) -> tuple[datetime, datetime]:
        """Its start and its end as moments."""
        return moment(self.start), moment(self.end)


def moment(day: date) -> datetime:
    """A date's first moment, in UTC; a moment as it is."""
    return day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)


def iso(day: date) -> str:
    """A moment in UTC as ISO 8601 with whole seconds, ``2026-11-21T20:00:00Z``; a date likewise."""
    if isinstance(day, datetime):  # not strftime: it writes the year 33 in two digits
        return day.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    return day.isoformat()


def precision(date: datetime, precision_id: int | None) -> Precision:
    """The precision of a date. Launch Library's oldest records have none: then a time of exactly
    midnight stands for no time at all."""
    if precision_id is not None:
        return PRECISIONS.get(precision_id, UNKNOWN)
    return NONE_TIMED if date.time() != time() else NONE_ALL_DAY


def span(date: datetime, precision: Precision, *, coarse: str, length: timedelta) -> Span | None:
    """Where a date of some precision lies in the calendar; None where ``coarse`` hides it.

    A timed entry lasts for ``length``, an all-day one as many whole days as that needs.
    """
    if precision.shape is Shape.TIMED:
        return Span(date, date + length, True, precision.exact)
    day = date.date()
    label = precision.label(day)
    if precision.shape is Shape.ALL_DAY:
        return Span(day, day + max(1, -(-length // DAY)) * DAY, False, label=label)
    if coarse == "hide":
        return None
    first, last = precision.period(day) if coarse == "span" else (day, day)
    return Span(first, last + DAY, False, coarse=True, label=label)


def from_webcast(span: Span, webcasts: Iterable[VidUrl], duration: timedelta | None) -> Span:
    """A timed span that begins with the first official webcast, where that is earlier by a day at
    most. It ends ``duration`` later where that is known, else when it would have ended."""
    starts = (
        video.start_time
        for video in webcasts
        if video.official and video.start_time and span.start - DAY <= video.start_time < span.start
    )
    start = min(starts, default=None) if span.timed else None
    if start is None:
        return span
    return Span(start, start + duration if duration else span.end, True, span.exact)

"""A span -> the words a reader sees, never more exact than what is known. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from calfeed.publish.layout import Placed
from calfeed.span import MONTHS, iso

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class When:
    """When an event is. ``text`` is in UTC; ``moment`` its machine form; ``kind`` is ``exact``
    (to the minute), ``about`` (to the hour), ``day``, or ``coarse`` where not even that is known.
    """

    text: str
    moment: str
    kind: str


def when(entry: Placed) -> When:
    """When an entry is, in words."""
    span, start = entry.span, entry.span.start
    if isinstance(start, datetime):
        about = "" if span.exact else "about "
        text = f"{day(start)}, {about}{start:%H:%M} UTC"
        return When(text, iso(start), "exact" if span.exact else "about")
    if span.coarse:
        return When(span.label[:1].upper() + span.label[1:], iso(start), "coarse")
    part = f", {span.label}" if span.label else ""
    return When(day(start) + part, iso(start), "day")


def day(moment: date) -> str:
    """For example ``Sat 28 Nov 2026``."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1][:3]} {moment.year}"


def long_day(moment: date) -> str:
    """For example ``28 November 2026``."""
    return f"{moment.day} {month(moment)}"


def month(moment: date) -> str:
    """For example ``November 2026``."""
    return f"{MONTHS[moment.month - 1]} {moment.year}"


def ago(seconds: float) -> str:
    """How long something is past, in the largest whole unit."""
    for name, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        n = int(seconds // size)
        if n:
            return f"{n} {name}{'s' if n > 1 else ''} ago"
    return "just now"


def until(seconds: float) -> str:
    """How long until something, as a countdown begins."""
    days, rest = divmod(max(0, int(seconds)), 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"in {days} d {hours} h"
    return f"in {hours} h {minutes} min" if hours else f"in {minutes} min"

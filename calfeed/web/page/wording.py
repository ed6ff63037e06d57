"""A span -> the words a reader sees, never more exact than what is known. Pure."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calfeed.mirror.progress import Pending
from calfeed.mirror.result import Result
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


def about(length: timedelta) -> str:
    """A length of time that is only estimated."""
    minutes = math.ceil(length.total_seconds() / 60)
    if minutes <= 5:
        return "a few minutes"
    if minutes <= 55:
        return f"about {math.ceil(minutes / 5) * 5} minutes"
    hours = math.ceil(minutes / 60)
    if hours <= 36:
        return f"about {hours} hour{'s' if hours > 1 else ''}"
    return f"about {math.ceil(hours / 24)} days"


def pending(pending: Pending) -> str:
    """What a calendar waits for that cannot be answered yet."""
    return (
        f"This calendar reaches further back than has been fetched yet ({pending})."
        f" It will be ready in {about(pending.ready_in)}; the address of this page keeps your"
        " choice until then."
    )


def why_stale(result: Result) -> str:
    """Why there is no newer data."""
    if result.held_up == "limit":
        return "calfeed has used up this hour’s calls to Launch Library and goes on by itself."
    if result.held_up == "fault":
        return "Launch Library has not given newer data since."
    if not result.complete:
        return "calfeed is still fetching what is older and looks for changes in between."
    return "nothing newer has been fetched since."


def until(seconds: float) -> str:
    """How long until something, as a countdown begins."""
    days, rest = divmod(max(0, int(seconds)), 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"in {days} d {hours} h"
    return f"in {hours} h {minutes} min" if hours else f"in {minutes} min"

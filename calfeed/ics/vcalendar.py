"""Rendered events -> one VCALENDAR."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import webcolors

from calfeed import duration
from calfeed.ics.contentline import lines, text

PRODID = "-//calfeed//Launch Library 2//EN"
"""Without a version: a new one must not change every feed's bytes."""

REFRESH_INTERVAL = timedelta(hours=1)
"""The shortest time between two fetches that makes sense: readers take it for a minimum."""

_END = b"END:VCALENDAR\r\n"
_UTC = lines(
    (
        ("BEGIN", "VTIMEZONE"), ("TZID", "UTC"), ("BEGIN", "STANDARD"),
        ("DTSTART", "19700101T000000"), ("TZNAME", "UTC"), ("TZOFFSETFROM", "+0000"),
        ("TZOFFSETTO", "+0000"), ("END", "STANDARD"), ("END", "VTIMEZONE"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What a calendar says of itself. ``color`` is a CSS3 name; ``source`` its own address."""

    name: str
    description: str
    color: str
    last_modified: datetime
    source: str | None = None


def render(head: Head, vevents: Sequence[bytes]) -> bytes:
    """The whole feed. An empty one holds a lone VTIMEZONE: the grammar wants a component."""
    opening = b"BEGIN:VCALENDAR\r\n" + lines(_properties(head))
    return b"".join((opening, *(vevents or [_UTC]), _END))


def _properties(head: Head) -> Iterator[tuple[str, str]]:
    """No METHOD, which would want an ORGANIZER in every event; no UID, which vdirsyncer takes for
    every event's. In icalendar's order."""
    interval = duration.render(REFRESH_INTERVAL)
    yield "VERSION", "2.0"
    yield "PRODID", PRODID
    yield "CALSCALE", "GREGORIAN"
    yield "DESCRIPTION", text(head.description)
    yield "X-WR-CALDESC", text(head.description)
    yield "NAME", text(head.name)
    yield "X-WR-CALNAME", text(head.name)
    yield "COLOR", head.color
    yield "LAST-MODIFIED", head.last_modified.strftime("%Y%m%dT%H%M%SZ")
    yield "REFRESH-INTERVAL;VALUE=DURATION", interval
    if head.source:
        yield "SOURCE;VALUE=URI", head.source
    yield "X-APPLE-CALENDAR-COLOR", webcolors.name_to_hex(head.color).upper()
    yield "X-PUBLISHED-TTL", interval

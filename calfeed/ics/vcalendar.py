"""Rendered entries -> one VCALENDAR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import webcolors
from icalendar import Calendar, Timezone, TimezoneStandard
from icalendar.prop import vDDDTypes, vDuration, vText, vUri, vUTCOffset

from calfeed.ics.contentline import text

PRODID = "-//calfeed//Launch Library 2//EN"
"""Without a version: a new one must not change every feed's bytes."""

REFRESH_INTERVAL = timedelta(hours=1)
"""The shortest time between two fetches that makes sense: readers take it for a minimum."""

_END = b"END:VCALENDAR\r\n"


class Text(vText):
    r"""Text that every reader gets back as it was.

    icalendar 7.3 takes a backslash before an N for the end of a line, and writes ``\NASA`` as a
    line break before ``ASA``.
    """

    def to_ical(self) -> bytes:
        """The escaped value."""
        return text(self).encode()


@dataclass(frozen=True, slots=True)
class Head:
    """What a calendar says of itself. ``color`` is a CSS3 name; ``source`` its own address."""

    name: str
    description: str
    color: str
    last_modified: datetime
    source: str | None = None


def render(head: Head, vevents: Sequence[bytes]) -> list[bytes]:
    """The whole feed, in pieces. An empty one has a lone VTIMEZONE: the grammar wants something."""
    opening: bytes = _calendar(head, empty=not vevents).to_ical()
    return [opening.removesuffix(_END), *vevents, _END]


def _calendar(head: Head, *, empty: bool) -> Calendar:
    """No METHOD, which would want an ORGANIZER in every event; no UID, which vdirsyncer takes for
    every event's."""
    calendar = Calendar()
    calendar.add("prodid", Text(PRODID))
    calendar.add("version", Text("2.0"))
    calendar.add("calscale", Text("GREGORIAN"))
    calendar.add("name", Text(head.name))
    calendar.add("x-wr-calname", Text(head.name))
    calendar.add("description", Text(head.description))
    calendar.add("x-wr-caldesc", Text(head.description))
    calendar.add("refresh-interval", vDuration(REFRESH_INTERVAL, params={"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(REFRESH_INTERVAL))
    calendar.add("color", Text(head.color))
    calendar.add("x-apple-calendar-color", Text(webcolors.name_to_hex(head.color).upper()))
    calendar.add("last-modified", head.last_modified)
    if head.source:
        calendar.add("source", vUri(head.source, params={"VALUE": "URI"}))
    if empty:
        calendar.add_component(_utc())
    return calendar


def _utc() -> Timezone:
    standard = TimezoneStandard()
    standard.add("dtstart", vDDDTypes(datetime(1970, 1, 1)))  # noqa: DTZ001  a local time, by RFC 5545
    standard.add("tzname", Text("UTC"))
    standard.add("tzoffsetfrom", vUTCOffset(timedelta(0)))
    standard.add("tzoffsetto", vUTCOffset(timedelta(0)))
    zone = Timezone()
    zone.add("tzid", Text("UTC"))
    zone.add_component(standard)
    return zone

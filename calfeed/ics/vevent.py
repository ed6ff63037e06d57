"""An entry -> the bytes of a VEVENT, in parts: its times and reminders can be changed cheaply."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from icalendar import Alarm
from icalendar import Event as VEvent
from icalendar.prop import vCategory, vDDDTypes, vDuration, vInt, vUri

from calfeed.entry import Entry, Place
from calfeed.ics.text import Text
from calfeed.record import VidUrl
from calfeed.span import Span

SEQUENCE_SINCE = datetime(2010, 1, 1, tzinfo=UTC)
"""SEQUENCE counts the seconds from here, and stays below 2^31 until 2078."""

_IMAGE_TYPES = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp"}
_START, _TRIGGER, _END = b"\r\nDTSTART", b"\r\nTRIGGER", b"END:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class Parts:
    """A VEVENT without its times and reminders: what stands before DTSTART, what stands between
    DTEND and the end, and what stands before a reminder's TRIGGER."""

    head: bytes
    tail: bytes
    alarm: bytes

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return len(self.head) + len(self.tail) + len(self.alarm)

    def join(self, span: Span, alarms: Iterable[timedelta] = ()) -> bytes:
        """The whole VEVENT, CRLF at the end of every line. Only timed entries get reminders."""
        parts = [self.head, _times(span), self.tail]
        if span.timed:
            for lead in alarms:
                parts += [self.alarm, _trigger(lead)]
        parts.append(_END)
        return b"".join(parts)


def render(entry: Entry) -> Parts:
    """An entry's VEVENT, as icalendar writes it, cut where options change it."""
    event: bytes = _component(entry).to_ical()
    start = event.index(_START) + 2
    end = event.index(b"\r\n", event.index(b"\r\nDTEND", start) + 2) + 2
    alarm: bytes = _alarm(entry.summary).to_ical()
    return Parts(
        event[:start],
        event[end:].removesuffix(_END),
        alarm[: alarm.index(_TRIGGER) + 2],
    )


def _component(entry: Entry) -> VEvent:
    event = VEvent()
    changed = entry.last_modified
    event.add("uid", Text(entry.uid))
    event.add("dtstamp", changed)  # without a METHOD it means the same (RFC 5545 3.8.7.2)
    event.add("last-modified", changed)
    sequence = int((changed - SEQUENCE_SINCE).total_seconds())
    event.add("sequence", vInt(min(max(sequence, 0), 2**31 - 1)))
    event.add("dtstart", vDDDTypes(entry.span.start))
    event.add("dtend", vDDDTypes(entry.span.end))
    event.add("summary", Text(entry.summary))
    event.add("description", Text(entry.description))
    if entry.location:
        event.add("location", Text(entry.location))
    if entry.place:
        _add_place(event, entry.place)
    if entry.categories:
        event.add("categories", vCategory(list(entry.categories)))
    event.add("status", Text(entry.status))
    event.add("transp", Text("TRANSPARENT"))
    event.add("class", Text("PUBLIC"))
    event.add("x-microsoft-cdo-busystatus", Text("FREE"))
    _add_links(event, entry)
    return event


def _add_place(event: VEvent, place: Place) -> None:
    """GEO, and what Apple draws a pin from."""
    event.add("geo", (place.latitude, place.longitude))
    params = {"VALUE": "URI", "X-TITLE": _parameter(place.title)}
    link = vUri(f"geo:{place.latitude},{place.longitude}", params=params)
    event.add("x-apple-structured-location", link)


def _add_links(event: VEvent, entry: Entry) -> None:
    if entry.url:
        event.add("url", vUri(entry.url))
    for video in entry.webcasts:
        event.add("conference", vUri(video.url, params=_conference(video)))
    if entry.image:
        params = {"VALUE": "URI", "DISPLAY": "GRAPHIC"}
        kind = _IMAGE_TYPES.get(entry.image.rpartition(".")[2].lower())
        if kind:
            params["FMTTYPE"] = f"image/{kind}"
        event.add("image", vUri(entry.image, params=params))


def _conference(video: VidUrl) -> dict[str, str | list[str]]:
    """Parameters of CONFERENCE (RFC 7986 5.11)."""
    params: dict[str, str | list[str]] = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
    label = ": ".join(part for part in (video.publisher, video.title) if part)
    if label:
        params["LABEL"] = _parameter(label)
    if re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,8})*", video.language, re.ASCII):
        params["LANGUAGE"] = video.language
    return params


def _parameter(text: str) -> str:
    """A parameter's value takes no double quote; not every reader knows the caret that RFC 6868
    writes instead, and some take a backslash for an escape."""
    return re.sub(r'["^]', "'", text).replace("\\", "/").replace("\n", " ")


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", Text("DISPLAY"))
    alarm.add("description", Text(title))
    alarm.add("trigger", vDuration(timedelta(0)))
    return alarm


@lru_cache(100)  # every entry of a feed has the same few
def _trigger(lead: timedelta) -> bytes:
    """In icalendar's spelling: RFC 5545 3.3.6 wants the minutes between hours and seconds."""
    value: bytes = vDuration(-lead).to_ical()  # type: ignore[no-untyped-call]
    return b"TRIGGER:" + value + b"\r\nEND:VALARM\r\n"


def _times(span: Span) -> bytes:
    return f"DTSTART{_value(span.start)}\r\nDTEND{_value(span.end)}\r\n".encode()


def _value(moment: date) -> str:
    """A UTC time, or a date; not strftime, which writes early years short."""
    day = f"{moment.year:04}{moment.month:02}{moment.day:02}"
    if isinstance(moment, datetime):
        return f":{day}T{moment.hour:02}{moment.minute:02}{moment.second:02}Z"
    return f";VALUE=DATE:{day}"

"""An entry -> the bytes of a VEVENT, in parts: its times and reminders can be changed cheaply."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from calfeed.entry import Entry
from calfeed.ics.contentline import fold, lines, parameters, text
from calfeed.record import VidUrl
from calfeed.span import Span

SEQUENCE_SINCE = datetime(2010, 1, 1, tzinfo=UTC)
"""SEQUENCE counts the seconds from here, and stays below 2^31 until 2078."""

_IMAGE_TYPES = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp"}
_END = b"END:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class Parts:
    """A VEVENT where it lies, without reminders; to be joined with other times and reminders.

    ``whole`` is it at ``span``, with the times from ``head`` to ``tail``; ``alarm`` is what stands
    before a reminder's TRIGGER.
    """

    whole: bytes
    span: Span
    head: int
    tail: int
    alarm: bytes

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return len(self.whole) + len(self.alarm)

    def join(self, span: Span, alarms: Iterable[timedelta] = ()) -> bytes:
        """The whole VEVENT, CRLF at the end of every line. Only timed entries get reminders."""
        alarms = alarms if span.timed else ()
        if not alarms and (span is self.span or span == self.span):
            return self.whole
        parts = [self.whole[: self.head], _times(span), self.whole[self.tail : -len(_END)]]
        for lead in alarms:
            parts += [self.alarm, _trigger(lead)]
        return b"".join((*parts, _END))


def render(entry: Entry, span: Span | None = None) -> Parts:
    """An entry's VEVENT; at another span than its own where one is given. The properties are in
    icalendar's order."""
    span = span or entry.span
    head = b"BEGIN:VEVENT\r\n" + fold(f"SUMMARY:{text(entry.summary)}")
    times = _times(span)
    whole = b"".join((head, times, lines(_properties(entry)), _END))
    reminder = fold(f"DESCRIPTION:{text(entry.summary)}")
    alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n" + reminder
    return Parts(whole, span, len(head), len(head) + len(times), alarm)


def _properties(entry: Entry) -> Iterator[tuple[str, str]]:
    changed = _value(entry.last_modified).removeprefix(":")
    sequence = int((entry.last_modified - SEQUENCE_SINCE).total_seconds())
    yield "DTSTAMP", changed  # without a METHOD it means the same (RFC 5545 3.8.7.2)
    yield "UID", entry.uid
    yield "SEQUENCE", str(min(max(sequence, 0), 2**31 - 1))
    if entry.categories:
        yield "CATEGORIES", ",".join(map(text, entry.categories))
    yield "CLASS", "PUBLIC"
    for video in entry.webcasts:
        yield "CONFERENCE;FEATURE=AUDIO,VIDEO" + parameters(_conference(video)), video.url
    yield "DESCRIPTION", text(entry.description)
    if entry.place:
        yield "GEO", f"{entry.place.latitude};{entry.place.longitude}"
    if entry.image:
        yield "IMAGE" + parameters(_image(entry.image)), entry.image
    yield "LAST-MODIFIED", changed
    if entry.location:
        yield "LOCATION", text(entry.location)
    yield "STATUS", entry.status
    yield "TRANSP", "TRANSPARENT"
    if entry.url:
        yield "URL", entry.url
    if place := entry.place:  # what Apple draws a pin from
        title = parameters({"VALUE": "URI", "X-TITLE": _parameter(place.title)})
        yield f"X-APPLE-STRUCTURED-LOCATION{title}", f"geo:{place.latitude},{place.longitude}"
    yield "X-MICROSOFT-CDO-BUSYSTATUS", "FREE"


def _image(url: str) -> dict[str, str]:
    params = {"VALUE": "URI", "DISPLAY": "GRAPHIC"}
    kind = _IMAGE_TYPES.get(url.rpartition(".")[2].lower())
    return params | ({"FMTTYPE": f"image/{kind}"} if kind else {})


def _conference(video: VidUrl) -> dict[str, str]:
    """Parameters of CONFERENCE (RFC 7986 5.11)."""
    params = {"VALUE": "URI"}
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


@lru_cache(100)  # every entry of a feed has the same few
def _trigger(lead: timedelta) -> bytes:
    """Unlike ISO 8601, RFC 5545 3.3.6 wants the minutes between hours and seconds."""
    minutes, seconds = divmod(lead.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes or (hours and seconds) else ""
    clock += f"{seconds}S" if seconds else ""
    value = (f"{lead.days}D" if lead.days or not clock else "") + (f"T{clock}" if clock else "")
    return f"TRIGGER:{'-' if lead else ''}P{value}\r\nEND:VALARM\r\n".encode()


def _times(span: Span) -> bytes:
    return f"DTSTART{_value(span.start)}\r\nDTEND{_value(span.end)}\r\n".encode()


def _value(moment: date) -> str:
    """A UTC time, or a date; not strftime, which writes early years short."""
    day = f"{moment.year:04}{moment.month:02}{moment.day:02}"
    if isinstance(moment, datetime):
        return f":{day}T{moment.hour:02}{moment.minute:02}{moment.second:02}Z"
    return f";VALUE=DATE:{day}"

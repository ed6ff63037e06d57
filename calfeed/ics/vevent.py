"""One event -> one VEVENT."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Alarm
from icalendar import Event as VEvent
from icalendar.prop import vCategory, vDDDTypes, vDuration, vInt, vUri

from calfeed.events.model import Event, VidUrl
from calfeed.ics.description import describe
from calfeed.ics.text import Text
from calfeed.query.options import Display
from calfeed.span import Span, span

NAMESPACE = UUID("6d0c4bb6-4b1c-5a39-9d3c-1f1b0a6f7a52")
"""What every UID is derived from. Changing it gives every subscriber every event twice."""

WORDING_SINCE = datetime(2026, 11, 21, tzinfo=UTC)
"""When the wording below last changed: raise it with every such change, for ICSx5 skips an event
whose LAST-MODIFIED has not risen."""

SEQUENCE_SINCE = datetime(2010, 1, 1, tzinfo=UTC)
"""SEQUENCE counts the seconds from here, and stays below 2^31 until 2078."""

LONGEST_SUMMARY = 250
"""Outlook minds more than 255 characters."""

_IMAGE_TYPES = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp"}


def uid(event_id: int) -> str:
    """The event's UID: a UUID (RFC 7986 5.3), the same in every feed, for ever."""
    return str(uuid5(NAMESPACE, f"event:{event_id}"))


def event_span(event: Event, display: Display) -> Span | None:
    """Where the event lies in the calendar with these options, or None where it has no place."""
    return span(event, coarse=display.coarse, start=display.start, length=display.length)


def summary(event: Event, known: Span) -> str:
    """The name, with what is known of a date that the entry does not show."""
    label = f" ({known.label})" if known.label else ""
    room = LONGEST_SUMMARY - len(label)
    name = event.name if len(event.name) <= room else event.name[: room - 1] + "…"
    return name + label


def best_webcast(event: Event, lang: tuple[str, ...]) -> VidUrl | None:
    """The first in order of languages, then of priority."""

    def rank(video: VidUrl) -> tuple[int, int, str]:
        first = video.language.partition("-")[0]
        wanted = [n for n, code in enumerate(lang) if code in (video.language, first)]
        return (min(wanted, default=len(lang)), video.priority, video.url)

    return min(event.vid_urls, key=rank, default=None)


def link(event: Event, lang: tuple[str, ...]) -> str | None:
    """The best webcast's address, else the best page's."""
    webcast = best_webcast(event, lang)
    if webcast:
        return webcast.url
    return event.info_urls[0].url if event.info_urls else None


def categories(event: Event) -> list[str]:
    """Type, agencies and programs, without what would be escaped: some readers split there."""
    names = [event.type.name] if event.type else []
    names += [one.name for one in (*event.agencies, *event.program)]
    plain = (re.sub(r"\s*[,;\\]\s*", " ", name).strip() for name in names)
    return list(dict.fromkeys(name for name in plain if name))


def last_modified(event: Event) -> datetime:
    """When the entry last changed: its data, or our wording of it."""
    return max(event.last_updated or WORDING_SINCE, WORDING_SINCE)


def render(event: Event, known: Span, display: Display) -> bytes:
    """The VEVENT's bytes, CRLF at the end of every line."""
    piece: bytes = build(event, known, display).to_ical()
    return piece


def build(event: Event, known: Span, display: Display) -> VEvent:
    """The VEVENT as a component."""
    entry = VEvent()
    changed = last_modified(event)
    entry.add("uid", Text(uid(event.id)))
    entry.add("dtstamp", event.last_updated or WORDING_SINCE)
    entry.add("last-modified", changed)
    sequence = int((changed - SEQUENCE_SINCE).total_seconds())
    entry.add("sequence", vInt(min(max(sequence, 0), 2**31 - 1)))
    entry.add("dtstart", _when(known.start))
    entry.add("dtend", _when(known.end))
    title = summary(event, known)
    entry.add("summary", Text(title))
    entry.add("description", Text(describe(event)))
    if event.location:
        entry.add("location", Text(event.location))
    if names := categories(event):
        entry.add("categories", vCategory(names))
    entry.add("status", Text("CONFIRMED" if known.confirmed else "TENTATIVE"))
    entry.add("transp", Text("TRANSPARENT"))
    entry.add("class", Text("PUBLIC"))
    entry.add("x-microsoft-cdo-busystatus", Text("FREE"))
    _add_links(entry, event, display.lang)
    if known.timed:
        for lead in display.alarm:
            entry.add_component(_alarm(lead, title))
    return entry


def _when(moment: date) -> vDDDTypes:
    value = vDDDTypes(moment)
    if not isinstance(moment, datetime):
        value.params["VALUE"] = "DATE"
    return value


def _add_links(entry: VEvent, event: Event, lang: tuple[str, ...]) -> None:
    if address := link(event, lang):
        entry.add("url", vUri(address))
    for video in event.vid_urls:
        entry.add("conference", vUri(video.url, params=_conference(video)))
    if event.image:
        params = {"VALUE": "URI", "DISPLAY": "GRAPHIC"}
        kind = _IMAGE_TYPES.get(event.image.rpartition(".")[2].lower())
        if kind:
            params["FMTTYPE"] = f"image/{kind}"
        entry.add("image", vUri(event.image, params=params))


def _conference(video: VidUrl) -> dict[str, str | list[str]]:
    """Parameters of CONFERENCE (RFC 7986 5.11).

    A parameter's value takes no double quote; not every reader knows the caret that RFC 6868 writes
    instead, and some take a backslash for an escape.
    """
    params: dict[str, str | list[str]] = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
    label = ": ".join(part for part in (video.publisher, video.title) if part)
    label = re.sub(r'["^]', "'", label).replace("\\", "/")
    if label:
        params["LABEL"] = label
    if re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,8})*", video.language, re.ASCII):
        params["LANGUAGE"] = video.language
    return params


def _alarm(lead: timedelta, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", Text("DISPLAY"))
    alarm.add("description", Text(title))
    alarm.add("trigger", vDuration(-lead))
    return alarm

"""What stands in an event's DESCRIPTION: plain text with bare links, which every app shows."""

from collections.abc import Iterator
from datetime import datetime

from calfeed.event import Agency, Event, InfoUrl, VidUrl
from calfeed.when import MONTHS


def describe(event: Event) -> str:
    """The description, its webcasts, its pages, who and what it belongs to, and its last change."""
    blocks = (
        [event.description] if event.description else [],
        [webcast(video) for video in event.vid_urls],
        [page(info) for info in event.info_urls],
        list(_facts(event)),
        ["Data: Launch Library 2 by The Space Devs"],
    )
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def webcast(video: VidUrl) -> str:
    """One line: who, in what language, official or not, when, what, where."""
    about = [video.language] if video.language else []
    if video.official is not None:
        about.append("official" if video.official else "unofficial")
    if video.start_time:
        about.append(_times(video.start_time, video.end_time))
    who = video.publisher + (f" ({', '.join(about)})" if about else "")
    line = ": ".join(part for part in ("Webcast", who.strip(), video.title) if part)
    return f"{line} {video.url}"


def page(info: InfoUrl) -> str:
    """One line: the title and the link."""
    return f"More: {info.title} {info.url}" if info.title else f"More: {info.url}"


def agency(one: Agency) -> str:
    """The full name, with the short one where it adds something."""
    extra = one.abbrev and "(" not in one.name and one.abbrev.lower() not in one.name.lower()
    return f"{one.name} ({one.abbrev})" if extra else one.name


def _facts(event: Event) -> Iterator[str]:
    if event.type:
        yield f"Type: {event.type.name}"
    if event.agencies:
        yield f"Agencies: {', '.join(agency(one) for one in event.agencies)}"
    if event.program:
        yield f"Programs: {', '.join(one.name for one in event.program)}"
    if event.launches:
        yield f"Launch: {', '.join(one.name for one in event.launches)}"
    if event.update:
        yield f"Last update ({_day(event.update.created_on)}): {event.update.comment}"


def _times(start: datetime, end: datetime | None) -> str:
    if end is None or end <= start:
        return f"{_day(start)} {start:%H:%M} UTC"
    if end.date() == start.date():
        return f"{_day(start)} {start:%H:%M}-{end:%H:%M} UTC"
    return f"{_day(start)} {start:%H:%M} to {_day(end)} {end:%H:%M} UTC"


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"

"""What stands in an event's DESCRIPTION: plain text with bare links, which every app shows."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from calfeed.events.model import Agency, Event, InfoUrl, VidUrl
from calfeed.span import MONTHS

LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
"""The languages of webcasts by their codes; any other stands in the text by its code."""


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
    """One line: official or not, who, in what language, when, what, where."""
    kind = {None: "Webcast", True: "Official webcast", False: "Unofficial webcast"}
    words = [kind[video.official]]
    if video.publisher:
        words.append(f"by {video.publisher}")
    if video.language:
        words.append(f"in {LANGUAGES.get(video.language, video.language)}")
    line = " ".join(words)
    if video.start_time:
        line += f", {_times(video.start_time, video.end_time)}"
    return f"{line}: {video.title} {video.url}" if video.title else f"{line}: {video.url}"


def page(info: InfoUrl) -> str:
    """One line: the title and the link."""
    return f"More: {info.title} {info.url}" if info.title else f"More: {info.url}"


def agency(one: Agency) -> str:
    """The full name, with the short one where it adds something."""
    extra = one.abbrev and "(" not in one.name and one.abbrev.lower() not in one.name.lower()
    return f"{one.name} ({one.abbrev})" if extra else one.name


def _facts(event: Event) -> Iterator[str]:
    yield from _fact("Type", "Types", (event.type.name,) if event.type else ())
    yield from _fact("Agency", "Agencies", map(agency, event.agencies))
    yield from _fact("Program", "Programs", (one.name for one in event.program))
    yield from _fact("Launch", "Launches", (one.name for one in event.launches))
    if event.update and event.update.comment:
        yield f"Last update ({_day(event.update.created_on)}): {event.update.comment}"


def _fact(one: str, many: str, names: Iterable[str]) -> Iterator[str]:
    known = [name for name in names if name]
    if known:
        yield f"{one if len(known) == 1 else many}: {', '.join(known)}"


def _times(start: datetime, end: datetime | None) -> str:
    if end is None or end <= start:
        return f"{_day(start)} {start:%H:%M} UTC"
    if end.date() == start.date():
        return f"{_day(start)} {start:%H:%M}–{end:%H:%M} UTC"
    return f"{_day(start)} {start:%H:%M} to {_day(end)} {end:%H:%M} UTC"


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"

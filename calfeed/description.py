"""The lines of a DESCRIPTION: plain text with bare links, which every app shows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from calfeed.record import Agency, InfoUrl, Move, Update, VidUrl
from calfeed.span import MONTHS, Precision, Shape, precision

LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
"""The languages of webcasts by their codes; any other stands in the text by its code."""

CREDIT = "Data: Launch Library 2 by The Space Devs"


def paragraphs(*blocks: Iterable[str]) -> str:
    """The blocks of lines that have any, with an empty line between them."""
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block)))


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
        line += f", {period(video.start_time, video.end_time)}"
    return f"{line}: {video.title} {video.url}" if video.title else f"{line}: {video.url}"


def page(info: InfoUrl) -> str:
    """One line: the title and the link."""
    return f"More: {info.title} {info.url}" if info.title else f"More: {info.url}"


def agency(agency: Agency) -> str:
    """The full name, with the short one where it adds something."""
    name, abbrev = agency.name, agency.abbrev
    adds = abbrev and "(" not in name and abbrev.lower() not in name.lower()
    return f"{name} ({abbrev})" if adds else name


def fact(singular: str, plural: str, names: Iterable[str]) -> Iterator[str]:
    """A line such as ``Agencies: NASA, ESA``; none where there are no names."""
    named = [name for name in names if name]
    if named:
        yield f"{singular if len(named) == 1 else plural}: {', '.join(named)}"


def updates(latest: Sequence[Update]) -> Iterator[str]:
    """What was last written about the record, latest first."""
    for number, update in enumerate(latest):
        what = "Earlier update" if number else "Last update"
        yield f"{what} ({day(update.created_on)}): {update.comment}"


def moves(given_up: Sequence[Move]) -> Iterator[str]:
    """The dates that the record had before, oldest first."""
    if given_up:
        since = given_up[0].noticed_at
        dates = ", then ".join(
            when(move.date, precision(move.date, move.precision), since.year) for move in given_up
        )
        times = "once" if len(given_up) == 1 else f"{len(given_up)} times"
        yield f"Moved {times} since {day(since)}: {dates}"


def when(date: datetime, precision: Precision, year: int | None = None) -> str:
    """What is known of a date: ``18 November 2026 14:00 UTC``, ``18 November 2026``, ``Q4 2026``.

    The ``year`` is left out where the reader knows that it is this.
    """
    if precision.shape is Shape.COARSE:
        return precision.label(date.date())
    words = f"{date.day} {MONTHS[date.month - 1]}"
    words += "" if date.year == year else f" {date.year}"
    if precision.shape is Shape.TIMED:
        return f"{words} {date:%H:%M} UTC"
    label = precision.label(date.date())
    return f"{words}, {label}" if label else words


def period(start: datetime, end: datetime | None) -> str:
    """For example ``8 April 2025 08:10–09:20 UTC``."""
    if end is None or end <= start:
        return f"{day(start)} {start:%H:%M} UTC"
    if end.date() == start.date():
        return f"{day(start)} {start:%H:%M}–{end:%H:%M} UTC"
    return f"{day(start)} {start:%H:%M} to {day(end)} {end:%H:%M} UTC"


def day(moment: date) -> str:
    """For example ``8 April 2025``."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"

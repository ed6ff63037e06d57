"""An entry of the calendar, in the words of RFC 5545: what every output reads.

Nothing that reads an :class:`Entry` knows whether it holds a docking or a launch.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from calfeed.duration import HOUR
from calfeed.record import Id, Move, VidUrl
from calfeed.span import Span, from_webcast, precision, span

NAMESPACE = UUID("6d0c4bb6-4b1c-5a39-9d3c-1f1b0a6f7a52")
"""What every UID is derived from. Changing it gives every subscriber every entry twice."""

WORDING_SINCE = datetime(2026, 11, 21, 20, tzinfo=UTC)
"""When the wording of entries last changed: raise it with every such change, for ICSx5 skips an
entry whose LAST-MODIFIED has not risen."""

LONGEST_SUMMARY = 250
"""Outlook minds more than 255 characters."""


@dataclass(frozen=True, slots=True)
class Display:
    """The options that decide what one entry looks like.

    ``length`` is for entries of unknown duration; with ``window`` a launch lasts until its window
    closes (see :mod:`calfeed.launches.entry`).
    """

    coarse: str = "mark"
    start: str = "date"
    length: timedelta = HOUR
    window: bool = False
    alarm: tuple[timedelta, ...] = ()
    lang: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A point on Earth and what stands there; degrees, north and east positive."""

    title: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    ``kind`` is its collection's noun, ``id`` Launch Library's. ``name`` is the plain name,
    ``summary`` says besides what must be known of a date or an outcome. ``status`` is RFC 5545's.
    ``webcasts`` are in order of priority, ``url`` is the best of them or else of the pages.
    ``last_modified`` is when its data or our wording of it last changed; ``moves`` are the dates
    it had before, oldest first.
    """

    kind: str
    id: Id
    uid: str
    name: str
    summary: str
    span: Span
    status: str
    description: str
    location: str = ""
    place: Place | None = None
    url: str | None = None
    webcasts: tuple[VidUrl, ...] = ()
    categories: tuple[str, ...] = ()
    image: str | None = None
    last_modified: datetime = WORDING_SINCE
    moves: tuple[Move, ...] = ()


def entry_span(
    date: datetime | None,
    precision_id: int | None,
    display: Display,
    *,
    length: timedelta,
    webcasts: Iterable[VidUrl],
    duration: timedelta | None = None,
) -> Span | None:
    """Where an entry lies in the calendar; None where it has no place there.

    It lasts for ``length``, or from its webcast's start for ``duration`` where that is known.
    """
    if date is None:
        return None
    placed = span(date, precision(date, precision_id), coarse=display.coarse, length=length)
    if placed is not None and display.start == "webcast":
        return from_webcast(placed, webcasts, duration)
    return placed


def uid(kind: str, record_id: Id) -> str:
    """A UID: a UUID (RFC 7986 5.3), the same in every feed, for ever."""
    return str(uuid5(NAMESPACE, f"{kind}:{record_id}"))


def summary(name: str, *remarks: str) -> str:
    """The name, and in brackets what a reader must know; long names are cut, remarks are not."""
    said = "".join(f" ({remark})" for remark in remarks if remark)
    room = LONGEST_SUMMARY - len(said)
    return (name if len(name) <= room else name[: room - 1] + "…") + said


def last_modified(last_updated: datetime | None) -> datetime:
    """When an entry last changed: its data, or our wording of it."""
    return max(last_updated or WORDING_SINCE, WORDING_SINCE)


def ranked_webcasts(webcasts: Iterable[VidUrl], lang: tuple[str, ...]) -> list[VidUrl]:
    """In order of languages; of each the official ones first, then by priority."""

    def rank(video: VidUrl) -> tuple[int, bool, int, str]:
        first = video.language.partition("-")[0]
        ranks = [n for n, code in enumerate(lang) if code in (video.language, first)]
        language = min(ranks, default=len(lang))
        return (language, not video.official, video.priority, video.url)

    return sorted(webcasts, key=rank)


def best_webcast(webcasts: Iterable[VidUrl], lang: tuple[str, ...]) -> VidUrl | None:
    """The first of the ranked ones."""
    return next(iter(ranked_webcasts(webcasts, lang)), None)


def categories(names: Iterable[str]) -> tuple[str, ...]:
    """CATEGORIES without what would be escaped, for some readers split there; each once."""
    plain = (re.sub(r"\s*[,;\\]\s*", " ", name).strip() for name in names)
    return tuple(dict.fromkeys(name for name in plain if name))

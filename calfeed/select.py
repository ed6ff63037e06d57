"""Kept events + query -> those a calendar shows, each with its span, in order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from calfeed.event import Event
from calfeed.ics.vevent import event_span
from calfeed.options import Options
from calfeed.query import RECENT, Query, View
from calfeed.when import DAY, Span

MOMENT = timedelta(microseconds=1)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """An event and where it lies in the calendar."""

    event: Event
    span: Span

    @property
    def start(self) -> datetime:
        """Its start as a moment, to sort by."""
        start = self.span.start
        return start if isinstance(start, datetime) else datetime.combine(start, time(), UTC)


def select(events: Iterable[Event], query: Query, now: datetime) -> list[Shown]:
    """What the feed shows, in order of start, then id. The events match the filters already."""
    options = query.options
    first, last = window(options, now.date())
    shown = [
        Shown(event, where)
        for event in events
        if _has_webcast(event, options.webcast)
        and (where := event_span(event, options.display))
        and where.touches(first, last)
    ]
    if options.limit is not None or options.offset:
        shown = _cut(shown, options, query.view)
    return sorted(shown, key=lambda one: (one.start, one.event.id))


def window(options: Options, today: date) -> tuple[datetime | None, datetime | None]:
    """The first moment of the moving window, and the first after it; None where it has no bound."""
    midnight = datetime.combine(today, time(), UTC)
    first = None if options.past is None else midnight - options.past
    last = None if options.future is None else midnight + DAY + options.future
    return first, last


def validity(
    among: Iterable[Event], query: Query, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Since when the passing of time alone has left what is shown of these events as it is, and
    the last moment until which it will; None where there is no such bound."""
    since: list[datetime] = []
    until: list[datetime] = []
    if query.options.past is not None or query.options.future is not None:
        midnight = datetime.combine(now.date(), time(), UTC)
        since.append(midnight)
        until.append(midnight + DAY - MOMENT)
    if query.view is not View.ALL:
        for event in among:
            for turns in (event.date, event.date + RECENT) if event.date else ():
                (since if turns < now else until).append(turns)
    return max(since, default=None), min(until, default=None)


def _has_webcast(event: Event, wanted: str) -> bool:
    if wanted == "official":
        return any(video.official for video in event.vid_urls)
    return wanted == "any" or bool(event.vid_urls)


def _cut(shown: list[Shown], options: Options, view: View) -> list[Shown]:
    """``offset`` and ``limit`` count in the order of ``ordering``."""
    ordering = options.ordering or ("-date" if view is View.PREVIOUS else "date")
    field = ordering.removeprefix("-")

    def rank(one: Shown) -> tuple[datetime, int]:
        return (getattr(one.event, field) or _LONG_AGO, one.event.id)

    ordered = sorted(shown, key=rank, reverse=ordering.startswith("-"))
    end = None if options.limit is None else options.offset + options.limit
    return ordered[options.offset : end]

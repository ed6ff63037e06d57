"""Kept events + query -> those a calendar shows, each with its span, in order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from calfeed.event import Event
from calfeed.ics.vevent import event_span
from calfeed.options import Options
from calfeed.query import RECENT, Query, View
from calfeed.when import DAY, Span

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
    try:
        first = None if options.past is None else midnight - options.past
        last = None if options.future is None else midnight + DAY + options.future
    except OverflowError:
        return None, None
    return first, last


def valid_since(events: Iterable[Event], query: Query, now: datetime) -> datetime | None:
    """When the passing of time alone last changed what is shown; None where it never does."""
    moments = []
    if query.options.past is not None or query.options.future is not None:
        moments.append(datetime.combine(now.date(), time(), UTC))
    if query.view is not View.ALL:
        dates = [event.date for event in events if event.date]
        for after in (timedelta(0), RECENT):
            moments += [date + after for date in dates if date + after <= now]
    return max(moments, default=None)


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

"""Kept events + query -> those a calendar shows, each with its span, in order. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter

from cachetools import LRUCache

from calfeed.events.model import Event
from calfeed.ics.vevent import event_span
from calfeed.query.options import Display, Options
from calfeed.query.query import RECENT, Query, View
from calfeed.span import DAY, Span

MOMENT = timedelta(microseconds=1)
MOST_PLACED = 15_000
"""How many entries are remembered with their spans."""
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """An event and where it lies in the calendar: ``start`` and ``end`` are the span's as moments,
    ``order`` is what to sort by, start and then id."""

    event: Event
    span: Span
    start: datetime = field(init=False, compare=False)
    end: datetime = field(init=False, compare=False)
    order: tuple[datetime, int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        start, end = self.span.moments()
        for name, value in (("start", start), ("end", end), ("order", (start, self.event.id))):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last moment at which something holds; None where there is no bound."""

    since: datetime | None
    until: datetime | None

    def at(self, now: datetime) -> bool:
        """Whether it holds then."""
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or now <= self.until)


_placed: LRUCache[tuple[str, str, timedelta], dict[int, Shown]] = LRUCache(
    MOST_PLACED, getsizeof=lambda placed: len(placed) + 1
)
"""By what decides where an event lies, then by id. A changed event is a new object, and is placed
anew: what is remembered of another object is never used."""


def select(events: Iterable[Event], query: Query, now: datetime) -> list[Shown]:
    """What the feed shows, in order of start, then id. The events match the filters already."""
    options = query.options
    first, last = window(options, now.date())
    if options.webcast != "any":
        events = [event for event in events if _has_webcast(event, options.webcast)]
    shown = _place(events, options.display)
    if first is not None:
        shown = [one for one in shown if one.end > first]
    if last is not None:
        shown = [one for one in shown if one.start < last]
    if options.limit is not None or options.offset:
        shown = _cut(shown, options, query.view)
    return sorted(shown, key=attrgetter("order"))


def _place(events: Iterable[Event], display: Display) -> list[Shown]:
    """The events with their spans; those that have no place in the calendar are left out."""
    key = (display.coarse, display.start, display.length)
    placed = _placed.pop(key, {})
    shown = []
    for event in events:
        one = placed.get(event.id)
        if one is None or one.event is not event:
            where = event_span(event, display)
            if where is None:
                continue
            one = placed[event.id] = Shown(event, where)
        shown.append(one)
    if len(placed) < MOST_PLACED:
        _placed[key] = placed
    return shown


def window(options: Options, today: date) -> tuple[datetime | None, datetime | None]:
    """The first moment of the moving window, and the first after it; None where it has no bound."""
    midnight = datetime.combine(today, time(), UTC)
    first = None if options.past is None else midnight - options.past
    last = None if options.future is None else midnight + DAY + options.future
    return first, last


def validity(among: Iterable[Event], query: Query, now: datetime) -> Validity:
    """How long the passing of time alone leaves what is shown of these events as it is."""
    since: list[datetime] = []
    until: list[datetime] = []
    if query.options.past is not None or query.options.future is not None:
        midnight = datetime.combine(now.date(), time(), UTC)
        since.append(midnight)
        until.append(midnight + DAY - MOMENT)
    if query.view is not View.ALL:
        dates = sorted(event.date for event in among if event.date)
        for after in (timedelta(0), RECENT):  # when an event may pass from one view to the other
            turned = bisect_left(dates, now - after)
            since += [date + after for date in dates[:turned][-1:]]
            until += [date + after for date in dates[turned:][:1]]
    return Validity(max(since, default=None), min(until, default=None))


def _has_webcast(event: Event, wanted: str) -> bool:
    if wanted == "official":
        return any(video.official for video in event.vid_urls)
    return bool(event.vid_urls)


def _cut(shown: list[Shown], options: Options, view: View) -> list[Shown]:
    """``offset`` and ``limit`` count in the order of ``ordering``."""
    ordering = options.ordering or ("-date" if view is View.PREVIOUS else "date")
    field = ordering.removeprefix("-")

    def rank(one: Shown) -> tuple[datetime, int]:
        return (getattr(one.event, field) or _LONG_AGO, one.event.id)

    ordered = sorted(shown, key=rank, reverse=ordering.startswith("-"))
    end = None if options.limit is None else options.offset + options.limit
    return ordered[options.offset : end]

"""Named feeds + events -> the cards that present them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from calfeed.events.model import Event
from calfeed.feeds import Feed
from calfeed.ics.vevent import event_span
from calfeed.publish.select import Shown, select
from calfeed.query.options import Display
from calfeed.web.page.wording import When, when

_WIDEST = Display(coarse="span")


@dataclass(frozen=True, slots=True)
class Card:
    """A named feed as a reader meets it. ``ahead`` is None where no data is kept yet; ``next`` is
    the next event's name, None where none is ahead; ``on`` tells that it is going on now."""

    feed: Feed
    ahead: int | None = None
    next: str | None = None
    when: When | None = None
    start: datetime | None = None
    on: bool = False

    @property
    def path(self) -> str:
        """The feed's address, without a leading slash."""
        return f"feeds/{self.feed.slug}.ics"


def coming(events: Iterable[Event], now: datetime) -> list[Event]:
    """Those not over yet, at the latest that their dates may mean."""
    return [one for one in events if (where := event_span(one, _WIDEST)) and _end(where.end) > now]


def ahead(shown: Iterable[Shown], now: datetime) -> list[Shown]:
    """Those of a calendar's entries that are not over yet."""
    return [one for one in shown if _end(one.span.end) > now]


def make_cards(feeds: Iterable[Feed], events: Iterable[Event], now: datetime) -> Iterator[Card]:
    """A card for each feed; ``events`` are those :func:`coming`. One at a time, for each takes a
    moment."""
    events = list(events)
    for feed in feeds:
        left = ahead(select(feed.query.choose(events, now), feed.query, now), now)
        first = left[0] if left else None
        yield Card(
            feed=feed,
            ahead=len(left),
            next=first.event.name if first else None,
            when=when(first) if first else None,
            start=first.start if first else None,
            on=first is not None and first.span.timed and first.start <= now,
        )


def _end(end: date) -> datetime:
    return end if isinstance(end, datetime) else datetime.combine(end, time(), UTC)

"""Named feeds + what is kept -> the cards that present them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from calfeed.entry import Display
from calfeed.feeds import Feed
from calfeed.mirror.result import Result
from calfeed.publish.select import Placed, Selector
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


def coming(result: Result, selector: Selector) -> Result:
    """The same result without the records that are over at the latest that their dates may mean."""
    snapshots = []
    for snapshot in result.snapshots:
        places = selector.place(snapshot.collection, snapshot.records, _WIDEST)
        records = tuple(place.record for place in places if place.end > result.now)
        dates = tuple(date for record in records if (date := snapshot.collection.date(record)))
        snapshots.append(replace(snapshot, records=records, dates=dates))
    return replace(result, snapshots=tuple(snapshots))


def ahead(entries: Iterable[Placed], now: datetime) -> list[Placed]:
    """Those of a calendar's entries that are not over yet."""
    return [entry for entry in entries if entry.end > now]


def make_cards(feeds: Iterable[Feed], left: Result, selector: Selector) -> Iterator[Card]:
    """A card for each feed; ``left`` is what is :func:`coming`. One at a time, for each takes a
    moment."""
    now = left.now
    for feed in feeds:
        entries = ahead(selector.select(left, feed.query), now)
        first = entries[0] if entries else None
        yield Card(
            feed=feed,
            ahead=len(entries),
            next=first.record.name if first else None,
            when=when(first) if first else None,
            start=first.start if first else None,
            on=first is not None and first.span.timed and first.start <= now,
        )

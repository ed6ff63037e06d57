"""Named feeds + what is kept -> the cards that present them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from calfeed.entry import Display
from calfeed.feeds import Feed
from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.publish.select import Selector
from calfeed.web.page.wording import When, when

SECTIONS = {
    "popular": "Popular",
    "agency": "Agencies and companies",
    "site": "Launch sites",
    "theme": "Themes",
}
"""The sections of named feeds with their titles, in the page's order."""
_WIDEST = Display(coarse="span")


@dataclass(frozen=True, slots=True)
class Card:
    """A named feed as a reader meets it.

    ``ahead`` is None where no data is kept yet. ``next`` is the next entry's name, None where none
    is ahead, and ``kind`` its collection's noun; ``on``: it is going on now.
    """

    feed: Feed
    ahead: int | None = None
    next: str | None = None
    when: When | None = None
    kind: str = ""
    start: datetime | None = None
    on: bool = False

    @property
    def path(self) -> str:
        """The feed's address, without a leading slash."""
        return f"feeds/{self.feed.slug}.ics"


def coming(result: Result, selector: Selector) -> Result:
    """The same result without what is over, taking coarse dates at their latest."""
    snapshots = []
    for snapshot in result.snapshots:
        placed = selector.place(snapshot.collection, snapshot.records, _WIDEST)
        records = tuple(entry.record for entry in placed if entry.end > result.now)
        dates = tuple(date for record in records if (date := snapshot.collection.date(record)))
        snapshots.append(replace(snapshot, records=records, dates=dates))
    return replace(result, snapshots=tuple(snapshots))


def ahead(entries: Iterable[Placed], now: datetime) -> list[Placed]:
    """Those of a calendar's entries that are not over yet."""
    return [entry for entry in entries if entry.end > now]


def make_cards(feeds: Iterable[Feed], left: Result, selector: Selector) -> Iterator[Card]:
    """A card for each feed; ``left`` is what is :func:`coming`."""
    for feed in feeds:
        entries = ahead(selector.select(left, feed.query), left.now)
        yield make_card(feed, entries, left.now)


def make_card(feed: Feed, entries: list[Placed], now: datetime) -> Card:
    """The card of a feed whose entries ahead are these."""
    if not entries:
        return Card(feed, ahead=0)
    first = entries[0]
    return Card(
        feed=feed,
        ahead=len(entries),
        next=first.record.name,
        kind=first.collection.noun,
        when=when(first),
        start=first.start,
        on=is_on(first, now),
    )


def is_on(entry: Placed, now: datetime) -> bool:
    """Whether an entry with a time of day is going on."""
    return entry.span.timed and entry.start <= now


def by_section(cards: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    """The sections that have cards; in each those with most ahead first, then by name."""
    cards, sections = tuple(cards), []
    for section in SECTIONS:
        those = [card for card in cards if card.feed.section == section]
        those.sort(key=lambda card: (-(card.ahead or 0), card.feed.name.casefold()))
        if those:
            sections.append((section, those))
    return sections

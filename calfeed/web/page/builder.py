"""A choice + what is kept -> what the builder tells of it: address, links, counts, ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from calfeed.entry import Display
from calfeed.feeds import Feed
from calfeed.ics import vevent
from calfeed.mirror.progress import Pending
from calfeed.publish.layout import Placed
from calfeed.publish.select import Selector
from calfeed.publish.titles import title
from calfeed.publish.window import window
from calfeed.query.options import Options
from calfeed.query.query import View
from calfeed.web.page import wording
from calfeed.web.page.cards import ahead
from calfeed.web.page.facets import Counts, count_ahead
from calfeed.web.page.form import Choice, label
from calfeed.web.page.links import LARGEST_FOR_GOOGLE, Address, Links, address, links
from calfeed.web.page.overview import Overview
from calfeed.web.page.ways_out import WayOut, ways_out

SURELY_SMALL = 100
"""Entries up to which a feed need not be measured."""
WEIGHED = 48
"""How many of a feed's entries are rendered to estimate its size."""
HEAD = 1200
"""Bytes of a feed without entries."""
PREVIEW_PAST = timedelta(days=7)
"""How far back the first preview shows."""
PREVIEW_PAGE = 60
"""How many entries are fetched for the preview at once."""


@dataclass(frozen=True, slots=True)
class Built:
    """All that the page says of a choice.

    ``total`` and ``ahead`` count entries; they are None while nothing is kept. ``entries`` are
    those ahead. ``preview`` is the address of the feed's JSON from a few days back, which lists
    ``near`` entries; ``earlier`` that of the whole feed's with the latest first, empty where that
    has no more. ``bytes`` is about how large the feed is, None where it is surely small.
    ``pending`` says that the feed cannot be answered yet, and when; nothing is counted then.
    """

    name: str
    about: str
    address: Address
    links: Links
    preview: str
    earlier: str
    near: int = 0
    total: int | None = None
    ahead: int | None = None
    entries: tuple[Placed, ...] = ()
    counts: Counts | None = None
    ways_out: tuple[WayOut, ...] = ()
    bytes: int | None = None
    pending: str = ""

    @property
    def too_large(self) -> bool:
        """Whether Google might refuse it for its size."""
        return self.bytes is not None and self.bytes >= LARGEST_FOR_GOOGLE

    def as_json(self, choice: Choice) -> dict[str, Any]:
        """For ``/build.json``."""
        return {
            "name": self.name,
            "about": self.about,
            "path": self.address.path,
            "page": self.address.page,
            "links": asdict(self.links) | {"too_long": self.links.too_long},
            "preview": self.preview,
            "earlier": self.earlier,
            "near": self.near,
            "total": self.total,
            "ahead": self.ahead,
            "counts": self.counts,
            "ways_out": [asdict(way) for way in self.ways_out],
            "bytes": self.bytes,
            "too_large": self.too_large,
            "pending": self.pending,
            "fields": choice.fields(),
            "carried": [[name, text, label(name, text)] for name, text in choice.carried()],
        }


def build(
    choice: Choice, feeds: Mapping[str, Feed], overview: Overview, base: str, selector: Selector,
    pending: Pending | None = None,
) -> Built:  # fmt: skip
    """What the page says of a choice; ``base`` is the service's own address, ``pending`` what the
    choice waits for."""
    query, result = choice.query, overview.result
    feed_address = address(query, feeds, choice.within)
    feed = _feed(feed_address, feeds)
    named = title(query, result.snapshots if result else ())
    name = query.options.name or (feed.name if feed else named.name)
    near, earlier = _previews(choice, feeds)
    built = Built(
        name=name,
        about=feed.description if feed else named.description,
        address=feed_address,
        links=links(base, feed_address.path, name),
        preview=near,
        earlier=earlier,
    )
    if result is None or overview.coming is None:
        return built
    counts = count_ahead(query, overview.coming, selector)
    if pending:
        return replace(built, counts=counts, pending=wording.pending(pending))
    entries = selector.select(result, query)
    left = ahead(entries, result.now)
    in_preview = _near(entries, query.options, result.now)
    return replace(
        built,
        near=in_preview,
        earlier=earlier if in_preview < len(entries) else "",
        total=len(entries),
        ahead=len(left),
        entries=tuple(left),
        counts=counts,
        ways_out=() if left else ways_out(query, feeds, result, overview.coming, selector),
        bytes=estimate_bytes(entries, query.options.display),
    )


def estimate_bytes(entries: Sequence[Placed], display: Display) -> int | None:
    """About how large a calendar of these entries is, going by some of them."""
    if len(entries) <= SURELY_SMALL:
        return None
    some = entries[:: len(entries) // WEIGHED]
    size = sum(_size(placed, display) for placed in some)
    return HEAD + size * len(entries) // len(some)


def _size(placed: Placed, display: Display) -> int:
    entry = placed.collection.entry(placed.record, display)
    return len(vevent.render(entry).join(placed.span, display.alarm)) if entry else 0


def _near(entries: Sequence[Placed], options: Options, now: datetime) -> int:
    """How many the first preview reaches; all, where it has the order of the choice itself."""
    first, _ = window(replace(options, past=PREVIEW_PAST), now.date())
    if options.limit or options.offset or first is None:
        return len(entries)
    return sum(entry.end > first for entry in entries)


def _feed(feed_address: Address, feeds: Mapping[str, Feed]) -> Feed | None:
    """The named feed whose own address it is, so that its name and description hold."""
    path, _, _ = feed_address.path.partition("?")
    feed = feeds.get(path.removeprefix("feeds/").removesuffix(".ics"))
    return feed if feed and path.startswith("feeds/") else None


def _previews(choice: Choice, feeds: Mapping[str, Feed]) -> tuple[str, str]:
    """The addresses of the JSON to preview: around today, and without that bound."""
    query, options = choice.query, choice.query.options
    most = min(options.limit or PREVIEW_PAGE, PREVIEW_PAGE)
    latest = replace(options, limit=most, ordering=options.ordering or "-date")
    near = replace(options, limit=most)
    if query.view is View.PREVIOUS or options.limit or options.offset:
        near = latest
    elif options.past is None or options.past > PREVIEW_PAST:
        near = replace(near, past=PREVIEW_PAST)
    return _json(choice, near, feeds), _json(choice, latest, feeds)


def _json(choice: Choice, options: Options, feeds: Mapping[str, Feed]) -> str:
    feed_address = address(replace(choice.query, options=options), feeds, choice.within)
    path, mark, query = feed_address.path.partition("?")
    return path.removesuffix("ics") + "json" + mark + query

"""A choice + what is kept -> what the builder tells of it: address, links, counts, ways out."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from yarl import URL

from calfeed import duration
from calfeed.errors import CalfeedError
from calfeed.feeds import Feed, for_agency
from calfeed.mirror.result import Result
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.publish.select import Placed, Selector
from calfeed.publish.titles import title
from calfeed.query.filter import Clause
from calfeed.query.options import PLAIN
from calfeed.query.query import Query, View
from calfeed.web.page.cards import ahead, coming
from calfeed.web.page.form import Choice, label
from calfeed.web.page.links import LARGEST_FOR_GOOGLE, Address, Links, address, links

MANY = 250
"""Events up to which a feed is surely small enough, so that it need not be measured."""
PREVIEW_PAST = timedelta(days=35)
PREVIEW_MOST = 200
"""How far back, and how many events, the first preview shows."""
MOST_WAYS_OUT = 4


@dataclass(frozen=True, slots=True)
class WayOut:
    """A loosened choice: what to let go, the page's address with it, and what is ahead then."""

    label: str
    page: str
    events: int


@dataclass(frozen=True, slots=True)
class Built:
    """All that the page says of a choice. ``events`` and ``ahead`` are None while nothing is kept;
    ``preview`` is the feed's JSON near today, ``preview_all`` without that bound."""

    name: str
    about: str
    address: Address
    links: Links
    preview: str
    preview_all: str
    events: int | None
    ahead: int | None
    entries: tuple[Placed, ...]
    ways_out: tuple[WayOut, ...]
    bytes: int | None = None

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
            "preview_all": self.preview_all,
            "events": self.events,
            "ahead": self.ahead,
            "ways_out": [asdict(one) for one in self.ways_out],
            "bytes": self.bytes,
            "too_large": self.too_large,
            "fields": choice.fields(),
            "carried": [[name, text, label(name, text)] for name, text in choice.carried()],
        }


async def build(
    choice: Choice, feeds: Mapping[str, Feed], result: Result | None, base: str, selector: Selector
) -> Built:
    """What the page says of a choice; its size is measured apart from it. Others get their turn on
    the event loop after each query."""
    await asyncio.sleep(0)
    query = choice.query
    place = address(query, feeds, choice.within)
    feed = _feed(place, feeds)
    named = title(query, result.snapshots if result else ())
    name = query.options.name or (feed.name if feed else named.name)
    near, everything = _previews(choice, feeds)
    entries = selector.select(result, query) if result else []
    left = ahead(entries, result.now) if result else []
    return Built(
        name=name,
        about=feed.description if feed else named.description,
        address=place,
        links=links(base, place.path, name),
        preview=near,
        preview_all=everything,
        events=len(entries) if result else None,
        ahead=len(left) if result else None,
        entries=tuple(left),
        ways_out=await _ways_out(choice, feeds, result, selector) if result and not left else (),
    )


def subscription(
    built: Built, choice: Choice, feeds: Mapping[str, Feed], public_url: URL | None
) -> FeedRequest:
    """Exactly what a subscriber requests, so that the feed is rendered once for both."""
    path = built.address.path.partition("?")[0].removesuffix(".ics")
    within = Query.everything(choice.query.scope, choice.query.view)
    if feed := _feed(built.address, feeds):
        within = feed.query
    elif path.startswith("agencies/"):
        within = for_agency(int(path.removeprefix("agencies/")))
    return FeedRequest(choice.query, feed).at(public_url, f"/{path}", within)


async def measure(built: Built, subscribed: FeedRequest, publisher: Publisher) -> Built:
    """The same with the feed's size, where it is worth measuring."""
    if built.events is None or built.events <= MANY:
        return built
    try:
        feed, _ = await publisher.publish(subscribed, "ics")
    except CalfeedError:
        return built
    return replace(built, bytes=len(feed.body))


def _feed(place: Address, feeds: Mapping[str, Feed]) -> Feed | None:
    """The named feed whose own address it is, so that its name and description hold."""
    path, _, _ = place.path.partition("?")
    feed = feeds.get(path.removeprefix("feeds/").removesuffix(".ics"))
    return feed if feed and path.startswith("feeds/") else None


def _previews(choice: Choice, feeds: Mapping[str, Feed]) -> tuple[str, str]:
    """The addresses of the JSON to preview: around today, and of whatever there is."""
    query, options = choice.query, choice.query.options
    most = min(options.limit or PREVIEW_MOST, PREVIEW_MOST)
    latest = replace(options, limit=most, ordering=options.ordering or "-date")
    near = replace(options, limit=most)
    if query.view is View.PREVIOUS or options.limit or options.offset:
        near = latest
    elif options.past is None or options.past > PREVIEW_PAST:
        near = replace(near, past=PREVIEW_PAST)
    return _json(choice, near, feeds), _json(choice, latest, feeds)


def _json(choice: Choice, options: Any, feeds: Mapping[str, Feed]) -> str:
    place = address(replace(choice.query, options=options), feeds, choice.within)
    path, mark, query = place.path.partition("?")
    return path.removesuffix("ics") + "json" + mark + query


async def _ways_out(
    choice: Choice, feeds: Mapping[str, Feed], result: Result, selector: Selector
) -> tuple[WayOut, ...]:
    """What to loosen so that something is ahead; the most fruitful first."""
    options = choice.query.options
    if options.limit is None and not options.offset:  # these count what is past too
        result = coming(result, selector)
    for looser in (_looser(choice.query), _single(choice.query, result)):
        found = []
        for said, query in looser:
            await asyncio.sleep(0)
            count = len(ahead(selector.select(result, query), result.now))
            if count:
                found.append(WayOut(said, address(query, feeds).page, count))
        if found:
            return tuple(sorted(found, key=lambda way: -way.events)[:MOST_WAYS_OUT])
    return ()


def _single(query: Query, result: Result) -> Iterator[tuple[str, Query]]:
    """Each filter by itself, for when letting go of one is not enough."""
    display = replace(query.options, future=None, webcast="any", coarse="mark")
    for clause in query.clauses[:10]:
        alone = Query(query.scope, View.ALL, (clause,), display)
        words = title(replace(alone, options=PLAIN), result.snapshots).name
        yield f"only {words.partition(': ')[2]}", alone


_ANY = {
    "agency__ids": "any agency",
    "type__ids": "any type of event",
    "program": "any program",
    "search": "any name, without the words",
}


def _looser(query: Query) -> Iterator[tuple[str, Query]]:
    options = query.options
    for clause in query.clauses[:10]:
        rest = tuple(one for one in query.clauses if one != clause)
        yield _ANY.get(clause.name, f"without “{_said(clause)}”"), replace(query, clauses=rest)
    if query.view is View.PREVIOUS:
        yield "upcoming events too", replace(query, view=View.ALL)
    if options.future is not None:
        looser = replace(options, future=None)
        yield f"further ahead than {duration.words(options.future)}", replace(query, options=looser)
    for name, said in (("webcast", "with or without a webcast"), ("coarse", "with coarse dates")):
        if getattr(options, name) not in ("any", "mark"):
            looser = replace(options, **{name: getattr(PLAIN, name)})
            yield said, replace(query, options=looser)


def _said(clause: Clause) -> str:
    return label(clause.name, clause.text())

"""What is kept, as the page shows it to all: what is next, the cards, the facets, the sites."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from calfeed.catalog import ALL
from calfeed.feeds import PAST, Feed
from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.publish.select import Selector
from calfeed.query.options import Options
from calfeed.query.query import Query
from calfeed.web.page.cards import Card, ahead, coming, make_cards
from calfeed.web.page.facets import Facets, make_facets
from calfeed.web.page.sites import Site, make_sites

SOON = timedelta(days=7)
"""Within that time, what has a time of day comes first on the page."""
JUST_BEGUN = timedelta(minutes=30)
"""For that long it stays there after its start."""
AFTERWARDS = 3
"""How many entries the first screen shows besides the next."""


@dataclass(frozen=True, slots=True)
class Overview:
    """``result`` is everything that is kept, ``coming`` what of it is ahead; ``next`` are the
    next entries. They are None, the cards have no counts, and the rest is empty while nothing is
    kept; ``missing`` then says why. ``recent``: the last 90 days are kept too, as far back as a
    named feed looks."""

    cards: tuple[Card, ...]
    result: Result | None = None
    coming: Result | None = None
    facets: Facets = field(default_factory=dict)
    sites: tuple[Site, ...] = ()
    next: tuple[Placed, ...] = ()
    missing: str = ""
    recent: bool = True


def overview_key(result: Result) -> tuple[object, ...]:
    """Of which data and which minute an overview is, and how far filling had come."""
    minute = result.now.replace(second=0, microsecond=0)
    state = (result.sample, result.stale, result.progress, result.held_up)
    return (result.version, minute, *state)


def make_overview(
    result: Result, feeds: Iterable[Feed], selector: Selector, *, recent: bool = True
) -> Overview:
    """The overview of what is kept."""
    left = coming(result, selector)
    facets = make_facets(result, left)
    return Overview(
        cards=tuple(make_cards(feeds, left, selector)),
        result=result,
        coming=left,
        facets=facets,
        sites=make_sites(result, facets),
        next=_next(left, selector),
        recent=recent,
    )


def _next(left: Result, selector: Selector) -> tuple[Placed, ...]:
    """What begins next with a time of day, where that is soon; else with a day. Then what follows.

    What is only known to lie in some week or month is nothing to wait for.
    """
    query = Query(ALL, options=Options(past=PAST, coarse="hide"))
    entries = ahead(selector.select(left, query), left.now)
    begun = left.now - JUST_BEGUN
    timed = [entry for entry in entries if entry.span.timed and entry.start > begun]
    first = timed[:1] if timed and timed[0].start - left.now < SOON else entries[:1]
    later = [entry for entry in entries if first and first[0].order < entry.order]
    return (*first, *later[:AFTERWARDS])

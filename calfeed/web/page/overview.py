"""What is kept, as the page shows it: the cards and the facets; made once a minute."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from calfeed.catalog import ALL
from calfeed.errors import NoData
from calfeed.feeds import Feed
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish.select import Selector
from calfeed.query.query import Query, View
from calfeed.web.page.cards import Card, coming, make_cards
from calfeed.web.page.facets import Facets, make_facets

WAIT = 3.0
"""Seconds the page waits for the first data; then it shows what it has without."""


_AHEAD = Query(ALL, View.UPCOMING)
"""Answered as soon as what is ahead is kept; the snapshots hold everything there is by then."""


@dataclass(frozen=True, slots=True)
class Overview:
    """``result`` is everything that is kept. It is None, the cards have no counts and there are no
    facets while nothing is; ``missing`` then says why."""

    result: Result | None
    cards: tuple[Card, ...]
    facets: Facets
    missing: str = ""


class Overviews:
    """Makes overviews, and keeps the last one for as long as it stays true."""

    def __init__(
        self, repository: Repository, feeds: Mapping[str, Feed], selector: Selector
    ) -> None:
        self._repository = repository
        self._selector = selector
        self._feeds = sorted(feeds.values(), key=lambda feed: (feed.section, feed.name.lower()))
        self._key: tuple[tuple[int, ...], datetime, bool] | None = None
        self._cards: tuple[Card, ...] = ()
        self._facets: Facets = {}
        self._making = asyncio.Lock()

    async def now(self) -> Overview:
        """The overview of this moment."""
        try:
            result = await asyncio.wait_for(self._repository.get(_AHEAD), WAIT)
        except TimeoutError:
            return self._without("Launch Library has not answered yet.")
        except NoData as error:
            return self._without(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        async with self._making:
            key = (result.version, result.now.replace(second=0, microsecond=0), result.sample)
            if key != self._key:
                await self._make(result)
                self._key = key
            return Overview(result, self._cards, self._facets)

    async def _make(self, result: Result) -> None:
        """In steps of a few milliseconds: others get their turn in between."""
        left = coming(result, self._selector)
        await asyncio.sleep(0)
        self._facets = make_facets(result, left)
        await asyncio.sleep(0)
        cards = []
        for card in make_cards(self._feeds, left, self._selector):
            cards.append(card)
            await asyncio.sleep(0)
        self._cards = tuple(cards)

    def _without(self, why: str) -> Overview:
        return Overview(None, tuple(Card(feed) for feed in self._feeds), {}, why)

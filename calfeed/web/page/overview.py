"""What is kept, as the page shows it: all events, the cards, the choices; made once a minute."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from calfeed.errors import NoData
from calfeed.feeds import Feed
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.query.query import Query
from calfeed.web.page.cards import Card, coming, make_cards
from calfeed.web.page.facets import Choices, make_choices

WAIT = 3.0
"""Seconds the page waits for the first data; then it shows what it has without."""


@dataclass(frozen=True, slots=True)
class Overview:
    """``kept`` is None, the cards have no counts and there are no choices while nothing is kept;
    ``missing`` then says why."""

    kept: Result | None
    cards: tuple[Card, ...]
    choices: Choices
    missing: str = ""


class Overviews:
    """Makes overviews, and keeps the last one for as long as it stays true."""

    def __init__(self, repository: Repository, feeds: Mapping[str, Feed]) -> None:
        self._repository = repository
        self._feeds = sorted(feeds.values(), key=lambda feed: (feed.section, feed.name.lower()))
        self._key: tuple[datetime, datetime, bool] | None = None
        self._cards: tuple[Card, ...] = ()
        self._choices = Choices()
        self._making = asyncio.Lock()

    async def now(self) -> Overview:
        """The overview of this moment."""
        try:
            kept = await asyncio.wait_for(self._repository.answer(Query()), WAIT)
        except TimeoutError:
            return self._without("Launch Library has not answered yet.")
        except NoData as error:
            return self._without(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        async with self._making:
            key = (kept.changed_at, kept.now.replace(second=0, microsecond=0), kept.sample)
            if key != self._key:
                await self._make(kept)
                self._key = key
            return Overview(kept, self._cards, self._choices)

    async def _make(self, kept: Result) -> None:
        """In steps of a few milliseconds: others get their turn in between."""
        left = coming(kept.events, kept.now)
        await asyncio.sleep(0)
        self._choices = make_choices(kept.events, left)
        await asyncio.sleep(0)
        cards = []
        for card in make_cards(self._feeds, left, kept.now):
            cards.append(card)
            await asyncio.sleep(0)
        self._cards = tuple(cards)

    def _without(self, why: str) -> Overview:
        return Overview(None, tuple(Card(feed) for feed in self._feeds), Choices(), why)

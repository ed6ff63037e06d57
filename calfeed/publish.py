"""Query in, finished feed out: the one thing that web and export call."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cachetools import LRUCache

from calfeed.errors import NotFound
from calfeed.event import Event
from calfeed.feeds import COLOR, Feed
from calfeed.ics import vcalendar, vevent
from calfeed.library import Kept, Library
from calfeed.naming import describe_query, name_query
from calfeed.options import Display
from calfeed.query import Query
from calfeed.select import Shown, select, valid_since
from calfeed.shown import as_json

Form = Literal["ics", "json"]

SLICE = 0.004
"""Seconds of rendering after which others get their turn in the event loop."""
MOST_FEED_BYTES = 16_000_000
MOST_PIECE_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Published:
    """A finished feed: its bytes, their tag, and how they came about.

    ``etag`` is opaque and without quotes; ``last_modified`` never moves backwards while the same
    data is kept; ``events`` is how many it holds.
    """

    body: bytes
    etag: str
    last_modified: datetime
    kept: Kept
    events: int


@dataclass(frozen=True, slots=True)
class Request:
    """What is published: a query, or a named feed narrowed by one. ``source`` is its own address,
    where the service has a public one."""

    query: Query
    feed: Feed | None = None
    source: str | None = None
    one: bool = False


class Publisher:
    """Renders what the library answers, and keeps what it rendered.

    An event is rendered once for each revision and set of display options; a feed is put together
    from those pieces.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._pieces: LRUCache[tuple[int, Display], tuple[Event, bytes]] = LRUCache(
            MOST_PIECE_BYTES, getsizeof=lambda piece: len(piece[1]) + 500
        )

    async def publish(self, request: Request, form: Form) -> Published:
        """The feed in the form asked for.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
            NotFound: one event was asked for, and it is unknown, gone or has no date.
        """
        kept = await self._library.answer(request.query)
        shown = select(kept.events, request.query, kept.now)
        if request.one and not shown:
            raise NotFound("no such event, or none that has a date")
        body = await self._calendar(request, kept, shown) if form == "ics" else _json(shown)
        since = valid_since(kept.events, request.query, kept.now)
        changed = max(kept.changed_at, vevent.WORDING_SINCE, since or kept.changed_at)
        return Published(
            body=body,
            etag=hashlib.sha256(body).hexdigest()[:32],
            last_modified=min(changed, kept.now),
            kept=kept,
            events=len(shown),
        )

    async def _calendar(self, request: Request, kept: Kept, shown: list[Shown]) -> bytes:
        feed, query = request.feed, request.query
        name = query.options.name or (feed.name if feed else name_query(query, kept.events))
        about = feed.description if feed else describe_query(query, kept.events)
        head = vcalendar.Head(
            name=f"{name} (sample data)" if kept.sample else name,
            description=f"{about} {CREDIT}",
            color=feed.color if feed else COLOR,
            last_modified=max(
                (vevent.last_modified(one.event) for one in shown), default=vevent.WORDING_SINCE
            ),
            source=request.source,
        )
        return vcalendar.render(head, await self._render(shown, query.options.display))

    async def _render(self, shown: list[Shown], display: Display) -> list[bytes]:
        """The events' bytes. Others get their turn in between: a large feed holds up nobody."""
        loop = asyncio.get_running_loop()
        turn_ends = loop.time() + SLICE
        pieces = []
        for one in shown:
            pieces.append(self._piece(one, display))
            if loop.time() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = loop.time() + SLICE
        return pieces

    def _piece(self, one: Shown, display: Display) -> bytes:
        key = (one.event.id, display)
        known = self._pieces.get(key)
        if known and known[0] is one.event:
            return known[1]
        piece = vevent.render(one.event, one.span, display)
        self._pieces[key] = (one.event, piece)
        return piece


CREDIT = "Data: Launch Library 2 by The Space Devs, https://thespacedevs.com"


def _json(shown: list[Shown]) -> bytes:
    body = {"count": len(shown), "events": [as_json(one) for one in shown]}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

"""Query in, finished feed out: the one thing that web and export call."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cachetools import LRUCache, TTLCache

from calfeed.entry import WORDING_SINCE, last_modified
from calfeed.errors import NotFound
from calfeed.feeds import COLOR, Feed
from calfeed.ics import vcalendar
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish.fragments import Form, FragmentCache
from calfeed.publish.select import Placed, Selector, Validity, validity
from calfeed.publish.titles import title
from calfeed.query.query import Query

CREDIT = "Data: Launch Library 2 by The Space Devs, https://thespacedevs.com"
MOST_FEED_BYTES = 36_000_000
"""How much of finished feeds is kept."""
MOST_LATELY = 500
"""How many are remembered that were asked for."""
INLINE_BYTES = 50_000
"""Compressing so much takes a millisecond or less; more is done beside the event loop."""
LEVEL = 6


@dataclass(slots=True, eq=False)
class RenderedFeed:
    """A feed's bytes, and how long they are what would be rendered anew.

    ``etag`` is opaque and without quotes; ``last_modified`` never moves backwards while the same
    data is kept; ``events`` is how many it holds. They hold for one ``version`` of what is kept,
    and as long as ``valid`` says. ``packed`` are the bytes in gzip, once those were asked for;
    ``pack`` tells that they were, of this or of what was there before it.
    """

    body: bytes
    etag: str
    last_modified: datetime
    events: int
    version: tuple[int, ...]
    valid: Validity
    packed: bytes | None = None
    pack: bool = False

    @property
    def weight(self) -> int:
        """How many bytes it takes."""
        return len(self.body) + len(self.packed or b"") + 1000

    def holds(self, kept: Result) -> bool:
        """Whether rendering it again would give the same."""
        return self.version == kept.version and self.valid.at(kept.now)


@dataclass(frozen=True, slots=True)
class Published:
    """A finished feed, and how fresh the data is that it was made from."""

    request: "Request"
    form: Form
    finished: RenderedFeed
    kept: Result

    @property
    def body(self) -> bytes:
        """See Finished."""
        return self.finished.body

    @property
    def etag(self) -> str:
        """See Finished."""
        return self.finished.etag

    @property
    def last_modified(self) -> datetime:
        """See Finished."""
        return self.finished.last_modified

    @property
    def events(self) -> int:
        """See Finished."""
        return self.finished.events


@dataclass(frozen=True)
class Request:
    """What is published: a query, or a named feed narrowed by one. ``source`` is its own address,
    where the service has a public one; ``one`` says that it is the address of a single event."""

    query: Query
    feed: Feed | None = None
    source: str | None = None
    one: bool = False

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: a request is looked up with every answer."""
        return hash((self.query, self.feed, self.source, self.one))


class Publisher:
    """Renders what the library answers, and keeps what it rendered.

    ``counted`` is told the form of every feed that was put together anew.
    """

    def __init__(
        self, repository: Repository, counted: Callable[[Form], None] = lambda form: None
    ) -> None:
        self._repository = repository
        self._counted = counted
        self.selector = Selector()
        self._fragments = FragmentCache()
        self._lately: TTLCache[tuple[Request, Form], None] = TTLCache(MOST_LATELY, ttl=86_400)
        self._finishing: dict[
            tuple[Request, Form, tuple[int, ...]], asyncio.Task[RenderedFeed]
        ] = {}
        self._finished: LRUCache[tuple[Request, Form], RenderedFeed] = LRUCache(
            MOST_FEED_BYTES, getsizeof=lambda finished: finished.weight
        )

    @property
    def lately(self) -> list[tuple[Request, Form]]:
        """What was asked for in the last day."""
        return list(self._lately)

    async def publish(self, request: Request, form: Form) -> Published:
        """The feed in the form asked for.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
            NotFound: one event was asked for, and it is unknown, gone or has no date.
        """
        self._lately[(request, form)] = None
        return await self.renew(request, form)

    async def renew(self, request: Request, form: Form) -> Published:
        """The same, without anybody asking.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
            NotFound: one event was asked for, and it is unknown, gone or has no date.
        """
        kept = await self._repository.get(request.query)
        known = self._finished.get((request, form))
        if known is None or not known.holds(kept):
            known = await self._finish_once(request, form, kept)
        return Published(request, form, known, kept)

    async def packed(self, feed: Published) -> bytes:
        """The feed's body in gzip, compressed once."""
        finished, key = feed.finished, (feed.request, feed.form)
        finished.pack = True
        if finished.packed is None:
            if len(finished.body) <= INLINE_BYTES:
                finished.packed = gzip.compress(finished.body, LEVEL, mtime=0)
            else:
                finished.packed = await asyncio.to_thread(
                    gzip.compress, finished.body, LEVEL, mtime=0
                )
            if self._finished.get(key) is finished:
                self._finished[key] = finished  # it weighs more now
        return finished.packed

    async def _finish_once(self, request: Request, form: Form, kept: Result) -> RenderedFeed:
        """However many ask at once, a feed is put together once for one version of the data."""
        key = (request, form, kept.version)
        task = self._finishing.get(key)
        if task is None:
            task = asyncio.create_task(self._finish(request, form, kept))
            self._finishing[key] = task
            task.add_done_callback(lambda _: self._finishing.pop(key))
        finished = await asyncio.shield(task)
        before = self._finished.get((request, form))
        finished.pack = finished.pack or (before is not None and before.pack)
        if len(finished.body) < MOST_FEED_BYTES // 4:
            self._finished[(request, form)] = finished
        return finished

    async def _finish(self, request: Request, form: Form, kept: Result) -> RenderedFeed:
        query = request.query
        shown = self.selector.select(kept)
        if request.one and not shown:
            raise NotFound("no such event, or none that has a date")
        fragments = await self._fragments.render(shown, query.options.display, form)
        if form == "ics":
            body = vcalendar.render(_head(request, kept, shown), fragments)
        else:
            sample = b',"sample":true' if kept.sample else b""
            body = b'{"count":%d%s,"events":[%s]}' % (len(fragments), sample, b",".join(fragments))
        valid = validity(kept)
        changed = max(kept.changed_at, WORDING_SINCE, valid.since or kept.changed_at)
        self._counted(form)
        return RenderedFeed(
            body=body,
            etag=hashlib.sha256(body).hexdigest()[:32],
            last_modified=min(changed, kept.now),
            events=len(shown),
            version=kept.version,
            valid=valid,
        )


def _head(request: Request, kept: Result, shown: list[Placed]) -> vcalendar.Head:
    feed, query = request.feed, request.query
    named = title(query, kept.snapshots)
    name = query.options.name or (feed.name if feed else named.name)
    about = [feed.description] if feed else []
    if feed is None or query != feed.query:
        about.append(named.description)
    newest = (last_modified(entry.record.last_updated) for entry in shown)
    return vcalendar.Head(
        name=f"{name} (sample data)" if kept.sample else name,
        description=" ".join([*about, CREDIT]),
        color=feed.color if feed else COLOR,
        last_modified=max(newest, default=WORDING_SINCE),
        source=request.source,
    )

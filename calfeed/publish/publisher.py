"""Query in, rendered feed out: what web and export call."""

import asyncio
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Self

from yarl import URL

from calfeed.entry import WORDING_SINCE
from calfeed.errors import Busy, NotFound
from calfeed.feeds import Feed
from calfeed.ics import vcalendar
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish import jsonfeed
from calfeed.publish.fragments import Form, FragmentCache
from calfeed.publish.head import head
from calfeed.publish.layout import Placed
from calfeed.publish.rendered import RenderedFeed, RenderedFeeds
from calfeed.publish.select import Selector
from calfeed.publish.window import Validity, validity
from calfeed.query.query import Query

MANY = 2_000
"""So many records are looked at, placed and joined in some milliseconds. A feed that looks at more
is chosen and put together in a thread; such feeds wait for each other, and no other for them."""
AT_ONCE, MANY_AT_ONCE = 2, 1
"""How many feeds are rendered at the same time, and how many of those that look at many records.
More would only take turns on the event loop, and each would be finished later."""
PATIENCE = 10.0
"""Seconds that a feed rendered for the first time waits for its turn: as long as for first data."""
BUSY_SECONDS = 30


@dataclass(frozen=True)
class FeedRequest:
    """What to publish: a query, or a named feed narrowed by one.

    ``source`` is the feed's own address, where the service has a public one; ``single`` says that
    the query means a single entry, which must exist.
    """

    query: Query
    feed: Feed | None = None
    source: str | None = None
    single: bool = False

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: every answered request looks its feed up."""
        return hash((self.query, self.feed, self.source, self.single))

    def at(self, base: URL | None, path: str, within: Query) -> Self:
        """The request with its own address below ``base``: one for all spellings of its query.

        ``path`` is that of the feed without its ending, and stands for the query ``within``.
        """
        if base is None:
            return self
        query = self.query.text(within)
        source = f"{str(base).rstrip('/')}{path}.ics" + (f"?{query}" if query else "")
        return replace(self, source=source)


class Publisher:
    """Renders what the repository answers, and caches what it rendered.

    ``counted`` is told the form of every feed that is rendered; ``patience`` is how many seconds a
    feed waits for its turn to be rendered for the first time.
    """

    def __init__(
        self,
        repository: Repository,
        counted: Callable[[Form], None] = lambda form: None,
        patience: float = PATIENCE,
    ) -> None:
        self._repository = repository
        self._counted = counted
        self._patience = patience
        self.selector = Selector()
        self._selector_of_many = Selector()
        self._fragments = FragmentCache()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._turns_of_many = asyncio.Semaphore(MANY_AT_ONCE)
        self._rendering: dict[Hashable, asyncio.Task[RenderedFeed]] = {}
        self._rendered = RenderedFeeds()

    async def publish(self, request: FeedRequest, form: Form) -> tuple[RenderedFeed, Result]:
        """The feed in this form, and the result it shows, which says how fresh it is.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
            NotFound: a single entry was asked for, and it is unknown, gone or has no date.
            Busy: too many other feeds are being rendered for the first time.
        """
        result = await self._repository.get(request.query)
        feed = self._rendered.get((request, form))
        if feed is None or not feed.holds(result):
            feed = await self._render_once(request, form, result)
        return feed, result

    def has(self, request: FeedRequest, form: Form) -> bool:
        """Whether a feed is cached, if only as it was before the last change."""
        return (request, form) in self._rendered

    def caches(self, feed: RenderedFeed) -> bool:
        """Whether it is cached."""
        return self._rendered.holds(feed)

    async def _render_once(self, request: FeedRequest, form: Form, result: Result) -> RenderedFeed:
        """However many wait for it, a feed is rendered once for one version of the data; and it is
        rendered to its end and cached even when all of them have left."""
        key = (request, form, result.version)
        task = self._rendering.get(key)
        if task is None:
            task = asyncio.create_task(self._render_in_turn(request, form, result))
            self._rendering[key] = task
            task.add_done_callback(partial(self._forget, key))
        return await asyncio.shield(task)

    def _forget(self, key: Hashable, task: asyncio.Task[RenderedFeed]) -> None:
        del self._rendering[key]
        if not task.cancelled():
            task.exception()  # retrieved here, for those who waited may have left

    async def _render_in_turn(
        self, request: FeedRequest, form: Form, result: Result
    ) -> RenderedFeed:
        """A feed that was cached before waits as long as it takes: most of it is rendered already,
        and nobody who is subscribed to it is to meet an error."""
        patience = None if (request, form) in self._rendered else self._patience
        many = self.selector.extent(result) > MANY
        turns = self._turns_of_many if many else self._turns
        try:
            async with asyncio.timeout(patience):
                await turns.acquire()
        except TimeoutError:
            detail = f"many other feeds are being rendered; try again in {BUSY_SECONDS} seconds"
            raise Busy(detail, BUSY_SECONDS) from None
        try:
            feed = await self._render(request, form, result, many=many)
        finally:
            turns.release()
        self._rendered.put((request, form), feed)
        return feed

    async def _render(
        self, request: FeedRequest, form: Form, result: Result, *, many: bool
    ) -> RenderedFeed:
        query = request.query
        if many:  # by a selector of its own, which no other thread uses
            entries = await asyncio.to_thread(self._selector_of_many.select, result)
        else:
            entries = self.selector.select(result)
        if request.single and not entries:
            noun = query.scope.collections[0].noun
            raise NotFound(f"no such {noun}, or none that has a date")
        fragments = await self._fragments.render(entries, query.options.display, form)
        assemble = partial(_assemble, request, form, result, entries, fragments)
        body, etag = await asyncio.to_thread(assemble) if many else assemble()
        self._counted(form)
        before = self._rendered.get((request, form))
        if before is not None and before.etag == etag:
            before.holds_for(result)
            return before
        valid = validity(result)
        modified = _last_modified(request, result, valid)
        return RenderedFeed(
            body=body,
            etag=etag,
            last_modified=max(modified, before.last_modified) if before else modified,
            events=len(entries),
            version=result.version,
            valid=valid,
        )


def _assemble(
    request: FeedRequest, form: Form, result: Result, entries: list[Placed], fragments: list[bytes]
) -> tuple[bytes, str]:
    """A feed's body and its tag."""
    if form == "ics":
        about = head(result, entries, request.feed, request.source)
        pieces = vcalendar.render(about, fragments)
    else:
        pieces = jsonfeed.document(fragments, sample=result.sample)
    body = b"".join(pieces)
    return body, hashlib.sha256(body).hexdigest()[:32]


def _last_modified(request: FeedRequest, result: Result, valid: Validity) -> datetime:
    """When the feed last came to be as it is: by new data, another wording, its file, or time."""
    moments = [result.changed_at, WORDING_SINCE, valid.since]
    moments.append(request.feed.modified if request.feed else None)
    return min(result.now, max(moment for moment in moments if moment))

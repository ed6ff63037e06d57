"""Rendered feeds, and the cache that holds them."""

import asyncio
import gzip
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime

from cachetools import Cache, LRUCache

from calfeed.mirror.result import Result
from calfeed.publish.affected import affected
from calfeed.publish.window import Validity, validity

LARGE = 2_000_000
"""Bytes from which on a feed is a large one."""
MOST_BYTES, MOST_LARGE_BYTES = 24_000_000, 36_000_000
"""How much memory rendered feeds may take, and large ones beside them. One of more than half of
that is not cached."""
INLINE_BYTES = 50_000
"""Compressing so much takes a millisecond or less; more is compressed in a thread."""
LEVEL = 6


@dataclass(slots=True, eq=False)
class RenderedFeed:
    """A feed's bytes, and for how long rendering it again would give the same.

    ``etag`` is opaque and without quotes; ``last_modified`` never moves backwards; ``events`` is
    the number of its entries. It was found to hold for a ``version`` of the data, as long as
    ``valid`` says. ``key`` is what it was last cached by.
    """

    body: bytes
    etag: str
    last_modified: datetime
    events: int
    version: tuple[int, ...]
    valid: Validity
    key: Hashable = None
    _compression: asyncio.Task[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes, compressed body included."""
        return len(self.body) * 5 // 4 + 1000

    def holds(self, result: Result) -> bool:
        """Whether rendering this result would give the same feed; remembered for its version."""
        if not self.valid.at(result.now):
            return False
        if self.version != result.version:
            if affected(result, self.version):
                return False
            self.holds_for(result)
        return True

    def holds_for(self, result: Result) -> None:
        """Take note that rendering this result gives the same feed."""
        self.version, self.valid = result.version, validity(result)

    async def gzip(self) -> bytes:
        """The body in gzip, compressed once for all who want it."""
        if self._compression is None:
            self._compression = asyncio.create_task(self._compress())
        return await asyncio.shield(self._compression)

    async def _compress(self) -> bytes:
        if len(self.body) <= INLINE_BYTES:
            return gzip.compress(self.body, LEVEL, mtime=0)
        return await asyncio.to_thread(gzip.compress, self.body, LEVEL, mtime=0)


class RenderedFeeds:
    """A cache of rendered feeds by what was asked for. Large ones have room of their own: a few of
    them, each with options that nobody else has, would push out what everybody asks for."""

    def __init__(self) -> None:
        self._feeds: LRUCache[Hashable, RenderedFeed] = LRUCache(MOST_BYTES, _size)
        self._large: LRUCache[Hashable, RenderedFeed] = LRUCache(MOST_LARGE_BYTES, _size)

    def get(self, key: Hashable) -> RenderedFeed | None:
        """What is cached, if only as it was before the last change."""
        return self._feeds.get(key) or self._large.get(key)

    def put(self, key: Hashable, feed: RenderedFeed) -> None:
        """Cache a feed in the place of what it was before."""
        self._feeds.pop(key, None)
        self._large.pop(key, None)
        cache = self._large if feed.size >= LARGE else self._feeds
        if feed.size <= cache.maxsize // 2:
            cache[key] = feed
            feed.key = key

    def holds(self, feed: RenderedFeed) -> bool:
        """Whether this very feed is cached. It is not moved to the front by that."""
        caches = (self._feeds, self._large)
        return any(feed.key in c and Cache.__getitem__(c, feed.key) is feed for c in caches)

    def __contains__(self, key: Hashable) -> bool:
        """Whether it is cached."""
        return key in self._feeds or key in self._large


def _size(feed: RenderedFeed) -> float:
    return feed.size

"""How much may be on its way to clients that read slowly.

Whoever reads slowly keeps a feed in memory. One that is cached is there anyway, and however many
read it, it is there once. Those that no cache holds any more are bounded here, or some dozens of
slow readers, each with options of its own, would hold hundreds of megabytes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from calfeed.errors import Busy
from calfeed.publish.rendered import RenderedFeed

MOST_BYTES = 24_000_000
SMALL = 100_000
"""Feeds of so many bytes are sent whatever else is on its way."""
BUSY_SECONDS = 60


class Outgoing:
    """Knows the feeds that are being sent. ``cached`` says whether a cache holds one."""

    def __init__(self, cached: Callable[[RenderedFeed], bool], most: int = MOST_BYTES) -> None:
        self._cached = cached
        self._most = most
        self._readers: dict[RenderedFeed, int] = {}

    def admit(self, feed: RenderedFeed) -> None:
        """Refuse a feed for which there is no room.

        Raises:
            Busy: with it, too much would be on its way that no cache holds.
        """
        others = sum(other.size for other in self._readers if not self._cached(other))
        if feed.size > SMALL and others and others + feed.size > self._most:
            detail = f"many large feeds are being sent; try again in {BUSY_SECONDS} seconds"
            raise Busy(detail, BUSY_SECONDS)

    @contextmanager
    def sending(self, feed: RenderedFeed) -> Iterator[None]:
        """A feed is on its way to one more client meanwhile."""
        self._readers[feed] = self._readers.get(feed, 0) + 1
        try:
            yield
        finally:
            self._readers[feed] -= 1
            if not self._readers[feed]:
                del self._readers[feed]

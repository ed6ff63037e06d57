"""The cache of rendered feeds."""

from datetime import UTC, datetime

from calfeed.publish.rendered import (
    LARGE,
    MOST_BYTES,
    MOST_LARGE_BYTES,
    RenderedFeed,
    RenderedFeeds,
)
from calfeed.publish.window import Validity

NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)


def feed(size: int) -> RenderedFeed:
    return RenderedFeed(bytes(size), "tag", NOW, 1, (1,), Validity(None, None))


def test_large_feeds_push_out_only_large_ones() -> None:
    cache, small = RenderedFeeds(), feed(1000)
    cache.put("small", small)
    for number in range(2 * MOST_LARGE_BYTES // LARGE):
        cache.put(number, feed(LARGE))
    assert cache.get("small") is small
    assert 0 not in cache
    assert number in cache


def test_the_feeds_asked_for_longest_ago_are_dropped_first() -> None:
    cache, size = RenderedFeeds(), LARGE // 2
    for number in range(2 * MOST_BYTES // size):
        cache.put(number, feed(size))
        assert cache.get(0)
    assert 1 not in cache
    assert number in cache


def test_a_feed_that_grows_large_is_there_once() -> None:
    cache, large = RenderedFeeds(), feed(LARGE)
    cache.put("feed", feed(1000))
    cache.put("feed", large)
    assert cache.get("feed") is large
    cache.put("feed", small := feed(1000))
    assert cache.get("feed") is small


def test_what_would_take_most_of_the_room_is_not_cached() -> None:
    cache = RenderedFeeds()
    cache.put("feed", feed(MOST_LARGE_BYTES // 2))
    assert "feed" not in cache
    assert cache.get("feed") is None

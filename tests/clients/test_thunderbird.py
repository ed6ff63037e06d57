"""Thunderbird subscribes, and sees after a restart what changed upstream meanwhile."""

from pathlib import Path

from tests.clients.feed import published
from tests.clients.thunderbird import Thunderbird


async def test_thunderbird_shows_the_feed_and_what_changes_in_it(tmp_path: Path) -> None:
    async with published(tmp_path) as feed:
        thunderbird = Thunderbird(tmp_path, feed.url)
        before = await feed.filled()
        assert await thunderbird.entries(before) == before
        after = await feed.change()
        assert await thunderbird.entries(after) == after

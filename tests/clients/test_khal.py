"""vdirsyncer and khal subscribe, and see what changes upstream."""

from dataclasses import replace
from pathlib import Path

from tests.clients.feed import EVENTS, Entry, published
from tests.clients.khal import Khal


def without_uids(entries: list[Entry]) -> list[Entry]:
    return sorted(replace(entry, uid="") for entry in entries)


async def test_khal_lists_the_feed_and_what_changes_in_it(tmp_path: Path) -> None:
    async with published(tmp_path) as feed:
        khal = Khal(tmp_path, feed.url)
        before = await feed.filled()
        await khal.sync()
        items = khal.items
        assert len(items) == EVENTS
        assert await khal.entries(feed.now) == without_uids(before)

        after = await feed.change()
        said = await khal.sync()
        assert "conflict" not in said.lower()
        assert await khal.entries(feed.now) == without_uids(after)
    gone, new = items - khal.items, khal.items - items
    assert (len(gone), len(new)) == (3, 3)  # one moved, one got a time; one went, one came

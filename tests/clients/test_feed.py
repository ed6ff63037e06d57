"""What the apps are compared with is itself right: the feed follows Launch Library."""

from datetime import timedelta
from pathlib import Path

from tests.clients.feed import ADDED, CLEARED, DELETED, MOVED, published, title


async def test_the_feed_follows_what_changes_upstream(tmp_path: Path) -> None:
    async with published(tmp_path) as feed:
        before = {entry.uid: entry for entry in await feed.filled()}
        after = {entry.uid: entry for entry in await feed.change()}
    assert [before[uid].title for uid in before.keys() - after.keys()] == [title(DELETED)]
    assert [after[uid].title for uid in after.keys() - before.keys()] == [title(ADDED)]
    changed = {after[uid].title: (before[uid], after[uid])
               for uid in before.keys() & after.keys() if before[uid] != after[uid]}  # fmt: skip
    assert changed.keys() == {title(MOVED), title(CLEARED)}
    was, moved = changed[title(MOVED)]
    assert (was.all_day, moved.all_day) == (False, False)
    assert moved.start == feed.now + timedelta(days=40, minutes=5)
    was, cleared = changed[title(CLEARED)]
    assert (was.all_day, cleared.all_day) == (True, False)
    assert cleared.start == feed.now + timedelta(days=41)

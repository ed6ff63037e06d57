"""Events to measure with: invented, varied, as many as wanted; and a store that holds them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.mirror.state import LastSync, SyncState
from calfeed.store import Changes
from calfeed.store.sqlite import SqliteStore
from tests.fake import make_events

UPSTREAM = "127.0.0.1:9"
"""Where nobody listens: the store needs no refresh."""


def events(count: int) -> tuple[Event, ...]:
    """So many events, the same every time on one day."""
    return tuple(from_record(record) for record in make_events(count, now=datetime.now(UTC)))


async def fill(path: Path, count: int) -> None:
    """Make a SQLite file that holds so many events and needs no refresh for a day."""
    now = datetime.now(UTC)
    coverage = SyncState(complete=True, as_of=now, synced_to=now)
    rounds = LastSync(next_at=now + timedelta(days=1), ended_at=now)
    store = SqliteStore(path, UPSTREAM)
    await store.open()
    await store.write(
        Changes(
            events=events(count),
            notes={
                "coverage": coverage.model_dump_json(),
                "rounds": rounds.model_dump_json(),
                "changed": now.isoformat(),
            },
        )
    )
    await store.close()

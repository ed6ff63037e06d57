"""Events to measure with: invented, varied, as many as wanted; and a store that holds them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from calfeed.catalog import COLLECTIONS
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import ChangesState, FillState, LastRound
from calfeed.record import Id
from calfeed.store.sqlite import SqliteStore
from tests.fake import make_events

UPSTREAM = "127.0.0.1:9"
"""Where nobody listens: the store needs no refresh."""


def events(count: int) -> tuple[Event, ...]:
    """So many events, the same every time on one day."""
    return tuple(from_record(record) for record in make_events(count, now=datetime.now(UTC)))


async def fill(path: Path, count: int) -> None:
    """Make a SQLite file that holds so many events, no launches, and needs no refresh for a day."""
    now = datetime.now(UTC)
    store = SqliteStore(path, UPSTREAM)
    await store.open()
    replica = Replica(store, COLLECTIONS.values(), lambda: now)
    await replica.look()
    complete = FillState(complete=True, undated=True, began_at=now)
    current = ChangesState(as_of=now, synced_to=now, changed_at=now)
    records: dict[Id, Event] = {event.id: event for event in events(count)}
    for dataset in replica.datasets.values():
        held = records if dataset.collection.name == "events" else None
        replica.stage(dataset, held, fill=complete, changes=current)
    replica.stage_round(LastRound(ended_at=now, retry_at=now + timedelta(days=1)))
    await replica.flush()
    await store.close()

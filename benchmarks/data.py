"""What is measured with: invented events and launches, varied, as many as wanted; and stores that
hold them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from calfeed.catalog import COLLECTIONS
from calfeed.mirror import stored
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.state import ChangesState, FillState, LastRound, ReconcileState, State
from calfeed.store import Changes, Store
from tests.fake import make_events, many_launches

UPSTREAM = "127.0.0.1:9"
"""Where nobody listens: the store needs no refresh."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many events and launches there are."""

    events: int
    launches: int

    def __str__(self) -> str:
        return f"{self.events + self.launches:,}"


FEW = Size(1071, 0)
"""All events, as it was before there were launches."""
ALL = Size(1071, 7954)
"""All of Launch Library, as it is."""
SIZES = (FEW, ALL)


@cache
def records(size: Size) -> dict[str, tuple[Any, ...]]:
    """Records by collection, the same every time on one day."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    events, launches = COLLECTIONS["events"], COLLECTIONS["launches"]
    if size != ALL:
        some = records(ALL)
        counts = {"events": size.events, "launches": size.launches}
        return {name: some[name][:count] for name, count in counts.items()}
    return {
        "events": tuple(map(events.read, make_events(size.events, now=midnight))),
        "launches": tuple(map(launches.read, many_launches(size.launches, now=midnight))),
    }


def datasets(size: Size) -> dict[str, Dataset[Any]]:
    """The same as datasets."""
    made = {name: Dataset[Any](collection) for name, collection in COLLECTIONS.items()}
    for name, some in records(size).items():
        made[name].apply({record.id: record for record in some})
    return made


async def fill(store: Store, size: Size) -> None:
    """Make a store hold them, such that it needs no refresh for long."""
    now = datetime.now(UTC)
    later = now + timedelta(days=1)
    bodies: dict[str, dict[str, bytes | None]] = {}
    notes: dict[str, str | None] = {}
    for name, some in records(size).items():
        collection = COLLECTIONS[name]
        bodies[name] = stored.encode(collection, {record.id: record for record in some})
        state = State(
            fill=FillState(complete=True, began_at=now, count=len(some), undated=True),
            changes=ChangesState(as_of=later, synced_to=now, probed_at=later, changed_at=now),
            reconcile=ReconcileState(looked_at=later, ahead_at=later),
        )
        notes |= stored.notes(collection, state, State())
    last = LastRound(ended_at=now, retry_at=later)
    notes[stored.LAST_ROUND] = last.model_dump_json()
    await store.open()
    revision = await store.revision()
    await store.write(Changes(revision, bodies, notes))
    await store.close()

"""What answers a query: all the records that are kept of its collections, and how old they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from calfeed.mirror.dataset import Snapshot
from calfeed.query.query import Query

Sample = Literal["never", "always", "fallback"]
"""Whether the packaged sample answers: only while nothing is kept, with ``fallback``."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a query is answered from: a snapshot for each collection of its scope.

    ``now`` is the moment the answer is made for, ``as_of`` when the data was last known to be
    current, ``changed_at`` when anything in it last changed; ``hit`` whether it was there already,
    ``stale`` whether it is older than it should be, ``complete`` whether everything is kept.
    """

    query: Query
    snapshots: tuple[Snapshot[Any], ...]
    now: datetime
    as_of: datetime
    changed_at: datetime
    hit: bool
    stale: bool
    sample: bool = False
    complete: bool = False

    @property
    def version(self) -> tuple[int, ...]:
        """Rises with every change of what is kept."""
        return tuple(snapshot.version for snapshot in self.snapshots)

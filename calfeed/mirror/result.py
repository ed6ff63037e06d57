"""What is kept for a query, and how old that knowledge is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.progress import Progress
from calfeed.query.query import Query

Sample = Literal["never", "always", "fallback"]
"""Whether the packaged sample answers: only while nothing is kept, with ``fallback``."""
HeldUp = Literal["", "limit", "fault"]
"""What newer data waits for: the next call that may be made, or the end of a fault upstream."""


@dataclass(frozen=True, eq=False)
class Result:
    """The records that a query chooses from, one snapshot for each collection of its scope.

    ``now`` is the moment the result was made for, ``as_of`` when its records were last known to be
    current, ``changed_at`` when any of them last changed. ``hit``: nobody had to wait for it;
    ``stale``: it is older than it should be; ``complete``: everything there is is kept;
    ``progress`` says of each collection how much is.
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
    progress: tuple[Progress, ...] = ()
    held_up: HeldUp = ""

    @property
    def version(self) -> tuple[int, ...]:
        """Equal as long as the records are the same."""
        return tuple(snapshot.version for snapshot in self.snapshots)

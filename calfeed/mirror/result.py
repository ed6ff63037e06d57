"""An answer out of the kept copy, and how old the knowledge is that it comes from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from calfeed.events.model import Event
from calfeed.query.query import Query

Sample = Literal["never", "always", "fallback"]
"""Whether the packaged sample answers: only while nothing is kept, with ``fallback``."""


@dataclass(frozen=True)
class Result:
    """The answer to a query, and how old the knowledge it comes from is.

    ``among`` are the events it is chosen from, ``version`` rises whenever those change; ``now`` is
    the moment the answer was made for, ``changed_at`` when anything kept last changed; ``hit``
    whether it was there already, ``whole`` whether it is chosen from everything, ``stale`` whether
    it is older than it should be.
    """

    query: Query
    among: Collection[Event]
    version: int
    now: datetime
    as_of: datetime
    changed_at: datetime
    hit: bool
    stale: bool
    sample: bool = False
    whole: bool = False

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events the query means."""
        return tuple(self.query.choose(self.among, self.now))

"""Where the kept copy, the call ledger and the right to refresh live."""

from dataclasses import dataclass, field
from typing import Protocol

from calfeed.event import Event

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write, or what was written since a revision.

    ``events`` were added or changed, ``removed`` left; ``notes`` are named texts (JSON) that
    say what the copy covers; a note of None is deleted. ``revision`` is the newest of all.
    """

    revision: int = 0
    events: tuple[Event, ...] = ()
    removed: tuple[int, ...] = ()
    notes: dict[str, str | None] = field(default_factory=dict)


class Store(Protocol):
    """What every place to keep data can do. Times are seconds since the epoch.

    All methods raise StoreError where the place cannot be reached or read.
    """

    async def open(self) -> None:
        """Make it ready."""

    async def close(self) -> None:
        """Let go of it; what was written stays."""

    async def revision(self) -> int:
        """The newest revision; cheap."""

    async def read(self, since: int) -> Changes:
        """Everything written after a revision; after 0: all there is."""

    async def write(self, changes: Changes) -> int:
        """Write all of it or nothing, and return the new revision."""

    async def take_call(self, now: float, allowed: int) -> float:
        """Enter one call in the ledger and return 0, or return the seconds until one is free."""

    async def block_calls(self, until: float) -> None:
        """Let no call be taken before ``until``."""

    async def calls(self, now: float) -> tuple[int, float]:
        """The calls taken in the hour before ``now``, and until when they are blocked."""

    async def lease(self, name: str, owner: str, now: float, seconds: float) -> bool:
        """Take or extend a right that one owner has at a time; False while another has it."""

    async def release(self, name: str, owner: str) -> None:
        """Give a right back before it ends."""

"""Where the kept copy, the call ledger and the right to refresh live."""

from dataclasses import dataclass, field
from typing import Protocol
from zlib import crc32

from calfeed.events.model import Event

HOUR = 3630.0
"""How many seconds a call counts in the ledger: an hour, and as long as it may take from here to
Launch Library, whose own hour begins there."""


def mark(upstream: str) -> int:
    """32 bits that tell one Launch Library from another: their events must not mix."""
    return crc32(upstream.encode())


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


@dataclass(frozen=True, slots=True)
class Ledger:
    """The calls of the last hour: when each was made, oldest first, and whether somebody waited
    for it; and until when none may be made. Times are seconds since the epoch."""

    calls: tuple[tuple[float, bool], ...] = ()
    blocked_until: float = 0.0

    def wait(self, now: float, allowed: int, urgent: bool, allowed_of_kind: int) -> float:
        """Seconds until one more call fits under both limits; 0 where it does now."""
        if self.blocked_until > now:
            return self.blocked_until - now
        all_calls = [at for at, _ in self.calls if at > now - HOUR]
        of_kind = [at for at, kind in self.calls if at > now - HOUR and kind == urgent]
        return max(_until(all_calls, allowed, now), _until(of_kind, allowed_of_kind, now))


def _until(calls: list[float], allowed: int, now: float) -> float:
    if allowed <= 0:
        return HOUR
    return 0.0 if len(calls) < allowed else calls[len(calls) - allowed] + HOUR - now


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

    async def take_call(
        self, now: float, allowed: int, *, urgent: bool, allowed_of_kind: int
    ) -> float:
        """Enter one call in the ledger and return 0, or return the seconds until one is free."""

    async def block_calls(self, until: float) -> None:
        """Let no call be taken before ``until``."""

    async def ledger(self, now: float) -> Ledger:
        """The calls of the hour before ``now``."""

    async def lease(self, name: str, owner: str, now: float, seconds: float) -> bool:
        """Take or extend a right that one owner has at a time; False while another has it."""

    async def release(self, name: str, owner: str) -> None:
        """Give a right back before it ends."""

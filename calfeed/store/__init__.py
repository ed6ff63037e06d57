"""Where the mirrored records, the call ledger and the right to refresh live."""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from zlib import crc32

LEDGER_SECONDS = 3630.0
"""How many seconds a call counts in the ledger: an hour, and as long as it may take from here to
Launch Library, whose own hour begins there."""
LONGEST_BLOCK = 21_600.0
"""Seconds that all calls can be blocked for at most; a later end is that of a clock set back."""


def mark(upstream: str) -> int:
    """32 bits that tell one Launch Library from another: their records must not mix."""
    return crc32(upstream.encode())


class Revision(NamedTuple):
    """What was written last. The epoch is drawn anew whenever a store begins empty, so that
    a reader notices that its store was emptied, however much was written since."""

    epoch: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write, or what was written since a revision.

    ``records`` are the stored forms by collection and id, None where the record left; ``notes``
    are named texts (JSON) that say how complete the records are, None where deleted.
    ``revision`` is the newest of all; in what is to be written, the one that the writer has read.
    """

    revision: Revision = field(default_factory=Revision)
    records: dict[str, dict[str, bytes | None]] = field(default_factory=dict)
    notes: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of the last hour: how many seconds ago each was made, the oldest first; and for
    how many seconds none may be made."""

    ages: tuple[float, ...] = ()
    blocked: float = 0.0

    def wait(self, allowed: int) -> float:
        """Seconds until one more call fits under the limit; 0 where it does now."""
        if self.blocked > 0:
            return self.blocked
        if len(self.ages) < allowed:
            return 0.0
        return LEDGER_SECONDS - (self.ages[len(self.ages) - allowed] if allowed > 0 else 0.0)


def calls_at(now: float, made: list[float], blocked_until: float) -> Calls:
    """The calls as seen from a moment. Those of a clock that was set back count from now on."""
    ages = sorted((max(0.0, now - at) for at in made if at > now - LEDGER_SECONDS), reverse=True)
    blocked = max(0.0, blocked_until - now)
    return Calls(tuple(ages), blocked if blocked <= LONGEST_BLOCK else 0.0)


class Records(Protocol):
    """The records and notes. All methods raise StoreError where the place cannot be used."""

    async def revision(self) -> Revision:
        """The newest revision; cheap."""

    async def read(self, since: Revision) -> Changes:
        """Everything written after a revision; all there is where that is of another epoch."""

    async def write(self, changes: Changes, owner: str = "") -> Revision:
        """Write all of it or nothing, and return the new revision.

        Raises:
            StoreReplaced: the store's epoch is not that of ``changes.revision``.
            LeaseLost: ``owner`` is given and does not have the right to refresh (any more).
        """


class Ledger(Protocol):
    """The calls to Launch Library that all who share the store have made."""

    async def take_call(self, allowed: int) -> float:
        """Enter one call and return 0, or return the seconds until one is free."""

    async def enter_calls(self, count: int) -> None:
        """Enter calls that were made elsewhere."""

    async def block_calls(self, seconds: float) -> None:
        """Let no call be taken for so long."""

    async def calls(self) -> Calls:
        """The calls of the last hour."""


class Leases(Protocol):
    """The right to refresh, which one process has at a time."""

    async def lease(self, owner: str, seconds: float) -> bool:
        """Take or extend the right; False while another has it."""

    async def release(self, owner: str) -> None:
        """Give the right back before it ends."""


class Store(Records, Ledger, Leases, Protocol):
    """What every place to keep data can do."""

    async def open(self) -> None:
        """Make it ready."""

    async def close(self) -> None:
        """Let go of it; what was written stays."""

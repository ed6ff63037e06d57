"""In this process only; gone with it."""

import time
from collections.abc import Callable

from calfeed.errors import LeaseLost, StoreReplaced
from calfeed.store import LEDGER_SECONDS, Calls, Changes, Revision, calls_at

EPOCH = "memory"


class MemoryStore:
    """Keeps all in plain collections; see :class:`calfeed.store.Store`.

    ``clock`` gives seconds since the Unix epoch.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._number = 0
        self._records: dict[tuple[str, str], tuple[int, bytes | None]] = {}
        self._notes: dict[str, tuple[int, str | None]] = {}
        self._calls: list[float] = []
        self._blocked_until = 0.0
        self._owner = ""
        self._owned_until = 0.0

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def revision(self) -> Revision:
        """See Records."""
        return Revision(EPOCH, self._number)

    async def read(self, since: Revision) -> Changes:
        """See Records."""
        after = since.number if since.epoch == EPOCH else 0
        records: dict[str, dict[str, bytes | None]] = {}
        for (collection, key), (at, body) in self._records.items():
            if at > after:
                records.setdefault(collection, {})[key] = body
        notes = {name: text for name, (at, text) in self._notes.items() if at > after}
        return Changes(Revision(EPOCH, self._number), records, notes)

    async def write(self, changes: Changes, owner: str = "") -> Revision:
        """See Records."""
        if changes.revision.epoch != EPOCH:
            raise StoreReplaced("the store in memory was not read yet")
        if owner and owner != self._owner:
            raise LeaseLost("another process refreshes now")
        self._number += 1
        for collection, bodies in changes.records.items():
            for key, body in bodies.items():
                self._records[collection, key] = (self._number, body)
        self._notes.update({name: (self._number, text) for name, text in changes.notes.items()})
        return Revision(EPOCH, self._number)

    async def take_call(self, allowed: int) -> float:
        """See Ledger."""
        wait = (await self.calls()).wait(allowed)
        if not wait:
            self._calls.append(self._clock())
        return wait

    async def enter_calls(self, count: int) -> None:
        """See Ledger."""
        self._calls += [self._clock()] * count

    async def block_calls(self, seconds: float) -> None:
        """See Ledger."""
        now = self._clock()
        left = calls_at(now, [], self._blocked_until).blocked
        self._blocked_until = now + max(left, seconds)

    async def calls(self) -> Calls:
        """See Ledger."""
        now = self._clock()
        self._calls = [min(at, now) for at in self._calls if at > now - LEDGER_SECONDS]
        return calls_at(now, self._calls, self._blocked_until)

    async def lease(self, owner: str, seconds: float) -> bool:
        """See Leases."""
        now = self._clock()
        held = now < self._owned_until <= now + 2 * seconds  # later: the clock was set back
        if held and owner != self._owner:
            return False
        self._owner, self._owned_until = owner, now + seconds
        return True

    async def release(self, owner: str) -> None:
        """See Leases."""
        if owner == self._owner:
            self._owner, self._owned_until = "", 0.0

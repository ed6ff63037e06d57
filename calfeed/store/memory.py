"""In this process only; gone with it."""

from collections import deque

from calfeed.events.model import Event
from calfeed.store import HOUR, Changes, Ledger


class MemoryStore:
    """Keeps all in plain collections; see :class:`calfeed.store.Store`."""

    def __init__(self) -> None:
        self._revision = 0
        self._events: dict[int, tuple[int, Event | None]] = {}
        self._notes: dict[str, tuple[int, str | None]] = {}
        self._calls: deque[tuple[float, bool]] = deque()
        self._blocked_until = 0.0
        self._leases: dict[str, tuple[str, float]] = {}

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def revision(self) -> int:
        """See Store."""
        return self._revision

    async def read(self, since: int) -> Changes:
        """See Store."""
        newer = {key: event for key, (at, event) in self._events.items() if at > since}
        return Changes(
            self._revision,
            tuple(event for event in newer.values() if event is not None),
            tuple(key for key, event in newer.items() if event is None),
            {name: text for name, (at, text) in self._notes.items() if at > since},
        )

    async def write(self, changes: Changes) -> int:
        """See Store."""
        self._revision += 1
        self._events.update({event.id: (self._revision, event) for event in changes.events})
        self._events.update(dict.fromkeys(changes.removed, (self._revision, None)))
        self._notes.update({n: (self._revision, text) for n, text in changes.notes.items()})
        return self._revision

    async def take_call(
        self, now: float, allowed: int, *, urgent: bool, allowed_of_kind: int
    ) -> float:
        """See Store."""
        wait = self._ledger(now).wait(now, allowed, urgent, allowed_of_kind)
        if not wait:
            self._calls.append((now, urgent))
        return wait

    async def block_calls(self, until: float) -> None:
        """See Store."""
        self._blocked_until = max(self._blocked_until, until)

    async def ledger(self, now: float) -> Ledger:
        """See Store."""
        return self._ledger(now)

    def _ledger(self, now: float) -> Ledger:
        while self._calls and self._calls[0][0] <= now - HOUR:
            self._calls.popleft()
        return Ledger(tuple(self._calls), self._blocked_until)

    async def lease(self, name: str, owner: str, now: float, seconds: float) -> bool:
        """See Store."""
        holder, until = self._leases.get(name, (owner, 0.0))
        if holder != owner and until > now:
            return False
        self._leases[name] = (owner, now + seconds)
        return True

    async def release(self, name: str, owner: str) -> None:
        """See Store."""
        if self._leases.get(name, ("", 0.0))[0] == owner:
            del self._leases[name]

"""The call budget: never more than so many calls in any rolling hour, whoever asks."""

import math
from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto

from calfeed.errors import BudgetSpent
from calfeed.store import HOUR, Ledger, Store


class Purpose(Enum):
    """What a call is for."""

    ASKED = auto()
    """Somebody waits for it."""
    FILL = auto()
    """It builds the copy."""
    UPDATE = auto()
    """It keeps a copy current that is complete."""


class Budget:
    """Hands out the hour's calls; the ledger lies in the store, for all who share it.

    A fifth of them is held back for requests that somebody waits for, and those take no more than
    that, so that neither filling the copy nor a crowd at a cold start can starve the other. Once
    the copy is complete nobody waits for calls, and one is held back.
    """

    def __init__(self, store: Store, calls_per_hour: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.calls_per_hour = calls_per_hour
        held_back = max(1, calls_per_hour // 5)
        self._own = Ledger()
        self._allowed = {
            Purpose.ASKED: held_back,
            Purpose.FILL: max(1, calls_per_hour - held_back),
            Purpose.UPDATE: calls_per_hour - (calls_per_hour > 2),
        }

    async def spend(self, purpose: Purpose) -> None:
        """Take one call.

        Raises:
            BudgetSpent: none may be made now.
        """
        now, urgent, allowed = (
            self._clock().timestamp(),
            purpose is Purpose.ASKED,
            self.calls_per_hour,
        )
        of_kind = self._allowed[purpose]
        wait = self._own.wait(now, allowed, urgent, of_kind) or await self._store.take_call(
            now, allowed, urgent=urgent, allowed_of_kind=of_kind
        )
        if wait > 0:
            raise BudgetSpent(
                f"this hour's calls are used; the next is free in {math.ceil(wait)} s", wait
            )

        self._enter(now, urgent)

    def _enter(self, now: float, urgent: bool) -> None:
        """Remember this process's own calls too: a store can be emptied at any time."""
        recent = [(min(at, now), kind) for at, kind in self._own.calls if at > now - HOUR]
        self._own = Ledger((*recent, (now, urgent)))

    async def block(self, seconds: float) -> None:
        """Allow no call for so long: a 429 said so."""
        await self._store.block_calls(self._clock().timestamp() + seconds)

    async def concede(self, left_upstream: int) -> None:
        """Count as used what another program behind the same address has used."""
        for _ in range(min(await self.left() - max(0, left_upstream), self.calls_per_hour)):
            await self._store.take_call(
                self._clock().timestamp(),
                self.calls_per_hour,
                urgent=False,
                allowed_of_kind=self.calls_per_hour,
            )

    async def left(self) -> int:
        """How many calls may be made now."""
        now = self._clock().timestamp()
        ledger = await self._store.ledger(now)
        if ledger.blocked_until > now:
            return 0
        return max(0, self.calls_per_hour - len(ledger.calls))

    async def spread(self, calls: int) -> float:
        """Seconds between rounds of so many calls at which the rest of the hour's calls last.

        0 while more than half of them are there: then a change may be looked for at once.
        """
        now = self._clock().timestamp()
        ledger = await self._store.ledger(now)
        left = self.calls_per_hour - 1 - len(ledger.calls)
        if left > self.calls_per_hour // 2 or not ledger.calls:
            return 0.0
        frees = max(0.0, ledger.calls[0][0] + HOUR - now)
        return frees if left < calls else frees * calls / left

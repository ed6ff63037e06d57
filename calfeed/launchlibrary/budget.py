"""The call budget: never more than so many calls in any rolling hour, whoever asks."""

import math
from collections.abc import Callable
from datetime import datetime

from calfeed.errors import BudgetSpent
from calfeed.store import Store


class Budget:
    """Hands out the hour's calls; the ledger lies in the store, for all who share it.

    A fifth of them is held back for requests that somebody waits for, so that keeping the copy
    current cannot starve them.
    """

    def __init__(self, store: Store, calls_per_hour: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.calls_per_hour = calls_per_hour
        self.held_back = calls_per_hour // 5

    async def spend(self, *, urgent: bool) -> None:
        """Take one call.

        Raises:
            BudgetSpent: none may be made now.
        """
        allowed = self.calls_per_hour if urgent else self.calls_per_hour - self.held_back
        wait = await self._store.take_call(self._clock().timestamp(), max(1, allowed))
        if wait > 0:
            raise BudgetSpent(
                f"this hour's calls are used; the next is free in {math.ceil(wait)} s",
                wait,
            )

    async def block(self, seconds: float) -> None:
        """Allow no call for so long: a 429 said so."""
        await self._store.block_calls(self._clock().timestamp() + seconds)

    async def left(self) -> int:
        """How many calls may be made now."""
        used, blocked_until = await self._store.calls(self._clock().timestamp())
        if blocked_until > self._clock().timestamp():
            return 0
        return max(0, self.calls_per_hour - used)

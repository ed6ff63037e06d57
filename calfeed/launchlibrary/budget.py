"""The call budget: never more than so many calls in any rolling hour, whoever makes them."""

import math
from collections.abc import Callable
from datetime import datetime

from calfeed.errors import BudgetSpent
from calfeed.store import Calls, Ledger, calls_at


class Budget:
    """Hands out the hour's calls; the ledger lies in the store, for all who share it."""

    def __init__(self, ledger: Ledger, calls_per_hour: int, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._own: list[float] = []
        self.calls_per_hour = calls_per_hour

    async def spend(self) -> None:
        """Take one call.

        Raises:
            BudgetSpent: none may be made now.
        """
        now = self._clock().timestamp()
        # A store can be emptied at any time, so this process remembers its own calls too.
        self._own = [min(at, now) for at in self._own[-self.calls_per_hour :]]
        wait = calls_at(now, self._own, 0.0).wait(self.calls_per_hour)
        wait = wait or await self._ledger.take_call(self.calls_per_hour)
        if wait > 0:
            said = f"this hour's calls are used; the next is free in {math.ceil(wait)} s"
            raise BudgetSpent(said, wait)
        self._own.append(now)

    async def block(self, seconds: float) -> None:
        """Allow no call for so long: a 429 said so."""
        await self._ledger.block_calls(seconds)

    async def concede(self, left_upstream: int) -> None:
        """Count as used what another program behind the same address has used."""
        used_elsewhere = await self.left() - max(0, left_upstream)
        if used_elsewhere > 0:
            await self._ledger.enter_calls(used_elsewhere)

    async def calls(self) -> Calls:
        """The calls of the last hour."""
        return await self._ledger.calls()

    async def left(self) -> int:
        """How many calls may be made now."""
        calls = await self.calls()
        return 0 if calls.blocked else max(0, self.calls_per_hour - len(calls.ages))

"""A store and the copy of it in memory, kept in step: what library and refresh both work on."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from calfeed.errors import StoreError
from calfeed.events.model import Event
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.state import SyncState
from calfeed.store import Changes, Store

log = logging.getLogger(__name__)


class Replica:
    """Writes go to the store first, and from there into the copy, here and in other processes.

    ``trouble`` says why the store cannot be reached at the moment; empty while it can.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.dataset = Dataset()
        self.trouble = ""
        self._clock = clock
        self._changed = asyncio.Event()
        self._reading = asyncio.Lock()

    async def write(self, changes: Changes) -> None:
        """Write all of it or nothing; it is in the copy afterwards."""
        if changes.events or changes.removed:
            changes.notes["changed"] = self._clock().isoformat()
        await self.store.write(changes)
        await self.catch_up()

    async def keep(
        self, events: Iterable[Event], coverage: SyncState, removed: Iterable[int] = ()
    ) -> int:
        """Write what an answer of the refreshing told; the number of events that were news."""
        newer = self.dataset.newer(events)
        notes: dict[str, str | None] = {"coverage": coverage.model_dump_json()}
        await self.write(Changes(events=newer, removed=tuple(removed), notes=notes))
        return len(newer)

    async def catch_up(self) -> None:
        """Take in what this or another process has written."""
        async with self._reading:
            newest = await self.store.revision()
            if newest < self.dataset.revision:
                log.warning("the store has lost what it held; writing it anew")
                await self.store.write(self.dataset.dump())
                self.dataset.revision = 0
                newest = 1
            if newest > self.dataset.revision:
                self.dataset.apply(await self.store.read(self.dataset.revision))
                self._changed.set()
                self._changed = asyncio.Event()

    async def look(self) -> bool:
        """Catch up if the store can be reached; say so when that begins or ends to be so."""
        try:
            await self.catch_up()
        except StoreError as error:
            if not self.trouble:
                log.warning("the store is away, serving what is in memory: %s", error)
            self.trouble = str(error)
            return False
        if self.trouble:
            log.warning("the store is back")
        self.trouble = ""
        return True

    async def changed(self, seconds: float) -> None:
        """Wait for the next change, so long at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

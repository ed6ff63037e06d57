"""A store and the datasets in memory, kept in step: what repository and refreshing work on."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from calfeed.errors import LeaseLost, StoreError, StoreReplaced
from calfeed.mirror import stored
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.state import LastRound, State
from calfeed.query.collection import Collection
from calfeed.record import Id
from calfeed.store import Changes, Revision, Store

log = logging.getLogger(__name__)

LEASE = 8.0
"""Seconds after which the right to refresh is free again when its holder died."""

MANY = 50
"""So many records taken in at once are exempted from garbage collection: they will stay, and
looking through them would hold up requests."""

Staged = dict[str, dict[Id, Any]]


class Replica:
    """What is staged goes to the store first, all at once, and from there into the datasets, here
    and in other processes.

    ``applied`` rises whenever anything at all is taken in.
    """

    def __init__(
        self, store: Store, collections: Iterable[Collection[Any]], clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.datasets = {found.name: Dataset[Any](found) for found in collections}
        self.last_round: LastRound | None = None
        self.applied = 0
        self.owner = ""
        self._clock = clock
        self._revision = Revision()
        self._cannot_read = self._cannot_write = ""
        self._staged: Staged = {}
        self._staged_round: LastRound | None = None
        self._changed = asyncio.Event()
        self._busy = asyncio.Lock()

    @property
    def trouble(self) -> str:
        """Why the store cannot be used at the moment; empty while it can."""
        return self._cannot_read or self._cannot_write

    @property
    def empty(self) -> bool:
        """Whether there is no record at all."""
        return not any(dataset.records for dataset in self.datasets.values())

    @property
    def complete(self) -> bool:
        """Whether all records that upstream has are kept."""
        return all(dataset.state.fill.complete for dataset in self.datasets.values())

    def stage(
        self, dataset: Dataset[Any], records: dict[Id, Any] | None = None, **parts: Any
    ) -> None:
        """Note records (None: it leaves) and parts of the state, to be written by :meth:`flush`."""
        dataset.draft = replace(dataset.draft, **parts)
        if records:
            self._staged.setdefault(dataset.collection.name, {}).update(records)

    def stage_round(self, last_round: LastRound) -> None:
        """Note the end of a round, to be written by :meth:`flush`."""
        self._staged_round = last_round

    async def flush(self) -> None:
        """Write what is staged, all of it or nothing; it is in the datasets afterwards.

        Raises:
            LeaseLost: another process refreshes by now; what is staged is dropped.
            StoreError: the store cannot be written; what is staged stays so.
        """
        async with self._busy:
            if not self._staged and not self._staged_notes():
                return
            try:
                await self._flush()
            except LeaseLost:
                self._drop()
                raise
            except StoreError as error:
                if not self.trouble:
                    log.warning("the store cannot be written: %s", error)
                self._cannot_write = str(error)
                raise
            if self._cannot_write:
                log.warning("the store can be written again")
            self._cannot_write = ""

    async def look(self) -> bool:
        """Take in what this or another process has written, and return whether the store could be
        reached; log when it goes away and when it is back."""
        try:
            async with self._busy:
                await self._catch_up()
        except StoreError as error:
            if not self.trouble:
                log.warning("the store is away, serving what is in memory: %s", error)
            self._cannot_read = str(error)
            return False
        if self._cannot_read:
            log.warning("the store is back")
            self._cannot_read = self._cannot_write = ""
        return True

    async def changed(self, seconds: float) -> None:
        """Wait for the next change, so long at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _staged_notes(self) -> dict[str, str | None]:
        notes: dict[str, str | None] = {}
        for dataset in self.datasets.values():
            notes |= stored.notes(dataset.collection, dataset.draft, dataset.state)
        if self._staged_round:
            notes[stored.LAST_ROUND] = self._staged_round.model_dump_json()
        return notes

    def _drop(self) -> None:
        self._staged, self._staged_round = {}, None
        for dataset in self.datasets.values():
            dataset.draft = dataset.state

    async def _flush(self) -> None:
        now = self._clock()
        for name in self._staged:
            changes = self.datasets[name].draft.changes.model_copy(update={"changed_at": now})
            self.stage(self.datasets[name], changes=changes)
        bodies = await asyncio.to_thread(self._encode, self._staged)
        notes = self._staged_notes()
        try:
            written = await self.store.write(Changes(self._revision, bodies, notes), self.owner)
        except StoreReplaced:
            drafts = {name: dataset.draft for name, dataset in self.datasets.items()}
            await self._catch_up()
            for name, draft in drafts.items():  # what was fetched meanwhile is written again
                self.datasets[name].draft = draft
            await self._own_again()
            written = await self.store.write(Changes(self._revision, bodies, notes), self.owner)
        if written.number == self._revision.number + 1:
            self._take_in(written)
        else:
            self._staged, self._staged_round = {}, None
            await self._catch_up()

    def _encode(self, staged: Staged) -> dict[str, dict[str, bytes | None]]:
        return {
            name: stored.encode(self.datasets[name].collection, records)
            for name, records in staged.items()
        }

    async def _own_again(self) -> None:
        """The right to refresh was lost with the store."""
        if self.owner and not await self.store.lease(self.owner, LEASE):
            raise LeaseLost("another process refreshes now")

    def _take_in(self, written: Revision) -> None:
        """What was written is what was staged: no need to read it back."""
        for name, records in self._staged.items():
            self.datasets[name].apply(records)
        _settle(self._staged.values())
        for dataset in self.datasets.values():
            dataset.state = dataset.draft
        self.last_round = self._staged_round or self.last_round
        self._staged, self._staged_round = {}, None
        self._tell(written)

    async def _catch_up(self) -> None:
        newest = await self.store.revision()
        while newest != self._revision:
            lost = newest.epoch != self._revision.epoch or newest < self._revision
            found = await self.store.read(Revision() if lost else self._revision)
            if lost and not self.empty and await self._restore(found):
                newest = await self.store.revision()
                continue
            await self._apply(found, everything=lost)
            return

    async def _restore(self, found: Changes) -> bool:
        """Write what the store has lost and we still hold; False where that is nothing."""
        bodies: dict[str, dict[str, bytes | None]] = {}
        notes: dict[str, str | None] = {}
        for name, dataset in self.datasets.items():
            lacking = stored.lacking(dataset, found.records.get(name, ()))
            if lacking:
                bodies |= await asyncio.to_thread(self._encode, {name: lacking})
                if not stored.fill_from(dataset.collection, found.notes).complete:
                    notes |= stored.notes(dataset.collection, dataset.state, State())
        if not bodies:
            return False
        log.warning("the store has lost what it held; writing it anew")
        if self.last_round and stored.LAST_ROUND not in found.notes:
            notes[stored.LAST_ROUND] = self.last_round.model_dump_json()
        await self.store.write(Changes(found.revision, bodies, notes))
        self._cannot_write = ""
        return True

    async def _apply(self, found: Changes, *, everything: bool) -> None:
        for name, dataset in self.datasets.items():
            damaged = await self._apply_records(dataset, found.records.get(name, {}))
            dataset.state = dataset.draft = stored.state_from(
                dataset, found.notes, everything=everything, damaged=damaged
            )
        _settle(found.records.values())
        if stored.LAST_ROUND in found.notes:
            self.last_round = stored.last_round_from(found.notes)
        self._tell(found.revision)

    async def _apply_records(self, dataset: Dataset[Any], bodies: dict[str, bytes | None]) -> bool:
        """Whether some could not be read."""
        unreadable = 0
        for part in stored.slices(bodies):
            read = await asyncio.to_thread(stored.decode, dataset.collection, part)
            dataset.apply(read.records)
            unreadable += read.unreadable
        return unreadable > 0

    def _tell(self, revision: Revision) -> None:
        self._revision = revision
        self.applied += 1
        self._changed.set()
        self._changed = asyncio.Event()


def _settle(taken: Iterable[Mapping[Any, object]]) -> None:
    """Have the garbage collector leave alone what came in, where that is much: it stays, and every
    full collection would look through it, for 50 ms once everything is there."""
    if sum(map(len, taken)) >= MANY:
        gc.collect(1)
        gc.freeze()

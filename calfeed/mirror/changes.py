"""Taking in what changed upstream, at one call where that is little.

A first page has the newest changes. Where that does not reach back to what is in already, all
changes are read oldest first, and every page is progress, whatever happens in between. Each page
begins at the moment at which the one before ended. A page on which all bear the same second is no
progress: then those of that second are read by their dates.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Any

from calfeed.duration import SECOND
from calfeed.errors import UpstreamError
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.launchlibrary.page import Page
from calfeed.mirror.compare import in_order
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.intake import FIRST_DATE, LAST_DATE, OVERLAP, take_in
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import ChangesState
from calfeed.query.collection import R
from calfeed.record import Id
from calfeed.span import iso

log = logging.getLogger(__name__)

CHANGE_WITNESSES = 3
"""How many of the newest changes that are in already are asked for once more: an answer without
any of them is not believed."""
SUSPECTS = 30
"""So many of the newest are asked for by their ids then: where the ``last_updated`` of one of them
fell upstream, that of others may have, too."""
_LONG_AGO = datetime.fromisoformat(FIRST_DATE)
_LAST = datetime.fromisoformat(LAST_DATE)


class WithoutWitnesses(UpstreamError):
    """A list of changes lacks all that must be on it. Upstream may be well nevertheless."""


class ChangesReader:
    """Reads the changes of a dataset, a page at a time."""

    def __init__(self, api: LaunchLibrary, replica: Replica, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._replica = replica
        self._clock = clock

    async def page(self, dataset: Dataset[Any], probe_every: timedelta) -> None:
        """Read the next page. In the middle of a long list the newest changes are looked at now
        and then, ``probe_every`` so long.

        Raises:
            UpstreamError: it did not come.
            WithoutWitnesses: it is not believed.
            StoreError: it could not be written.
        """
        state, now = dataset.draft.changes, self._clock()
        probed = state.probed_at is not None and now - state.probed_at < probe_every
        if not state.unfinished or not probed:
            await self._newest(dataset, state, now)
        elif state.offset is not None:
            await self._by_offset(dataset, state, now)
        elif state.date is not None:
            await self._of_a_second(dataset, state, now)
        else:
            await self._oldest(dataset, state, now)

    async def _newest(self, dataset: Dataset[R], state: ChangesState, now: datetime) -> None:
        """The newest changes: all there are, most of the time."""
        synced_to = state.synced_to or _LONG_AGO
        witnesses = _newest_records(dataset, CHANGE_WITNESSES)
        bound = min(synced_to, *witnesses.values()) if witnesses else synced_to
        page = await self._list(dataset, [("last_updated__gte", iso(bound))], "-last_updated")
        if page.whole and witnesses and witnesses.keys().isdisjoint(page.ids):
            self._suspect(dataset, witnesses, now)
            name = dataset.collection.name
            raise WithoutWitnesses(f"a list of changed {name} without those known")
        state = state.model_copy(update={"probed_at": now})
        if _reaches_back(page, synced_to):
            state = _done(state, page, now)
        elif not state.unfinished:
            ordered = in_order(_stamps(page), falling=True)
            update = {"reached": synced_to} if ordered else {"offset": 0, "began_at": now}
            state = state.model_copy(update=update)
        await self._keep(dataset, page, now, state)

    async def _oldest(self, dataset: Dataset[R], state: ChangesState, now: datetime) -> None:
        """The changes from the last one that was read on, oldest first."""
        reached = state.reached or _LONG_AGO
        page = await self._list(dataset, [("last_updated__gte", iso(reached))], "last_updated")
        stamps = _stamps(page)
        as_asked = in_order(stamps, falling=False) and all(at > reached - SECOND for at in stamps)
        if not as_asked:
            update = {"reached": None, "offset": 0, "began_at": now}
            state = state.model_copy(update=update)
        elif page.whole:
            state = _done(state, page, now)
        elif stamps and stamps[-1] - stamps[0] >= SECOND:
            state = state.model_copy(update={"reached": stamps[-1]})
        else:  # all of the same second
            update = {"reached": min(stamps, default=reached), "date": _LAST}
            state = state.model_copy(update=update)
        await self._keep(dataset, page, now, state)

    async def _of_a_second(self, dataset: Dataset[R], state: ChangesState, now: datetime) -> None:
        """The changes of the second that was reached, latest date first."""
        field, reached = dataset.collection.date_field, state.reached or _LONG_AGO
        latest = state.date or reached
        params = [
            ("last_updated__gte", iso(reached)),
            ("last_updated__lte", iso(reached + SECOND)),
            (f"{field}__gte", FIRST_DATE),
            (f"{field}__lte", iso(latest)),
        ]
        page = await self._list(dataset, params, f"-{field}")
        dates = [date for record in page.records if (date := dataset.collection.date(record))]
        update: dict[str, Any]
        if page.whole or not dates:
            update = {"reached": reached + SECOND, "date": None}
        elif not in_order(dates, falling=True):
            update = {"reached": None, "date": None, "offset": 0, "began_at": now}
        else:  # where more than a page share the date too, the walk finds the others
            update = {"date": min(dates[-1], latest - SECOND)}
        await self._keep(dataset, page, now, state.model_copy(update=update))

    async def _by_offset(self, dataset: Dataset[R], state: ChangesState, now: datetime) -> None:
        """The list as it comes, to its end: where filter or ordering are not known upstream."""
        synced_to, offset = state.synced_to or _LONG_AGO, state.offset or 0
        page = await self._list(
            dataset, [("last_updated__gte", iso(synced_to))], "-last_updated", offset
        )
        end = offset + page.size
        if not page.size or end >= page.count or _reaches_back(page, synced_to):
            state = _done(state, page, state.began_at or now)
        else:
            state = state.model_copy(update={"offset": end})
        await self._keep(dataset, page, now, state)

    async def _list(
        self, dataset: Dataset[R], params: list[tuple[str, str]], ordering: str, offset: int = 0
    ) -> Page[R]:
        return await self._api.page(dataset.collection, params, ordering=ordering, offset=offset)

    async def _keep(
        self, dataset: Dataset[R], page: Page[R], now: datetime, state: ChangesState
    ) -> None:
        """Write what a page told. Where it told nothing and nothing is left to read, that is
        written with the end of the round."""
        changed = take_in(self._replica, dataset, page, now, changes=state)
        if changed:
            log.info("%d %s changed", changed, dataset.collection.name)
        if changed or state.unfinished:
            await self._replica.flush()

    def _suspect(self, dataset: Dataset[R], ids: Iterable[Id], now: datetime) -> None:
        """If they are gone upstream, or older there, the answer was right."""
        state = dataset.draft.reconcile
        missing = dict.fromkeys(map(str, ids), now) | state.missing
        older = dict.fromkeys(map(str, _newest_records(dataset, SUSPECTS)), now)
        older |= {key: at for key, at in state.older.items() if key not in older}
        update = {"missing": missing, "older": older}
        self._replica.stage(dataset, reconcile=state.model_copy(update=update))


def _newest_records(dataset: Dataset[R], count: int) -> dict[Id, datetime]:
    """The records that changed last, with the moments at which they did."""
    stamps = ((r.last_updated, r.id) for r in dataset.records.values() if r.last_updated)
    return {key: at for at, key in nlargest(count, stamps)}


def _stamps(page: Page[Any]) -> list[datetime]:
    return [record.last_updated for record in page.records if record.last_updated]


def _reaches_back(page: Page[Any], synced_to: datetime) -> bool:
    """Whether a page that begins with the newest change has all that are not in yet."""
    if page.whole:
        return True
    stamps = _stamps(page)
    return in_order(stamps, falling=True) and bool(stamps) and stamps[-1] < synced_to


def _done(state: ChangesState, page: Page[Any], began: datetime) -> ChangesState:
    """All changes are in that could be seen when the list was asked for."""
    seen = min(page.sent_at or began, began) - OVERLAP
    return ChangesState(
        as_of=began,
        synced_to=max(seen, state.synced_to or seen),
        probed_at=state.probed_at,
        changed_at=state.changed_at,
    )

"""Finding what was deleted upstream, and what is there but was never seen, at a few calls."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from calfeed.errors import UpstreamError
from calfeed.launchlibrary.budget import Budget, Purpose
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.launchlibrary.page import PAGE, Page, believable
from calfeed.mirror import compare as sweep
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import DateRange

log = logging.getLogger(__name__)

MOST_STEPS = 6
"""How many calls a round spends at most on finding where counts differ. What is left to search is
remembered for the next round."""
SPARE = 2
"""How many calls must be left for a second one."""
WITNESSES = 5
"""How many events that are surely there are asked for along with those that may be gone."""
CHECK_EVERY = timedelta(hours=6)
"""How often the newest page is left out for the next one of history: in time all are compared, also
where counts agree because one event too many and one too few make up for each other."""
RETRY_UNREAD = timedelta(hours=1)
"""How often records that could not be read are asked for once more."""


class Reconciler:
    """Searches for lost events in the rounds of one copy, and asks for them once more."""

    def __init__(
        self, api: LaunchLibrary, budget: Budget, replica: Replica, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._budget = budget
        self._replica = replica
        self._clock = clock

    @property
    def _dataset(self) -> Dataset:
        return self._replica.dataset

    async def look(self, *, search: bool) -> None:
        """Ask once more for those under suspicion; if there are none, search where it is due.

        Raises:
            UpstreamError: a call failed, or its answer is not believed.
        """
        coverage, now = self._dataset.coverage, self._clock()
        if coverage.suspects or (coverage.unread and _past(coverage.retried_at, RETRY_UNREAD, now)):
            await self._ask_again(now)
        elif coverage.todo:
            await self._search(coverage.todo)
        elif search and _past(coverage.checked_at, CHECK_EVERY, now):
            reach = await self._search((DateRange(until=coverage.checked),))
            update = {"checked": reach, "checked_at": now}
            await self._replica.keep((), self._dataset.coverage.model_copy(update=update))
        elif search:
            await self._search((DateRange(),))

    async def _search(self, where: tuple[DateRange, ...]) -> datetime | None:
        """Look at one stretch after the other; the date down to which the first page went."""
        have = sweep.held(self._dataset.events.values(), self._dataset.coverage.unread)
        todo, suspects, reach = list(where), frozenset[int](), None
        for step in range(MOST_STEPS):
            if not todo or (step and await self._budget.left() < SPARE):
                break
            found = await self._compare(todo.pop(), have)
            if not found or not believable(len(suspects | found.lost), len(have.events)):
                log.warning("a list that does not fit what is known: no event is removed for it")
                suspects, todo = frozenset(), []
                break
            suspects |= found.lost | found.new
            todo += found.rest
            reach = reach if step else found.reach
        if suspects:
            log.info("to be asked for once more: %d events", len(suspects))
        update = {"suspects": suspects, "todo": tuple(todo)}
        await self._replica.keep((), self._dataset.coverage.model_copy(update=update))
        return reach

    async def _compare(self, stretch: DateRange, have: sweep.Held) -> sweep.Found | None:
        """Compare one page of a stretch with what is kept; None where they do not fit."""
        until = sweep.middle(stretch, have)
        page = await self._list(stretch, until)
        kept = len(have.within(DateRange(after=stretch.after, until=until)))
        if stretch == DateRange() and page.count < kept // 2:
            raise UpstreamError(f"a list of {page.count} events, where {kept} are known")
        if not believable(kept - page.count, len(have.events)):
            return None
        return sweep.compare(stretch, page, until, have)

    async def _list(self, stretch: DateRange, until: datetime | None) -> Page:
        """The latest events of a stretch up to a date. The bounds leave out those without one."""
        after = ("date__gt", _text(stretch.after)) if stretch.after else _DATED
        params = [after] + ([("date__lte", _text(until))] if until else [])
        async for page in self._api.pages(params=params, mode="list", purpose=Purpose.UPDATE):
            return page
        raise UpstreamError("a list without a page")

    async def _ask_again(self, now: datetime) -> None:
        """Ask by their ids for suspects and for the unread, in one call; a suspect that is missing
        again leaves the copy."""
        coverage = self._dataset.coverage
        doubtful = sorted(coverage.suspects) + sorted(coverage.unread - coverage.suspects)
        asked = frozenset(doubtful[: PAGE - WITNESSES])
        witnesses = [key for key in self._dataset.events if key not in asked][:WITNESSES]
        page = await self._named([*asked, *witnesses])
        known = not witnesses or not set(page.ids).isdisjoint(witnesses)
        if not known or not set(page.ids) <= {*asked, *witnesses} or page.size != len(page.ids):
            await self._replica.keep((), coverage.model_copy(update={"suspects": frozenset()}))
            raise UpstreamError("asked for events by their ids, and the answer does not fit")
        gone = asked - set(page.ids)
        removed = gone & coverage.suspects & self._dataset.events.keys()
        suspects = (coverage.suspects - asked) | (gone & self._dataset.events.keys()) - removed
        unread = self._dataset.still_unread(page.ids, page.events) - gone
        healed = len(unread) < len(coverage.unread)
        update = {"suspects": suspects, "unread": unread, "retried_at": None if healed else now}
        await self._replica.keep(page.events, coverage.model_copy(update=update), removed)
        if removed:
            log.info("gone upstream, said twice: %s", ", ".join(map(str, sorted(removed))))

    async def _named(self, ids: list[int]) -> Page:
        params = [("id", ",".join(map(str, sorted(ids))))]
        async for page in self._api.pages(params=params, purpose=Purpose.UPDATE):
            return page
        raise UpstreamError("a list without a page")


def _past(at: datetime | None, every: timedelta, now: datetime) -> bool:
    return at is None or now - at >= every


_DATED = ("date__gte", "1900-01-01T00:00:00Z")


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

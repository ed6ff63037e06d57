"""The search for what was deleted: for any catalogue and any changes, the copy comes to equal it,
and nothing that exists upstream ever leaves the copy."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calfeed.events.model import Event
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import LaunchLibrary
from calfeed.launchlibrary.page import PAGE, Page
from calfeed.mirror import compare as sweep
from calfeed.mirror.replica import Replica
from calfeed.mirror.state import DateRange
from calfeed.mirror.sync import Sync
from calfeed.store.memory import MemoryStore
from tests.support.mirror import NOW, Clock

DAY = timedelta(days=1)


def one(key: int, day: int | None, updated: int = 0) -> Event:
    date = None if day is None else NOW - day * DAY
    return Event(
        id=key, name=f"Event {key}", date=date, last_updated=NOW + timedelta(seconds=updated)
    )


class Upstream:
    """Lists of events as Launch Library pages them, without any network; changes at any call."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = {event.id: event for event in events}
        self.calls = 0
        self.plan: dict[int, list[tuple[str, int, int | None]]] = {}

    def do(self, what: str, key: int, day: int | None) -> None:
        if what == "delete":
            self.events.pop(key, None)
        else:
            self.events[key] = one(key, day, self.calls + 1)

    async def pages(
        self,
        params: Sequence[tuple[str, str]] = (),
        *,
        ordering: str = "-date",
        offset: int = 0,
        **_: object,
    ) -> AsyncIterator[Page]:
        expected = 0
        while True:
            self.calls += 1
            for step in self.plan.pop(self.calls, []):
                self.do(*step)
            found = sorted(filter(self._test(dict(params)), self.events.values()), key=_rank)
            if ordering == "-last_updated":
                found.sort(key=lambda e: e.last_updated or NOW, reverse=True)
            shorter, expected = expected - len(found), len(found)
            if offset and shorter > 0:  # as the client has it
                offset = max(0, offset - shorter)
                continue
            rows = found[offset : offset + PAGE]
            offset += len(rows)
            yield Page(len(found), len(rows), tuple(e.id for e in rows), tuple(rows), offset)
            if offset >= len(found):
                return

    @staticmethod
    def _test(params: dict[str, str]):  # type: ignore[no-untyped-def]
        ids = params.get("id", "").split(",") if "id" in params else None
        bounds = {k: datetime.fromisoformat(v) for k, v in params.items() if k != "id"}

        def passes(e: Event) -> bool:
            if ids is not None and str(e.id) not in ids:
                return False
            if "last_updated__gte" in bounds:
                return (e.last_updated or NOW) >= bounds["last_updated__gte"]
            if bounds and e.date is None:
                return False
            return all(
                {"date__gt": e.date > at, "date__gte": e.date >= at, "date__lte": e.date <= at}[k]
                for k, at in bounds.items()
                if e.date
            )

        return passes


def _rank(event: Event) -> tuple[bool, float, int]:
    return event.date is not None, -event.date.timestamp() if event.date else 0, event.id


async def rounds(
    upstream: Upstream, days: list[int | None], plan: list[tuple[int, str, int]]
) -> None:
    """Fill a copy, change upstream at those calls, and refresh until nothing is left to do."""
    clock = Clock()
    store = MemoryStore()
    replica = Replica(store, clock)
    budget = Budget(store, 100_000, clock)
    refresh = Sync(cast(LaunchLibrary, upstream), budget, replica, clock)
    for call, what, key in plan:
        step = (what, key, days[key % len(days)])
        upstream.plan.setdefault(call, []).append(step)
    quiet = 0
    for number in range(200):
        before = replica.dataset.events.keys() | set()
        await refresh.round()
        clock.ahead(hours=number % 2 * 6, seconds=1)
        gone = before - replica.dataset.events.keys()
        assert not gone & upstream.events.keys()
        busy = upstream.plan or replica.dataset.coverage.suspects or replica.dataset.coverage.todo
        quiet = 0 if busy else quiet + 1
        if quiet == 20:
            break
    dated = {key: e for key, e in replica.dataset.events.items() if e.date}
    assert dated == {key: e for key, e in upstream.events.items() if e.date}


DAYS = st.one_of(st.none(), st.integers(0, 5), st.integers(-300, 4000))
PLAN = st.lists(
    st.tuples(
        st.integers(2, 30), st.sampled_from(["delete", "delete", "put"]), st.integers(0, 460)
    ),
    max_size=5,
)


@settings(max_examples=30)
@given(st.integers(1, 450), st.lists(DAYS, min_size=1, max_size=40), st.integers(0, 9), PLAN)
def test_the_copy_comes_to_equal_upstream(
    size: int, days: list[int | None], seed: int, plan: list[tuple[int, str, int]]
) -> None:
    draw = random.Random(seed)
    spread = [draw.choice([*days, *draw.sample(range(4000), 20)]) for _ in range(size)]
    assume(max(Counter(spread).values()) < PAGE / 2)
    upstream = Upstream([one(key, day) for key, day in enumerate(spread)])
    asyncio.run(rounds(upstream, spread, plan))


def events(count: int) -> list[Event]:
    return [one(key, key) for key in range(count)]


def listed(found: Sequence[Event], count: int | None = None) -> Page:
    rows = tuple(found[:PAGE])
    count = len(found) if count is None else count
    return Page(count, len(rows), tuple(e.id for e in rows), rows)


def whole(have: sweep.Held, page: Page) -> sweep.Found | None:
    return sweep.compare(DateRange(), page, None, have)


@pytest.mark.parametrize("size", [1, 99, 100, 101, 250])
def test_nothing_is_found_where_nothing_differs(size: int) -> None:
    have = sweep.held(events(size), frozenset())
    reach = NOW - 99 * DAY if size > PAGE else None
    assert whole(have, listed(events(size))) == sweep.Found(frozenset(), frozenset(), (), reach)


def test_lost_and_new_events_on_the_page() -> None:
    have = sweep.held(events(250), frozenset())
    upstream = [e for e in events(250) if e.id not in (3, 7)] + [one(900, 5)]
    page = listed(sorted(upstream, key=_rank))
    reach = NOW - 100 * DAY
    assert whole(have, page) == sweep.Found(frozenset({3, 7}), frozenset({900}), (), reach)


def test_what_the_page_does_not_reach_is_left_to_search() -> None:
    have = sweep.held(events(1000), frozenset())
    page = listed([e for e in events(1000) if e.id != 700])
    found = whole(have, page)
    rest = DateRange(until=NOW - 99 * DAY, excess=1)
    assert found == sweep.Found(frozenset(), frozenset(), (rest,), rest.until)
    until = sweep.middle(rest, have)
    assert until == NOW - 499 * DAY
    upto = [e for e in events(1000)[499:] if e.id != 700]
    again = sweep.compare(rest, listed(upto), until, have)
    rest = DateRange(until=NOW - 598 * DAY, excess=1)
    assert again == sweep.Found(frozenset(), frozenset(), (rest,), rest.until)


def test_what_was_malformed_is_neither_lost_nor_in_excess() -> None:
    have = sweep.held(events(200), frozenset({5, 950, 951}))
    assert (have.unplaced, 950 in have.known) == (2, True)
    page = listed([e for e in events(202) if e.id != 5])
    reach = NOW - 100 * DAY
    assert whole(have, page) == sweep.Found(frozenset(), frozenset(), (), reach)


@pytest.mark.parametrize(
    "rows",
    [
        list(reversed(events(100))),
        [*events(99), one(800, -5000)],
        [one(key, None) for key in range(100)],
    ],
)
def test_a_page_out_of_order_or_without_dates_is_not_believed(rows: list[Event]) -> None:
    have = sweep.held(events(100), frozenset())
    assert whole(have, listed(rows, 150)) is None


def test_a_page_outside_of_its_bounds_is_not_believed() -> None:
    have = sweep.held(events(300), frozenset())
    stretch = DateRange(after=NOW - 200 * DAY, until=NOW - 50 * DAY)
    for rows in (events(300)[:100], events(300)[190:210]):
        assert sweep.compare(stretch, listed(rows), stretch.until, have) is None


def test_a_page_with_an_id_that_cannot_be_read_loses_nothing() -> None:
    have = sweep.held(events(50), frozenset())
    rows = tuple(events(48))
    page = Page(49, 49, tuple(e.id for e in rows), rows)
    assert whole(have, page) == sweep.Found(frozenset(), frozenset(), ())

"""The call budget: whatever is asked, never more than so many calls in any rolling hour."""

import asyncio
import bisect
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.errors import BudgetSpent
from calfeed.launchlibrary.budget import Budget, Purpose
from calfeed.store import HOUR, Store
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore
from tests.support.mirror import Clock

ASKED, FILL, UPDATE = Purpose.ASKED, Purpose.FILL, Purpose.UPDATE
STEPS = st.lists(
    st.tuples(st.one_of(st.integers(0, 30), st.integers(0, 5000)), st.sampled_from(Purpose)),
    max_size=120,
)


async def spend(budget: Budget, purpose: Purpose, times: int) -> int:
    """How many of so many calls could be had."""
    had = 0
    for _ in range(times):
        try:
            await budget.spend(purpose)
            had += 1
        except BudgetSpent:
            continue
    return had


def fresh(calls: int, store: Store | None = None) -> tuple[Budget, Clock]:
    clock = Clock()
    return Budget(store or MemoryStore(), calls, clock), clock


async def made(budget: Budget, clock: Clock, steps: list[tuple[int, Purpose]]) -> list[float]:
    """When calls were made."""
    times = []
    for gap, purpose in steps:
        clock.ahead(seconds=gap)
        times += [clock().timestamp()] * await spend(budget, purpose, 1)
    return times


def most_in_an_hour(times: list[float]) -> int:
    return max(
        (bisect.bisect_right(times, at + 3600) - index for index, at in enumerate(times)), default=0
    )


@settings(max_examples=100)
@given(STEPS, st.integers(1, 40))
def test_never_more_calls_than_allowed_in_any_rolling_hour(
    steps: list[tuple[int, Purpose]], calls: int
) -> None:
    times = asyncio.run(made(*fresh(calls), steps))
    assert most_in_an_hour(times) <= calls


@settings(max_examples=60)
@given(STEPS, st.integers(3, 40), st.sampled_from([(ASKED, FILL), (FILL, ASKED), (UPDATE, ASKED)]))
def test_no_purpose_starves_the_other(
    steps: list[tuple[int, Purpose]], calls: int, greedy: tuple[Purpose, Purpose]
) -> None:
    """However greedy one of them was, the other has its call at once."""

    async def run() -> int:
        budget, clock = fresh(calls)
        await made(budget, clock, [(gap, greedy[0]) for gap, _ in steps])
        await spend(budget, greedy[0], 50)
        return await spend(budget, greedy[1], 1)

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize(
    ("calls", "asked", "fill", "update"),
    [(1, 1, 1, 1), (2, 1, 1, 2), (4, 1, 3, 3), (15, 3, 12, 14), (300, 60, 240, 299)],
)
async def test_what_each_purpose_may_take(calls: int, asked: int, fill: int, update: int) -> None:
    for purpose, allowed in ((ASKED, asked), (FILL, fill), (UPDATE, update)):
        assert await spend(fresh(calls)[0], purpose, 400) == allowed
    budget, _ = fresh(calls)
    assert await spend(budget, FILL, 400) + await spend(budget, ASKED, 400) == calls


async def test_processes_that_share_a_store_share_the_budget(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "calfeed.sqlite3") for _ in range(3)]
    for store in stores:
        await store.open()
    budgets = [fresh(15, store)[0] for store in stores]
    had = await asyncio.gather(*(spend(one, p, 9) for one in budgets for p in (ASKED, FILL)))
    assert sum(had) == 15
    for store in stores:
        await store.close()


async def test_the_waiting_time_is_right() -> None:
    budget, clock = fresh(15)
    for _ in range(12):
        await budget.spend(FILL)
        clock.ahead(seconds=10)
    with pytest.raises(BudgetSpent, match="the next is free in 3510 s") as spent:
        await budget.spend(FILL)
    clock.ahead(seconds=spent.value.retry_after)
    assert await spend(budget, FILL, 5) == 1


async def test_a_429_stops_every_purpose_until_its_time() -> None:
    budget, clock = fresh(15)
    await budget.block(100)
    for purpose in Purpose:
        with pytest.raises(BudgetSpent) as spent:
            await budget.spend(purpose)
        assert spent.value.retry_after == 100
    assert await budget.left() == 0
    clock.ahead(seconds=100)
    assert await budget.left() == 15
    assert await spend(budget, FILL, 1) == 1


@pytest.mark.parametrize(
    ("used", "left_upstream", "left"),
    [(0, 15, 15), (0, 9, 9), (5, 10, 10), (5, 3, 3), (5, 12, 10), (5, 0, 0), (5, -3, 0)],
)
async def test_what_others_used_is_conceded(used: int, left_upstream: int, left: int) -> None:
    budget, clock = fresh(15)
    await spend(budget, UPDATE, used)
    await budget.concede(left_upstream)
    assert await budget.left() == left
    clock.ahead(seconds=HOUR)
    assert await budget.left() == 15


async def test_nothing_is_conceded_while_calls_are_blocked() -> None:
    budget, clock = fresh(15)
    await budget.block(10)
    await budget.concede(0)
    clock.ahead(seconds=10)
    assert await budget.left() == 15


async def test_a_store_that_was_emptied_gives_no_second_budget() -> None:
    store = MemoryStore()
    budget, clock = fresh(15, store)
    assert await spend(budget, UPDATE, 20) == 14
    store._calls.clear()
    assert await spend(budget, UPDATE, 20) == 0
    clock.ahead(seconds=HOUR)
    assert await spend(budget, UPDATE, 20) == 14


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2000), max_size=15), st.integers(1, 30), st.integers(1, 3))
def test_rounds_that_are_spread_always_have_their_calls(
    gaps: list[int], calls: int, a_round: int
) -> None:
    """Rounds of so many calls, each as soon as ``spread`` allows, never run out of calls for good:
    a round waits at most until the oldest call is forgotten."""

    async def run() -> list[float]:
        budget, clock = fresh(calls)
        waits = []
        for gap in gaps:
            clock.ahead(seconds=gap)
            await spend(budget, UPDATE, a_round)
            waits.append(await budget.spread(calls=a_round))
            clock.now += timedelta(seconds=waits[-1])
        return waits

    assert all(0 <= wait <= HOUR for wait in asyncio.run(run()))


async def test_spread_makes_the_rest_of_the_hour_last() -> None:
    budget, clock = fresh(15)
    assert await budget.spread(calls=2) == 0
    await spend(budget, UPDATE, 6)
    assert await budget.spread(calls=2) == 0
    await spend(budget, UPDATE, 2)
    assert await budget.spread(calls=2) == HOUR * 2 / 6
    clock.ahead(minutes=30)
    assert await budget.spread(calls=2) == (HOUR - 1800) * 2 / 6
    await spend(budget, UPDATE, 5)
    assert await budget.spread(calls=2) == HOUR - 1800

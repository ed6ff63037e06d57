"""The call budget: whatever happens, never more than so many calls in any rolling hour."""

import asyncio
import bisect
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.errors import BudgetSpent
from calfeed.launchlibrary.budget import Budget
from calfeed.store import LEDGER_SECONDS, Store
from calfeed.store.memory import MemoryStore
from calfeed.store.sqlite import SqliteStore
from tests.support.mirror import Clock

STEPS = st.lists(st.one_of(st.integers(-100, 30), st.integers(0, 5000)), max_size=120)


async def spend(budget: Budget, times: int = 1) -> int:
    """How many of so many calls could be had."""
    had = 0
    for _ in range(times):
        try:
            await budget.spend()
            had += 1
        except BudgetSpent:
            continue
    return had


def fresh(calls: int, store: Store | None = None) -> tuple[Budget, Clock]:
    clock = Clock()
    return Budget(store or MemoryStore(clock.seconds), calls, clock), clock


def most_in_an_hour(times: list[float]) -> int:
    return max(
        (bisect.bisect_right(times, at + 3600) - index for index, at in enumerate(times)), default=0
    )


@settings(max_examples=100)
@given(STEPS, st.integers(1, 40))
def test_never_more_calls_than_allowed_in_any_rolling_hour(gaps: list[int], calls: int) -> None:
    """Also when the clock is set back now and then."""

    async def made() -> list[float]:
        budget, clock = fresh(calls)
        times, real = [], 0.0
        for gap in gaps:
            clock.ahead(seconds=gap)
            real += max(0, gap)
            times += [real] * await spend(budget)
        return times

    assert most_in_an_hour(asyncio.run(made())) <= calls


async def test_processes_that_share_a_store_share_the_budget(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "calfeed.sqlite3") for _ in range(3)]
    for store in stores:
        await store.open()
    had = await asyncio.gather(*(spend(fresh(15, store)[0], 9) for store in stores))
    assert sum(had) == 15
    for store in stores:
        await store.close()


async def test_the_waiting_time_is_right() -> None:
    budget, clock = fresh(12)
    for _ in range(12):
        await budget.spend()
        clock.ahead(seconds=10)
    with pytest.raises(BudgetSpent, match="the next is free in 3510 s") as spent:
        await budget.spend()
    clock.ahead(seconds=spent.value.retry_after)
    assert await spend(budget, 5) == 1


async def test_a_429_stops_all_calls_until_its_time() -> None:
    budget, clock = fresh(15)
    await budget.block(100)
    with pytest.raises(BudgetSpent) as spent:
        await budget.spend()
    assert spent.value.retry_after == 100
    assert await budget.left() == 0
    clock.ahead(seconds=100)
    assert await budget.left() == 15
    assert await spend(budget) == 1


@pytest.mark.parametrize(
    ("used", "left_upstream", "left"),
    [(0, 15, 15), (0, 9, 9), (5, 10, 10), (5, 3, 3), (5, 12, 10), (5, 0, 0), (5, -3, 0)],
)
async def test_what_others_used_is_conceded(used: int, left_upstream: int, left: int) -> None:
    budget, clock = fresh(15)
    await spend(budget, used)
    await budget.concede(left_upstream)
    assert await budget.left() == left
    clock.ahead(seconds=LEDGER_SECONDS)
    assert await budget.left() == 15


async def test_conceding_is_one_step_whatever_its_size() -> None:
    """It once took one step for each call, and every one looked at all the others."""

    class Counting(MemoryStore):
        entered: list[int]

        async def enter_calls(self, count: int) -> None:
            self.entered.append(count)
            await super().enter_calls(count)

    store = Counting()
    store.entered = []
    budget, _ = fresh(10_000, store)
    await budget.concede(7)
    assert store.entered == [9_993]


async def test_nothing_is_conceded_while_calls_are_blocked() -> None:
    budget, clock = fresh(15)
    await budget.block(10)
    await budget.concede(0)
    clock.ahead(seconds=10)
    assert await budget.left() == 15


async def test_a_store_that_was_emptied_gives_no_second_budget(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "a.sqlite3"
    store = SqliteStore(path, clock=clock.seconds)
    await store.open()
    budget = Budget(store, 15, clock)
    assert await spend(budget, 20) == 15
    for file in tmp_path.glob("a.sqlite3*"):  # noqa: ASYNC240
        file.unlink()
    assert (await store.calls()).ages == ()
    assert await spend(budget, 20) == 0
    clock.ahead(seconds=LEDGER_SECONDS)
    assert await spend(budget, 20) == 15
    await store.close()

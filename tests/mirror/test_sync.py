"""Filling the copy and keeping it current: what comes when, and what it costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from calfeed.errors import UpstreamError
from calfeed.query.query import View
from tests.fake import FakeLaunchLibrary, Fault, event, stamp
from tests.support.mirror import NOW, Clock, Running, filled, light, once_at, running

RECORDS = light(330)
BY_DATE = sorted((r for r in RECORDS if r["date"]), key=lambda r: str(r["date"]), reverse=True)
LATE = timedelta(days=4)


async def settle(one: Running) -> list[int]:
    """Rounds until the copy is as upstream: the calls of each."""
    calls: list[int] = []
    while not one.as_upstream():
        assert len(calls) < 8
        calls.append(await one.next_round())
    return calls


async def test_filling_takes_a_call_a_page_latest_first(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    caplog.set_level("INFO")
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as one:
        assert await one.next_round() == 4
        assert one.as_upstream()
    assert [call.offset for call in ll.calls] == [0, 100, 200, 300]
    assert {call.query["ordering"] for call in ll.calls} == {"-date"}
    assert "the copy is complete: 330 events" in caplog.text


@pytest.mark.parametrize("calls", [15, 2, 1])
async def test_a_fill_that_was_broken_off_goes_on_where_it_was(calls: int) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        ll.faults = [None, None, Fault("status", status=502)] if calls == 15 else []
        async with running(ll, clock, calls=calls) as one:
            while not one.replica.dataset.coverage.complete:
                await one.next_round()
            assert one.as_upstream()
    assert [call.offset for call in ll.calls] == [0, 100, 200, *[200] * (calls == 15), 300]


@pytest.mark.parametrize("calls", [2, 1])
async def test_very_few_calls_suffice(calls: int) -> None:
    async with filled(RECORDS[:80], Clock(), calls=calls) as one:
        one.ll.put(event(90_001, date=NOW + LATE, last_updated=one.clock()))
        one.ll.delete(RECORDS[7]["id"])
        began = one.clock()
        for _ in range(12):
            await one.next_round()
        assert one.as_upstream()
        hours = (one.clock() - began) / timedelta(hours=1)
        assert len(one.ll.calls) <= calls * (hours + 1)
        as_of = one.replica.dataset.coverage.as_of
        assert as_of
        assert one.clock() - as_of < timedelta(hours=3)


async def test_a_part_of_the_copy_answers_what_it_covers() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        ll.fault = Fault("status", when=lambda call: call.offset >= 100)
        async with running(ll, clock) as one:
            assert await one.next_round() == 2
            calls = len(ll.calls)
            since = one.replica.dataset.coverage.since
            assert since
            assert since < NOW - LATE
            ahead = {r["id"] for r in BY_DATE if r["date"] >= stamp(NOW - timedelta(days=1))}
            late = {r["id"] for r in BY_DATE if r["date"] >= stamp(NOW - LATE)}
            assert await one.ids(view=View.UPCOMING) == ahead
            assert await one.ids(f"date__gte={stamp(NOW - LATE)}") == late
            windowed = await one.ask("past=1d")
            assert windowed.hit
            assert len(ll.calls) == calls


@pytest.mark.parametrize("position", [0, 60, 150, 250, 300, -1])
async def test_a_deletion_shows_within_two_rounds(position: int) -> None:
    async with filled(RECORDS, Clock()) as one:
        await one.next_round()
        one.ll.delete(BY_DATE[position]["id"])
        calls = await settle(one)
        assert len(calls) == 2
        assert calls[0] <= 4
        assert calls[1] == 2


async def test_changes_and_additions_show_in_one_round_at_two_calls() -> None:
    async with filled(RECORDS, Clock()) as one:
        for position in (0, 150, -1):
            changed = {**BY_DATE[position], "name": "Changed", "last_updated": stamp(one.clock())}
            one.ll.put(changed)
        moved = {"date": stamp(NOW - 900 * LATE), "last_updated": stamp(one.clock())}
        one.ll.put({**BY_DATE[3], **moved})
        one.ll.put(event(90_001, date=NOW + LATE, last_updated=one.clock()))
        one.ll.put(event(90_002, date=NOW - 1000 * LATE, last_updated=one.clock()))
        assert await settle(one) == [2]


async def test_several_of_everything_at_once() -> None:
    async with filled(RECORDS, Clock()) as one:
        one.ll.delete(*(BY_DATE[n]["id"] for n in (5, 120, 210, 300)))
        one.ll.put(event(90_001, date=NOW - LATE * 9, last_updated=one.clock()))
        one.ll.put({**BY_DATE[200], "date": None, "last_updated": stamp(one.clock())})
        calls = await settle(one)
        assert len(calls) <= 4
        assert sum(calls) <= 12


async def test_a_quiet_round_takes_two_calls() -> None:
    async with filled(RECORDS, Clock()) as one:
        assert [await one.next_round() for _ in range(12)] == [2] * 12


def _one_for_one(ll: FakeLaunchLibrary) -> None:
    ll.delete(BY_DATE[7]["id"])
    ll.put(event(90_001, date=NOW - LATE * 700, last_updated=NOW))


SHIFTS: dict[str, Callable[[FakeLaunchLibrary], object]] = {
    "deleted before": lambda ll: ll.delete(BY_DATE[7]["id"]),
    "several deleted": lambda ll: ll.delete(*(BY_DATE[n]["id"] for n in (7, 8, 50))),
    "added before": lambda ll: ll.put(event(90_001, date=NOW + LATE, last_updated=NOW)),
    "deleted after": lambda ll: ll.delete(BY_DATE[-1]["id"]),
    "one for one": _one_for_one,
}


@pytest.mark.parametrize("shift", SHIFTS)
async def test_rows_that_shift_while_filling_are_found(shift: str) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as one:
        ll.fault = once_at(200, lambda: SHIFTS[shift](ll))
        assert await one.next_round() <= 5
        clock.ahead(hours=1)
        assert len(await settle(one)) <= 3


@pytest.mark.parametrize("options", [{"older": True}, {"base": "2.2.0"}])
async def test_other_deployments(options: dict[str, bool | str]) -> None:
    clock = Clock()
    older = bool(options.get("older"))
    async with FakeLaunchLibrary(RECORDS, now=clock, older=older) as ll:
        base = ll.url_220 if "base" in options else ""
        async with running(ll, clock, base=base) as one:
            await one.fill()
            assert one.as_upstream(old=bool(base))
            ll.delete(BY_DATE[200]["id"])
            ll.put(event(90_001, date=NOW + LATE, last_updated=clock()))
            assert [await one.next_round() <= 4, await one.next_round()] == [True, 2]
            assert one.as_upstream(old=bool(base))


async def test_events_without_a_date_and_of_one_date() -> None:
    ties = [event(key, date=NOW - LATE, last_updated=NOW) for key in range(1, 151)]
    undated = [event(key, date=None, last_updated=NOW) for key in range(151, 181)]
    async with filled(ties[:60] + undated, Clock()) as one:
        assert one.as_upstream()
        assert await one.next_round() == 2
        one.ll.delete(1, 60)
        one.ll.put({**undated[0], "date": stamp(NOW), "last_updated": stamp(one.clock())})
        assert await settle(one) == [2, 2]


async def test_an_empty_catalogue_is_not_believed() -> None:
    clock = Clock()
    async with FakeLaunchLibrary([], now=clock) as ll, running(ll, clock) as one:
        for _ in range(3):
            assert await one.next_round() == 1
        assert not one.replica.dataset.coverage.complete
        ll.put(*RECORDS)
        await one.next_round()
        assert one.as_upstream()


async def test_a_list_that_ends_early_while_filling_is_not_the_whole() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as one:
        ll.fault = Fault("empty", when=lambda call: call.offset == 200)
        with pytest.raises(UpstreamError, match="a list of 0 events, where 330 are known"):
            await one.refresh.round()
        assert not one.replica.dataset.coverage.complete
        ll.fault = None
        await one.refresh.round()
        assert one.as_upstream()
        assert [call.offset for call in ll.calls] == [0, 100, 200, 200, 300]


async def test_what_a_question_brought_does_not_make_an_empty_list_the_whole() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as one:
        ll.fault = Fault("status", when=lambda call: "year" not in call.query)
        await one.next_round()
        assert await one.ids("year=2025")
        ll.fault = Fault("empty")
        for _ in range(3):
            await one.next_round()
        assert not one.replica.dataset.coverage.complete

"""Fetching everything there is: in what order, at what cost, and whatever happens on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from calfeed.errors import NoData
from calfeed.events import EVENTS
from calfeed.launches import LAUNCHES
from calfeed.query.query import View
from calfeed.store.sqlite import SqliteStore
from tests.fake import Call, FakeLaunchLibrary, Fault, event, many_launches, stamp
from tests.support.calendars import query
from tests.support.mirror import NOW, Clock, Running, light, once_when, running

RECORDS = light(330)
BY_DATE = sorted((r for r in RECORDS if r["date"]), key=lambda r: str(r["date"]), reverse=True)
LATE = timedelta(days=4)


def pages(ll: FakeLaunchLibrary) -> list[Call]:
    """The calls that filled."""
    return [call for call in ll.calls if call.query.get("date__gte", "").startswith("1900")]


async def complete(process: Running, **length: float) -> timedelta | None:
    return await process.rounds_for(
        until=lambda: process.dataset.state.fill.done, **length or {"hours": 12}
    )


async def test_it_takes_a_call_a_page_latest_first(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    caplog.set_level("INFO")
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        assert await process.next_round() == 5
        assert process.as_upstream()
    assert {call.query["ordering"] for call in ll.calls} == {"-date"}
    assert {call.query["mode"] for call in ll.calls} == {"detailed"}
    bounds = [call.query.get("date__lte", "") for call in ll.calls[:4]]
    assert bounds == ["", *sorted(bounds[1:], reverse=True)]
    assert "date__gte" not in ll.calls[4].query  # for those without a date
    assert "all events are kept: 330" in caplog.text


@pytest.mark.parametrize("calls", [15, 2, 1])
async def test_one_that_was_broken_off_goes_on_where_it_was(calls: int, tmp_path: Path) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        ll.faults = [None, None, Fault("status", status=401)]
        for _ in range(4):
            store = SqliteStore(tmp_path / "a.sqlite3", clock=clock.seconds)
            async with running(ll, clock, store, calls=calls) as process:
                await complete(process, hours=3)
                if process.dataset.state.fill.done:
                    break
                clock.ahead(days=3)
        assert len(process.dataset.records) == len(RECORDS)
        bounds = [call.query.get("date__lte") for call in pages(ll) if call.status == 200]
        assert len(set(bounds)) == len(bounds) == 4


async def test_a_page_that_is_too_much_is_asked_for_again_half_as_large() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        ll.fault = Fault("status", when=lambda call: int(call.query["limit"]) > 50)
        assert await complete(process, hours=3)
        assert process.error == ""
        assert process.as_upstream()
    assert [call.query["limit"] for call in ll.calls[:4]] == ["100", "50", "50", "50"]
    assert all(call.status == 200 for call in ll.calls[1:8])


async def test_a_part_answers_what_it_covers() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll:
        ll.fault = Fault("status", status=400, when=lambda call: "date__lte" in call.query)
        async with running(ll, clock, wait=0.05) as process:
            assert await process.next_round() == 2
            since = process.dataset.state.fill.since
            assert since
            assert since < NOW - LATE
            ahead = {r["id"] for r in BY_DATE if r["date"] >= stamp(NOW - timedelta(days=1))}
            late = {r["id"] for r in BY_DATE if r["date"] >= stamp(NOW - LATE)}
            assert await process.ids(view=View.UPCOMING) == ahead
            assert await process.ids(f"date__gte={stamp(NOW - LATE)}") == late
            windowed = await process.ask("past=1d")
            assert (windowed.hit, windowed.complete) == (True, False)


@pytest.mark.parametrize("seed", range(3))
async def test_rows_that_share_a_date_are_all_found(seed: int) -> None:
    """Placeholders by the dozen: more than fit on a page, in another order with each request."""
    clock = Clock()
    ties = [event(key, date=NOW + LATE, last_updated=NOW) for key in range(1, 251)]
    fewer = [event(key, date=NOW - LATE, last_updated=NOW) for key in range(251, 321)]
    rest = [event(key, date=NOW - key * LATE, last_updated=NOW) for key in range(321, 500)]
    async with FakeLaunchLibrary([*ties, *fewer, *rest], now=clock) as ll:
        ll.shuffle_ties = seed
        async with running(ll, clock) as process:
            assert await complete(process)
            assert process.as_upstream()


async def test_the_earliest_records_of_all_share_a_date() -> None:
    """After them comes a list of nothing, which is no fault then."""
    clock = Clock()
    first = [event(key, date=NOW - 900 * LATE, last_updated=NOW) for key in range(1, 150)]
    async with FakeLaunchLibrary([*first, *RECORDS[:5]], now=clock) as ll:
        async with running(ll, clock) as process:
            await process.next_round()
            assert process.error == ""
            assert process.as_upstream()


async def test_a_deployment_that_does_not_order() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        ll.deaf_to = ("ordering",)
        assert await complete(process)
        assert process.as_upstream()


def _another_for(ll: FakeLaunchLibrary) -> None:
    ll.delete(BY_DATE[7]["id"])
    ll.put(event(90_001, date=NOW - LATE * 700, last_updated=NOW))


SHIFTS: dict[str, Callable[[FakeLaunchLibrary], object]] = {
    "deleted before": lambda ll: ll.delete(BY_DATE[7]["id"]),
    "several deleted": lambda ll: ll.delete(*(BY_DATE[n]["id"] for n in (7, 8, 50))),
    "added before": lambda ll: ll.put(event(90_001, date=NOW + LATE, last_updated=NOW)),
    "deleted after": lambda ll: ll.delete(BY_DATE[-1]["id"]),
    "one for another": _another_for,
}


@pytest.mark.parametrize("shift", SHIFTS)
async def test_rows_that_shift_on_the_way_are_found(shift: str) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        third = lambda call: len(ll.calls) == 3  # noqa: E731
        ll.fault = once_when(third, lambda: SHIFTS[shift](ll))
        assert await process.next_round() == 5
        assert await process.rounds_for(until=process.as_upstream, hours=12)


@pytest.mark.parametrize("options", [{"older": True}, {"base": "2.2.0"}])
async def test_other_deployments(options: dict[str, bool | str]) -> None:
    clock = Clock()
    older = bool(options.get("older"))
    async with FakeLaunchLibrary(RECORDS, now=clock, older=older) as ll:
        base = ll.url_220 if "base" in options else ""
        async with running(ll, clock, base=base) as process:
            await process.fill()
            assert process.as_upstream(old=bool(base))
            ll.delete(BY_DATE[200]["id"])
            ll.put(event(90_001, date=NOW + LATE, last_updated=clock()))
            there = lambda: process.as_upstream(old=bool(base))  # noqa: E731
            assert await process.rounds_for(until=there, hours=12)


async def test_events_without_a_date_are_found_in_the_end() -> None:
    clock = Clock()
    undated = [event(key, date=None, last_updated=NOW) for key in range(151, 181)]
    async with FakeLaunchLibrary(RECORDS + undated, now=clock) as ll:
        async with running(ll, clock) as process:
            await process.fill()
            assert process.as_upstream()
            ll.put({**undated[0], "date": stamp(NOW), "last_updated": stamp(clock())})
            assert await process.rounds_for(until=process.as_upstream, hours=1)


async def test_an_empty_catalogue_is_not_believed() -> None:
    clock = Clock()
    async with FakeLaunchLibrary([], now=clock) as ll, running(ll, clock) as process:
        for _ in range(3):
            assert await process.next_round() == 1
            assert process.error == "a list without any events"
        assert process.replica.empty
        ll.put(*RECORDS)
        await process.next_round()
        assert process.as_upstream()


async def test_a_list_that_ends_early_is_not_the_whole() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        ll.fault = Fault("empty", when=lambda call: len(ll.calls) == 3)
        await process.next_round()
        assert not process.dataset.state.fill.complete
        ll.fault = None
        await process.next_round()
        assert process.as_upstream()


async def test_all_records_malformed_fills_nothing_and_recovers() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        ll.fault = Fault("mangle", mangle=lambda record: {"id": record["id"]})
        for _ in range(4):
            assert await process.next_round() == 1
        assert process.replica.empty
        ll.fault = None
        await process.next_round()
        assert process.as_upstream()


async def test_both_collections_share_the_calls_and_what_is_ahead_comes_first() -> None:
    """At fifteen calls an hour, with rows that tie in another order each time."""
    clock = Clock()
    launches = many_launches(900, now=NOW, ahead=320)
    async with FakeLaunchLibrary(RECORDS, launches, now=clock, calls_per_hour=15) as ll:
        ll.shuffle_ties = 3
        async with running(ll, clock, collections=(EVENTS, LAUNCHES), wait=0.01) as process:
            await process.next_round()
            assert clock() == NOW
            for scope in ("events", "launches", "all"):
                ahead = await process.repository.get(query(view=View.UPCOMING, scope=scope))
                assert ahead.hit
            with pytest.raises(NoData, match="of 900 launches are kept, back to"):
                await process.repository.get(query("past=all", scope="all"))
            done = lambda: process.replica.complete  # noqa: E731
            assert await process.rounds_for(until=done, hours=3)
            assert set(process.replica.datasets["launches"].records) == set(ll.launches)
            assert (ll.refused, process.error) == (0, "")

"""Refreshing while upstream tells wrong things: nothing leaves the copy that should not."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.fake import FakeLaunchLibrary, Fault, Record, event, stamp
from tests.support.mirror import NOW, Clock, Deaf, Running, filled, light, running

RECORDS = light(230)
BY_DATE = sorted((r for r in RECORDS if r["date"]), key=lambda r: str(r["date"]), reverse=True)
IDS = {record["id"] for record in RECORDS}


@pytest.fixture
async def one() -> AsyncIterator[Running]:
    async with filled(RECORDS, Clock()) as process:
        await process.next_round()
        yield process


def kept(one: Running) -> set[int]:
    return set(one.replica.dataset.events)


def some(of: Callable[[Record], bool]) -> Callable[[FakeLaunchLibrary], Fault]:
    """A list that lacks events, with a count that fits."""

    def fault(ll: FakeLaunchLibrary) -> Fault:
        rows = [r for r in ll.events.values() if r["date"] and not of(r)]
        rows.sort(key=lambda r: str(r["date"]), reverse=True)
        return in_lists(kind="body", body={"count": len(rows), "results": rows[:100]})(ll)

    return fault


def in_lists(**fault: Any) -> Callable[[FakeLaunchLibrary], Fault]:
    return lambda ll: Fault(when=lambda call: call.query.get("mode") == "list", **fault)


LIES: dict[str, Callable[[FakeLaunchLibrary], Fault]] = {
    "a fifth is missing": some(lambda record: record["id"] % 5 == 0),
    "all but a few are missing": some(lambda record: record["id"] % 50 > 0),
    "all are missing": some(lambda record: True),
    "rows missing, not counted": in_lists(
        kind="body", body={"count": len(BY_DATE), "results": BY_DATE[20:100]}
    ),
    "out of order": in_lists(kind="body", body={"count": len(BY_DATE), "results": BY_DATE[99::-1]}),
    "other ids": in_lists(
        kind="mangle", mangle=lambda record: record | {"id": record["id"] + 10_000}
    ),
    "ids that are texts": in_lists(kind="mangle", mangle=lambda record: record | {"id": "7"}),
    "no dates": in_lists(kind="mangle", mangle=lambda record: record | {"date": None}),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_list_that_looks_wrong_removes_nothing(
    one: Running, lie: str, caplog: pytest.LogCaptureFixture
) -> None:
    one.ll.fault = LIES[lie](one.ll)
    for _ in range(6):
        await one.next_round()
    assert kept(one) == IDS
    assert "WARNING" in caplog.text
    one.ll.fault = None
    one.clock.ahead(hours=1)
    one.ll.delete(BY_DATE[30]["id"])
    for _ in range(3):
        await one.next_round()
    assert one.as_upstream()


@pytest.mark.parametrize("fault", [Fault("empty"), Fault("html"), Fault("shape", shape="object")])
async def test_a_suspect_stays_when_upstream_says_nothing_sensible(
    one: Running, fault: Fault
) -> None:
    """A list lacked some events once, and then upstream's answers are all empty."""
    one.ll.fault = some(lambda record: record["id"] in {r["id"] for r in BY_DATE[5:8]})(one.ll)
    await one.next_round()
    assert len(one.replica.dataset.coverage.suspects) == 3
    one.ll.fault = fault
    for _ in range(5):
        await one.next_round()
    assert kept(one) == IDS
    one.ll.fault = None
    one.clock.ahead(hours=1)
    await one.next_round()
    assert one.as_upstream()


async def test_rows_that_only_shifted_are_asked_for_and_stay(one: Running) -> None:
    one.ll.fault = some(lambda record: record["id"] == BY_DATE[5]["id"])(one.ll)
    await one.next_round()
    one.ll.fault = None
    assert await one.next_round() == 2
    assert one.as_upstream()


@pytest.mark.parametrize("changes", [{"name": None}, {"date": "soon"}, {"date": ""}])
@pytest.mark.parametrize("position", [3, 150])
async def test_a_malformed_record_keeps_its_last_good_version(
    one: Running, position: int, changes: Record
) -> None:
    was = one.replica.dataset.events[BY_DATE[position]["id"]]
    record = BY_DATE[position] | {"last_updated": stamp(one.clock())}
    one.ll.put(record | changes)
    one.ll.put(event(90_001, date=NOW, last_updated=one.clock()))
    calls = [await one.next_round() for _ in range(8)]
    assert one.replica.dataset.rounds
    assert one.replica.dataset.rounds.failures == 0
    assert sum(calls) <= 24
    assert one.replica.dataset.events[was.id] == was
    assert kept(one) == IDS | {90_001}
    one.ll.put(record | {"name": "Well again"})
    await one.next_round()
    await one.next_round()
    assert one.as_upstream()


async def test_the_newest_change_alone_is_malformed(one: Running) -> None:
    """The list of changes then holds nothing else: that is no fault of the list."""
    one.clock.ahead(days=1)
    one.ll.put(event(90_001, date=NOW, last_updated=one.clock()))
    await one.next_round()
    one.clock.ahead(hours=2)
    bad = one.ll.events[90_001] | {"name": None, "last_updated": stamp(one.clock())}
    one.ll.put(bad)
    for _ in range(6):
        await one.next_round()
        assert one.replica.dataset.rounds
        assert one.replica.dataset.rounds.error == ""
    assert kept(one) == IDS | {90_001}


async def test_a_malformed_event_that_is_deleted_leaves(one: Running) -> None:
    bad = BY_DATE[3] | {"name": None, "last_updated": stamp(one.clock())}
    one.ll.put(bad)
    await one.next_round()
    one.ll.delete(bad["id"])
    for _ in range(12):
        await one.next_round()
    assert one.as_upstream()
    assert one.replica.dataset.coverage.unread == frozenset()


async def test_the_last_page_of_a_fill_is_one_malformed_record() -> None:
    last = event(9999, date="1970-01-01T00:00:00Z") | {"name": None}
    async with filled([*RECORDS[:100], last], Clock()) as one:
        assert len(one.replica.dataset.events) == 100
        assert one.replica.dataset.coverage.unread == {9999}


async def test_records_malformed_for_a_while_are_read_later() -> None:
    """A fault spoilt every other record while the copy was filled; none of them has changed."""
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as one:
        ll.fault = Fault("mangle", mangle=lambda r: r | {"name": None} if r["id"] % 2 else r)
        await one.next_round()
        assert len(one.replica.dataset.coverage.unread) > 100
        ll.fault = None
        while not one.as_upstream():
            assert await one.next_round() <= 3


async def test_all_records_malformed_fills_nothing_and_recovers() -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as one:
        ll.fault = Fault("mangle", mangle=lambda record: {"id": record["id"]})
        for _ in range(4):
            assert await one.next_round() == 1
        assert one.replica.dataset.empty
        ll.fault = None
        await one.next_round()
        assert one.as_upstream()


@pytest.mark.parametrize(
    "deaf_to",
    [("last_updated__gte",), ("id",), ("date__gt", "date__gte", "date__lte"), ("ordering",)],
)
async def test_deployments_that_do_not_know_a_parameter(deaf_to: tuple[str, ...]) -> None:
    clock = Clock()
    async with Deaf(RECORDS, now=clock) as ll, running(ll, clock) as one:
        ll.deaf_to = deaf_to
        await one.fill()
        assert one.as_upstream()
        ll.put(event(90_001, date=NOW, last_updated=clock()))
        if deaf_to != ("ordering",):
            assert await one.next_round() <= 4
            assert one.as_upstream()
        for _ in range(6):
            assert await one.next_round() <= 4
        assert kept(one) == IDS | {90_001}
        assert one.replica.dataset.rounds
        assert one.replica.dataset.rounds.error == ""

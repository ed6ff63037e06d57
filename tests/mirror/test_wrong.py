"""Upstream tells wrong things, or cannot read what is asked: nothing leaves that should not, and
what is there in the end is as upstream."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.fake import Call, FakeLaunchLibrary, Fault, Record, event, stamp
from tests.support.mirror import NOW, Clock, Running, filled, light, running

RECORDS = light(230)
BY_DATE = sorted(RECORDS, key=lambda r: str(r["date"]), reverse=True)
IDS = {record["id"] for record in RECORDS}


@pytest.fixture
async def process() -> AsyncIterator[Running]:
    async with filled(RECORDS, Clock()) as filled_process:
        await filled_process.rounds_for(hours=1)
        yield filled_process


def kept(process: Running) -> set[int]:
    return {int(key) for key in process.dataset.records}


def by_date(call: Call) -> bool:
    """Whether a call compares what is kept."""
    return "last_updated__gte" not in call.query and "id" not in call.query


def lies(**fault: Any) -> Fault:
    return Fault(when=by_date, **fault)


LIES: dict[str, Callable[[FakeLaunchLibrary], Fault]] = {
    "a fifth is missing": lambda ll: lies(
        kind="body",
        body={"count": 180, "results": [r for r in BY_DATE if r["id"] % 5][:100]},
    ),
    "all are missing": lambda ll: lies(kind="empty"),
    "rows missing, not counted": lambda ll: lies(
        kind="body", body={"count": len(BY_DATE), "results": BY_DATE[20:100]}
    ),
    "out of order": lambda ll: lies(
        kind="body", body={"count": len(BY_DATE), "results": BY_DATE[99::-2]}
    ),
    "other ids": lambda ll: lies(
        kind="mangle", mangle=lambda record: record | {"id": record["id"] + 10_000}
    ),
    "ids that are texts": lambda ll: lies(
        kind="mangle", mangle=lambda record: record | {"id": "x"}
    ),
    "no dates": lambda ll: lies(kind="mangle", mangle=lambda record: record | {"date": None}),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_list_that_is_wrong_for_hours_removes_nothing(process: Running, lie: str) -> None:
    process.ll.fault = LIES[lie](process.ll)
    await process.rounds_for(hours=6)
    assert kept(process) >= IDS
    process.ll.fault = None
    process.ll.change(*IDS, last_updated=stamp(process.clock()))
    for key in kept(process) - IDS:
        assert key > 10_000  # what was listed and is not there goes as it came
    assert await process.rounds_for(
        until=lambda: all(process.dataset.records[key].date for key in IDS), hours=3
    )


@pytest.mark.parametrize("fault", [Fault("empty"), Fault("html"), Fault("shape", shape="object")])
async def test_what_is_missing_stays_when_upstream_says_nothing_sensible(
    process: Running, fault: Fault
) -> None:
    """A list lacked some events once, and from then on all answers are nonsense."""
    process.ll.hide(*(record["id"] for record in BY_DATE[5:8]))
    missing = lambda: process.dataset.draft.reconcile.missing  # noqa: E731
    process.ll.faults = [Fault("status", status=404, when=lambda call: "id" in call.query)] * 9
    assert await process.rounds_for(until=missing, hours=1)
    process.ll.faults, process.ll.fault = [], fault
    process.ll.show()
    await process.rounds_for(hours=5)
    assert kept(process) == IDS
    process.ll.fault = None
    await process.rounds_for(hours=2)
    assert process.as_upstream()


@pytest.mark.parametrize("changes", [{"name": None}, {"date": "soon"}, {"date": ""}])
@pytest.mark.parametrize("position", [3, 150])
async def test_a_malformed_record_keeps_its_last_good_version(
    process: Running, position: int, changes: Record
) -> None:
    was = process.dataset.records[BY_DATE[position]["id"]]
    record = BY_DATE[position] | {"last_updated": stamp(process.clock())}
    process.ll.put(record | changes)
    process.ll.put(event(90_001, date=NOW, last_updated=process.clock()))
    before = len(process.ll.calls)
    await process.rounds_for(hours=4)
    assert process.error == ""
    assert len(process.ll.calls) - before <= 4 * 14
    assert process.dataset.records[was.id] == was
    assert kept(process) == IDS | {90_001}
    process.ll.put(record | {"name": "Well again"})
    assert await process.rounds_for(until=process.as_upstream, hours=2)


async def test_the_newest_change_alone_is_malformed(process: Running) -> None:
    process.ll.put(event(90_001, date=NOW, last_updated=process.clock()))
    await process.rounds_for(hours=1)
    bad = {"name": None, "last_updated": stamp(process.clock())}
    process.ll.change(90_001, **bad)
    for _ in range(6):
        await process.next_round()
        assert process.error == ""
    assert kept(process) == IDS | {90_001}


async def test_a_malformed_event_that_is_deleted_leaves(process: Running) -> None:
    bad = BY_DATE[3] | {"name": None, "last_updated": stamp(process.clock())}
    process.ll.put(bad)
    await process.rounds_for(hours=1)
    process.ll.delete(bad["id"])
    assert await process.rounds_for(until=process.as_upstream, hours=12)
    assert process.dataset.state.reconcile.unread == frozenset()


async def test_records_malformed_for_a_while_are_read_later() -> None:
    """A fault spoilt every other record while they were fetched; none of them has changed."""
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        ll.fault = Fault("mangle", mangle=lambda r: r | {"name": None} if r["id"] % 2 else r)
        await process.next_round()
        assert len(process.dataset.state.reconcile.unread) > 100
        ll.fault = None
        assert await process.rounds_for(until=process.as_upstream, hours=12)


async def test_the_newest_known_changes_were_deleted(process: Running) -> None:
    """A list of changes then lacks all that must be on it."""
    newest = sorted(RECORDS, key=lambda r: str(r["last_updated"]))[-3:]
    process.ll.delete(*(record["id"] for record in newest))
    assert await process.rounds_for(until=process.as_upstream, hours=2)
    await process.rounds_for(hours=1)
    assert process.error == ""


async def test_changes_made_while_all_answers_were_empty_are_not_missed(process: Running) -> None:
    process.ll.fault = Fault("empty")
    changed = sorted(IDS)[:5]
    before = len(process.ll.calls)
    for key in changed:
        process.ll.change(key, name="Changed", last_updated=stamp(process.clock()))
        await process.rounds_for(hours=1)
    assert process.error
    assert len(process.ll.calls) - before <= 5 * 15
    process.ll.fault = None
    assert await process.rounds_for(until=process.as_upstream, hours=1)


@pytest.mark.parametrize(
    "deaf_to",
    [
        ("last_updated__gte",),
        ("id",),
        ("ordering",),
        ("last_updated__gte", "ordering"),
        ("last_updated__gte", "last_updated__lte"),
    ],
)
async def test_a_deployment_that_does_not_know_a_parameter(deaf_to: tuple[str, ...]) -> None:
    clock = Clock()
    async with FakeLaunchLibrary(RECORDS, now=clock) as ll, running(ll, clock) as process:
        ll.deaf_to = deaf_to
        await process.fill()
        assert process.as_upstream()
        ll.put(event(90_001, date=NOW, last_updated=clock()))
        assert await process.rounds_for(until=process.as_upstream, hours=2)
        ll.change(*sorted(IDS)[:150], name="Bulk", last_updated=stamp(clock()))
        assert await process.rounds_for(until=process.as_upstream, hours=4)
        await process.rounds_for(hours=2)
        assert kept(process) == IDS | {90_001}
        assert process.most_calls_in_an_hour() <= 15

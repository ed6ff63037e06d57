"""What left upstream leaves here, and what changed unseen is seen: when, and at what cost."""

from datetime import timedelta

import pytest

from tests.fake import event, make_events, stamp
from tests.support.mirror import NOW, Clock, Running, filled, light

RECORDS = light(330)
BY_DATE = sorted(RECORDS, key=lambda r: str(r["date"]), reverse=True)
AHEAD = [record for record in BY_DATE if record["date"] > stamp(NOW + timedelta(hours=3))]
PAST = BY_DATE[len(AHEAD) + 1 :]
IDS = {record["id"] for record in RECORDS}
DAY = timedelta(days=1)


def kept(process: Running) -> set[int]:
    return {int(key) for key in process.dataset.records}


@pytest.mark.parametrize("position", [0, 5, -1])
async def test_what_is_ahead_leaves_within_an_hour(position: int) -> None:
    async with filled(RECORDS, Clock()) as process:
        await process.rounds_for(hours=2, minutes=7 * position)
        process.ll.delete(AHEAD[position]["id"])
        took = await process.rounds_for(until=process.as_upstream, hours=1)
        assert took
        assert took <= timedelta(hours=1)


async def test_what_is_far_ahead_leaves_within_an_hour_among_several_pages() -> None:
    many = [event(n, date=NOW + n * timedelta(hours=20), last_updated=NOW) for n in range(1, 331)]
    async with filled(many, Clock()) as process:
        await process.rounds_for(hours=2)
        process.ll.delete(320)
        assert await process.rounds_for(until=process.as_upstream, hours=1)


@pytest.mark.parametrize("position", [0, 60, 150, 250, -1])
async def test_what_is_past_leaves_within_a_day(position: int) -> None:
    async with filled(RECORDS, Clock()) as process:
        await process.rounds_for(hours=2)
        process.ll.delete(PAST[position]["id"])
        assert await process.rounds_for(until=process.as_upstream, hours=24)
        assert process.error == ""


async def test_what_changed_without_saying_so_is_taken_in_within_a_day() -> None:
    async with filled(RECORDS, Clock()) as process:
        for position in (2, 100, -1):
            process.ll.change(BY_DATE[position]["id"], name="Changed unseen")
        process.ll.put(event(90_001, date=NOW - 100 * DAY, last_updated=NOW - 9 * DAY))
        process.ll.change(BY_DATE[40]["id"], date=stamp(NOW - 400 * DAY))
        assert await process.rounds_for(until=process.as_upstream, hours=24)


@pytest.mark.parametrize("step", [12, 2])
async def test_a_purge_of_any_size_is_believed_in_the_end(
    step: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Of a twelfth and of half."""
    records = light(120)
    async with filled(records, Clock()) as process:
        await process.rounds_for(hours=2)
        process.ll.delete(*(record["id"] for record in records[::step]))
        took = await process.rounds_for(until=process.as_upstream, hours=48)
        assert took
        assert took > timedelta(hours=24)
        assert "missing upstream; they stay until that is still so a day later" in caplog.text
        assert process.error == ""


@pytest.mark.parametrize("seed", range(2))
async def test_who_hides_half_of_its_rows_for_six_hours_takes_nothing_away(seed: int) -> None:
    async with filled(light(200), Clock(), seed=seed) as process:
        everything = kept(process)
        await process.rounds_for(hours=2)
        process.ll.hide(*[key for key in everything if (key * 7 + seed) % 2])
        await process.rounds_for(hours=6)
        assert kept(process) == everything
        assert process.dataset.doubted > 20
        process.ll.show()
        await process.rounds_for(hours=30)
        assert kept(process) == everything
        assert process.dataset.doubted == 0


async def test_a_page_that_lacks_rows_once_takes_nothing_away() -> None:
    """They vanish from one list, as rows that share a date do between pages."""
    async with filled(RECORDS, Clock()) as process:
        lost = [record["id"] for record in BY_DATE[5:8]]
        process.ll.hide(*lost)
        await process.rounds_for(until=lambda: process.dataset.draft.reconcile.missing, hours=1)
        process.ll.show()
        await process.rounds_for(hours=2)
        assert kept(process) == IDS


async def test_rows_that_share_a_date_are_never_called_gone() -> None:
    placeholders = [event(n, date=NOW + 30 * DAY, last_updated=NOW) for n in range(1, 131)]
    rest = [event(n, date=NOW - n * DAY, last_updated=NOW) for n in range(131, 300)]
    async with filled(placeholders + rest, Clock()) as process:
        process.ll.shuffle_ties = 5
        everything = kept(process)
        await process.rounds_for(hours=12)
        assert kept(process) == everything
        assert not process.dataset.draft.reconcile.missing


@pytest.mark.parametrize(("shuffle_ties", "days"), [(None, 1), (5, 5)])
@pytest.mark.parametrize("restamped", [False, True])
async def test_changes_among_many_that_share_a_date_are_all_found(
    shuffle_ties: int | None, days: int, restamped: bool
) -> None:
    placeholders = [event(n, date=NOW + 30 * DAY, last_updated=NOW) for n in range(1, 251)]
    rest = [event(n, date=NOW - n * DAY, last_updated=NOW) for n in range(251, 400)]
    async with filled(placeholders + rest, Clock()) as process:
        process.ll.shuffle_ties = shuffle_ties
        await process.rounds_for(hours=2)
        stamped = {"last_updated": stamp(process.clock())} if restamped else {}
        process.ll.change(*range(1, 251), name="Changed", **stamped)
        took = await process.rounds_for(until=process.as_upstream, days=days)
        print(f"shuffled by {shuffle_ties}, restamped {restamped}: {took}")
        assert took
        assert process.error == ""


async def test_a_quiet_hour_takes_fourteen_calls_at_most() -> None:
    far = [event(n, date=NOW + (n - 150) * 3 * DAY + DAY, last_updated=NOW) for n in range(300)]
    async with filled(far, Clock()) as process:
        await process.rounds_for(hours=12)
        print("calls an hour in quiet, events only:", len(process.ll.calls) / 12)
        assert process.most_calls_in_an_hour() <= 14
        assert process.error == ""


async def test_moves_are_noticed_and_kept() -> None:
    async with filled(make_events(60, now=NOW), Clock()) as process:
        record = next(r for r in process.ll.events.values() if r["date"])
        process.ll.change(
            record["id"], date=stamp(NOW + 30 * DAY), last_updated=stamp(process.clock())
        )
        await process.rounds_for(hours=1)
        (move,) = process.dataset.records[record["id"]].moves
        assert stamp(move.date) == record["date"]
        process.ll.change(record["id"], name="New", last_updated=stamp(process.clock()))
        await process.rounds_for(hours=1)
        assert process.dataset.records[record["id"]].moves == (move,)
        assert process.as_upstream()

"""A change of hundreds of records at once, at few calls an hour: it is taken in, page by page."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.fake import Record, stamp
from tests.support.mirror import Clock, Running, filled, light

COUNT = 1071


def touched(records: Iterable[Record], clock: Clock, *, apart: bool) -> list[Record]:
    """The records with another name, changed in the same second or within ten minutes."""
    return [
        record
        | {
            "name": f"{record['name']} (edited)",
            "last_updated": stamp(clock.now - timedelta(seconds=number // 2 * apart)),
        }
        for number, record in enumerate(records)
    ]


def edited(process: Running) -> int:
    return sum("(edited)" in event.name for event in process.dataset.records.values())


@pytest.mark.parametrize("apart", [False, True], ids=["in the same second", "one by one"])
@pytest.mark.parametrize(
    ("many", "calls", "hours"), [(700, 15, 1.5), (COUNT, 15, 2), (700, 2, 12), (COUNT, 2, 16)]
)
async def test_it_is_taken_in_and_feeds_are_whole_meanwhile(
    many: int, calls: int, hours: float, apart: bool
) -> None:
    clock = Clock()
    async with filled(light(COUNT), clock, calls=calls) as process:
        await process.rounds_for(hours=3)
        events = list(process.ll.events.values())[:many]
        process.ll.put(*touched(events, clock, apart=apart))
        began, sizes = clock.now, set()

        def done() -> bool:
            sizes.add(len(process.dataset.records))
            return edited(process) == many

        took = await process.rounds_for(until=done, hours=hours)
        print(f"{many} changed events, {calls} calls/h, apart={apart}: {took}")
        assert took is not None
        assert process.as_upstream()
        assert sizes == {COUNT}
        assert process.most_calls_in_an_hour() <= calls
        assert process.error == ""
        assert clock.now > began

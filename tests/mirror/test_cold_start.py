"""Three hundred different feeds from nothing, within one hour's fifteen calls; and a restart."""

import asyncio
import random
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

from multidict import MultiDict

from calfeed.query.query import View
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, Fault, Record, filters, make_events, stamp
from tests.fake.tables import AGENCIES, PROGRAMS, TYPES
from tests.support.mirror import NOW, Clock, Running, running

RECORDS = [record for record in make_events(1071, now=NOW) if record["date"]]
WORDS = ("soyuz", "dragon", "docking", "tiangong", "ng-23", "прогресс", "eva", "ms-27 landing")


def _value(draw: random.Random, name: str) -> str:
    def some(values: list[int]) -> str:
        return ",".join(str(one) for one in draw.sample(values, draw.randint(1, 3)))

    date = stamp(NOW + timedelta(days=draw.randint(-2500, 300)))
    return {
        "agency__ids": some(list(AGENCIES)),
        "type__ids": some(list(TYPES)),
        "program": str(draw.choice(list(PROGRAMS))),
        "search": draw.choice(WORDS).replace(" ", "+"),
        "year": some(list(range(2018, 2028))),
        "month": some(list(range(1, 13))),
        "day": some(list(range(1, 32))),
        "date__gte": date,
        "date__lte": date,
        "date__lt": date,
        "spacestation__ids": "4",
        "id": some([int(record["id"]) for record in RECORDS]),
        "last_updated__gte": date,
    }[name]


NAMES = (
    "agency__ids", "type__ids", "program", "search", "year", "month", "day", "date__gte",
    "date__lte", "date__lt", "spacestation__ids", "id", "last_updated__gte",
)  # fmt: skip


def queries(count: int) -> list[tuple[str, View]]:
    """So many different queries."""
    draw = random.Random(7)
    found: dict[tuple[str, View], None] = {}
    while len(found) < count:
        names = draw.sample(NAMES, draw.randint(0, 3))
        text = "&".join(f"{name}={_value(draw, name)}" for name in names)
        found[text, draw.choice([View.ALL, View.ALL, View.UPCOMING, View.PREVIOUS])] = None
    return list(found)


@cache
def meant(text: str, view: View, now: datetime) -> set[int]:
    """What Launch Library means by a query, by the fake's own reading of its parameters."""
    asked = MultiDict(parse_qsl(text))
    records: list[Record] = RECORDS
    if view is View.UPCOMING:
        records = filters.upcoming(records, asked, now)
    elif view is View.PREVIOUS:
        records = filters.previous(records, now)
    return {int(record["id"]) for record in filters.select(records, asked, older=False)}


async def ask_all(one: Running, asked: list[tuple[str, View]], askers: int) -> None:
    """Every query, by so many at once; each answer must be right."""
    left = iter(asked)

    async def asker() -> None:
        for text, view in left:
            assert await one.ids(text, view) == meant(text, view, NOW), (text, view)

    await asyncio.gather(*(asker() for _ in range(askers)))


async def test_three_hundred_feeds_from_nothing_and_a_restart(tmp_path: Path) -> None:
    clock, path, asked = Clock(), tmp_path / "calfeed.sqlite3", queries(300)
    async with FakeLaunchLibrary(RECORDS, now=clock, calls_per_hour=15) as ll:
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as one:
            scheduler = asyncio.create_task(one.scheduler.run())
            await ask_all(one, asked, askers=20)
            scheduler.cancel()
            assert one.replica.complete
        assert len(ll.calls) <= 15
        assert ll.refused == 0
        calls = len(ll.calls)

        await ll.gone()
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as one:
            await one.scheduler.once()
            await ask_all(one, asked, askers=20)
            assert (await one.ask()).hit
            assert not (await one.ask()).stale
            clock.ahead(days=30)
            await one.scheduler.once()
            assert await one.ids() == {record["id"] for record in RECORDS}
            assert (await one.ask()).stale
        assert len(ll.calls) == calls


async def test_upstream_gone_from_the_second_page_on(tmp_path: Path) -> None:
    """What came is served after a restart too; what did not come is not passed off as nothing."""
    clock, path = Clock(), tmp_path / "calfeed.sqlite3"
    ahead = meant("", View.UPCOMING, NOW)
    async with FakeLaunchLibrary(RECORDS[:400], now=clock) as ll:
        ll.fault = Fault("status", when=lambda call: "date__lte" in call.query)
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds)) as one:
            await one.scheduler.once()
        await ll.gone()
        async with running(ll, clock, SqliteStore(path, clock=clock.seconds), wait=0.1) as one:
            found = await one.ids(view=View.UPCOMING)
            assert found == ahead & {record["id"] for record in RECORDS[:400]}
            results = await asyncio.gather(
                one.ask("year=2019"), one.ask("agency__ids=44"), one.ask(), return_exceptions=True
            )
            assert {type(result).__name__ for result in results} == {"NoData"}

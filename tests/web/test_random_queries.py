"""Queries drawn at random, of filters and options of every kind: each shows what it means."""

import random
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from calfeed.catalog import SCOPES
from tests.fake import FakeLaunchLibrary, make_events, many_launches, stamp
from tests.fake.launches.paths import values
from tests.launches.test_filters import CONTAINED, IDS, SINGLE, TEXTS
from tests.support.service import NOW, Service, clock_at, serving
from tests.web.meant import DAY, OPTIONS, Asked, Upstream

pytestmark = pytest.mark.asyncio(loop_scope="module")

UPSTREAM = Upstream(make_events(150, now=NOW), many_launches(500, now=NOW, ahead=120), NOW)
EVENT_IDS = {
    "agency__ids": "agencies.id", "type__ids": "type.id", "id": "id",
    "launch__ids": "launches.id", "expedition__ids": "expeditions.id",
    "spacestation__ids": "spacestations.id",
}  # fmt: skip
LISTS = {
    "events": EVENT_IDS,
    "launches": IDS | dict.fromkeys(("agency__ids", "related_lsp__id"), IDS["lsp__id"]),
}
ONE = {
    "events": {
        "slug": "slug",
        "type": "type.id",
        "program": "program.id",
        "video_url": "vid_urls.url",
    },
    "launches": SINGLE | TEXTS | CONTAINED | {"video_url": "vid_urls.url"},
}
WORDS = ("soyuz", "dragon", "starlink", "docking", "falcon 9", "long march", "crew", "e")
SHOWN: tuple[dict[str, str], ...] = (
    {}, {"coarse": "span"}, {"coarse": "hide"}, {"start": "webcast"}, {"length": "window"},
    {"length": "P3D"},
)  # fmt: skip
"""Options that decide where entries lie."""
DRAWN: dict[str, Callable[[random.Random], str]] = {
    "past": lambda draw: draw.choice(["0d", "3d", "90d", "400d", "9000d", "all"]),
    "future": lambda draw: draw.choice(["0d", "7d", "60d", "500d"]),
    "webcast": lambda draw: draw.choice(["any", "yes", "official"]),
    "limit": lambda draw: str(draw.choice([1, 5, 40])),
    "offset": lambda draw: str(draw.choice([0, 3, 30])),
    "ordering": lambda draw: draw.choice(["", "-"]) + draw.choice(
        ["date", "net", "last_updated", "name", "id"]
    ),
    "search": lambda draw: draw.choice(WORDS),
    "exclude": lambda draw: ",".join(draw.sample(WORDS, draw.randint(1, 3))),
    "near": lambda draw: draw.choice(["28.5,-80.6", "28.5,-80.6,5", "5.2,-52.8,8000", "0,0,90"]),
    "country": lambda draw: ",".join(draw.sample(["US", "ru", "CN", "GF", "IN", "NZ"], 2)),
    "year": lambda draw: ",".join(draw.sample(["1970", "2019", "2024", "2026", "2027"], 2)),
    "month": lambda draw: ",".join(draw.sample(["1", "3", "4", "12"], 2)),
    "day": lambda draw: ",".join(draw.sample(["1", "10", "31"], 2)),
}  # fmt: skip
FLAGS = ("is_crewed", "include_suborbital", "hide_recent_previous")
SPELLED = {"program__ids", "pad__ids", "lsp__ids", "related", "date__gt__lt"}
"""Names that the fake's version does not have; the tests of the filters have them."""


def value(draw: random.Random, scope: str, name: str) -> str:
    """A value that a filter may have."""
    if name in DRAWN:
        return DRAWN[name](draw)
    if name in FLAGS:
        return draw.choice(["true", "false"])
    if name.endswith(("__gt", "__gte", "__lt", "__lte")) and "attempt" not in name:
        return stamp(NOW + draw.randint(-4000, 200) * DAY)
    if "attempt" in name:
        return str(draw.choice([1, 3, 20, 100, 700]))
    there, several = pool(draw, scope, name)
    if name in CONTAINED:
        return str(draw.choice(there))[1:5].strip() or "a"
    return ",".join(str(draw.choice(there)) for _ in range(draw.randint(1, several)))


def pool(draw: random.Random, scope: str, name: str) -> tuple[tuple[object, ...], int]:
    """Values that records have, and how many of them a filter takes."""
    found = [
        (there(collection, table[name]), several)
        for collection in (("events", "launches") if scope == "all" else (scope,))
        for table, several in ((LISTS[collection], 3), (ONE[collection], 1))
        if name in table
    ]
    return draw.choice(found)


@cache
def there(collection: str, path: str) -> tuple[object, ...]:
    records = UPSTREAM.events if collection == "events" else UPSTREAM.launches
    return tuple(value for record in records for value in values(record, path))


def query(draw: random.Random) -> Asked:
    scope = draw.choice(["launches", "launches", "all", "all", "events"])
    view = draw.choice(["", "", "upcoming", "previous"])
    names = [name for name in SCOPES[scope].filters if name not in SPELLED]
    if view != "upcoming":
        names.remove("hide_recent_previous")
    chosen = draw.sample(names, draw.choice([0, 1, 1, 2]))
    options = draw.sample(sorted(OPTIONS), draw.choice([0, 1, 1, 2, 3]))
    return Asked(
        scope, view,
        {name: value(draw, scope, name) for name in chosen},
        {name: DRAWN[name](draw) for name in options},
    )  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def service() -> AsyncIterator[Service]:
    clock = clock_at()
    async with (
        FakeLaunchLibrary(UPSTREAM.events, UPSTREAM.launches, now=clock) as ll,
        serving(ll, clock=clock, ll2_calls_per_hour=100) as own,
    ):
        await own.filled()
        yield own


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: urlencode(shown) or "plain")
async def test_each_query_shows_what_it_means(service: Service, shown: dict[str, str]) -> None:
    draw = random.Random(urlencode(shown))
    whole: dict[str, Any] = {}
    for scope in SCOPES:
        answer = await service.ask(f"/{scope}.json?{urlencode({'past': 'all', **shown})}")
        whole[scope] = answer.json["events"]
    used: set[str] = set()
    some_found = 0
    for _ in range(250):
        asked = query(draw)
        path = f"/{asked.scope}/{asked.view}".rstrip("/")
        url = f"{path}.json?{urlencode({**asked.filters, **asked.options, **shown})}"
        answer = await service.ask(url)
        assert answer.status == 200, (url, answer.json)
        found = [entry["id"] for entry in answer.json["events"]]
        assert found == UPSTREAM.ids(asked, whole[asked.scope]), url
        used |= asked.filters.keys() | asked.options.keys()
        some_found += bool(found)
    assert some_found > 100
    assert len(used) > 80
    assert used >= OPTIONS

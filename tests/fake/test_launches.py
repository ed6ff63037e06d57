"""Launches as the fake serves them: shapes, modes, both versions, paging, ties, changes."""

import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fake import (
    FakeLaunchLibrary,
    Fault,
    Record,
    event,
    larger_than,
    launch,
    make_events,
    many_launches,
    stamp,
)

NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent
LAUNCH = "a3c9c47e-976e-40a5-8889-30c407131e3a"
MANY = many_launches(1500, now=NOW, ahead=360)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ll(clock: Clock) -> AsyncIterator[FakeLaunchLibrary]:
    async with FakeLaunchLibrary(make_events(50, now=NOW), MANY, now=clock) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


async def get(http: aiohttp.ClientSession, url: str, **query: str) -> Any:
    async with http.get(url, params=query) as answer:
        answer.raise_for_status()
        return await answer.json()


async def get_or_none(http: aiohttp.ClientSession, url: str) -> Any:
    with contextlib.suppress(aiohttp.ClientError, ValueError):
        return await get(http, url)
    return None


async def ids(http: aiohttp.ClientSession, url: str, **query: str) -> list[Any]:
    found = await get(http, url, **{"limit": "100", "mode": "list"} | query)
    return [record["id"] for record in found["results"]]


async def pages(http: aiohttp.ClientSession, url: str, *offsets: int, **query: str) -> list[Any]:
    return [id for offset in offsets for id in await ids(http, url, **query, offset=str(offset))]


def test_many_launches_are_mixed_as_upstream_mixes_them() -> None:
    launches = many_launches(now=NOW)
    assert launches == many_launches(now=NOW)
    assert len({record["id"] for record in launches}) == 7954
    assert len({record["last_updated"] for record in launches}) == 7954
    ahead = [record for record in launches if record["net"] > stamp(NOW)]
    assert len(ahead) == 360
    known_to = Counter(record["net_precision"]["id"] for record in ahead[:100])
    assert sum(count for id, count in known_to.items() if id <= 5) == 16
    assert 20 < known_to[7] < 30
    assert 17 < sum(known_to[id] for id in range(8, 14)) < 27
    assert 32 < known_to[14] < 42
    status = Counter(record["status"]["abbrev"] for record in ahead[:100])
    assert 80 < status["TBD"] < 92
    assert 6 < status["Go"] < 16
    assert Counter(record["net"] for record in ahead)["2026-12-31T00:00:00Z"] > 200
    year_ago = stamp(NOW - timedelta(days=365))
    assert 310 < sum(year_ago < record["net"] < stamp(NOW) for record in launches) < 350
    assert launches[0]["net"].startswith("1957")
    assert len({r["pad"]["location"]["id"] for r in launches if r["pad"]}) > 55
    assert {record["mission"] is None for record in launches} == {True, False}
    assert any(s["launch_crew"] for r in launches for s in r["rocket"]["spacecraft_stage"])
    sizes = [len(json.dumps(record)) for record in launches[::40]]
    assert 8_000 < sum(sizes) / len(sizes) < 16_000


def test_a_timed_launch_lies_in_its_window_and_a_coarse_one_at_midnight() -> None:
    for record in MANY:
        start, net, end = (record[key] for key in ("window_start", "net", "window_end"))
        assert start <= net <= end
        if (record["net_precision"] or {"id": 0})["id"] >= 5:
            assert start == end == net
            assert net.endswith("T00:00:00Z")
    lengths = Counter(record["window_start"] == record["window_end"] for record in MANY[-360:])
    assert set(lengths) == {True, False}


async def test_both_versions_list_and_show_the_same_launches(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession
) -> None:
    lists = []
    for base in (f"{ll.url}/launches", f"{ll.url_220}/launch"):
        assert (await get(http, f"{base}/"))["count"] == 1500
        assert (await get(http, f"{base}/upcoming/", hide_recent_previous="true"))["count"] == 360
        assert (await get(http, f"{base}/previous/"))["count"] == 1140
        lists.append(await pages(http, f"{base}/upcoming/", 0, 100, 200, 300))
        single = await get(http, f"{base}/{lists[-1][40]}/")
        assert single["id"] == lists[-1][40]
        assert "timeline" in single
    assert lists[0] == lists[1]
    assert {record["id"] for record in MANY[-360:]} <= set(lists[0])
    nets = [ll.launches[id]["net"] for id in await ids(http, f"{ll.url}/launches/previous/")]
    assert nets == sorted(nets, reverse=True)


async def test_the_day_after_net_a_launch_is_no_longer_upcoming(
    http: aiohttp.ClientSession, clock: Clock
) -> None:
    async with FakeLaunchLibrary([], [launch(LAUNCH, net=NOW)], now=clock) as ll:
        url = f"{ll.url}/launches"
        assert await ids(http, f"{url}/previous/") == []
        clock.now += timedelta(hours=24)
        assert await ids(http, f"{url}/upcoming/") == await ids(http, f"{url}/previous/")
        assert await ids(http, f"{url}/upcoming/", hide_recent_previous="true") == []
        clock.now += timedelta(seconds=1)
        assert await ids(http, f"{url}/upcoming/") == []
        async with http.get(f"{url}/7/") as answer:
            assert (answer.status, await answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize("field", ["id", "last_updated", "name", "net"])
async def test_orderings(ll: FakeLaunchLibrary, http: aiohttp.ClientSession, field: str) -> None:
    for ordering, descending in ((field, False), (f"-{field}", True)):
        found = await ids(http, f"{ll.url}/launches/", ordering=ordering)
        values = [ll.launches[id][field] for id in found]
        assert values == sorted((r[field] for r in MANY), reverse=descending)[:100]
    unknown = await ids(http, f"{ll.url}/launches/", ordering="window_start")
    assert unknown == await ids(http, f"{ll.url}/launches/", ordering="net")


async def test_rows_that_tie_are_lost_between_pages(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession
) -> None:
    url = f"{ll.url}/launches/upcoming/"
    steady = await pages(http, url, 0, 100, 200)
    assert len(set(steady)) == 300
    uniques = []
    for seed in range(5):
        ll.shuffle_ties = seed
        found = await pages(http, url, 0, 100, 200)
        nets = [ll.launches[id]["net"] for id in found]
        assert nets == sorted(nets)
        uniques.append(len(set(found)))
    assert all(210 < unique < 235 for unique in uniques), uniques
    assert await ids(http, url, offset="100") != await ids(http, url, offset="100")
    by_id = await pages(http, url, 0, 100, 200, 300, ordering="id")
    assert len(set(by_id)) == len(by_id) >= 360


async def test_what_is_lost_depends_on_the_seed_and_the_number_of_the_request(
    http: aiohttp.ClientSession,
) -> None:
    runs = []
    for seed in (1, 1, 2):
        async with FakeLaunchLibrary([], MANY, now=lambda: NOW) as ll:
            ll.shuffle_ties = seed
            runs.append(await pages(http, f"{ll.url}/launches/upcoming/", 0, 100))
    assert runs[0] == runs[1] != runs[2]


async def test_events_that_tie_and_ordering_by_id(http: aiohttp.ClientSession) -> None:
    same = [event(n, date="2026-12-31T00:00:00Z", last_updated=NOW) for n in range(1, 40)]
    async with FakeLaunchLibrary(same, now=lambda: NOW) as ll:
        url = f"{ll.url}/events/"
        descending = [event["id"] for event in reversed(same)]
        assert await ids(http, url, ordering="-id") == descending[::-1]
        ll.events_by_id = True
        assert await ids(http, url, ordering="-id") == descending
        ll.shuffle_ties = 1
        assert await ids(http, url, ordering="-id") == descending
        for ordering in ("date", "-last_updated", ""):
            first = await ids(http, url, ordering=ordering)
            assert first != await ids(http, url, ordering=ordering)
            assert sorted(first) == descending[::-1]
        ll.events_by_id = False
        assert await ids(http, url, ordering="id") != await ids(http, url, ordering="id")


async def test_one_throttle_and_one_ledger_for_both_collections(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession, clock: Clock
) -> None:
    ll.calls_per_hour = 15
    for number in range(40):
        url = f"{ll.url}/launches/" if number % 2 else f"{ll.url_220}/event/"
        async with http.get(url) as answer:
            assert answer.status == (200 if number % 20 < 15 else 429), number
        clock.now += timedelta(minutes=3)
    assert ll.refused == 10
    assert [call.place for call in ll.calls[:2]] == ["events", "launches"]
    assert ll.busiest_hour() == 20
    assert ll.busiest_hour(served=True) == 15
    told = await get(http, f"{ll.url}/api-throttle/")
    assert (told[0]["your_request_limit"], len(ll.throttle_calls)) == (15, 1)


@pytest.mark.parametrize("kind", ["status", "html", "truncated", "empty", "cut", "drop", "shape"])
async def test_faults_hit_launches_too(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession, kind: Any
) -> None:
    url = f"{ll.url}/launches/"
    right = await get(http, url)
    ll.fault = Fault(kind)
    assert await get_or_none(http, url) != right
    ll.fault = Fault(kind, on="events")
    assert await get(http, url) == right
    ll.fault = Fault("status", on="launches")
    assert (await get(http, f"{ll.url}/events/"))["count"] == 50
    with pytest.raises(aiohttp.ClientResponseError):
        await get(http, url)


async def test_a_page_can_be_too_much(ll: FakeLaunchLibrary, http: aiohttp.ClientSession) -> None:
    ll.fault = Fault("status", status=504, when=larger_than(50))
    url = f"{ll.url}/launches/"
    with pytest.raises(aiohttp.ClientResponseError):
        await get(http, url, mode="detailed", limit="100")
    assert len((await get(http, url, mode="detailed", limit="50"))["results"]) == 50
    assert len((await get(http, url, mode="list", limit="100"))["results"]) == 100


async def test_changes_on_the_fly(ll: FakeLaunchLibrary, http: aiohttp.ClientSession) -> None:
    url = f"{ll.url}/launches/"
    chosen: list[str] = [record["id"] for record in MANY[:700]]
    ll.change(*chosen, last_updated=NOW)
    changed = await get(http, url, last_updated__gte=stamp(NOW), limit="1")
    assert changed["count"] == 700
    assert changed["results"][0]["last_updated"] == stamp(NOW)
    assert MANY[0]["last_updated"] < stamp(NOW)

    ll.hide(*chosen[:350], *ll.events)
    assert (await get(http, url))["count"] == 1150
    assert (await get(http, f"{ll.url}/events/"))["count"] == 0
    async with http.get(f"{url}{chosen[0]}/") as answer:
        assert answer.status == 404
    ll.show()
    assert (await get(http, url))["count"] == 1500

    ll.delete(*chosen[:3], next(iter(ll.events)))
    ll.put(launch(LAUNCH, "Electron | Owl", rocket=26), event(5000))
    assert (await get(http, url))["count"] == 1498
    assert (await get(http, f"{url}{LAUNCH}/"))["name"] == "Electron | Owl"
    assert (await get(http, f"{ll.url}/events/"))["count"] == 50


async def test_a_deployment_can_be_deaf(ll: FakeLaunchLibrary, http: aiohttp.ClientSession) -> None:
    ll.deaf_to = {"status", "ordering", "type", "hide_recent_previous"}
    assert (await get(http, f"{ll.url}/launches/", status="2"))["count"] == 1500
    assert (await get(http, f"{ll.url}/events/", type="2"))["count"] == 50
    assert await ids(http, f"{ll.url}/launches/", ordering="-net") == await ids(
        http, f"{ll.url}/launches/"
    )


def test_an_event_lists_its_launches_in_short() -> None:
    listed: Record = event(1, launches=[launch(LAUNCH)])["launches"][0]
    assert (listed["id"], listed["response_mode"]) == (LAUNCH, "list")
    assert listed.keys() == event(1, launches=[LAUNCH])["launches"][0].keys()


async def test_it_runs_by_hand(http: aiohttp.ClientSession) -> None:
    command = [sys.executable, "-m", "tests.fake", "--launches", "40", "--events", "7"]
    process = await asyncio.create_subprocess_exec(
        *command, "--throttle", "1", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        assert (await get(http, f"{url}/launches/"))["count"] == 40
        async with http.get(f"{url}/events/") as answer:
            assert answer.status == 429
    finally:
        process.terminate()
        await process.communicate()

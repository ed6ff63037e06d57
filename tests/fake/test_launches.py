"""Launches as the fake serves them: views, both versions, throttle, faults, changes."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fake import FakeLaunchLibrary, Fault, Record, event, larger_than, launch, stamp
from tests.fake.asking import MANY, NOW, Clock, get, get_or_none, ids, pages

ROOT = Path(__file__).parent.parent.parent
LAUNCH = "a3c9c47e-976e-40a5-8889-30c407131e3a"


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
    ll.deaf_to = ("status", "ordering", "type", "limit", "mode")
    assert (await get(http, f"{ll.url}/launches/", status="2"))["count"] == 1500
    assert (await get(http, f"{ll.url}/events/", type="2"))["count"] == 50
    page = await get(http, f"{ll.url}/launches/", ordering="-net", limit="100", mode="list")
    assert page == await get(http, f"{ll.url}/launches/") | {"next": page["next"]}
    assert (len(page["results"]), page["results"][0]["response_mode"]) == (10, "normal")


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

"""Many launches: their mix, and how rows that tie are lost between pages."""

import json
from collections import Counter
from datetime import timedelta

import aiohttp

from tests.fake import FakeLaunchLibrary, event, many_launches, stamp
from tests.fake.asking import MANY, NOW, ids, pages


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

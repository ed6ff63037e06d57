"""The fake Launch Library itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fake import (
    SHAPES,
    FakeLaunchLibrary,
    Fault,
    as_220,
    as_mode,
    event,
    launch,
    make_events,
    stamp,
    vid_url,
)
from tests.support.service import PATIENCE, until

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
RECORDED = Path(__file__).parent / "recorded"
LAUNCH = "a3c9c47e-976e-40a5-8889-30c407131e3a"


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
    async with FakeLaunchLibrary(make_events(230, now=NOW), now=clock) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        yield session


async def get(http: aiohttp.ClientSession, url: str, **query: str) -> Any:
    async with http.get(url, params=query) as answer:
        answer.raise_for_status()
        return await answer.json()


async def ids(http: aiohttp.ClientSession, ll: FakeLaunchLibrary, **query: str) -> list[int]:
    found = await get(http, f"{ll.url}/events/", **{"limit": "100"} | query)
    return [record["id"] for record in found["results"]]


def keys(value: Any) -> Any:
    """The keys of a record and of all that is in it; of a list, those of its first."""
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else None


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


def test_records_have_the_recorded_keys() -> None:
    real = recorded("2.3.0-1183.json")
    made = event(
        1,
        vid_urls=[vid_url("https://v.example")],
        updates=real["updates"],
        agencies=[63],
        launches=[launch(LAUNCH)],
        spacestations=[4],
        program=[8],
        duration="PT1M",
    )
    assert keys(made) == keys(real)
    real_220 = recorded("2.2.0-1185.json")
    made_220 = as_220(made | {"expeditions": event(2, expeditions=[160])["expeditions"]})
    assert made_220.keys() == real_220.keys()
    for part in ("agencies", "vid_urls", "program", "spacestations", "expeditions"):
        assert made_220[part][0].keys() == real_220[part][0].keys(), part
    assert keys(as_mode(made, "normal")).keys() == keys(recorded("2.3.0-309.json")).keys()


def test_made_events_are_varied_and_the_same_again() -> None:
    events = make_events(1071, now=NOW)
    assert events == make_events(1071, now=NOW)
    assert events != make_events(1071, now=NOW, seed=1)
    assert len({record["id"] for record in events}) == 1071
    assert len({record["last_updated"] for record in events}) == 1071
    assert max(record["last_updated"] for record in events) < stamp(NOW)
    precisions = {p and p["id"] for p in (record["date_precision"] for record in events)}
    assert precisions == {None, *range(17)}
    dates = [record["date"] for record in events]
    assert 30 < sum(date is not None and date > stamp(NOW) for date in dates) < 100
    assert 5 < dates.count(None) < 20
    assert {len(record["vid_urls"]) for record in events} == {0, 1, 2, 3, 4}
    assert min(filter(None, dates)).startswith("2018")


async def test_pages_link_to_each_other(ll: FakeLaunchLibrary, http: aiohttp.ClientSession) -> None:
    url: str | None = f"{ll.url}/events/?ordering=-date&limit=50&program=1&program=8"
    seen: list[Any] = []
    while url:
        page = await get(http, url)
        seen += page["results"]
        url = page["next"]
        assert page["count"] == sum(
            not {1, 8}.isdisjoint(p["id"] for p in e["program"]) for e in ll.events.values()
        )
    assert len({record["id"] for record in seen}) == len(seen) == page["count"]
    assert "offset" not in page["previous"]
    assert "limit=50&ordering=-date&program=1&program=8" in page["previous"]
    dates = [record["date"] for record in seen]
    dated = [date for date in dates if date]
    assert dates == [None] * (len(dates) - len(dated)) + sorted(dated, reverse=True)
    assert set(seen[0]) == set(recorded("2.3.0-309.json"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"ordering": "date"}, [1, 2, 3, 4]),
        ({"ordering": "-date"}, [4, 3, 2, 1]),
        ({"ordering": "name"}, [1, 2, 3, 4]),
        ({"ordering": "-last_updated"}, [2, 1, 3, 4]),
        ({"search": "docking, soyuz"}, [1]),
        ({"search": "союз"}, [3]),
        ({"agency__ids": "44, 27"}, [1, 2]),
        ({"agency__ids": ""}, [1, 2, 3, 4]),
        ({"agency_ids": "44"}, [1, 2, 3, 4]),
        ({"date__gt": "2026-03-09T12:00:00Z"}, [2, 3]),
        ({"date__gte": "2026-03-09T12:00:00Z"}, [1, 2, 3]),
        ({"date__gte": "2026-03-09T14:00:00+02:00"}, [1, 2, 3]),
        ({"date__lte": "2026-03-10"}, [1]),
        ({"date__lt": "2026-03-10T11:00:00"}, [1]),
        ({"date__gt__lt": "2026-03-10T11:00:00"}, [1, 2, 3, 4]),
        ({"day": "9,11"}, [1, 3]),
        ({"month": "3", "year": "2026"}, [1, 2, 3]),
        ({"year": "2025,2027"}, []),
        ({"id": "4,1"}, [1, 4]),
        ({"last_updated__gte": "2026-02-01"}, [2]),
        ({"last_updated__lte": "2026-01-31T23:59:59Z"}, [1, 3, 4]),
        ({"program": "17"}, [2]),
        ({"program__ids": "17,8"}, [2, 3]),
        ({"spacestation__ids": "18"}, [3]),
        ({"expedition__ids": "160"}, [2]),
        ({"launch__ids": LAUNCH.upper()}, [2]),
        ({"slug": "soyuz-docking"}, [1]),
        ({"type": "2", "type__ids": "3"}, []),
        ({"type__ids": "3,12"}, [2, 3]),
        ({"video_url": "https://b.example,https://a.example"}, [3]),
        ({"limit": "0", "offset": "-3"}, [1, 2, 3, 4]),
        ({"limit": "many", "mode": "some"}, [1, 2, 3, 4]),
    ],
    ids=str,
)
async def test_filters(
    http: aiohttp.ClientSession, query: dict[str, str], expected: list[int]
) -> None:
    async with FakeLaunchLibrary(four_events(), now=lambda: NOW) as ll:
        assert await ids(http, ll, **query) == expected


def four_events() -> list[dict[str, Any]]:
    new_year = "2026-01-01T00:00:00Z"
    return [
        event(4, date=None, date_precision=None, type=30, last_updated=new_year),
        event(
            3,
            name="Союз",
            date=NOW + timedelta(days=1),
            type=3,
            program=[8],
            spacestations=[18],
            vid_urls=["https://c.example", "https://a.example"],
            last_updated=new_year,
        ),
        event(
            2,
            date=NOW - timedelta(hours=1),
            type=12,
            agencies=[27],
            program=[17],
            expeditions=[160],
            launches=[LAUNCH],
            last_updated="2026-02-01T00:00:00Z",
        ),
        event(
            1,
            name="Soyuz Docking",
            date=NOW - timedelta(hours=24),
            agencies=[44, 63],
            last_updated="2026-01-01T00:00:01Z",
        ),
    ]


async def test_upcoming_previous_and_single(http: aiohttp.ClientSession) -> None:
    async with FakeLaunchLibrary(four_events(), now=lambda: NOW, older=True) as ll:

        async def among(path: str, **query: str) -> list[int]:
            found = await get(http, f"{ll.root}/{path}", **query)
            return [record["id"] for record in found["results"]]

        assert await among("2.3.0/events/upcoming/") == [1, 2, 3]
        assert await among("2.3.0/events/upcoming/", hide_recent_previous="true") == [3]
        assert await among("2.3.0/events/previous/", hide_recent_previous="true") == [1, 2]
        assert await among("2.2.0/event/previous/") == [1, 2]
        assert await ids(http, ll, date__gt__lt="2026-03-10T11:00:00Z") == [1]
        assert await ids(http, ll, date__lt="1990-01-01", program__ids="8") == [1, 2, 3, 4]
        assert await get(http, f"{ll.url}/events/2/") == ll.events[2]
        assert await get(http, f"{ll.url_220}/event/2/") == as_220(ll.events[2])
        ll.delete(2)
        ll.put(event(3, name="New"))
        assert (await get(http, f"{ll.url}/events/3"))["name"] == "New"
        async with http.get(f"{ll.url}/events/2/") as answer:
            assert answer.status == 404
            assert await answer.json() == {"detail": "Not found."}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("date__gte", "tomorrow"),
        ("date__gte", "2026-03-09T14:00:00 02:00"),
        ("year", "2026,next"),
        ("agency__ids", "NASA"),
        ("type", "1,2"),
        ("program", "1,8"),
        ("launch__ids", "7"),
    ],
)
async def test_bad_values_are_refused(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession, key: str, value: str
) -> None:
    async with http.get(f"{ll.url}/events/", params={key: value}) as answer:
        assert answer.status == 400
        assert list(await answer.json()) == [key]
    assert [call.status for call in ll.calls] == [400]


async def test_throttle(ll: FakeLaunchLibrary, http: aiohttp.ClientSession, clock: Clock) -> None:
    ll.calls_per_hour = 2
    ll.throttle.limits["KEY"] = 3
    url = f"{ll.url}/events/"
    await get(http, url)
    clock.now += timedelta(minutes=10)
    await get(http, url)
    async with http.get(url) as answer:
        assert answer.status == 429
        detail = "Request was throttled. Expected available in 3000 seconds."
        assert await answer.json() == {"detail": detail}
        assert "Retry-After" not in answer.headers
    ll.send_retry_after = True
    async with http.get(url) as answer:
        assert answer.headers["Retry-After"] == "3000"
    async with http.get(url, headers={"Authorization": "Token KEY"}) as answer:
        assert answer.status == 200
    assert ll.calls[-1].headers["authorization"] == "Token KEY"
    assert await get(http, f"{ll.url}/api-throttle/") == [
        {
            "your_request_limit": 2,
            "limit_frequency_secs": 3600,
            "current_use": 2,
            "next_use_secs": 3000,
            "ident": "127.0.0.1",
        }
    ]
    ll.throttle_as_list = False
    ll.throttle_changes = {"next_use_secs": -1}
    assert (await get(http, f"{ll.url_220}/api-throttle/"))["next_use_secs"] == -1
    clock.now += timedelta(seconds=3000)
    await get(http, url)
    assert [call.status for call in ll.calls] == [200, 200, 429, 429, 200, 200]
    assert (ll.refused, len(ll.throttle_calls)) == (2, 2)


async def test_unknown_keys_are_refused_when_asked(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession
) -> None:
    ll.keys = {"GOOD"}
    for key, status in (("GOOD", 200), ("BAD", 401)):
        headers = {"Authorization": f"Token {key}"}
        async with http.get(f"{ll.url}/events/", headers=headers) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "body"),
    [
        (Fault("status", status=503), 503, "text/html", lambda text: "<h1>" in text),
        (Fault("status", status=404, json=True), 404, "application/json", json.loads),
        (Fault("html"), 200, "text/html", lambda text: "<h1>" in text),
        (Fault("throttled", seconds=9), 429, "application/json", lambda t: " 9 seconds" in t),
        (Fault("truncated"), 200, "application/json", lambda text: text.startswith('{"count"')),
        (Fault("body", body=[1]), 200, "application/json", lambda text: text == "[1]"),
        (Fault("empty"), 200, "application/json", lambda text: '"count": 0' in text),
        (Fault("huge", size=300_000), 200, "application/json", lambda t: len(t) == 300_000),
        (Fault("bomb", size=300_000), 200, "application/json", lambda t: len(t) == 300_000),
        (Fault("gzip"), 200, "application/json", lambda text: json.loads(text)["count"] == 230),
        (Fault("mangle"), 200, "application/json", lambda t: "[null, null," in t),
        (Fault("redirect", url="/else"), 302, "application/octet-stream", lambda t: t == ""),
        (Fault("delay", seconds=0.01), 200, "application/json", json.loads),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
async def test_faults_that_answer(
    ll: FakeLaunchLibrary,
    http: aiohttp.ClientSession,
    fault: Fault,
    status: int,
    content_type: str,
    body: Callable[[str], Any],
) -> None:
    ll.fault = fault
    async with http.get(f"{ll.url}/events/", allow_redirects=False) as answer:
        assert (answer.status, answer.content_type) == (status, content_type)
        assert body(await answer.text())
    ll.fault = None
    assert len(await ids(http, ll)) == 100
    assert [call.status for call in ll.calls] == [status, 200]


@pytest.mark.parametrize("kind", ["drop", "cut", "bad_gzip"])
async def test_faults_that_break(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession, kind: Any
) -> None:
    # Twice, for aiohttp asks again when a kept-alive connection ends without an answer.
    times = 2 if kind == "drop" else 1
    ll.faults = [None, *[Fault(kind, when=lambda call: call.offset == 100)] * times]
    await get(http, f"{ll.url}/events/", offset="100")
    await get(http, f"{ll.url}/events/")
    with pytest.raises(aiohttp.ClientError):
        await get(http, f"{ll.url}/events/", offset="100")
    await get(http, f"{ll.url}/events/", offset="100")
    assert ll.faults == []


@pytest.mark.parametrize("shape", SHAPES)
async def test_wrong_shapes(ll: FakeLaunchLibrary, http: aiohttp.ClientSession, shape: str) -> None:
    right = await get(http, f"{ll.url}/events/")
    ll.faults = [Fault("shape", shape=shape)]
    assert await get(http, f"{ll.url}/events/") != right


@pytest.mark.parametrize("kind", ["hang", "stall"])
async def test_hanging_calls_are_released_or_closed(http: aiohttp.ClientSession, kind: Any) -> None:
    async with FakeLaunchLibrary([event(1)]) as ll:
        ll.fault = Fault(kind)
        asked = asyncio.create_task(get(http, f"{ll.url}/events/"))
        await until(lambda: ll.held)
        assert not asked.done()
        ll.release()
        if kind == "hang":
            assert (await asked)["count"] == 1
        else:
            with pytest.raises(aiohttp.ClientError):
                await asked
        asked = asyncio.create_task(get(http, f"{ll.url}/events/"))
        await until(lambda: ll.held)
    with pytest.raises(aiohttp.ClientError):
        await asked


async def test_a_huge_answer_may_be_left_half_read(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    ll.faults = [Fault("huge"), Fault("hang"), Fault("stall")]
    async with http.get(f"{ll.url}/events/") as answer:
        assert (await answer.content.read(5)).startswith(b'{"cou')
    for _ in range(2):
        asked = asyncio.create_task(get(http, f"{ll.url}/events/"))
        await until(lambda: ll.held)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await until(lambda: not ll.held)
    await ll.gone()
    assert caplog.records == []


async def test_gone_and_back(ll: FakeLaunchLibrary, http: aiohttp.ClientSession) -> None:
    url = f"{ll.url}/events/"
    await get(http, url)
    await ll.gone()
    with pytest.raises(aiohttp.ClientConnectorError):
        await get(http, url)
    await ll.back()
    assert ll.url in url
    await get(http, url)


async def test_faults_of_the_throttle_page(
    ll: FakeLaunchLibrary, http: aiohttp.ClientSession
) -> None:
    ll.faults = [Fault("status", on="throttle")]
    await get(http, f"{ll.url}/events/")
    with pytest.raises(aiohttp.ClientResponseError):
        await get(http, f"{ll.url}/api-throttle/")
    assert await get(http, f"{ll.url}/api-throttle/") != []


async def test_gzip_when_asked(ll: FakeLaunchLibrary) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as raw:
        for accepted, encoding in (("gzip, deflate", "gzip"), ("identity", None)):
            headers = {"Accept-Encoding": accepted}
            async with raw.get(f"{ll.url}/events/", headers=headers) as answer:
                assert answer.headers.get("Content-Encoding") == encoding

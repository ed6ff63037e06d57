"""What stands around the feeds: their list, health, robots, sample data, the log."""

import logging
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from calfeed import feeds
from calfeed.errors import Busy, FeedFileError, StoreError
from calfeed.web import problem
from tests.fake import FakeLaunchLibrary, Fault
from tests.support import judges
from tests.support.service import (
    NOW,
    Answer,
    Service,
    begun,
    clock_at,
    filled,
    known,
    listening,
    serving,
    until,
)

NOWHERE = "http://127.0.0.1:1/2.3.0"
NASA = "Launches by or for NASA, the space agency of the United States, and events that involve it."


def called(answer: Answer) -> str:
    return str(answer.calendar["X-WR-CALNAME"])


def about(answer: Answer) -> str:
    found = judges.read(answer.body).one("X-WR-CALDESC")
    assert found
    return found.text


async def test_the_list_of_feeds() -> None:
    async with serving(NOWHERE, sample="always") as service:
        answer = await service.ask("/feeds.json", Host="calfeed.test:99")
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        listed = {feed["slug"]: feed for feed in answer.json["feeds"]}
        assert len(listed) == answer.json["count"] == 37
        assert listed["nasa"] == {
            "slug": "nasa",
            "name": "NASA",
            "description": NASA,
            "color": "royalblue",
            "section": "agency",
            "collection": "all",
            "filters": {"agency__ids": "44"},
            "options": {"past": "P90D"},
            "url": "http://calfeed.test:99/feeds/nasa.ics",
        }
        without = listed["launches-without-starlink"]
        assert without["collection"] == "launches"
        assert without["filters"] == {}
        assert without["options"] == {"exclude": "starlink", "past": "P90D"}
        for slug in listed:
            assert (await service.ask(f"/feeds/{slug}.ics")).status == 200


async def test_the_list_of_feeds_knows_the_public_address() -> None:
    async with serving(NOWHERE, sample="always", public_url="https://c.example/x/") as service:
        listed = (await service.ask("/feeds.json")).json["feeds"]
    assert listed[0]["url"] == f"https://c.example/x/feeds/{listed[0]['slug']}.ics"


async def test_the_list_of_feeds_need_not_be_sent_again() -> None:
    async with filled(known()) as service:
        first = await service.ask("/feeds.json")
        again = await service.ask("/feeds.json", If_None_Match=first.headers["ETag"])
        other = await service.ask("/feeds.json", If_None_Match='"other"')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (other.status, other.body) == (200, first.body)


async def test_robots_and_health() -> None:
    async with filled(known()) as service:
        robots = await service.ask("/robots.txt")
        health, ready = await service.ask("/healthz"), await service.ask("/readyz")
    assert robots.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert robots.body.decode().splitlines() == ["User-agent: *", "Allow: /"]
    assert [(one.status, one.body) for one in (health, ready)] == [
        (200, b"ok\n"),
        (200, b"ready\n"),
    ]
    assert health.headers["Cache-Control"] == ready.headers["Cache-Control"] == "no-store"


async def test_ready_as_soon_as_something_is_kept() -> None:
    async with FakeLaunchLibrary(known(), now=lambda: NOW) as ll:
        ll.faults = [Fault("hang")]
        async with serving(ll) as service:
            assert (await service.ask("/readyz")).status == 503
            await until(lambda: ll.calls)
            ll.release()
            await service.filled()
            assert (await service.ask("/readyz")).status == 200


async def test_sample_data_says_so() -> None:
    async with serving(NOWHERE, sample="always") as service:
        for url, name in {
            "/events.ics": "Spaceflight events (sample data)",
            "/feeds/nasa.ics": "NASA (sample data)",
            "/events.ics?name=Mine": "Mine (sample data)",
        }.items():
            answer = await service.ask(url)
            assert (answer.status, called(answer)) == (200, name)
            assert answer.names
        told = (await service.ask("/events.json")).json
        assert (told["sample"], told["count"]) == (True, len(told["events"]))
        assert (await service.ask("/events/1183.ics")).names == ["Soyuz MS-27 Docking"]
        age = (await service.ask("/events.ics")).headers
    assert (age["Age"], age["Cache-Status"]) == ("0", "calfeed; hit; ttl=60")
    assert "max-age=60," in age["Cache-Control"]


async def test_the_fallback_gives_way_to_the_real_data() -> None:
    clock = clock_at()
    async with FakeLaunchLibrary(known(), now=clock) as ll:
        await ll.gone()
        async with serving(ll, sample="fallback", clock=clock, wait=0.1) as service:
            sample = await service.ask("/feeds/nasa.ics")
            assert called(sample) == "NASA (sample data)"
            assert (await service.ask("/readyz")).status == 200
            await ll.back()
            await until(lambda: service.parts.replica.last_round)
            while not service.parts.replica.complete:
                await service.next_round()
            real = await service.ask("/feeds/nasa.ics")
            await ll.gone()
            clock.ahead(days=3)
            later = await service.ask("/feeds/nasa.ics")
    assert (called(real), real.names) == ("NASA", ["Dragon Docking"])
    assert real.headers["ETag"] != sample.headers["ETag"]
    assert (called(later), later.body) == ("NASA", real.body)


async def test_a_feed_that_is_narrowed_says_so() -> None:
    async with filled(known()) as service:
        whole = await service.ask("/feeds/nasa.ics")
        part = await service.ask("/feeds/nasa.ics?type__ids=2&future=60d")
    assert called(whole) == called(part) == "NASA"
    credit = "Data: Launch Library 2 by The Space Devs, https://thespacedevs.com"
    assert about(whole) == f"{NASA} {credit}"
    assert about(part).startswith(f"{NASA} Spaceflight: ")
    assert "Docking" in about(part)
    assert "60 days ahead" in about(part)
    assert about(part).endswith(credit)


@pytest.mark.parametrize("name", ["ünï", "two words", 'a"b', ".hidden", "a\nb"])
def test_a_feeds_file_has_a_name_that_is_an_address(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_text('name = "x"\ndescription = "y"\n', encoding="utf-8")
    with pytest.raises(FeedFileError, match="its name becomes an address"):
        feeds.read(path)


def lines(caplog: pytest.LogCaptureFixture, name: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == name]


async def test_one_line_for_each_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with filled(known()) as service:
        whole = await service.ask("/events.ics?search=soyuz")
        await service.ask("/events.ics", "HEAD")
        await service.ask("/events.ics", If_None_Match="*")
        lost = await service.ask("/nope")
        await service.ask("/events.ics", "POST")
    said = [re.sub(r" in [0-9.]+ ms$", "", line) for line in lines(caplog, "calfeed.request")]
    assert said[:4] == [
        f"GET /events.ics?search=soyuz 200 {len(whole.body)} bytes",
        "HEAD /events.ics 200 0 bytes",
        "GET /events.ics 304 0 bytes",
        f"GET /nope 404 {len(lost.body)} bytes",
    ]
    assert said[4].startswith("POST /events.ics 405 ")
    assert len(said) == 5


async def test_a_request_that_is_broken_off_has_its_line_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with FakeLaunchLibrary(known(), now=lambda: NOW) as ll:
        ll.fault = Fault("hang")
        async with serving(ll) as service:
            _, writer = await begun(service.url, "/events.ics")
            writer.transport.abort()
            await until(lambda: lines(caplog, "calfeed.request"))
    assert [line.split(" in ")[0] for line in lines(caplog, "calfeed.request")] == [
        "GET /events.ics broken off"
    ]


async def test_errors_that_may_pass_say_when_to_come_back() -> None:
    failures = {"/store": StoreError("the disk is full"), "/busy": Busy("many are here", 7)}

    async def fail(request: web.Request) -> web.StreamResponse:
        raise failures[request.path]

    app = web.Application(middlewares=[problem.errors])
    app.router.add_get("/{name}", fail)
    async with listening(app) as url, aiohttp.ClientSession(url) as client:
        told = []
        for path in failures:
            async with client.get(path) as answer:
                told.append((answer.status, answer.headers["Retry-After"], await answer.json()))
    assert [(status, wait, body["title"], body["detail"]) for status, wait, body in told] == [
        (503, "60", "Store unavailable", "the disk is full"),
        (503, "7", "Busy", "many are here"),
    ]


@pytest.mark.parametrize("host", ["", "a b", "[::1", "x:y", "/", "é", "a@b", "x:99999"])
async def test_a_host_that_is_none_breaks_nothing(service: Service, host: str) -> None:
    for url in ("/feeds.json", "/", "/events.ics"):
        answer = await service.ask(url, Host=host)
        assert (answer.status, answer.json["status"]) == (400, 400)


@pytest.mark.parametrize("host", ["a_b.example", "127.0.0.1:80", "[::1]:8080", "localhost."])
async def test_a_host_that_is_one(service: Service, host: str) -> None:
    answer = await service.ask("/feeds.json", Host=host)
    assert f'"http://{host.removesuffix(":80")}/feeds/nasa.ics"' in answer.body.decode()


@pytest.fixture
async def service() -> Any:
    async with serving(NOWHERE, sample="always") as one:
        yield one

"""Responses sent again: the same as if they were made anew, and counted like all."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from calfeed.mirror.result import Result
from calfeed.publish.rendered import RenderedFeed
from calfeed.publish.window import Validity
from calfeed.web.conditional import respond
from calfeed.web.outgoing import Outgoing
from calfeed.web.response_cache import JOINED, ResponseCache
from tests.support import calendars
from tests.support.service import NOW, Answer, Service, filled, known, listening
from tests.web.test_around_feeds import lines

PATH = "/feeds/nasa.ics"
RESULT = calendars.result(calendars.query(), NOW)


def same(one: Answer, other: Answer) -> bool:
    return (one.status, sorted(one.headers.items()), one.body) == (
        other.status,
        sorted(other.headers.items()),
        other.body,
    )


@dataclass
class World:
    """An application that has nothing but the cache and one handler: what it answers, how often
    it was asked, and the moment it is in."""

    client: aiohttp.ClientSession = field(init=False)
    moment: int = 0
    handled: int = 0
    result: Result = RESULT
    sizes: dict[str, int] = field(default_factory=dict)
    outgoing: Outgoing = field(default_factory=lambda: Outgoing(lambda feed: True))
    meanwhile: Callable[[], None] = lambda: None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.handled += 1
        self.meanwhile()
        if request.path == "/plain":
            return web.Response(text="no feed")
        body = b"x" * self.sizes.get(request.path, 5000)
        feed = RenderedFeed(body, "tag", NOW, 1, (1,), Validity(None, None))
        return await respond(
            request, feed, self.result, self.outgoing, content_type="text/calendar; charset=utf-8",
            filename="x.ics", fresh_for=timedelta(minutes=15),
        )  # fmt: skip

    async def ask(self, path: str = "/x.ics", method: str = "GET", **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, path, headers=sent) as answer:
            return Answer(answer.status, answer.headers, await answer.read())


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    one = World()
    app = web.Application(middlewares=[ResponseCache(lambda: one.moment).replay])
    app.router.add_get("/{path}", one.handle)
    quiet = ["Accept-Encoding", "User-Agent"]
    async with (
        listening(app) as url,
        aiohttp.ClientSession(url, auto_decompress=False, skip_auto_headers=quiet) as client,
    ):
        one.client = client
        yield one


@pytest.mark.parametrize(
    "fields",
    [{}, {"Accept_Encoding": "gzip"}, {"If_None_Match": "*"}, {"Accept_Encoding": "br, gzip;q=0"}],
)
async def test_an_equal_request_is_not_handled_again(fields: dict[str, str]) -> None:
    async with world() as one:
        first, again = await one.ask(**fields), await one.ask(**fields)
        assert same(first, again)
        assert first.status == (304 if "If_None_Match" in fields else 200)
        assert one.handled == 1
        await one.ask(method="HEAD", **fields)
        assert one.handled == 2


async def test_what_is_large_is_sent_whole() -> None:
    async with world() as one:
        one.sizes["/x.ics"] = 4 * JOINED
        first, again = await one.ask(), await one.ask()
    assert len(first.body) == 4 * JOINED
    assert same(first, again)
    assert one.handled == 1


async def test_in_another_moment_it_is_handled_anew() -> None:
    async with world() as one:
        for moment in (0, 1, 0):
            one.moment = moment
            await one.ask()
            await one.ask()
    assert one.handled == 3


async def test_a_response_that_a_moment_passed_over_is_not_sent_again() -> None:
    async with world() as one:

        def pass_over() -> None:
            one.moment += 1

        one.meanwhile = pass_over
        await one.ask()
        one.meanwhile = lambda: None
        await one.ask()
        await one.ask()
    assert one.handled == 2


async def test_that_somebody_waited_is_told_to_nobody_else() -> None:
    async with world() as one:
        one.result = replace(RESULT, hit=False)
        first = await one.ask()
        one.result = RESULT
        again = await one.ask()
    assert first.headers["Cache-Status"] == "calfeed; fwd=miss; stored"
    assert again.headers["Cache-Status"] == "calfeed; hit; ttl=900"


async def test_nothing_but_feeds_is_sent_again() -> None:
    async with world() as one:
        await one.ask("/plain")
        await one.ask("/plain")
    assert one.handled == 2


async def test_responses_without_a_body_push_no_others_out() -> None:
    async with world() as one:
        one.sizes["/x.ics"] = 8_000_000
        whole = await one.ask()
        for n in range(5):
            assert (await one.ask(If_None_Match=f'"{n}", "tag"')).status == 304
        assert same(whole, await one.ask())
    assert one.handled == 6


async def test_they_are_bounded() -> None:
    async with world() as one:
        paths = [f"/{n}.ics" for n in range(6)]
        one.sizes = dict.fromkeys(paths, 8_000_000)
        for path in paths:
            await one.ask(path)
        await one.ask(paths[-1])
        assert one.handled == len(paths)
        await one.ask(paths[0])
        assert one.handled == len(paths) + 1


async def test_what_is_too_large_to_be_stored_is_sent_all_the_same() -> None:
    async with world() as one:
        one.sizes["/x.ics"] = 40_000_000
        assert len((await one.ask()).body) == 40_000_000
        await one.ask("/y.ics")
        await one.ask("/y.ics")
    assert one.handled == 2


async def test_a_second_later_all_are_a_second_older() -> None:
    async with filled(known()) as service:
        first, other = await service.ask(PATH), await service.ask("/agencies/63.ics")
        service.clock.ahead(seconds=0.9)
        assert same(first, await service.ask(PATH))
        service.clock.ahead(seconds=0.2)
        for before, path in ((first, PATH), (other, "/agencies/63.ics")):
            after = await service.ask(path)
            assert int(after.headers["Age"]) == int(before.headers["Age"]) + 1
            assert "ttl=899" in after.headers["Cache-Status"]
            assert after.body == before.body


async def test_a_clock_that_is_set_back_makes_nothing_older() -> None:
    async with filled(known()) as service:
        service.clock.ahead(seconds=5)
        assert (await service.ask(PATH)).headers["Age"] == "5"
        service.clock.ahead(days=-1)
        assert (await service.ask(PATH)).headers["Age"] == "0"


async def test_what_time_changes_is_made_anew() -> None:
    async with filled(known()) as service:
        path = "/events/upcoming.ics?search=soyuz"
        assert (await service.ask(path)).names == ["Soyuz Undocking"]
        service.clock.ahead(hours=14)  # exactly a day after the event
        assert (await service.ask(path)).names == ["Soyuz Undocking"]
        service.clock.ahead(seconds=1)
        await service.ask(PATH)
        assert (await service.ask(path)).names == []


async def test_a_clock_that_is_set_back_shows_the_day_that_it_says() -> None:
    async with filled(known()) as service:
        path = "/events.ics?past=0d&future=1d"
        today = await service.ask(path)
        assert today.names == ["Soyuz Undocking"]
        service.clock.ahead(days=-2)
        before = await service.ask(path)
        service.clock.ahead(days=2)
        assert (await service.ask(path)).names == today.names
        service.clock.ahead(days=-2)
        assert (await service.ask(path)).names == before.names == []


async def test_what_was_fresh_is_stale_in_time() -> None:
    async with filled(known()) as service:
        for minutes, said in ((0, "hit; ttl=900"), (20, "hit; ttl=-300; detail=stale")):
            service.clock.ahead(minutes=minutes)
            for _ in range(2):
                assert (await service.ask(PATH)).headers["Cache-Status"] == f"calfeed; {said}"
        counted = (await service.ask("/metrics")).body.decode()
        for cache in ("hit", "stale"):
            assert f'calfeed_feed_answers_total{{cache="{cache}"}} 2.0' in counted


async def test_new_data_shows_at_once() -> None:
    async with filled(known()) as service:
        first = await service.ask(PATH)
        await service.take_in("events", id=9, name="Renamed")
        again = await service.ask(PATH)
        assert "Renamed" in again.names
        assert again.headers["ETag"] != first.headers["ETag"]


async def test_what_decides_on_an_answer_is_looked_at() -> None:
    async with filled(known()) as service:
        plain = await service.ask(PATH)
        packed = await service.ask(PATH, Accept_Encoding="gzip")
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert (await service.ask(PATH, If_None_Match=plain.headers["ETag"])).status == 304
        assert (await service.ask(PATH, If_None_Match='"other"')).status == 200
        since = plain.headers["Last-Modified"]
        assert (await service.ask(PATH, If_Modified_Since=since)).status == 304
        assert (await service.ask(PATH, Host="a b")).status == 400
        assert (await service.ask(f"{PATH}?limit=1")).body != plain.body
        head = await service.ask(PATH, "HEAD")
        assert (head.body, head.headers["ETag"]) == (b"", plain.headers["ETag"])
        assert same(plain, await service.ask(PATH))


async def raw(service: Service, *requests: str) -> bytes:
    """What comes back for requests that are sent all at once on one connection."""
    async with service.client.get("/healthz") as answer:
        host, port = answer.url.host, answer.url.port
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write("".join(f"{one}\r\n\r\n" for one in requests).encode())
        return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_connections_end_as_they_are_asked_to() -> None:
    line, close = f"GET {PATH} HTTP/1.1\r\nHost: localhost", "\r\nConnection: close"
    async with filled(known()) as service:
        whole = await service.ask(PATH)
        for last in (line + close, f"GET {PATH} HTTP/1.0"):
            sent = await raw(service, line, line, last)
            assert sent.count(whole.body) == 3
            assert sent.count(b" 200 OK\r\n") == 3


async def test_they_are_measured_and_logged_like_all(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "calfeed.request")
    async with filled(known()) as service:
        size = len((await service.ask(PATH)).body)
        await service.ask(PATH)
        counted = (await service.ask("/metrics")).body.decode()
    assert 'calfeed_feed_answers_total{cache="hit"} 2.0' in counted
    route = 'route="/feeds/{slug}.{form}",status="200"'
    assert f"calfeed_request_duration_seconds_count{{{route}}} 2.0" in counted
    said = [line.partition(" in ")[0] for line in lines(caplog, "calfeed.request")]
    assert said[:2] == [f"GET {PATH} 200 {size} bytes"] * 2

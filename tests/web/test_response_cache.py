"""Answers given again: the same as if they were made anew, and counted like all."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from calfeed.mirror.result import Result
from calfeed.query.query import Query
from calfeed.store import Changes
from calfeed.web import response_cache as ready
from calfeed.web.observe import EachLineStamped
from calfeed.web.response_cache import RESPONSE_CACHE
from tests.support.service import Answer, Service, filled, known
from tests.web.test_around_feeds import lines

PATH = "/feeds/nasa.ics"


def same(one: Answer, other: Answer) -> bool:
    return (one.status, sorted(one.headers.items()), one.body) == (
        other.status,
        sorted(other.headers.items()),
        other.body,
    )


async def broken(*_: Any) -> None:
    raise AssertionError("the library was asked again")


@pytest.mark.parametrize(
    "fields",
    [{}, {"Accept_Encoding": "gzip"}, {"If_None_Match": "*"}, {"Accept_Encoding": "br, gzip;q=0"}],
)
async def test_the_same_again_is_not_worked_out_again(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]
) -> None:
    async with filled(known()) as service:
        first = await service.ask(PATH, **fields)
        monkeypatch.setattr(service.parts.repository, "answer", broken)
        again = await service.ask(PATH, **fields)
        assert same(first, again)
        assert first.status == (304 if "If_None_Match" in fields else 200)
        assert (await service.ask(PATH, "HEAD", **fields)).status == 500


async def test_a_second_later_all_are_a_second_older(monkeypatch: pytest.MonkeyPatch) -> None:
    async with filled(known()) as service:
        first, other = await service.ask(PATH), await service.ask("/agencies/63.ics")
        service.clock.ahead(seconds=0.9)
        assert same(first, await service.ask(PATH))
        service.clock.ahead(seconds=0.2)
        later = await service.ask(PATH)  # this one tells what the others say of the second
        monkeypatch.setattr(service.parts.repository, "answer", broken)
        for before, after in ((first, later), (other, await service.ask("/agencies/63.ics"))):
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


async def test_answers_without_a_body_push_no_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MOST_BYTES", 40_000)
    async with filled(known()) as service:
        whole = await service.ask(PATH)
        tag = whole.headers["ETag"]
        for n in range(5):
            assert (await service.ask(PATH, If_None_Match=f'"{n}", {tag}')).status == 304
        monkeypatch.setattr(service.parts.repository, "answer", broken)
        assert same(whole, await service.ask(PATH))


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
        event = service.parts.replica.dataset.events[9]
        news = event.model_copy(update={"name": "Renamed"})
        await service.parts.replica.write(Changes(events=(news,)))
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
    caplog.set_level(logging.INFO)
    async with filled(known()) as service:
        size = len((await service.ask(PATH)).body)
        await service.ask(PATH)
        counted = (await service.ask("/metrics")).body.decode()
    assert 'calfeed_feed_answers_total{cache="hit"} 2.0' in counted
    route = 'route="/feeds/{slug}.{form}",status="200"'
    assert f"calfeed_request_seconds_count{{{route}}} 2.0" in counted
    said = [line.partition(" in ")[0] for line in lines(caplog, "calfeed.request")]
    assert said[:2] == [f"GET {PATH} 200 {size} bytes"] * 2


async def test_that_somebody_waited_is_told_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    async with filled(known()) as service:
        real = service.parts.repository.answer

        async def waited(query: Query) -> Result:
            return replace(await real(query), hit=False)

        with monkeypatch.context() as patched:
            patched.setattr(service.parts.repository, "answer", waited)
            first = await service.ask(PATH)
        again = await service.ask(PATH)
    assert first.headers["Cache-Status"] == "calfeed; fwd=miss; stored"
    assert again.headers["Cache-Status"] == "calfeed; hit; ttl=900"


async def test_nothing_but_feeds_is_given_again() -> None:
    async with filled(known()) as service:
        answers = service.app[RESPONSE_CACHE]
        for path in ("/", "/healthz", "/status.json", "/nope", "/feeds/nope.ics"):
            await service.ask(path)
        assert answers.count == 0
        await service.ask(PATH)
        assert answers.count == 1


async def test_long_requests_are_not_kept() -> None:
    async with filled(known()) as service:
        tags = ", ".join(f'"{n}"' for n in range(300))
        assert (await service.ask(PATH, If_None_Match=tags)).status == 200
        assert (await service.ask(f"{PATH}?{'utm_x=1&' * 40}" + "utm_y=" + "y" * 700)).status == 200
        assert service.app[RESPONSE_CACHE].count == 0


async def test_they_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MOST_BYTES", 40_000)
    async with filled(known()) as service:
        answers = service.app[RESPONSE_CACHE]
        for n in range(20):
            await service.ask(f"{PATH}?name={n}")
        assert 1 <= answers.count < 20


async def test_lines_that_come_together_are_written_together(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with filled(known()) as service:
        await asyncio.gather(*(service.ask(f"{PATH}?limit={n}") for n in range(1, 40)))
    records = [one for one in caplog.records if one.name == "calfeed.request"]
    assert len(lines(caplog, "calfeed.request")) == 39
    assert len(records) < 39


def test_every_line_has_its_stamp() -> None:
    shape = EachLineStamped("%(levelname)s: %(message)s")
    record = logging.LogRecord("calfeed.request", logging.INFO, "", 0, "%s", ("a\nb\nc",), None)
    assert shape.format(record) == "INFO: a\nINFO: b\nINFO: c"
    record.name = "calfeed.other"
    assert shape.format(record) == "INFO: a\nb\nc"

"""HTTP as clients and caches see it: RFC 9110, RFC 9111, RFC 9211, RFC 9457, CORS."""

import gzip
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest
import pytest_asyncio

from tests.fake import event
from tests.support.service import NOW, Answer, Service, filled, known

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEEDS = {
    "/events": "events",
    "/events/upcoming": "upcoming-events",
    "/events/previous": "previous-events",
    "/events/1183": "event-1183",
    "/feeds/nasa": "nasa",
    "/agencies/63": "agency-63",
}
"""Every kind of feed, and what its file is called."""
TYPES = {"ics": "text/calendar; charset=utf-8", "json": "application/json; charset=utf-8"}
URLS = [f"{path}.{form}" for path in FEEDS for form in TYPES]
PAGES = ["/", "/feeds.json", "/robots.txt", "/healthz", "/readyz", "/metrics", "/status.json"]
GONE = ["/feeds/nope.ics", "/events/5.ics", "/events/7.json", "/nope", "/events.csv",
        "/events/99999999999.ics", "/agencies/x.ics", "/feeds/.ics", "/events.ics/"]  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def service() -> AsyncIterator[Service]:
    async with filled(known()) as service:
        yield service


@pytest.mark.parametrize("url", URLS)
async def test_every_feed(service: Service, url: str) -> None:
    answer = await service.ask(url)
    path, _, form = url.rpartition(".")
    headers = answer.headers
    assert answer.status == 200
    assert headers["Content-Type"] == TYPES[form]
    assert headers["Content-Disposition"] == f'inline; filename="{FEEDS[path]}.{form}"'
    assert headers["Content-Length"] == str(len(answer.body))
    assert re.fullmatch('"[0-9a-f]{32}"', headers["ETag"])
    assert headers["Vary"] == "Accept-Encoding"
    assert parsedate_to_datetime(headers["Last-Modified"]) <= NOW
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Last-Modified"} <= set(headers["Access-Control-Expose-Headers"].split(", "))
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize("url", [*URLS, *PAGES, *GONE, "/events.ics?agency_ids=4"])
async def test_head_is_get_without_a_body(service: Service, url: str) -> None:
    whole, head = await service.ask(url), await service.ask(url, "HEAD")
    assert (head.status, head.body) == (whole.status, b"")
    if url not in ("/metrics", "/status.json"):  # which count
        assert bare(head) == bare(whole)


@pytest.mark.parametrize("url", [*URLS, *PAGES, *GONE])
async def test_what_every_answer_carries_and_none(service: Service, url: str) -> None:
    headers = (await service.ask(url)).headers
    assert "Set-Cookie" not in headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"]
    assert headers["Date"]


def bare(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


@pytest.mark.parametrize(
    ("accepted", "coded"),
    [
        ("gzip", True), ("gzip, deflate, br", True), ("GZip;q=0.5", True), ("x-gzip", True),
        ("*", True), ("deflate, *;q=0.1", True), ("identity;q=0.5, gzip", True),
        ("gzip;q=1.000", True), ("gzip ; q=0.001", True), ("", False), ("identity", False),
        ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("*;q=0", False),
        ("gzip;q=0, *", False), ("identity, gzip;q=0.5", False), ("xgzip", False),
    ],
)  # fmt: skip
async def test_gzip_only_where_it_is_accepted(service: Service, accepted: str, coded: bool) -> None:
    plain = await service.ask("/events.ics")
    answer = await service.ask("/events.ics", Accept_Encoding=accepted)
    assert answer.headers.get("Content-Encoding") == ("gzip" if coded else None)
    assert answer.headers["Vary"] == "Accept-Encoding"
    tag = plain.headers["ETag"]
    assert answer.headers["ETag"] == (tag[:-1] + '-gzip"' if coded else tag)
    assert (gzip.decompress(answer.body) if coded else answer.body) == plain.body


async def test_a_small_answer_is_not_compressed(service: Service) -> None:
    answer = await service.ask("/events.json?id=5", Accept_Encoding="gzip")
    assert answer.body == b'{"count":0,"events":[]}'


@pytest.mark.parametrize("url", ["/events.ics", "/feeds/nasa.json"])
@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ("{tag}", 304), ("W/{tag}", 304), ("*", 304), ('"x", {tag}', 304), ('"x",W/{tag},"y"', 304),
        ('"x"', 200), ('W/"x"', 200), ("", 200), ('"*"', 200), ("{bare}", 200), ("nonsense", 200),
    ],
)  # fmt: skip
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_if_none_match(
    service: Service, url: str, tags: str, status: int, coding: str, method: str
) -> None:
    whole = await service.ask(url, Accept_Encoding=coding)
    tag = whole.headers["ETag"]
    given = tags.format(tag=tag, bare=tag.strip('"'))
    answer = await service.ask(url, method, Accept_Encoding=coding, If_None_Match=given)
    assert answer.status == status
    if status == 304:
        assert answer.body == b""
        for name in ("ETag", "Cache-Control", "Vary", "Last-Modified", "Age", "Cache-Status"):
            assert answer.headers[name] == whole.headers[name]
        assert answer.headers["Date"]
        assert not {"Content-Type", "Content-Encoding", "Content-Disposition"} & set(answer.headers)


async def test_the_copy_of_the_other_coding_is_known_too(service: Service) -> None:
    plain = (await service.ask("/events.ics")).headers["ETag"]
    packed = (await service.ask("/events.ics", Accept_Encoding="gzip")).headers["ETag"]
    for coding in ("gzip", "identity"):
        for tag in (plain, packed):
            answer = await service.ask("/events.ics", Accept_Encoding=coding, If_None_Match=tag)
            assert (answer.status, answer.headers["ETag"]) == (304, tag)


async def test_several_lines_of_tags_are_one_list(service: Service) -> None:
    tag = (await service.ask("/events.ics")).headers["ETag"]
    lines = [("If-None-Match", '"x"'), ("If-None-Match", f'"y", W/{tag}')]
    async with service.client.get("/events.ics", headers=lines) as answer:
        assert (answer.status, answer.headers["ETag"]) == (304, tag)


async def test_if_modified_since_counts_only_without_tags(service: Service) -> None:
    changed = (await service.ask("/events.ics")).headers["Last-Modified"]
    earlier = "Wed, 10 Mar 2021 11:59:59 GMT"
    later = "Fri, 31 Dec 2032 23:59:59 GMT"

    async def status(**headers: str) -> int:
        return (await service.ask("/events.ics", **headers)).status

    assert await status(If_Modified_Since=changed) == 304
    assert await status(If_Modified_Since=later) == 304
    assert await status(If_Modified_Since=earlier) == 200
    assert await status(If_Modified_Since="yesterday") == 200
    assert await status(If_Modified_Since=later, If_None_Match='"x"') == 200
    assert await status(If_Modified_Since=earlier, If_None_Match="*") == 304


@pytest.mark.parametrize("url", [*URLS, "/", "/feeds.json", "/nope", "/feeds/nope.ics"])
async def test_other_methods(service: Service, url: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND", "REPORT", "TRACE"):
        answer = await service.ask(url, method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.headers["Content-Type"] == "application/problem+json"
    preflight = await service.ask(
        url, "OPTIONS", Origin="https://a.example", Access_Control_Request_Method="GET"
    )
    assert (preflight.status, preflight.body) == (204, b"")
    assert preflight.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert preflight.headers["Access-Control-Allow-Headers"] == "*"
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("url", GONE)
async def test_what_is_not_there(service: Service, url: str) -> None:
    answer = await service.ask(url)
    assert (answer.status, answer.json["status"]) == (404, 404)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["title"] == "Not found"


def in_nginx(answer: Answer) -> int:
    """For how many seconds nginx may keep it. The field has to stand behind Cache-Control, or nginx
    reads nothing of stale-while-revalidate."""
    names = [name.lower() for name in answer.headers]
    assert names.index("cache-control") < names.index("x-accel-expires")
    return int(answer.headers["X-Accel-Expires"])


def caching(answer: Answer) -> tuple[int, int, str]:
    """Age and max-age in seconds, and what Cache-Status says."""
    assert re.fullmatch(
        r"public, max-age=(\d+), stale-while-revalidate=\d+, stale-if-error=\d+",
        answer.headers["Cache-Control"],
    )
    lifetime = re.search(r"max-age=(\d+)", answer.headers["Cache-Control"])
    assert lifetime
    return int(answer.headers["Age"]), int(lifetime[1]), answer.headers["Cache-Status"]


@pytest.mark.asyncio(loop_scope="function")
async def test_caching_headers_are_true_to_the_age_of_the_data() -> None:
    async with filled(known(), fresh_for=timedelta(minutes=20)) as own:
        assert caching(await own.ask("/events.ics")) == (0, 1200, "calfeed; hit; ttl=1200")
        own.clock.ahead(minutes=5)
        assert caching(await own.ask("/events.ics")) == (300, 1200, "calfeed; hit; ttl=900")
        assert caching(await own.ask("/events.ics", If_None_Match="*"))[0] == 300
        await own.parts.replica.store.block_calls(9000)
        own.clock.ahead(minutes=20)
        stale = await own.ask("/events.ics")
    assert stale.status == 200
    assert caching(stale) == (1500, 1200, "calfeed; hit; ttl=-300; detail=stale")


@pytest.mark.asyncio(loop_scope="function")
async def test_nginx_which_does_not_look_at_age_is_told_how_long_a_feed_is_fresh() -> None:
    async with filled(known(), fresh_for=timedelta(minutes=20)) as own:
        await own.parts.replica.store.block_calls(6 * 3600)
        seconds = []
        for _ in range(5):
            seconds.append(in_nginx(await own.ask("/events.ics")))
            assert in_nginx(await own.ask("/events.ics", If_None_Match="*")) == seconds[-1]
            own.clock.ahead(minutes=9)
    assert seconds == [1200, 660, 120, 30, 30]
    async with filled(known(), fresh_for=timedelta(seconds=10)) as own:
        assert in_nginx(await own.ask("/events.ics")) == 10


@pytest.mark.asyncio(loop_scope="function")
async def test_last_modified_moves_with_the_window_and_never_back() -> None:
    late = event(1, name="Late", date=(NOW - timedelta(hours=23.5)).isoformat())
    async with filled([*known(), late]) as own:
        await own.parts.replica.store.block_calls(6 * 3600)
        seen: list[tuple[datetime, str]] = []
        for _ in range(60):
            answer = await own.ask("/events/upcoming.ics?past=1d")
            seen.append(
                (parsedate_to_datetime(answer.headers["Last-Modified"]), answer.headers["ETag"])
            )
            own.clock.ahead(hours=1)
    dates = [date for date, _ in seen]
    assert dates == sorted(dates)
    assert len({tag for _, tag in seen}) > 2
    for (date, tag), (next_date, next_tag) in pairwise(seen):
        assert (tag == next_tag) == (date == next_date)


@pytest.mark.asyncio(loop_scope="function")
async def test_last_modified_stays_while_nothing_changes() -> None:
    async with filled(known()) as own:
        before = (await own.ask("/events.ics")).headers["Last-Modified"]
        await own.next_round()
        assert (await own.ask("/events.ics")).headers["Last-Modified"] == before


@pytest.mark.asyncio(loop_scope="function")
async def test_a_fault_of_ours_is_answered_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with filled(known()) as own:
        object.__setattr__(own.parts.replica.datasets["events"].records[1183], "name", None)
        answer = await own.ask("/events/1183.ics")
    assert (answer.status, answer.json["title"]) == (500, "Internal error")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert b"Traceback" not in answer.body
    assert b"str" not in answer.body
    assert "Traceback" in caplog.text

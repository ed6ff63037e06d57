"""Whatever is asked for: no 500, nothing that is no answer, and nobody waits for ever."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from calfeed.catalog import SCOPES
from calfeed.query import kinds
from calfeed.query.filter import Filter
from calfeed.query.options import OPTIONS
from tests.support import judges
from tests.support.process import Process, fake, serving
from tests.web.test_openapi import schema

LAUNCH = "/launches/a3c9c47e-976e-40a5-8889-30c407131e3a"
PATHS = ("/events", "/events/upcoming", "/events/previous", "/events/7", "/events/0", "/launches",
         "/launches/upcoming", "/launches/previous", LAUNCH, f"{LAUNCH}0", "/launches/7", "/all",
         "/all/upcoming", "/all/previous", "/all/7", "/feeds/nasa", "/feeds/everything",
         "/feeds/none", "/agencies/44", "/agencies/2147483647",
         "/agencies/99999999999999999999", "/feeds", "/status", "/openapi", "/metrics", "/healthz",
         "/readyz", "/robots.txt", "/", "/static/page.css", "/feeds/../events")  # fmt: skip
VALUES = ("44", "44,63", "2026", "7", "0", "-1", "true", "2026-07-01", "2026-07-01T12:00:00+02:00",
          "0001-01-01", "9999-12-31T23:59:59-23:59", "P90D", "90d", "P36525D", "PT0S", "span",
          "hide", "webcast", "official", "en,ru", "date", "-last_updated", "100000", "", ",",
          "nan", "1e9", "٣", "\x00", "\r\nX: 1", "\u2028", "🚀", "%", "a" * 300, "1," * 99 + "1",
          "http://127.0.0.1/", "nasa", "webcal://x/feeds/nasa.ics", "../../etc/passwd")  # fmt: skip
FILTERS = {name for scope in SCOPES.values() for name in scope.filters}
PAGE = ("feed", "view", "url", "q", "month", "page", "utm_source", "mode", "format", "x", "")

plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.one_of(st.sampled_from([*sorted(FILTERS), *OPTIONS]), st.sampled_from(PAGE), plain)
pairs = st.tuples(names, st.one_of(st.sampled_from(VALUES), plain)).map(
    lambda pair: f"{quote(pair[0])}={quote(pair[1], safe=',:/')}".encode()
)
MOMENTS = ("2026-07-01", "2025-01-01T12:00:00+02:00", "0001-01-01", "9999-12-31T23:59:59Z")
LENGTHS = ("P90D", "90d", "1w", "PT30M", "P36525D", "0s")
OF_KIND = ((kinds.IDS, ("1", "44,63,121", "2,8")), (kinds.MOMENT, MOMENTS),
           (kinds.FLAG, ("true", "false")), (kinds.NUMBER, ("0", "3")))  # fmt: skip
OF_NAME = {
    "day": ("7", "1,31"), "month": ("7", "1,12"), "year": ("2026", "2025,2027"),
    "search": ("dragon", "DOCKING 7"), "slug": ("event-7",),
    "video_url": ("https://videos.example/watch?v=1-0",), "country": ("us,NZ",),
    "near": ("0,0", "-90,180,20000"), "exclude": ("starlink", "Dragon, STARSHIP"),
    "past": (*LENGTHS, "all"), "future": LENGTHS, "length": ("2h", "P7D", "window"),
    "alarm": ("1d,10m", "0s"), "coarse": ("mark", "span", "hide"), "start": ("date", "webcast"),
    "lang": ("ru,en", "pt-br"), "webcast": ("any", "yes", "official"),
    "name": ("Ünïcode; \\, 🚀", "\u2028x"), "limit": ("1", "100000"), "offset": ("0", "3"),
    "ordering": ("date", "-net", "id", "-name", "-last_updated"),
}  # fmt: skip


def readable(row: Filter[Any]) -> tuple[str, ...]:
    """Values that a filter reads."""
    example = str(row.kind.example)
    of_kind = next((values for kind, values in OF_KIND if kind is row.kind), (example,))
    return OF_NAME.get(row.name, of_kind)


GOOD = {
    scope.name: [
        (name, value)
        for name, values in (
            *((name, readable(row)) for name, row in scope.filters.items()),
            *((name, OF_NAME[name]) for name in OPTIONS),
        )
        for value in values
    ]
    for scope in SCOPES.values()
}
"""For each scope, parameters that are read."""
FEEDS = {
    "/events": "events", "/events/upcoming": "events", "/events/previous": "events",
    "/events/7": "events", "/launches": "launches", "/launches/upcoming": "launches",
    "/launches/previous": "launches", "/all": "all", "/all/upcoming": "all",
    "/all/previous": "all", "/feeds/nasa": "all", "/feeds/everything": "all", "/agencies/44": "all",
}  # fmt: skip
"""Addresses, each with the name of its scope."""

good = st.sampled_from(sorted(FEEDS)).flatmap(
    lambda path: st.tuples(
        st.just(path),
        st.lists(st.sampled_from(GOOD[FEEDS[path]]), max_size=4, unique_by=lambda pair: pair[0]),
    )
)
raw = st.binary(max_size=60).map(lambda text: text.translate(None, b"\r\n \x00"))
paths = st.one_of(
    st.tuples(st.sampled_from(PATHS), st.sampled_from(["", ".ics", ".json", ".html", "/", ".ics/"]))
    .map("".join)
    .map(str.encode),
    raw.map(lambda text: b"/" + text),
    plain.map(lambda text: b"/" + quote(text).encode()),
)
queries = st.one_of(st.just(b""), st.lists(pairs, min_size=1, max_size=4).map(b"&".join), raw)
tags = st.sampled_from(["*", '"x"', 'W/"x"', '"', "x", ",,,", '"a", "b', "é"])
dates = st.sampled_from(["Sat, 21 Nov 2026 07:00:00 GMT", "yesterday", "Mon, 99 Foo 0000", ""])
codings = st.sampled_from(
    ["gzip", "br;q=1", "gzip;q=0", "*;q=0", "identity;q=0", ";;;", "gzip;q=x"]
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept-Encoding": codings,
        "If-None-Match": tags,
        "If-Modified-Since": dates,
        "Accept": st.sampled_from(["text/html", "application/json", "*/*;q=2", "é"]),
        "Accept-Language": st.sampled_from(["de", "*", "é;q=x"]),
        "Host": st.sampled_from(["calfeed.example", "[::1", "a b", "", "x" * 500, "a:99999"]),
        "X-Forwarded-Proto": st.sampled_from(["https", "javascript"]),
        "Range": st.sampled_from(["bytes=0-9", "bytes=9-0", "x"]),
        "Cookie": st.just("a=b; c"),
    },
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder: Path = tmp_path_factory.mktemp("any")
    with fake(folder, "--events", "150", "--launches", "250") as url:
        with serving(folder, CALFEED_LL2_URL=url, CALFEED_LL2_CALLS_PER_HOUR="100") as started:
            started.filled()
            yield started


@settings(max_examples=250)
@given(
    good,
    st.sampled_from(["ics", "ics", "json"]),
    st.sampled_from(["GET", "GET", "HEAD"]),
    headers.map(lambda sent: {k: v for k, v in sent.items() if k != "Host"}),
)
def test_any_query_that_can_be_read_is_a_feed(
    service: Process,
    wanted: tuple[str, list[tuple[str, str]]],
    form: str,
    method: str,
    sent: dict[str, str],
) -> None:
    path, asked = wanted
    if not path.endswith("/upcoming"):
        asked = [pair for pair in asked if pair[0] != "hide_recent_previous"]
    answer = ask(service, method, f"{path}.{form}?{urlencode(asked)}".encode(), sent)
    event(kind := check(answer, method))
    assert kind.split()[0] in ("200", "304") or path == "/events/7"


@settings(max_examples=200)
@given(st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST"]), paths, queries, headers)
@example("GET", b"/events.ics", b"past=P36525D&future=P36525D&coarse=span", {})
@example("GET", b"/events.ics", b"date__lt=0001-01-01&ordering=-date&limit=1&offset=100000", {})
@example("GET", b"/feeds/%00.ics", b"%FF=%FF", {})
@example(
    "GET", b"/feeds/nasa.ics", b"name=%E2%80%A8a&alarm=366d,0s,1s", {"Accept-Encoding": "gzip"}
)
def test_any_request_is_answered(
    service: Process, method: str, path: bytes, query: bytes, sent: dict[str, str]
) -> None:
    target = path + (b"?" + query if query else b"")
    event(check(ask(service, method, target, sent), method))


def ask(service: Process, method: str, target: bytes, sent: dict[str, str]) -> bytes:
    """One request on a connection of its own, byte by byte as it is given. Where no byte comes for
    many seconds, the connection raises TimeoutError."""
    lines = {"Host": "calfeed.example", **sent, "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode("latin-1")
    return service.exchange(method.encode() + b" " + target + b" HTTP/1.1\r\n" + head + b"\r\n")


def check(answer: bytes, method: str) -> str:
    """Look at an answer, and say which kind it is."""
    first, _, rest = answer.partition(b"\r\n")
    told, _, body = rest.partition(b"\r\n\r\n")
    status = int(first.split()[1])
    assert status in (200, 204, 301, 302, 303, 304, 308, 400, 404, 405), first
    known = dict(line.split(": ", 1) for line in told.decode("latin-1").split("\r\n"))
    if known.get("Content-Encoding") == "gzip" and body:
        body = gzip.decompress(body)
    if first.startswith(b"HTTP/1.0"):  # no HTTP at all: aiohttp answers, and closes
        assert (status, known["Server"]) == (400, "calfeed")
        return "no HTTP"
    if method == "HEAD" or status == 304:
        assert body == b""
        return f"{status}"
    kind = known.get("Content-Type", "").partition(";")[0]
    if kind == "application/problem+json":
        schema("Problem").validate(json.loads(body))
        assert json.loads(body)["status"] == status
    if kind == "application/json":
        json.loads(body)
    if kind == "text/calendar":
        assert judges.faults(body) == []
        assert known["ETag"]
    return f"{status} {kind}"


def test_nothing_went_wrong_inside(service: Process) -> None:
    assert "Traceback" not in service.log
    assert " ERROR " not in service.log

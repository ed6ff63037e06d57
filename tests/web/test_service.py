"""The service as a subscriber meets it: over HTTP, against the fake Launch Library."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import icalendar
import pytest

from calfeed.query.parse import LONGEST_QUERY
from tests.fake import FakeLaunchLibrary, Fault, Record
from tests.support import judges
from tests.support.service import (
    NOW,
    Answer,
    Service,
    begun,
    clock_at,
    filled,
    known,
    recorded,
    serving,
    until,
)

VERSIONS = ["2.3.0", "2.2.0"]
URLS = {
    "/feeds/nasa.ics": ["Dragon Docking"],
    "/feeds/nasa.ics?past=900d": ["Soyuz MS-27 Hatch Opening", "Dragon Docking"],
    "/events.ics?agency__ids=63&type__ids=2,8&search=soyuz": [
        "Soyuz MS-27 Docking", "Soyuz Undocking",
    ],
    "/events/upcoming.ics": ["Soyuz Undocking", "Dragon Docking"],
    "/events/upcoming.ics?hide_recent_previous=true": ["Dragon Docking"],
    "/events/previous.ics?limit=2": ["HTV-X1 Release & Reentry", "Soyuz Undocking"],
    "/events/1183.ics": ["Soyuz MS-27 Docking"],
    "/agencies/63.ics": ["Soyuz Undocking"],
    "/feeds/dockings.ics?agency__ids=121": ["Dragon Docking"],
    "/events.ics?id=5": [],
}  # fmt: skip
"""What each shows of the known events."""


def upstream(version: str, records: list[Record]) -> FakeLaunchLibrary:
    """A fake that serves them; in 2.2.0, event 1185 is exactly as it was recorded there."""
    ll = FakeLaunchLibrary(records, now=lambda: NOW)
    if version == "2.2.0":
        old = recorded("2.2.0-1185")
        ll.fault = Fault("mangle", mangle=lambda one: old if one["id"] == old["id"] else one)
    return ll


def base(ll: FakeLaunchLibrary, version: str) -> str:
    return f"{ll.root}/{version}"


def problem(answer: Answer, status: int) -> Any:
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    return answer.json


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_feed_in_both_versions_of_the_api(version: str) -> None:
    async with upstream(version, known()) as ll, serving(base(ll, version)) as service:
        await service.filled()
        calls = len(ll.calls)
        for url, names in URLS.items():
            answer = await service.ask(url)
            assert (answer.status, answer.names) == (200, names), url
            assert judges.faults(answer.body) == []
            told = await service.ask(url.replace(".ics", ".json"))
            assert told.json["count"] == len(names)
            assert [one["summary"] for one in told.json["events"]] == names
        docking = (await service.ask("/events/1183.json")).json["events"][0]
        entry = (await service.ask("/events/1183.ics")).body
        assert len(ll.calls) == calls, "a subscriber's request led to a call"
    assert (docking["start"], docking["end"]) == ("2025-04-08T09:03:56Z", "2025-04-08T09:59:19Z")
    assert b"DTSTART:20250408T090356Z\r\nDTEND:20250408T095919Z\r\n" in entry
    assert entry.count(b"\r\nCONFERENCE") == 3


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_first_request_waits_for_a_slow_upstream(version: str) -> None:
    async with upstream(version, known()) as ll, serving(base(ll, version)) as service:
        ll.faults = [Fault("hang")]
        reader, writer = await begun(service.url, "/feeds/nasa.ics?past=900d")
        await until(lambda: ll.held)
        ll.release()
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\nCache-Status: calfeed; fwd=miss; stored\r\n" in head
        shown = icalendar.Calendar.from_ical(body).walk("VEVENT")
        assert [str(entry["SUMMARY"]) for entry in shown] == URLS["/feeds/nasa.ics?past=900d"]


FAULTS = [
    Fault("status", status=500), Fault("status", status=403), Fault("html"), Fault("drop"),
    Fault("truncated"), Fault("empty"), Fault("throttled", seconds=1800), Fault("shape"),
    Fault("redirect", url="/elsewhere"), Fault("bad_gzip"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}{fault.status}")
async def test_a_fault_upstream_empties_no_calendar(fault: Fault) -> None:
    clock = clock_at()
    async with FakeLaunchLibrary(known(), now=clock) as ll, serving(ll, clock=clock) as service:
        await service.filled()
        before = {url: (await service.ask(url)).body for url in URLS if "hide" not in url}
        ll.fault = fault
        await service.next_round()
        clock.ahead(minutes=16)
        for url, body in before.items():
            answer = await service.ask(url)
            assert (answer.status, answer.body) == (200, body)
            assert "detail=stale" in answer.headers["Cache-Status"]


async def test_an_upstream_that_is_gone_and_comes_back() -> None:
    clock = clock_at()
    async with FakeLaunchLibrary(known(), now=clock) as ll, serving(ll, clock=clock) as service:
        await service.filled()
        await ll.gone()
        clock.ahead(days=1)
        stale = await service.ask("/events/1183.ics")
        assert (stale.status, stale.headers["Age"]) == (200, "86400")
        ll.put(recorded("2.3.0-1183") | {"name": "Docked", "last_updated": clock().isoformat()})
        await ll.back()
        while (await service.ask("/events/1183.ics")).names != ["Docked"]:
            await service.next_round()


@pytest.mark.parametrize("kind", ["status", "drop", "hang", "throttled"])
async def test_without_any_data_the_answer_is_503(kind: Any) -> None:
    async with FakeLaunchLibrary(known(), now=lambda: NOW) as ll:
        ll.fault = Fault(kind, seconds=700)
        if kind != "throttled":
            ll.fault.seconds = 0
        async with serving(ll, wait=0.2) as service:
            for url in ("/feeds/nasa.ics", "/events/1183.json"):
                answer = await service.ask(url)
                assert problem(answer, 503)["title"] == "No data yet"
                assert 1 <= int(answer.headers["Retry-After"]) <= 700
                assert answer.headers["Cache-Control"] == "no-store"
            assert problem(await service.ask("/readyz"), 503)
            assert (await service.ask("/healthz")).status == 200
            assert problem(await service.ask("/events.ics?day=32"), 400)


@pytest.mark.parametrize(
    ("query", "parameter", "value", "nearest"),
    [
        ("agency_ids=44", "agency_ids", "44", "agency__ids"),
        ("Search=x", "Search", "x", "search"),
        ("banana=1", "banana", "1", None),
        ("day=32", "day", "32", None),
        ("limit=-1", "limit", "-1", None),
        ("ordering=banana", "ordering", "banana", None),
        ("type__ids=", "type__ids", "", None),
        ("past", "past", "", None),
        ("hide_recent_previous=true", "hide_recent_previous", "true", None),
        ("%FF=%FE", "\ufffd", "\ufffd", None),
    ],
)
async def test_a_bad_query_is_refused_in_words(
    query: str, parameter: str, value: str, nearest: str | None
) -> None:
    async with serving("http://127.0.0.1:1/2.3.0", wait=0.1) as service:
        for path in ("/events.ics", "/events/previous.json", "/feeds/nasa.ics", "/events/1183.ics"):
            told = problem(await service.ask(f"{path}?{query}"), 400)
            assert (told["title"], told["parameter"], told["value"]) == (
                "Bad query", parameter, value,
            )  # fmt: skip
            assert told["takes"]
            assert told["parameter"] in told["detail"]
            assert told.get("nearest") == nearest


async def test_long_queries() -> None:
    words = quote("a" * 250)
    async with filled(known()) as service:
        ids = ",".join(str(n) for n in range(1100, 1200))
        assert (await service.ask(f"/events.ics?id={ids}")).names == [
            "Soyuz MS-27 Docking", "Soyuz MS-27 Hatch Opening",
        ]  # fmt: skip
        assert (await service.ask(f"/events.ics?search={words}")).names == []
        for length in (LONGEST_QUERY + 1, 9000, 30_000):
            told = problem(await service.ask("/events.ics?search=" + "x" * (length - 7)), 400)
            assert f"at most {LONGEST_QUERY} characters" in told["detail"]


SAME = [
    "agency__ids=44,63&type__ids=12,2&search=SOYUZ+ms&past=5000d",
    "past=P5000D&search=ms+soyuz&type=2,12&agency__ids=63&agency__ids=44,63",
    "utm_source=x&type__ids=2&type__ids=12&search=Ms,Soyuz&agency__ids=44,63&past=5000D&mode=list"
    "&format=json",
]


async def test_how_a_query_is_spelled_changes_no_byte() -> None:
    async with filled(known(), public_url="https://c.example/base/") as service:
        for form in ("ics", "json"):
            answers = [await service.ask(f"/events.{form}?{query}") for query in SAME]
            assert len({(one.status, one.headers["ETag"], one.body) for one in answers}) == 1
        assert (await service.ask(f"/events.ics?{SAME[0]}")).names == [
            "Soyuz MS-27 Docking", "Soyuz MS-27 Hatch Opening",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (f"/events.ics?{SAME[1]}",
         "/events.ics?agency__ids=44,63&search=ms+soyuz&type__ids=2,12&past=P5000D"),
        ("/events/upcoming.ics?hide_recent_previous=1",
         "/events/upcoming.ics?hide_recent_previous=true"),
        ("/events/01183.ics?utm_source=x", "/events/1183.ics"),
        ("/feeds/nasa.ics?past=P90D", "/feeds/nasa.ics"),
        ("/feeds/nasa.ics?past=7d&type=2&agency__ids=44",
         "/feeds/nasa.ics?type__ids=2&past=P7D"),
        ("/agencies/63.ics", "/agencies/63.ics"),
    ],
)  # fmt: skip
async def test_source_is_the_feeds_own_address_where_there_is_a_public_one(
    url: str, source: str
) -> None:
    async with filled(known(), public_url="https://c.example/base/") as service:
        body = (await service.ask(url)).body
        found = judges.read(body).one("SOURCE")
        assert found
        assert found.value == "https://c.example/base" + source
        again = await service.ask(source)
        assert again.body == body


async def bodies(service: Service) -> dict[str, bytes]:
    return {url: (await service.ask(url)).body for url in [*URLS, "/events.json", "/feeds.json"]}


async def test_the_same_data_gives_the_same_bytes_everywhere() -> None:
    later = clock_at(NOW + timedelta(hours=3))
    async with FakeLaunchLibrary(known(), now=lambda: NOW) as ll:
        async with serving(ll, public_url="https://c.example") as one:
            await one.filled()
            first = await bodies(one)
        url = ll.url_220
        ll.events = dict(reversed(ll.events.items()))
        async with serving(url, clock=later, public_url="https://c.example") as other:
            await other.filled()
            assert await bodies(other) == first

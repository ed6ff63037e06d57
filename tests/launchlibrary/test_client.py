"""The calls to Launch Library: what is sent, and how a call can fail."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest

from calfeed import __version__
from calfeed.errors import BudgetSpent, MissingUpstream, Overloaded, Throttled, UpstreamError
from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.launchlibrary.page import Page, read_page
from tests.fake import SHAPES, FakeLaunchLibrary, Fault, as_220, event
from tests.support.mirror import NOW, QUICK, Clock, Running, light, running
from tests.support.service import until

RECORDS = light(90)
NOON, HALF_PAST = "Tue, 10 Mar 2026 12:00:00 GMT", "Tue, 10 Mar 2026 12:30:00 GMT"
SECRET = "s3cret-key-of-mine"


@pytest.fixture
async def ll() -> AsyncIterator[FakeLaunchLibrary]:
    async with FakeLaunchLibrary(RECORDS, now=lambda: NOW) as fake:
        yield fake


@pytest.fixture
async def one(ll: FakeLaunchLibrary) -> AsyncIterator[Running]:
    async with running(ll, Clock(), calls=100) as process:
        yield process


async def fetch(one: Running, **changes: Any) -> Page[Event]:
    return await one.api.page(EVENTS, ordering="-date", **changes)


def ids(count: int = 90) -> set[int]:
    return {record["id"] for record in RECORDS[:count]}


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("version", ["2.3.0", "2.2.0"])
async def test_a_page_in_both_versions(version: str, older: bool) -> None:
    async with FakeLaunchLibrary(RECORDS, now=lambda: NOW, older=older) as ll:
        async with running(ll, Clock(), base=f"{ll.root}/{version}") as one:
            page = await fetch(one, offset=10)
            shape = as_220 if version == "2.2.0" else dict
            read = {record["id"]: EVENTS.read(shape(record)) for record in RECORDS}
            assert (page.count, page.size, page.whole) == (90, 80, False)
            assert {e.id: e for e in page.records} == {key: read[key] for key in page.ids}
            assert page.sent_at == NOW
            some = await one.api.by_ids(EVENTS, [RECORDS[3]["id"], RECORDS[7]["id"], 99_999])
            assert set(some.records) == {read[RECORDS[n]["id"]] for n in (3, 7)}
    paths = {"2.3.0": "/2.3.0/events/", "2.2.0": "/2.2.0/event/"}
    assert {call.path for call in ll.calls} == {paths[version]}
    assert ll.calls[0].offset == 10
    assert {call.query["limit"] for call in ll.calls} == {"100"}
    assert {call.query["mode"] for call in ll.calls} == {"detailed"}
    assert one.outcomes == ["ok"] * 2


async def test_what_is_sent_and_that_the_key_is_never_logged(
    ll: FakeLaunchLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ll.keys = {SECRET}
    async with running(ll, Clock(), token=SECRET) as one:
        await fetch(one)
        assert await one.api.calls_left() == 999_999
        ll.fault = Fault("status", status=401, json=True)
        with pytest.raises(UpstreamError, match="401") as refused:
            await fetch(one)
    for call in ll.calls + ll.throttle_calls:
        assert call.headers["Authorization"] == f"Token {SECRET}"
        assert call.headers["User-Agent"] == f"calfeed/{__version__}"
        assert "gzip" in call.headers["Accept-Encoding"]
        assert call.headers["Accept"] == "application/json"
    assert "upstream /2.3.0/events/?mode=detailed" in caplog.text
    assert SECRET not in caplog.text + str(refused.value) + repr(refused.value.__cause__)


@pytest.mark.parametrize("gzip", [False, True])
async def test_packed_and_plain_answers(ll: FakeLaunchLibrary, one: Running, gzip: bool) -> None:
    ll.gzip = gzip
    assert set((await fetch(one)).ids) == ids()


FAULTS: dict[str, Any] = {
    "drop": Fault("drop"),
    "cut": Fault("cut"),
    "html": Fault("html"),
    "truncated": Fault("truncated"),
    "bad gzip": Fault("bad_gzip"),
    "bomb": Fault("bomb", size=2_000_000),
    "huge": Fault("huge", size=2_000_000),
    "redirect": Fault("redirect", url="/2.3.0/events/?limit=100"),
    "redirect away": Fault("redirect", url="http://127.0.0.1:1/"),
    "no JSON at all": Fault("body", body="[" * 100_000),
    "nothing but malformed": Fault("mangle", mangle=lambda record: {"id": record["id"]}),
    "records that are no objects": Fault("mangle", mangle=lambda record: 7),
    "more rows than it counts": Fault("body", body={"count": 1, "results": [{}, {}]}),
    "less than none": Fault("body", body={"count": -1, "results": []}),
    "a count that is a truth": Fault("body", body={"count": True, "results": []}),
} | {f"shape: {name}": Fault("shape", shape=name) for name in SHAPES}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_is_an_upstream_error_and_one_call(
    ll: FakeLaunchLibrary, fault: str
) -> None:
    ll.fault = FAULTS[fault]
    async with running(ll, Clock(), most_bytes=1_000_000) as one:  # not to unpack 32 MB
        with pytest.raises(UpstreamError):
            await fetch(one)
        assert len(ll.calls) == len(one.outcomes) == 1
        ll.fault = None
        assert set((await fetch(one)).ids) == ids()


@pytest.mark.parametrize("kind", ["hang", "stall"])
async def test_a_call_that_we_break_off_has_not_failed(
    ll: FakeLaunchLibrary, one: Running, kind: Literal["hang", "stall"],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    ll.fault = Fault(kind)
    call = asyncio.create_task(fetch(one))
    await until(lambda: ll.held)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    (line,) = [line for line in caplog.messages if line.startswith("upstream ")]
    assert re.fullmatch(r"upstream /2\.3\.0/events/\S* broken off in [0-9.]+ s", line)
    assert one.outcomes == []


@pytest.mark.parametrize("fault", [Fault("hang"), Fault("delay", seconds=1), Fault("stall")])
async def test_an_answer_that_does_not_come_in_time(ll: FakeLaunchLibrary, fault: Fault) -> None:
    """It is asked for once more, half as large."""
    ll.fault = fault
    async with running(ll, Clock(), timeout=QUICK) as one:
        with pytest.raises(Overloaded, match="did not answer in time"):
            await fetch(one)
    assert [call.query["limit"] for call in ll.calls] == ["100", "50"]
    assert one.outcomes == ["error"] * 2


async def test_pages_stay_as_small_as_they_had_to_be_for_an_hour(ll: FakeLaunchLibrary) -> None:
    clock = Clock()
    async with running(ll, clock, calls=100) as one:
        ll.fault = Fault("status", status=503, when=lambda call: int(call.query["limit"]) > 30)
        with pytest.raises(Overloaded):
            await fetch(one)
        assert (await fetch(one)).size == 25
        assert (await fetch(one)).size == 25
        ll.fault = None
        clock.ahead(hours=1)
        assert (await fetch(one)).size == 90
    asked = [call.query["limit"] for call in ll.calls]
    assert asked == ["100", "50", "50", "25", "25", "100"]


async def test_a_server_that_is_gone(ll: FakeLaunchLibrary, one: Running) -> None:
    await fetch(one)
    await ll.gone()
    with pytest.raises(UpstreamError, match="no answer from Launch Library: ClientConnectorError"):
        await fetch(one)
    await ll.back()
    assert set((await fetch(one)).ids) == ids()


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("throttled", seconds=2429), 2429),
        (Fault("throttled", seconds=2429, retry_after="77"), 77),
        (Fault("throttled", seconds=120, retry_after=HALF_PAST, date=NOON), 1800),
        (Fault("throttled", seconds=120, retry_after=NOON, date=HALF_PAST), 120),
        (Fault("throttled", seconds=120, retry_after="-5"), 120),
        (Fault("throttled", seconds=0), 1),
        (Fault("status", status=429), 600),
        (Fault("status", status=429, json=True), 600),
    ],
)
async def test_a_429_stops_all_calls_for_its_time(
    ll: FakeLaunchLibrary, fault: Fault, seconds: int
) -> None:
    clock = Clock()
    async with running(ll, clock) as one:
        ll.faults = [fault]
        with pytest.raises(Throttled) as refused:
            await fetch(one)
        assert refused.value.retry_after == seconds
        clock.ahead(seconds=seconds - 0.5)
        with pytest.raises(BudgetSpent):
            await fetch(one)
        assert len(ll.calls) == 1
        clock.ahead(seconds=0.5)
        assert set((await fetch(one)).ids) == ids()
    assert one.outcomes == ["throttled", "unasked", "ok"]


async def test_malformed_records_are_skipped_and_logged(
    ll: FakeLaunchLibrary, one: Running, caplog: pytest.LogCaptureFixture
) -> None:
    bad = RECORDS[5]["id"]
    ll.put({**RECORDS[5], "name": None}, {**RECORDS[6], "date": "soon"})
    answer = await fetch(one)
    assert set(answer.ids) == ids()
    assert {e.id for e in answer.records} == ids() - {bad, RECORDS[6]["id"]}
    assert answer.unread == {bad, RECORDS[6]["id"]}
    assert f"skipped a malformed record (id {bad}): name: Input should be a valid string" in (
        caplog.text
    )


async def test_a_single_malformed_record_fails_no_list(ll: FakeLaunchLibrary, one: Running) -> None:
    ll.events = {7: {**event(7), "name": None}}
    page = await fetch(one)
    assert (page.ids, page.records, page.unread) == ((7,), (), frozenset({7}))


async def test_an_unknown_address(ll: FakeLaunchLibrary, one: Running) -> None:
    ll.fault = Fault("status", status=404)
    with pytest.raises(MissingUpstream):
        await fetch(one)
    assert one.outcomes == ["missing"]


JSON = b'{"count": 2, "next": null, "previous": null, "results": [{"id": 1, "name": "a"}, '


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (JSON + b'{"id": 2, "name": "b"}]}', (1, 2)),
        (JSON + b'{"id": 2, "name": "\\"results\\": [7]"}], "more": [1]}', (1, 2)),
        (b'{"results": [{"id": 1, "name": "a"}], "count": 1}', (1,)),
        (b'{"count":1,"results":[{"id":1,"name":"a"}]}', (1,)),
        (b'{"count": 0, "results": [ ]}', ()),
    ],
)
def test_a_list_is_read_record_by_record(body: bytes, ids: tuple[int, ...]) -> None:
    page = read_page(body, EVENTS)
    assert (page.ids, page.size) == (ids, len(ids))


@pytest.mark.parametrize(
    "body", [JSON, JSON + b"]}", JSON[:-2] + b"] extra", JSON[:-2] + b" {}]}", b"\xff", b"[]", b""]
)
def test_a_list_that_is_none(body: bytes) -> None:
    with pytest.raises(UpstreamError):
        read_page(body, EVENTS)


async def test_the_budget_that_upstream_knows_of(ll: FakeLaunchLibrary, one: Running) -> None:
    ll.calls_per_hour = 15
    await fetch(one)
    assert await one.api.calls_left() == 14
    ll.throttle_as_list = False
    ll.throttle_changes = {"current_use": 40}
    assert await one.api.calls_left() == 0
    for changes in (
        {"current_use": None}, {"your_request_limit": "many"}, {"your_request_limit": 0},
        {"limit_frequency_secs": 86_400},
    ):  # fmt: skip
        ll.throttle_changes = changes
        assert await one.api.calls_left() is None
    ll.fault = Fault("html", on="throttle")
    with pytest.raises(UpstreamError):
        await one.api.calls_left()
    assert (len(ll.calls), await one.budget.left()) == (1, 99)


async def test_calls_at_once_never_pass_the_budget(ll: FakeLaunchLibrary) -> None:
    async with running(ll, Clock(), calls=15) as one:
        results = await asyncio.gather(*(fetch(one) for _ in range(20)), return_exceptions=True)
        assert {type(result) for result in results} <= {Page, BudgetSpent}
    assert len(ll.calls) == 15

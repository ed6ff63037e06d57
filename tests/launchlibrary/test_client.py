"""The calls to Launch Library: what is sent, and how a call can fail."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from calfeed import __version__
from calfeed.errors import BudgetSpent, MissingUpstream, Throttled, UpstreamError
from calfeed.events.payload import from_record
from calfeed.launchlibrary.budget import Purpose
from calfeed.launchlibrary.page import Answer
from calfeed.launchlibrary.question import Question, from_query
from tests.fake import SHAPES, FakeLaunchLibrary, Fault, as_220, event
from tests.support.mirror import NOW, PATIENT, QUICK, Clock, Running, light, query, running

RECORDS = light(230)
EVERYTHING = Question()
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


async def fetch(one: Running, question: Question = EVERYTHING) -> Answer:
    return await one.api.fetch(question, Purpose.UPDATE)


def ids(count: int = 230) -> frozenset[int]:
    return frozenset(record["id"] for record in RECORDS[:count])


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("version", ["2.3.0", "2.2.0"])
async def test_all_pages_in_both_versions(version: str, older: bool) -> None:
    async with FakeLaunchLibrary(RECORDS, now=lambda: NOW, older=older) as ll:
        async with running(ll, Clock(), base=f"{ll.root}/{version}") as one:
            answer = await fetch(one)
            shape = as_220 if version == "2.2.0" else dict
            assert answer.ids == ids()
            assert {e.id: e for e in answer.events} == {
                record["id"]: from_record(shape(record)) for record in RECORDS
            }
            some = await fetch(one, Question(event_id=RECORDS[3]["id"]))
            assert some.events == (from_record(shape(RECORDS[3])),)
    paths = {"2.3.0": "/2.3.0/events/", "2.2.0": "/2.2.0/event/"}
    assert [call.path for call in ll.calls[:3]] == [paths[version]] * 3
    assert [call.offset for call in ll.calls[:3]] == [0, 100, 200]
    assert {call.query["limit"] for call in ll.calls[:3]} == {"100"}
    assert {call.query["mode"] for call in ll.calls} == {"detailed"}
    assert one.outcomes == ["ok"] * 4


async def test_what_is_sent_and_that_the_key_is_never_logged(
    ll: FakeLaunchLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ll.keys = {SECRET}
    async with running(ll, Clock(), token=SECRET) as one:
        await fetch(one)
        assert await one.api.calls_left() == 999_997
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
    assert (await fetch(one)).ids == ids()


async def test_rows_that_shift_come_once(ll: FakeLaunchLibrary, one: Running) -> None:
    pages = one.api.pages()
    first = await anext(pages)
    ll.put(event(90_000, date="2099-01-01T00:00:00Z"))
    rest = [page async for page in pages]
    seen = [key for page in (first, *rest) for key in page.ids]
    assert len(seen) == 231
    assert set(seen) == ids()
    answer = await fetch(one)
    assert len(answer.events) == len(answer.ids) == 231
    assert "Authorization" not in ll.calls[0].headers


@pytest.mark.parametrize("status", [500, 502, 503, 403, 400])
async def test_no_page_is_kept_when_one_fails(
    ll: FakeLaunchLibrary, one: Running, status: int
) -> None:
    ll.fault = Fault("status", status=status, when=lambda call: call.offset == 100)
    with pytest.raises(UpstreamError, match=f"answered {status}"):
        await fetch(one)
    assert one.outcomes == ["ok", "error"]


async def test_a_second_page_that_is_suddenly_empty(ll: FakeLaunchLibrary, one: Running) -> None:
    ll.fault = Fault("empty", when=lambda call: call.offset == 100)
    with pytest.raises(UpstreamError, match="a list of 0 events, where 230 are known"):
        await fetch(one)


FAULTS: dict[str, Any] = {
    "hang": Fault("hang"),
    "slow": Fault("delay", seconds=1),
    "stall": Fault("stall"),
    "drop": Fault("drop"),
    "cut": Fault("cut"),
    "html": Fault("html"),
    "truncated": Fault("truncated"),
    "bad gzip": Fault("bad_gzip"),
    "bomb": Fault("bomb"),
    "huge": Fault("huge"),
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
    ll: FakeLaunchLibrary, one: Running, fault: str
) -> None:
    ll.fault = FAULTS[fault]
    one.patience(QUICK if fault in ("hang", "slow", "stall") else PATIENT)
    with pytest.raises(UpstreamError):
        await fetch(one)
    assert len(ll.calls) == len(one.outcomes) == 1
    ll.fault = None
    one.patience(PATIENT)
    assert (await fetch(one)).ids == ids()


async def test_a_server_that_is_gone(ll: FakeLaunchLibrary, one: Running) -> None:
    await fetch(one)
    await ll.gone()
    with pytest.raises(UpstreamError, match="no answer from Launch Library: ClientConnectorError"):
        await fetch(one)
    await ll.back()
    assert (await fetch(one)).ids == ids()


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
        for purpose in Purpose:
            with pytest.raises(BudgetSpent):
                await one.api.fetch(EVERYTHING, purpose)
        assert len(ll.calls) == 1
        clock.ahead(seconds=0.5)
        assert (await fetch(one)).ids == ids()
    assert one.outcomes == ["throttled", *["unasked"] * 3, *["ok"] * 3]


async def test_one_event(ll: FakeLaunchLibrary, one: Running) -> None:
    gone = Question(event_id=99_999)
    assert await fetch(one, gone) == Answer(frozenset(), ())
    assert one.outcomes == ["missing"]
    ll.put(event(7))
    ll.fault = Fault("body", body=event(8))
    with pytest.raises(UpstreamError, match="asked for event 7, got 8"):
        await fetch(one, from_query(query("id=7")))
    ll.fault = Fault("mangle", mangle=lambda record: record | {"date": "soon"})
    with pytest.raises(UpstreamError, match="an event came malformed: date"):
        await fetch(one, from_query(query("id=7")))
    ll.fault = Fault("status", status=404)
    with pytest.raises(MissingUpstream):
        await fetch(one)


async def test_malformed_records_are_skipped_and_logged(
    ll: FakeLaunchLibrary, one: Running, caplog: pytest.LogCaptureFixture
) -> None:
    bad = RECORDS[5]["id"]
    ll.put({**RECORDS[5], "name": None}, {**RECORDS[6], "date": "soon"})
    answer = await fetch(one)
    assert answer.ids == ids()
    assert {e.id for e in answer.events} == ids() - {bad, RECORDS[6]["id"]}
    assert f"skipped a malformed record (id {bad}): name: Input should be a valid string" in (
        caplog.text
    )


async def test_a_single_malformed_record_fails_no_list(ll: FakeLaunchLibrary, one: Running) -> None:
    ll.events = {7: {**event(7), "name": None}}
    pages = [page async for page in one.api.pages()]
    assert [(page.ids, page.events) for page in pages] == [((7,), ())]


async def test_the_budget_that_upstream_knows_of(ll: FakeLaunchLibrary, one: Running) -> None:
    ll.calls_per_hour = 15
    await fetch(one)
    assert await one.api.calls_left() == 12
    ll.throttle_as_list = False
    ll.throttle_changes = {"current_use": 40}
    assert await one.api.calls_left() == 0
    for changes in ({"current_use": None}, {"your_request_limit": "many"}):
        ll.throttle_changes = changes
        assert await one.api.calls_left() is None
    ll.fault = Fault("html", on="throttle")
    with pytest.raises(UpstreamError):
        await one.api.calls_left()
    assert (len(ll.calls), await one.budget.left()) == (3, 97)


async def test_calls_at_once_never_pass_the_budget(ll: FakeLaunchLibrary) -> None:
    async with running(ll, Clock(), calls=15) as one:
        results = await asyncio.gather(*(fetch(one) for _ in range(20)), return_exceptions=True)
        assert {type(result) for result in results} <= {Answer, BudgetSpent}
    assert len(ll.calls) == 14

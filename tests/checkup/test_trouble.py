"""Launch Libraries with which something is wrong: what is found out about it."""

from datetime import timedelta

import pytest

from tests.checkup.looking import (
    EVENTS,
    LAUNCHES,
    found,
    lacks,
    library,
    look,
)
from tests.fake import Fault, larger_than
from tests.support.mirror import NOW, QUICK, Clock, once_when


async def test_a_copy_that_nobody_renews() -> None:
    async with library(events_by_id=True) as ll:
        clock = Clock(NOW + timedelta(days=40))
        ll.now = clock
        checkup = await look(ll, clock)
    assert lacks(checkup) == {("problem", "changes")}


async def test_rows_that_are_hidden_are_missed() -> None:
    async with library(events_by_id=True) as ll:
        half = [record["id"] for record in EVENTS[::2]]
        ll.fault = once_when(lambda call: len(ll.calls) == 2, lambda: ll.hide(*half))
        checkup = await look(ll)
    (missed,) = [words for verdict, words in found(checkup, "events: filters") if verdict == "note"]
    assert missed.startswith("asked for by their ids, ")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("html", on="throttle"), ": Launch Library answered with something that is no JSON"),
        (Fault("status", status=404, on="throttle"), ": Launch Library knows no such thing"),
        (Fault("body", body={"detail": "hello"}, on="throttle"), ""),
    ],
)
async def test_throttle_says_nothing(fault: Fault, said: str) -> None:
    async with library(fault=fault) as ll:
        checkup = await look(ll)
    words = f"/api-throttle/ does not say how many calls there are{said}"
    assert found(checkup, "calls") == [("note", words)]
    assert checkup.calls == 5


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (0, "ok", "as ours"),
        (-45, "ok", "45 seconds from ours"),
        (400, "note", "its clock is 400 s ahead of ours"),
        (-7200, "note", "its clock is 7,200 s behind ours"),
    ],
)
async def test_a_clock_that_is_off(ahead: int, verdict: str, words: str) -> None:
    async with library() as ll:
        clock = Clock()
        ll.now = lambda: clock.now + timedelta(seconds=ahead)
        checkup = await look(ll, clock)
    assert found(checkup, "clock") == [(verdict, words)]


async def test_a_page_that_is_too_much_is_asked_for_half_as_large() -> None:
    fault = Fault("status", status=502, when=larger_than(50), on="launches")
    async with library(fault=fault) as ll:
        checkup = await look(ll)
    (page,) = found(checkup, "launches")
    assert page[0] == "note"
    assert "a page of 100 did not come (Launch Library answered 502), but a detailed" in page[1]
    assert [call.limit for call in ll.calls] == [100, 100, 50, 100, 50]
    assert ("note", "not looked at: no call was left for it") in found(checkup, "events: order")
    assert checkup.healthy


async def test_a_page_that_never_comes() -> None:
    async with library(fault=Fault("status", status=504, on="launches")) as ll:
        checkup = await look(ll)
    said = "a page of everything did not come: Launch Library answered 504"
    assert found(checkup, "launches") == [("problem", said)]
    assert checkup.calls == 5
    assert found(checkup, "events: filters")[0][0] == "ok"


async def test_no_page_comes_in_time() -> None:
    async with library(fault=Fault("hang")) as ll:
        checkup = await look(ll, timeout=QUICK)
    assert [call.limit for call in ll.calls] == [100, 50, 100, 50]
    ((verdict, words),) = found(checkup, "reach")
    assert verdict == "problem"
    assert words.endswith("without a key: Launch Library did not answer in time")


WAITS = "tries again, at first every 20 s, later every ten minutes"


@pytest.mark.parametrize(
    ("fault", "said", "calfeed"),
    [
        (Fault("html"), "answered with something that is no JSON", f"{WAITS}."),
        (Fault("truncated"), "answered with something that is no JSON", f"{WAITS}."),
        (Fault("drop"), "no answer from Launch Library: ClientConnectionError", f"{WAITS}."),
        (Fault("status", status=403), "answered 403", f"{WAITS}; this address may be blocked."),
        (Fault("status", status=404), "knows no such thing", f"{WAITS}; look at CALFEED_LL2_URL."),
        (Fault("status", status=500), "answered 500", f"{WAITS}."),
        (Fault("shape", shape="results"), "a list without count or results", f"{WAITS}."),
        (Fault("mangle"), "answered with events of which none can be read", f"{WAITS}."),
    ],
)
async def test_nothing_comes_that_can_be_used(fault: Fault, said: str, calfeed: str) -> None:
    async with library(fault=fault) as ll:
        checkup = await look(ll)
    assert [finding.about for finding in checkup.findings] == ["reach", "calls"]
    (reach, _) = checkup.findings
    assert reach.verdict == "problem"
    assert said in reach.found
    assert reach.calfeed.endswith(calfeed)


async def test_nobody_is_there() -> None:
    async with library() as ll:
        await ll.gone()
        checkup = await look(ll)
    assert [finding.about for finding in checkup.findings] == ["reach"]
    assert found(checkup, "reach")[0][1].endswith(
        ": no answer from Launch Library: ClientConnectorError"
    )
    assert not checkup.healthy


async def test_a_key_that_is_not_accepted_is_not_told() -> None:
    async with library(keys={"another"}) as ll:
        checkup = await look(ll, token="s3cret")
    assert ll.calls[0].headers["Authorization"] == "Token s3cret"
    assert [finding.about for finding in checkup.findings] == ["reach", "calls"]
    assert checkup.findings[0].calfeed.endswith("look at CALFEED_LL2_TOKEN.")
    assert "s3cret" not in str(checkup)


@pytest.mark.parametrize(
    ("retry_after", "said"),
    [
        ("77", "a call was refused with 429, and Retry-After says to wait 77 s"),
        (None, "a call was refused with 429 without Retry-After; a sentence says to wait 40 s"),
    ],
)
async def test_a_refusal_ends_it(retry_after: str | None, said: str) -> None:
    async with library() as ll:
        ll.fault = Fault("throttled", seconds=40, retry_after=retry_after, on="launches")
        checkup = await look(ll)
        assert found(checkup, "refusal") == [("note", said)]
        assert found(checkup, "launches")[0][0] == "problem"
        assert len(ll.calls) == 2
        ll.fault.on = "data"
        checkup = await look(ll)
        assert found(checkup, "refusal") == [("note", said)]
        assert found(checkup, "reach")[0][0] == "problem"
        assert len(ll.calls) == 3


async def test_a_refusal_without_a_word() -> None:
    fault = Fault("status", status=429)
    async with library(fault=fault) as ll:
        checkup = await look(ll)
    assert found(checkup, "refusal") == [
        ("note", "a call was refused with 429, without a word on how long to wait")
    ]


async def test_empty_lists() -> None:
    async with library(fault=Fault("empty")) as ll:
        checkup = await look(ll)
    assert found(checkup, "events") == [("problem", "a list without any events")]
    assert found(checkup, "launches") == [("problem", "a list without any launches")]
    assert found(checkup, "reach")[0][0] == "ok"


async def test_a_few_records_are_too_few_to_tell() -> None:
    async with library() as ll:
        ll.events = {record["id"]: record for record in EVENTS[:1]}
        ll.launches = {record["id"]: record for record in LAUNCHES[:1]}
        checkup = await look(ll)
    assert checkup.healthy
    few = ("note", "too few records, or too much alike, to try the filters with")
    assert found(checkup, "events: filters") == found(checkup, "launches: filters") == [few]
    assert {words for _, words in found(checkup, "launches: order")} == {
        "too few records to tell whether ordering=-last_updated is offered"
    }


async def test_words_that_nobody_knows() -> None:
    launch = LAUNCHES[-1]
    site = launch["pad"]["location"] | {"timezone_name": "Moon/Tranquility"}
    async with library(events_by_id=True) as ll:
        newest = max(ll.events)
        ll.change(newest, date_precision={"id": 17, "name": "Century"})
        ll.change(
            launch["id"],
            net_precision="soon",
            status={"id": 10, "name": "Scrubbed"},
            pad=launch["pad"] | {"location": site},
            last_updated=NOW,
        )
        checkup = await look(ll)
    assert found(checkup, "events: vocabulary") == [("note", "unknown precision: 17 “Century”")]
    assert found(checkup, "launches: vocabulary") == [
        ("note", "unknown precision: 'soon'"),
        ("note", "unknown status: 10 “Scrubbed”"),
        ("note", "unknown time zone: “Moon/Tranquility”"),
    ]
    assert checkup.healthy


async def test_records_that_cannot_be_read() -> None:
    async with library(events_by_id=True) as ll:
        third, second, first = sorted(ll.events)[-3:]
        ll.change(first, date="soon")
        ll.change(second, name=None)
        ll.fault = Fault("mangle", mangle=lambda record: None if record["id"] == third else record)
        checkup = await look(ll)
    assert found(checkup, "events: records") == [
        ("note", f"3 of 100 cannot be read ({first} and {second})")
    ]
    assert checkup.healthy

"""What is found out about Launch Libraries of all kinds, within five calls."""

from datetime import timedelta
from typing import Any

import pytest

from calfeed.errors import BudgetSpent
from calfeed.mirror.intake import FIRST_DATE
from calfeed.store import Revision
from calfeed.store.memory import MemoryStore
from tests.checkup.looking import (
    EVENTS,
    EVENTS_ORDER,
    LAUNCHES,
    advice,
    found,
    lacks,
    library,
    look,
    look_with,
)
from tests.fake import Fault, larger_than
from tests.support.mirror import NOW, QUICK, Clock, once_when, running

ALL_WELL = [
    "reach", "version", "clock", "changes", "calls",
    "events", "events: records", "events: vocabulary",
    "events: order", "events: order", "events: order", "events: filters", "events: same date",
    "launches", "launches: records", "launches: vocabulary",
    "launches: order", "launches: order", "launches: filters", "launches: same date",
]  # fmt: skip


async def test_all_is_well() -> None:
    async with library(events_by_id=True) as ll:
        checkup = await look(ll)
    assert [finding.about for finding in checkup.findings] == ALL_WELL
    assert lacks(checkup) == set()
    assert checkup.healthy
    assert found(checkup, "version") == [("ok", "2.3.0, as asked for")]
    assert found(checkup, "clock") == [("ok", "as ours")]
    assert found(checkup, "calls") == [("ok", "15 calls an hour, 0 used")]
    newest = "the newest change seen is of 2026-03-10 11:00 UTC"
    assert found(checkup, "changes") == [("ok", newest)]
    assert [words for _, words in found(checkup, "events: order")] == [
        "ordering=-id is offered",
        "ordering=-last_updated is offered",
        "ordering=-date is offered",
    ]
    assert found(checkup, "launches: filters") == [
        ("ok", "known: id, net__gte, net__lte and last_updated__gte")
    ]
    assert found(checkup, "launches: same date") == [
        ("ok", "15 of 40 share it, 15 have 2026-12-31 00:00")
    ]


async def test_what_is_asked() -> None:
    async with library() as ll:
        await look(ll)
    places = [(call.place, call.query["ordering"]) for call in ll.calls]
    assert places == [
        ("events", "-id"),
        ("launches", "-last_updated"),
        ("events", "-last_updated"),
        ("launches", "-net"),
        ("events", "-date"),
    ]
    assert {(call.query["mode"], call.limit) for call in ll.calls} == {("detailed", 100)}
    assert ll.calls[4].query["date__gte"] == FIRST_DATE


@pytest.mark.parametrize("changes", [{}, {"older": True}, {"shuffle_ties": 7}], ids=str)
async def test_events_that_cannot_be_ordered_by_id(changes: dict[str, Any]) -> None:
    async with library(**changes) as ll:
        checkup = await look(ll)
    assert lacks(checkup) == {EVENTS_ORDER}
    assert checkup.healthy
    assert "up to five times" in advice(checkup, "ordering=-id is ignored")


async def test_the_older_version() -> None:
    async with library(events_by_id=True) as ll:
        checkup = await look(ll, base=ll.url_220)
    assert lacks(checkup) == set()
    assert found(checkup, "version") == [("ok", "2.2.0, as asked for")]
    assert {call.path for call in ll.calls} == {"/2.2.0/event/", "/2.2.0/launch/"}


async def test_another_version_than_was_asked_for() -> None:
    fault = Fault("mangle", mangle=lambda record: record | {"url": "https://x/2.4.0/a/1/"})
    async with library(fault=fault) as ll:
        checkup = await look(ll)
    said = "asked for 2.3.0, the records name 2.4.0"
    assert found(checkup, "version") == [("note", said)]


@pytest.mark.parametrize(
    ("deaf_to", "events", "launches", "healthy"),
    [
        (
            ["id"],
            ["unclear whether known: date__gte, date__lte and last_updated__gte", "ignored: id"],
            ["unclear whether known: net__gte, net__lte and last_updated__gte", "ignored: id"],
            False,
        ),
        (
            ["last_updated__gte"],
            ["known: id, date__gte and date__lte", "ignored: last_updated__gte"],
            ["known: id, net__gte and net__lte", "ignored: last_updated__gte"],
            True,
        ),
        (
            ["date__gte", "net__lte"],
            ["known: id, date__lte and last_updated__gte", "ignored: date__gte"],
            ["known: id, net__gte and last_updated__gte", "ignored: net__lte"],
            True,
        ),
        (
            ["date__lte", "date__gte"],
            ["known: id and last_updated__gte", "ignored: date__gte and date__lte"],
            ["known: id, net__gte, net__lte and last_updated__gte"],
            True,
        ),
        (
            ["last_updated__gte", "ordering"],
            ["known: id, date__gte and date__lte", "ignored: last_updated__gte, and its order"],
            ["known: id, net__gte and net__lte", "ignored: last_updated__gte, and its order"],
            False,
        ),
        (
            ["id", "date__gte", "date__lte", "last_updated__gte"],
            ["ignored: id", "ignored: last_updated__gte", "ignored: date__gte and date__lte"],
            ["unclear whether known: net__gte and net__lte", "ignored: id",
             "ignored: last_updated__gte"],
            False,
        ),
    ],
)  # fmt: skip
async def test_filters_that_are_ignored(
    deaf_to: list[str], events: list[str], launches: list[str], healthy: bool
) -> None:
    async with library(events_by_id=True, deaf_to=tuple(deaf_to)) as ll:
        checkup = await look(ll)
    assert [words for _, words in found(checkup, "events: filters")] == events
    assert [words for _, words in found(checkup, "launches: filters")] == launches
    assert checkup.healthy is healthy


async def test_orderings_that_are_ignored() -> None:
    async with library(deaf_to=("ordering",), shuffle_ties=3) as ll:
        checkup = await look(ll)
    orders = found(checkup, "events: order") + found(checkup, "launches: order")
    ignored = ["-id", "-last_updated", "-date", "-last_updated", "-net"]
    assert orders == [("note", f"ordering={name} is ignored") for name in ignored]
    assert checkup.healthy


async def test_the_mode_and_the_limit_are_ignored() -> None:
    async with library(events_by_id=True, deaf_to=("mode", "limit")) as ll:
        checkup = await look(ll)
    assert ("problem", "events: detail") in lacks(checkup)
    assert ("problem", "launches: detail") in lacks(checkup)
    (page,) = found(checkup, "events")
    assert page[1].endswith("though 100 were asked for")
    assert advice(checkup, page[1]) == "Fills itself with small pages: 12 calls, within 1 hour."


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


async def test_it_does_not_write_records() -> None:
    clock = Clock()
    store = MemoryStore(clock.seconds)
    async with library() as ll:
        await look(ll, clock, store=store)
    assert await store.read(Revision()) == await MemoryStore(clock.seconds).read(Revision())


async def test_beside_a_service_on_the_same_store() -> None:
    clock = Clock()
    async with library(events_by_id=True) as ll:
        async with running(ll, clock) as process:
            for _ in range(13):
                await process.api.raw_page(process.dataset.collection, [], ordering="")
            checkup = await look_with(process)
            assert await process.budget.left() == 0
            with pytest.raises(BudgetSpent, match="this hour's calls are used; the next is free"):
                await look_with(process)
    assert len(ll.calls) == 15
    assert ll.refused == 0
    assert lacks(checkup) == {
        EVENTS_ORDER,
        ("note", "events: filters"),
        ("note", "launches: filters"),
    }
    unseen = ("note", "not looked at: no call was left for it")
    assert found(checkup, "launches: filters") == [unseen]
    (order, *_, again) = [f for f in checkup.findings if f.about == "events: order"]
    assert again.calfeed.endswith("run calfeed doctor again in 61 minutes.")
    assert order.verdict == "ok"


async def test_calls_that_others_made_are_left_to_them() -> None:
    async with library(events_by_id=True) as ll:
        ll.throttle_changes = {"current_use": 12}
        checkup = await look(ll)
        assert checkup.calls == len(ll.calls) == 3
        assert found(checkup, "calls") == [
            ("note", "15 calls an hour, 12 used, 12 of them by others")
        ]
        ll.throttle_changes = {"current_use": 15}
        with pytest.raises(BudgetSpent):
            await look(ll)
        assert len(ll.calls) == 3


@pytest.mark.parametrize(
    ("limit", "verdict", "calfeed"),
    [
        (10, "note", "Is set to 15 calls an hour: set CALFEED_LL2_CALLS_PER_HOUR=10."),
        (15, "ok", "Makes 15 calls an hour at most."),
        (300, "ok", "Makes 15 calls an hour at most; CALFEED_LL2_CALLS_PER_HOUR can be raised."),
    ],
)
@pytest.mark.parametrize("as_list", [True, False])
async def test_how_many_calls_are_allowed(
    as_list: bool, limit: int, verdict: str, calfeed: str
) -> None:
    async with library(calls_per_hour=limit, throttle_as_list=as_list) as ll:
        checkup = await look(ll)
    assert found(checkup, "calls") == [(verdict, f"{limit} calls an hour, 0 used")]
    assert advice(checkup, f"{limit} calls an hour") == calfeed
    assert len(ll.throttle_calls) == 1


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
    async with library(fault=Fault("hang", on="launches")) as ll:
        checkup = await look(ll, timeout=QUICK)
    said = "a page of everything did not come: Launch Library did not answer in time"
    assert found(checkup, "launches") == [("problem", said)]
    assert checkup.calls == 5
    assert found(checkup, "events: filters")[0][0] == "ok"


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

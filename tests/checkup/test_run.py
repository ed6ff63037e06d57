"""What is found out about Launch Libraries of all kinds, within five calls."""

import re
from typing import Any

import pytest

from calfeed.errors import BudgetSpent
from calfeed.mirror.intake import FIRST_DATE
from calfeed.store import Revision
from calfeed.store.memory import MemoryStore
from tests.checkup.looking import (
    EVENTS_ORDER,
    advice,
    found,
    lacks,
    library,
    look,
    look_with,
)
from tests.fake import Fault
from tests.support.mirror import Clock, running
from tests.support.needs import ROOT

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
    said = (
        "Where more records share a date than fit on a page, pages up to five times through them."
    )
    assert advice(checkup, "ordering=-id is ignored") == said


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
            False,
        ),
        (
            ["date__lte", "date__gte"],
            ["known: id and last_updated__gte", "ignored: date__gte and date__lte"],
            ["known: id, net__gte, net__lte and last_updated__gte"],
            False,
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
    assert [words for _, words in orders] == [f"ordering={name} is ignored" for name in ignored]
    assert [verdict for verdict, _ in orders] == ["note", "note", "problem", "note", "problem"]


async def test_the_mode_and_the_limit_are_ignored() -> None:
    async with library(events_by_id=True, deaf_to=("mode", "limit")) as ll:
        checkup = await look(ll)
    assert ("problem", "events: detail") in lacks(checkup)
    assert ("problem", "launches: detail") in lacks(checkup)
    (page,) = found(checkup, "events")
    assert page[1].endswith("though 100 were asked for")
    assert advice(checkup, page[1]) == "Fills itself with small pages: 12 calls, within 1 hour."


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


def test_the_page_that_explains_it_names_all_lines() -> None:
    page = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
    shown = re.findall("^(?:OK|note|problem) +([a-z]+(?:: [a-z ]+?)?)  ", page, re.MULTILINE)
    assert list(dict.fromkeys(shown)) == list(dict.fromkeys(ALL_WELL))
    for about in {name.split(": ")[-1] for name in ALL_WELL} | {"detail", "refusal"}:
        assert f"| `{about}` |" in page

"""What the page says while Launch Library is fetched for the first time, at few calls an hour."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from calfeed.mirror.progress import Pending, Progress
from calfeed.web.page import wording
from tests.fake import FakeLaunchLibrary, Fault, Record, event, launch
from tests.support.service import NOW, Service, clock_at, serving, until

CALLS = 5


def rows() -> list[Record]:
    """One launch a day: for two months from now, and for almost four years before."""
    return [
        launch(UUID(int=n), f"Falcon 9 | {n}", net=NOW + timedelta(days=60 - n), net_precision=1)
        for n in range(1, 1401)
    ]


@pytest.fixture
async def filling() -> AsyncIterator[Service]:
    """A service that has used up its first hour's calls."""
    clock = clock_at()
    events = [event(1, name="Docking", date=NOW + timedelta(days=3))]
    async with (
        FakeLaunchLibrary(events, rows(), now=clock) as ll,
        serving(ll, clock=clock, ll2_calls_per_hour=CALLS, wait=0.05) as service,
    ):
        await until(lambda: service.parts.replica.last_round)
        yield service


async def built(service: Service, query: str) -> Any:
    return (await service.ask(f"/build.json?{query}")).json


async def page(service: Service, query: str = "") -> str:
    return html.unescape((await service.ask(f"/?{query}")).body.decode())


async def notices(service: Service) -> list[str]:
    found = re.findall(r'<p class="notice"[^>]*>(.*?)</p>', await page(service), re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", text).split()) for text in found]


async def test_it_says_how_far_it_has_come(filling: Service) -> None:
    (notice,) = await notices(filling)
    assert re.match(
        r"Still being filled\. So far all 1 events are kept; "
        r"\d+ of 1400 launches are kept, back to \d+ \w+ 202\d\. "
        r"What is ahead and the last 90 days are there; "
        r"calendars that reach further back come later\.$",
        notice,
    )


@pytest.mark.parametrize(
    "query", ["past=", "collection=launches&past=90d&coarse=span", "collection=launches&past=365d"]
)
async def test_a_calendar_that_cannot_be_answered_is_not_offered(
    filling: Service, query: str
) -> None:
    choice = await built(filling, query)
    answer = await filling.ask(f"/{choice['path']}", "HEAD")
    assert answer.status == 503
    assert re.match(
        r"This calendar reaches further back than has been fetched yet \(\d+ of 1400 launches are "
        r"kept, back to .*\)\. It will be ready in about \d+ (minutes|hours?); ",
        choice["pending"],
    )
    assert [choice[name] for name in ("total", "ahead", "bytes")] == [None] * 3
    text = await page(filling, query)
    assert text.count(choice["pending"]) == 4  # beside the links, twice for the preview, above them
    assert '<div class="apps" data-current data-ready hidden>' in text


async def test_a_calendar_that_can_be_answered_is_offered(filling: Service) -> None:
    for query in ("", "past=90d", "collection=events&past=", "past=&view=upcoming"):
        choice = await built(filling, query)
        answer = await filling.ask(f"/{choice['path']}")
        assert (query, choice["pending"], answer.status) == (query, "", 200)
        assert choice["total"] > 0
        assert '<div class="apps" data-current data-ready>' in await page(filling, query)


async def test_the_page_follows_as_more_is_fetched(filling: Service) -> None:
    before = await built(filling, "past=")
    (notice,) = await notices(filling)
    launches = filling.parts.replica.datasets["launches"]
    # nothing but how far back it reaches changes: no record, and not the minute
    fill = launches.state.fill
    assert fill.since is not None
    further = fill.model_copy(update={"since": fill.since - timedelta(days=300)})
    filling.parts.replica.stage(launches, fill=further)
    await filling.parts.replica.flush()
    assert (await built(filling, "past="))["pending"] != before["pending"]
    assert await notices(filling) != [notice]
    done = fill.model_copy(update={"complete": True})
    filling.parts.replica.stage(launches, fill=done)
    await filling.parts.replica.flush()
    after = await built(filling, "past=")
    assert (after["pending"], after["total"]) == ("", len(launches.records) + 1)
    assert await notices(filling) == []


async def test_used_up_calls_are_not_upstreams_fault(filling: Service) -> None:
    filling.clock.ahead(minutes=40)
    (notice,) = await notices(filling)
    assert "The data is not fresh. It was fetched 40 minutes ago; calfeed has used up" in notice
    assert "Launch Library has not given" not in notice


async def test_a_fault_upstream_is_named() -> None:
    clock = clock_at()
    async with (
        FakeLaunchLibrary([event(1, date=NOW + timedelta(days=3))], now=clock) as ll,
        serving(ll, clock=clock) as service,
    ):
        await service.filled()
        assert await notices(service) == []
        ll.fault = Fault("status", status=500)
        service.clock.ahead(hours=2)
        await service.next_round()
        (notice,) = await notices(service)
    assert notice == (
        "The data is not fresh. It was fetched 2 hours ago; Launch Library has not given newer "
        "data since. Your calendars keep what is known."
    )


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "a few minutes"),
        (timedelta(minutes=6), "about 10 minutes"),
        (timedelta(minutes=55), "about 55 minutes"),
        (timedelta(minutes=56), "about 1 hour"),
        (timedelta(minutes=61), "about 2 hours"),
        (timedelta(hours=36), "about 36 hours"),
        (timedelta(hours=37), "about 2 days"),
    ],
)
def test_an_estimate_is_no_more_exact_than_it_can_be(length: timedelta, words: str) -> None:
    progress = Progress("launches", 100, 300, NOW, complete=False)
    assert wording.pending(Pending((progress,), length)) == (
        "This calendar reaches further back than has been fetched yet (100 of 300 launches are"
        f" kept, back to 10 March 2027). It will be ready in {words}; the address of this page"
        " keeps your choice until then."
    )

"""What the page is made of, over HTTP."""

import re
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import segno

from tests.fake import FakeLaunchLibrary, Record, event
from tests.support.service import NOW, serving


def docking(id: int, days: float, **changes: Any) -> Record:
    date = NOW + timedelta(days=days)
    wanted = {"type": 2, "agencies": [63], "program": [8], "date": date, "vid_urls": []}
    return event(id, **(wanted | changes))


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    records = [docking(1, 3), docking(2, -3), docking(3, 5, type=3, agencies=[44, 63], program=[])]
    async with FakeLaunchLibrary(records) as ll, serving(ll) as service:
        await service.filled()
        yield service.client


async def test_choices_are_counted_from_the_data(client: aiohttp.ClientSession) -> None:
    async with client.get("/choices.json") as answer:
        choices = await answer.json()
    agencies = [(one["id"], one["count"], one["ahead"]) for one in choices["agency__ids"][:2]]
    assert agencies == [(63, 3, 2), (44, 1, 1)]
    assert choices["type__ids"] == [
        {"id": 2, "name": "Docking", "short": "", "count": 2, "ahead": 1},
        {"id": 3, "name": "EVA", "short": "", "count": 1, "ahead": 1},
    ]
    assert [(one["name"], one["ahead"]) for one in choices["program"]] == [("Soyuz", 1)]


async def test_a_choice_is_built(client: aiohttp.ClientSession) -> None:
    async with client.get("/build.json?agency__ids=63&past=90d&alarm=1h&search=") as answer:
        built = await answer.json()
    assert (built["name"], built["total"], built["ahead"]) == ("Roscosmos", 3, 2)
    assert (built["path"], built["page"]) == (
        "feeds/roscosmos.ics?alarm=PT1H", "feed=roscosmos&alarm=PT1H"
    )  # fmt: skip
    assert built["fields"]["agency__ids"] == ["63"]
    async with client.get(f"/{built['preview']}") as answer:
        assert (await answer.json())["count"] == 3


async def test_what_an_empty_choice_could_be_loosened_to(client: aiohttp.ClientSession) -> None:
    async with client.get("/build.json?collection=events&agency__ids=44&type__ids=2") as answer:
        ways = (await answer.json())["ways_out"]
    assert ways == [
        {"label": "any agency", "page": "collection=events&type__ids=2", "ahead": 1},
        {"label": "any type of event", "page": "collection=events&agency__ids=44", "ahead": 1},
    ]


async def test_where_more_than_one_filter_is_too_much(client: aiohttp.ClientSession) -> None:
    async with client.get(
        "/build.json?collection=events&agency__ids=44&type__ids=2&search=zzz"
    ) as answer:
        ways = (await answer.json())["ways_out"]
    assert [(one["label"], one["page"]) for one in ways] == [
        ("only NASA", "collection=events&agency__ids=44"),
        ("only Docking", "collection=events&type__ids=2"),
    ]


async def test_a_mistake_is_a_problem(client: aiohttp.ClientSession) -> None:
    for path, status in (("/build.json?agency_ids=4", 400), ("/build.json?feed=none", 404),
                         ("/build.json?url=hello", 400), ("/?view=some", 400),
                         ("/?view=previous&view=upcoming", 400),
                         ("/build.json?feed=nasa&feed=esa", 400),
                         ("/build.json?feed=nasa&feed=&feed=nasa", 200),
                         ("/qr.svg?path=https://evil.example/", 400), ("/qr.svg", 400),
                         (f"/qr.svg?path=events.ics?search={'x' * 2000}", 400),
                         ("/static/x/page.py", 404), ("/static/x/..%2Fpage.py", 404)):  # fmt: skip
        async with client.get(path) as answer:
            assert (path, answer.status) == (path, status)


async def test_static_files_keep_for_a_year(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as answer:
        page = await answer.text()
    found = re.findall(r"static/[0-9a-f]{12}/[a-z.]+", page)
    assert len(found) >= 4
    for path in found:
        async with client.get(f"/{path}") as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    async with client.get("/static/older/page.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("public_url", [None, "https://calendar.example/base"])
async def test_a_large_calendar_is_measured_as_its_subscribers_get_it(
    public_url: str | None,
) -> None:
    text = "What happens, at length. " * 120
    records = [docking(n, -n / 9, description=text) for n in range(1, 400)]
    async with FakeLaunchLibrary(records) as ll, serving(ll, public_url=public_url) as service:
        await service.filled()
        for choice in ("past=", "feed=dockings", "agency__ids=63&past=", "feed=everything",
                       "agency__ids=63&past=90d&future=", "view=previous&lang=ru,en&alarm=1h",
                       "feed=dockings&type__ids=2"):  # fmt: skip
            built = (await service.ask(f"/build.json?{choice}")).json
            feed = await service.ask(f"/{built['path']}")
            assert built["bytes"] == pytest.approx(len(feed.body), rel=0.05), choice
            assert built["too_large"]
    assert len(feed.body) > 900_000


async def test_a_qr_code_is_made_once_and_beside_the_event_loop(
    client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, threads = segno.make, list[threading.Thread]()

    def noted(*given: Any, **named: Any) -> segno.QRCode:
        threads.append(threading.current_thread())
        return make(*given, **named)

    monkeypatch.setattr(segno, "make", noted)
    bodies = []
    for _ in range(3):
        async with client.get("/qr.svg?path=feeds/nasa.ics?past=45d") as answer:
            bodies.append(await answer.read())
    assert bodies[0].startswith(b"<svg")
    assert len(set(bodies)) == 1
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_the_page_is_made_in_a_thread_of_its_own(client: aiohttp.ClientSession) -> None:
    before = set(threading.enumerate())
    async with client.get("/build.json?agency__ids=63&type__ids=2&search=x&future=P1D") as answer:
        assert answer.status == 200
    async with client.get("/") as answer:
        assert answer.status == 200
    (thread,) = (t for t in set(threading.enumerate()) - before if t.name.startswith("page"))
    assert thread is not threading.main_thread()

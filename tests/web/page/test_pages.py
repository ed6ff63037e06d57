"""How the page is answered: once for what is kept, compressed, and without holding anybody up."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.fake import event, vid_url
from tests.support.service import NOW, Service, filled


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    records = [event(1, name="Docking", type=2, agencies=[63], date=NOW + timedelta(days=3))]
    async with filled(records) as service:
        yield service


async def built(service: Service, query: str) -> Any:
    return (await service.ask(f"/build.json?{query}")).json


async def test_the_page_is_the_same_until_the_minute_or_the_data_changes(service: Service) -> None:
    first = await service.ask("/")
    service.clock.ahead(seconds=20)
    again = await service.ask("/")
    assert (again.headers["ETag"], again.body) == (first.headers["ETag"], first.body)
    service.clock.ahead(hours=1)
    later = await service.ask("/")
    assert later.headers["ETag"] != first.headers["ETag"]


async def test_who_has_the_page_is_not_sent_it_again(service: Service) -> None:
    first = await service.ask("/?feed=nasa", Accept_Encoding="gzip")
    tag = first.headers["ETag"]
    again = await service.ask("/?feed=nasa", Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    other = await service.ask("/?feed=esa", Accept_Encoding="gzip", If_None_Match=tag)
    assert other.status == 200


@pytest.mark.parametrize("path", ["/", "/build.json", "/choices.json"])
async def test_both_codings_say_the_same(service: Service, path: str) -> None:
    packed = await service.ask(path, Accept_Encoding="gzip")
    plain = await service.ask(path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert plain.headers["Vary"] == "Accept-Encoding"


async def test_a_mistyped_choice_is_never_kept_as_the_page_of_another(service: Service) -> None:
    wrong = await service.ask("/?agency_ids=44")
    assert wrong.status == 400
    assert "did you mean" in wrong.body.decode()
    assert (await service.ask("/")).status == 200


async def test_many_at_once_get_each_their_own(service: Service) -> None:
    names = ["soyuz", "dragon", "crew", "docking"] * 5
    answers = await asyncio.gather(*(built(service, f"search={name}") for name in names))
    assert [answer["fields"]["search"] for answer in answers] == [[name] for name in names]


async def test_another_host_has_its_own_links(service: Service) -> None:
    ours = (await service.ask("/build.json", Host="one.example")).json
    theirs = (await service.ask("/build.json", Host="other.example")).json
    assert ours["links"]["webcal"].startswith("webcal://one.example/")
    assert theirs["links"]["webcal"].startswith("webcal://other.example/")


async def test_the_preview_reaches_a_week_back_and_knows_what_is_earlier() -> None:
    records = [event(n, date=NOW - timedelta(days=n)) for n in range(1, 40)]
    async with filled(records) as service:
        answer = await built(service, "collection=events&past=")
        near = (await service.ask(f"/{answer['preview']}")).json
        assert (answer["total"], answer["near"], near["count"]) == (39, 7, 7)
        earlier = (await service.ask(f"/{answer['earlier']}")).json
        assert earlier["count"] == 39
        cut = await built(service, "collection=events&past=&limit=5")
        assert (cut["near"], cut["earlier"]) == (5, "")
        assert (await service.ask(f"/{cut['preview']}")).json["count"] == 5


async def test_counts_follow_the_choice(service: Service) -> None:
    answer = await built(service, "past=90d&search=docking")
    assert answer["counts"]["agency__ids"] == {"63": 1}
    answer = await built(service, "past=90d&search=zzz")
    assert answer["counts"]["agency__ids"] == {}
    assert answer["ways_out"] == [
        {"label": "any name, without the words", "page": "feed=everything", "ahead": 1}
    ]
    assert json.dumps(answer)


async def test_what_is_next_is_watched_where_the_calendar_leads_to() -> None:
    fans = [vid_url(f"https://fan.example/{n}", type=3, publisher=f"Fan {n}", priority=n)
            for n in range(3)]  # fmt: skip
    official = vid_url("https://official.example/", type=1, publisher="NASA", priority=10)
    record = event(1, date=NOW + timedelta(days=1), date_precision=1, vid_urls=[*fans, official])
    async with filled([record]) as service:
        page = (await service.ask("/")).body.decode()
    watched = re.findall(r'href="([^"]+)" rel="noreferrer">Watch: ([^<]+)<', page)
    assert watched == [("https://official.example/", "NASA"), ("https://fan.example/0", "Fan 0")]

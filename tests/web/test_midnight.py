"""What the clock alone changes, by the clock that the service really goes by."""

import os
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
from freezegun import freeze_time

from calfeed import feeds
from calfeed.web.app import init_app
from tests.fake import FakeLaunchLibrary, event
from tests.support.service import ROOT, calling, chosen, listening

NOWHERE = "http://127.0.0.1:1/2.3.0"
TODAY = "/events.ics?past=0d&future=0d"


async def names(client: aiohttp.ClientSession, path: str = TODAY) -> tuple[list[str], str, str]:
    """What a feed shows, its tag, and when it was last modified."""
    async with client.get(path) as answer:
        assert answer.status == 200
        body = await answer.text()
        shown = [line[8:] for line in body.splitlines() if line.startswith("SUMMARY:")]
        return shown, answer.headers["ETag"], answer.headers["Last-Modified"]


async def test_at_midnight_the_day_changes() -> None:
    with freeze_time("2027-04-08 23:59:59", real_asyncio=True) as frozen:
        days = [event(n, name=f"On the {n}th", date=f"2027-04-0{n}T12:00:00Z") for n in (7, 8, 9)]
        async with FakeLaunchLibrary(days) as ll, calling(ll) as client:
            before, tag, _ = await names(client)
            frozen.tick(0.9)
            assert (await names(client))[:2] == (before, tag)
            frozen.tick(0.1)
            after, next_tag, modified = await names(client)
    assert (before, after) == (["On the 8th"], ["On the 9th"])
    assert next_tag != tag
    assert parsedate_to_datetime(modified).isoformat() == "2027-04-09T00:00:00+00:00"


async def test_an_hour_makes_an_answer_an_hour_older() -> None:
    with freeze_time("2027-04-08 12:00:00", real_asyncio=True) as frozen:
        app = init_app(chosen(NOWHERE), feeds.load(ROOT / "feeds"), "always")
        async with listening(app) as url, aiohttp.ClientSession(url) as client:
            first = await names(client, "/events/previous.ics")
            frozen.tick(3600)
            assert await names(client, "/events/previous.ics") == first
            async with client.get("/status.json") as answer:
                assert (await answer.json())["time"] == "2027-04-08T13:00:00Z"


async def test_a_changed_feed_file_is_sent_to_who_asks_by_date(tmp_path: Path) -> None:
    file = tmp_path / "docks.toml"
    settings = {"feeds_dir": tmp_path, "cache_url": f"sqlite:///{tmp_path}/kept.sqlite3"}
    docking = event(1, date="2027-04-08T12:00:00Z")

    async def ask(ll: FakeLaunchLibrary, since: str) -> tuple[int, str]:
        """What a service that has just been started answers."""
        fields = {"If-Modified-Since": since}
        async with (
            calling(ll, **settings) as client,
            client.get("/feeds/docks.ics", headers=fields) as answer,
        ):
            return answer.status, answer.headers["Last-Modified"]

    with freeze_time("2027-04-08 12:00:00", real_asyncio=True) as frozen:
        async with FakeLaunchLibrary([docking]) as ll:
            file.write_text('name = "Docks"\ndescription = "x"\n', encoding="utf-8")
            _, modified = await ask(ll, "Thu, 01 Jan 1970 00:00:00 GMT")
            assert (await ask(ll, modified))[0] == 304
            frozen.tick(600)
            file.write_text('name = "Harbours"\ndescription = "x"\n', encoding="utf-8")
            os.utime(file, (written := time.time() - 60, written))
            assert (await ask(ll, modified))[0] == 200

"""The service as a subscriber meets it: over HTTP, against the fake Launch Library."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import icalendar
from aiohttp import web

from calfeed import feeds, settings
from calfeed.web.app import init_app
from tests.fake import FakeLaunchLibrary, event

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@asynccontextmanager
async def serving(ll: FakeLaunchLibrary, **changes: Any) -> AsyncIterator[aiohttp.ClientSession]:
    chosen = settings.load({"ll2_url": ll.url, "cache_url": "memory://", **changes})
    app = init_app(chosen, feeds.load(Path("feeds")))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        await runner.cleanup()


async def test_a_query_becomes_a_calendar() -> None:
    wanted = event(1, name="Soyuz Docking", type=2, agencies=[63])
    other = event(2, name="Dragon Docking", type=2, agencies=[121])
    async with FakeLaunchLibrary([wanted, other], now=lambda: NOW) as ll, serving(ll) as client:
        async with client.get("/events.ics?agency__ids=63&type__ids=2,8&search=soyuz") as answer:
            body = await answer.read()
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    shown = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in shown] == ["Soyuz Docking"]

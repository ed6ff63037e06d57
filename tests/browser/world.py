"""What the browser tests look at: a service with launches and events whose dates follow the real
clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
from aiohttp import web

from calfeed import feeds, settings
from calfeed.mirror.result import Sample
from calfeed.web.app import init_app
from tests.fake import FakeLaunchLibrary, Record, event, launch, mission, spacecraft_stage, vid_url

HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'&{{7*7}}"
HOSTILE_LINK = "https://videos.example/watch?v=\"'><script>window.hacked=1</script>"
RIGHT_TO_LEFT = "صاروخ الفضاء 7"
PATIENCE = 60.0
SOON = timedelta(days=2, hours=3, minutes=30)
CAPE, KENNEDY, MAHIA, VANDENBERG = 80, 87, 900, 16
"""Pads; their sites are 12, 27, 10 and 11."""

CREW_WEBCASTS = [
    *(vid_url(f"https://videos.example/fan/{n}", type=3, publisher=f"Fan {n}", priority=n)
      for n in range(1, 5)),
    vid_url("https://videos.example/crew", type=1, publisher="NASA", priority=10),
]  # fmt: skip
"""The official one is the last of them by priority."""


def events(now: datetime) -> list[Record]:
    """A few events, each there for a test."""
    soon = (now + SOON).replace(second=0, microsecond=0)
    later = now + timedelta(days=400)
    webcast = vid_url("https://videos.example/live", type=1, publisher="NASA")
    return [
        event(1, name="Spacewalk one", type=3, agencies=[44, 27], program=[17], date=soon,
              date_precision=1, vid_urls=[webcast], location="Outside the station"),
        event(2, name="Soyuz docking", type=2, agencies=[63], program=[17],
              date=soon + timedelta(days=1), date_precision=1, vid_urls=[]),
        event(3, name="Starship some time", type=14, agencies=[121], program=[1],
              date=datetime(later.year, 12, 31, tzinfo=UTC), date_precision=14, vid_urls=[]),
        event(4, name="Spacewalk of old", type=3, agencies=[44],
              date=now - timedelta(days=9), date_precision=1, vid_urls=[]),
        event(5, name=f"Hostile {HOSTILE}", type=9, date=soon + timedelta(days=2),
              date_precision=1, location=HOSTILE, description=HOSTILE,
              vid_urls=[vid_url("javascript:window.hacked=1"), vid_url(HOSTILE_LINK),
                        vid_url("https://videos.example/ok", publisher=HOSTILE)],
              agencies=[141]),
        event(6, name="Long ago in Japan", type=20, agencies=[37],
              date=now - timedelta(days=3000), date_precision=1, vid_urls=[]),
        *(event(100 + n, name=f"Day {n}", type=5, agencies=[31], vid_urls=[],
                date=soon + timedelta(days=n), date_precision=5) for n in range(20)),
    ]  # fmt: skip


def launches(now: datetime) -> list[Record]:
    """A few launches, each there for a test."""
    soon = (now + SOON + timedelta(hours=2)).replace(second=0, microsecond=0)
    rows: tuple[tuple[str, timedelta, dict[str, Any]], ...] = (
        ("Falcon 9 Block 5 | Starlink Group 6-1", timedelta(0), {"pad": CAPE, "program": [25]}),
        ("Falcon 9 Block 5 | Starlink Group 6-2", timedelta(days=2), {"pad": CAPE}),
        ("Falcon 9 Block 5 | Crew-20", timedelta(days=1),
         {"pad": KENNEDY, "status": 8, "mission": mission("Crew-20", agencies=(44,)),
          "spacecraft": (spacecraft_stage(900, ("Ada", "Boris")),),
          "vid_urls": CREW_WEBCASTS}),
        ("Electron | Owl", timedelta(days=3), {"pad": MAHIA, "rocket": 26}),
        ("Electron | Some month", timedelta(days=80),
         {"pad": MAHIA, "rocket": 26, "net_precision": 7, "status": 2}),
        (f"Long March 6A | {RIGHT_TO_LEFT}", timedelta(days=4), {"pad": 151, "rocket": 478}),
        ("Falcon 9 Block 5 | Long ago", -timedelta(days=700), {"pad": VANDENBERG, "status": 3}),
    )  # fmt: skip
    return [
        launch(UUID(int=n), name, **({"net": soon + after, "net_precision": 1} | changes))
        for n, (name, after, changes) in enumerate(rows, 1)
    ]


def renamed(record: Record) -> Record:
    """The same with hostile names of all that can be chosen."""
    record["type"]["name"] = HOSTILE
    for one in record["agencies"]:
        one["name"] = HOSTILE
    return record


@asynccontextmanager
async def service(ll_url: str, sample: Sample = "never", **changes: Any) -> AsyncIterator[str]:
    """The service, and its address."""
    chosen = settings.load({"ll2_url": ll_url, "cache_url": "memory://", **changes})
    runner = web.AppRunner(init_app(chosen, feeds.load(Path("feeds")), sample), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def with_events(**changes: Any) -> AsyncIterator[str]:
    """A service that knows the launches and events above."""
    records = [renamed(r) if r["id"] == 5 else r for r in events(datetime.now(UTC))]
    rockets = launches(datetime.now(UTC))
    async with FakeLaunchLibrary(records, rockets) as ll, service(ll.url, **changes) as address:
        await filled(address)
        yield address


async def filled(address: str) -> None:
    """Wait until both collections are on the page."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            async with session.get(f"{address}/choices.json") as answer:
                choices = await answer.json() if answer.ok else {}
            if choices.get("location__ids") and choices.get("type__ids"):
                return
            await asyncio.sleep(0.05)

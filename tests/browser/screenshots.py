"""Renew the pictures of ``docs/`` that the README shows: ``python -m tests.browser.screenshots``.

The launches and events are made up after real ones, and their dates follow the clock.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from playwright.async_api import Browser, async_playwright, expect

from tests.browser.conftest import FLAGS, chromium
from tests.browser.world import filled, service
from tests.fake import FakeLaunchLibrary, Record, event, launch, spacecraft_stage, vid_url

DOCS = Path("docs")
LARGEST = 400_000
Scheme = Literal["light", "dark"]
FLORIDA = "collection=launches&exclude=starlink&location__ids=12,27&alarm=1h&past=90d"

# days from now, precision, type, name, agencies, programs, place
EVENTS: tuple[tuple[float, int, int, str, list[int], list[int], str], ...] = (
    (-20, 1, 2, "Progress MS-34 Docking", [63], [17], "International Space Station"),
    (-9, 1, 3, "US EVA-96", [44, 37], [17], "International Space Station"),
    (-4, 1, 8, "Cygnus NG-24 Unberthing", [257, 44], [17], "International Space Station"),
    (1.2, 1, 2, "Cargo Dragon CRS-35 Docking", [121, 44], [17], "International Space Station"),
    (3.4, 1, 3, "US EVA-97", [44, 27], [17], "International Space Station"),
    (5.1, 2, 20, "Crew-14 Mission Overview Briefing", [44, 121], [17], "Johnson Space Center"),
    (8.3, 1, 5, "Starship V3 Static Fire", [121], [1], "Starbase, TX, USA"),
    (9.6, 1, 2, "Soyuz MS-30 Docking", [63, 44], [17, 8], "International Space Station"),
    (11, 5, 14, "New Glenn Booster Roll-out", [141], [], "Cape Canaveral, FL, USA"),
    (14, 5, 15, "Expedition 76 Change of Command", [44, 63], [17], "International Space Station"),
    (17, 3, 3, "Shenzhou-25 EVA-2", [17], [], "Tiangong Space Station"),
    (24, 6, 9, "Dream Chaser Landing", [44], [17], "Kennedy Space Center, FL, USA"),
    (40, 7, 10, "Gaganyaan Crew Escape Test", [31], [], "Sriharikota, India"),
    (62, 7, 4, "HTV-X3 Berthing", [37, 44], [17], "International Space Station"),
    (75, 7, 9, "Electron Booster Recovery", [147], [], "Māhia Peninsula, New Zealand"),
    (96, 8, 23, "Juice Earth Flyby", [27], [], "Earth"),
    (120, 8, 16, "Vulcan Demonstration Mission", [124], [], "Cape Canaveral, FL, USA"),
    (170, 9, 14, "Starliner-2 Crew Arrival", [80, 44], [17], "International Space Station"),
    (260, 10, 18, "Canadarm3 Rehearsal", [16], [], "Longueuil, Canada"),
    (400, 14, 7, "Blue Moon Landing", [141, 44], [], "The Moon"),
)


def events(now: datetime) -> list[Record]:
    """The rows as Launch Library has them."""
    webcast = vid_url("https://videos.example/live", type=1, publisher="NASA")
    return [
        event(
            number,
            date=_date(now + timedelta(days=days), precision),
            date_precision=precision,
            type=kind,
            name=name,
            agencies=agencies,
            program=programs,
            location=place,
            vid_urls=[webcast] if 44 in agencies else [],
        )
        for number, row in enumerate(EVENTS, 1)
        for days, precision, kind, name, agencies, programs, place in [row]
    ]


# days from now, precision, status, name, rocket, pad
LAUNCHES: tuple[tuple[float, int, int, str, int, int], ...] = (
    (-11, 1, 3, "Falcon 9 Block 5 | Starlink Group 12-9", 164, 80),
    (-6, 1, 3, "Electron | Hide And Seek", 26, 900),
    (-2, 1, 3, "Long March 6A | Unknown Payload", 478, 200),
    (0.4, 1, 1, "Falcon 9 Block 5 | Starlink Group 6-101", 164, 80),
    (1.9, 1, 1, "Falcon 9 Block 5 | Crew-14", 164, 87),
    (3.1, 1, 1, "Falcon 9 Block 5 | Starlink Group 17-22", 164, 16),
    (4.6, 1, 8, "Ariane 62 | Galileo L15", 900, 901),
    (6.2, 2, 8, "Atlas V 551 | ViaSat-3 F2", 901, 29),
    (7.5, 1, 1, "Soyuz 2.1a | Progress MS-36", 24, 20),
    (9.1, 5, 8, "Starship V3 | Flight 14", 522, 235),
    (12, 5, 2, "Long March 3B/E | ChinaSat 27", 50, 45),
    (15, 5, 2, "H3-22 | QZS-7", 486, 209),
    (21, 5, 2, "New Glenn | Blue Moon MK1", 138, 121),
    (38, 7, 2, "Vulcan VC2S | USSF-112", 201, 29),
    (41, 7, 2, "PSLV-XL | Oceansat-3A", 902, 50),
    (55, 7, 2, "Electron | Owl For One", 26, 900),
    (80, 8, 2, "Falcon Heavy | Griffin Mission 1", 161, 87),
    (140, 9, 2, "Space Launch System (SLS) | Artemis III", 143, 4),
)


def launches(now: datetime) -> list[Record]:
    """The rows as Launch Library has them."""
    return [
        launch(
            UUID(int=number), name, net=_date(now + timedelta(days=days), precision),
            net_precision=precision, status=status, rocket=rocket, pad=pad,
            vid_urls=[vid_url("https://videos.example/live", type=1, publisher="SpaceX")]
            if rocket == 164 else [],
            spacecraft=(spacecraft_stage(900, ("Ada Miller", "Boris Lem")),)
            if "Crew" in name else (),
        )
        for number, (days, precision, status, name, rocket, pad) in enumerate(LAUNCHES, 1)
    ]  # fmt: skip


def _date(moment: datetime, precision: int) -> datetime:
    hour = moment.hour if precision < 3 else 0
    return moment.replace(hour=hour, minute=30 if hour else 0, second=0, microsecond=0)


async def shoot(browser: Browser, address: str, scheme: Scheme, name: str, *, part: str) -> None:
    """One picture: from the top of the page, or of a part of it."""
    page = await browser.new_page(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme,
        timezone_id="Europe/Paris", reduced_motion="reduce",
    )  # fmt: skip
    await page.goto(address)
    await page.locator("#preview").scroll_into_view_if_needed()
    await expect(page.locator("#zone")).to_contain_text("your time zone")
    await page.evaluate("scrollTo(0, 0)")
    top = await page.locator(part).evaluate("part => part.getBoundingClientRect().top + scrollY")
    path = DOCS / f"{name}.png"
    await page.screenshot(
        path=path,
        full_page=True,
        clip={"x": 0, "y": max(0, top - 20), "width": 1280, "height": 1500},
    )
    await page.close()
    size = path.stat().st_size
    print(f"{path}: {size} bytes")
    assert size < LARGEST


async def main() -> None:
    """Both."""
    now = datetime.now(UTC)
    async with (
        FakeLaunchLibrary(events(now), launches(now)) as ll,
        service(ll.url, public_url="https://calendar.example.org") as address,
        async_playwright() as playwright,
    ):
        await filled(address)
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        await shoot(browser, address, "light", "page-wide-light", part="body")
        await shoot(browser, f"{address}/?{FLORIDA}", "dark", "page-build-dark", part="#build")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())

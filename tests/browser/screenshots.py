"""Renew the screenshots of ``docs/``: ``python -m tests.browser.screenshots``.

The events are made up after real ones, and their dates follow the clock.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, async_playwright, expect

from tests.browser.conftest import FLAGS, chromium
from tests.browser.world import service
from tests.fake import FakeLaunchLibrary, Record, event, vid_url

DOCS = Path("docs")
LARGEST = 300_000
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

# days from now, precision, type, name, agencies, programs, place
ROWS: tuple[tuple[float, int, int, str, list[int], list[int], str], ...] = (
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


def records(now: datetime) -> list[Record]:
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
        for number, row in enumerate(ROWS, 1)
        for days, precision, kind, name, agencies, programs, place in [row]
    ]


def _date(moment: datetime, precision: int) -> datetime:
    hour = moment.hour if precision < 3 else 0
    return moment.replace(hour=hour, minute=30 if hour else 0, second=0, microsecond=0)


async def shoot(browser: Browser, address: str, width: int, scheme: Scheme, name: str) -> None:
    """One picture of the page from its top, as much as makes a picture."""
    page = await browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme,
        timezone_id="Europe/Paris", reduced_motion="reduce",
    )  # fmt: skip
    await page.goto(f"{address}/?feed=space-station&alarm=30m")
    await page.locator("#preview").scroll_into_view_if_needed()
    await expect(page.locator("#zone")).to_contain_text("your time zone")
    await page.locator("#qr").scroll_into_view_if_needed()
    await page.wait_for_function("document.getElementById('qr').naturalWidth > 0")
    await page.evaluate("scrollTo(0, 0)")
    height = 1950 if width > 600 else 2400
    path = DOCS / f"{name}.png"
    await page.screenshot(
        path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
    )
    await page.close()
    size = path.stat().st_size
    print(f"{path}: {size} bytes")
    assert size < LARGEST


async def main() -> None:
    """All four."""
    DOCS.mkdir(exist_ok=True)  # noqa: ASYNC240
    async with FakeLaunchLibrary(records(datetime.now(UTC))) as ll, service(ll.url) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            for scheme in SCHEMES:
                await shoot(browser, address, 1280, scheme, f"page-wide-{scheme}")
                await shoot(browser, address, 360, scheme, f"page-narrow-{scheme}")
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())

"""The page while Launch Library is fetched for the first time."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.actions import path_is, rows
from tests.browser.conftest import Opener
from tests.browser.world import PATIENCE, launches, service
from tests.fake import FakeLaunchLibrary, event

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLS = 6
"""Enough for some of the events, a hundred a page, and not for all."""


async def used_up(address: str) -> None:
    """Wait until the hour's calls are used up."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            async with session.get(f"{address}/status.json") as answer:
                status = await answer.json()
            if status["refresh"]["retry_at"]:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("width", [1280, 390])
async def test_what_cannot_be_answered_yet_is_not_offered(open_page: Opener, width: int) -> None:
    now = datetime.now(UTC)
    events = [
        event(n, name=f"Docking {n}", date=now + timedelta(days=3.5 - n), date_precision=1)
        for n in range(1, 1001)
    ]
    async with (
        FakeLaunchLibrary(events, launches(now)) as ll,
        service(ll.url, ll2_calls_per_hour=CALLS) as address,
    ):
        await used_up(address)
        viewport = {"width": width, "height": 900}
        page = await open_page(f"{address}/?collection=events&past=P90D#preview", viewport=viewport)
        await expect(page.locator(".notice")).to_contain_text("Still being filled.")
        await expect(rows(page).first).to_be_visible()
        pending = page.locator("#build [data-pending], #subscribe [data-pending]")
        offers = page.locator("#path, #webcal, #google, #outlook, #address, #download, #qr")
        copies = page.locator("[data-copy]")
        await expect(pending.filter(visible=True)).to_have_count(0)
        await expect(offers.filter(visible=True)).to_have_count(7)

        await page.get_by_label("Back").select_option("")
        await expect(pending.filter(visible=True)).to_have_count(2)
        await expect(pending.first).to_contain_text("reaches further back than has been fetched")
        await expect(page.locator("#view")).to_contain_text("It will be ready in about")
        await expect(offers.filter(visible=True)).to_have_count(0)
        await expect(copies.filter(visible=True)).to_have_count(0)
        await expect(page.locator("#total")).to_be_empty()
        await expect(page.get_by_role("button", name="Try again")).to_have_count(0)

        await page.reload()
        await expect(pending.filter(visible=True)).to_have_count(2)
        await expect(offers.filter(visible=True)).to_have_count(0)
        await expect(page.locator("#view")).to_contain_text("It will be ready in about")

        await page.get_by_label("Back").select_option("P90D")
        await expect(rows(page).first).to_be_visible()
        await expect(pending.filter(visible=True)).to_have_count(0)
        await expect(offers.filter(visible=True)).to_have_count(7)
        await path_is(page, "/feeds/events.ics")

"""Chromium, and pages in it that may not complain, nor ask anybody else for anything."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

from tests.browser.world import PATIENCE, with_events

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REQUIRED = "CALFEED_TEST_BROWSER"
"""Set it to ``required``, and a missing browser is a failure instead of a skip."""

Opener = Callable[..., Awaitable[Page]]


def chromium() -> str:
    """Where Chromium is; without it the tests skip, or fail where it is required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    missing = "Chromium is not installed (apt-get install chromium), so the page is not tested"
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(browser: Browser) -> AsyncIterator[str]:
    async with with_events() as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[Opener]:
    """Open an address; at the end nothing may have gone wrong on any page."""
    wrong: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_one(address: str, allowed: tuple[str, ...] = (), **context: Any) -> Page:
            one = await browser.new_context(
                **{"viewport": {"width": 1280, "height": 900}, "timezone_id": "Asia/Kolkata",
                   "reduced_motion": "reduce", **context}
            )  # fmt: skip
            stack.push_async_callback(one.close)
            one.set_default_timeout(PATIENCE * 1000)
            page = await one.new_page()
            watch(page, address, wrong, allowed)
            await page.goto(address)
            return page

        yield open_one
    assert wrong == []


def watch(page: Page, address: str, wrong: list[str], allowed: tuple[str, ...]) -> None:
    """Note errors of the console (broken policies among them), of scripts, and stray requests."""
    host = urlsplit(address).netloc

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in allowed):
            wrong.append(message.text)

    def request(request: Request) -> None:
        if urlsplit(request.url).netloc != host:
            wrong.append(f"asked {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", request)

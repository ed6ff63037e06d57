"""What visitors do, and where they look."""

import re
from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, expect


def chosen(page: Page) -> str:
    return urlsplit(page.url).query


async def path_is(page: Page, path: str) -> None:
    await expect(page.locator("#path")).to_have_text(re.compile(re.escape(path) + "$"))


def facet(page: Page, title: str) -> Locator:
    return page.locator(".list", has=page.locator("summary", has_text=title))


async def choose(page: Page, title: str, *values: str) -> None:
    """Open a list of the form and check values in it."""
    opened = facet(page, title)
    if await opened.get_attribute("open") is None:
        await opened.locator("summary").click()
    for value in values:
        await opened.get_by_label(value).check()


def card(page: Page, name: str) -> Locator:
    return page.locator(".card", has=page.get_by_role("heading", name=name, exact=True))


def rows(page: Page) -> Locator:
    return page.locator("#view .agenda .name")

"""Find, build, preview, subscribe and share, as a visitor does."""

import json
import re
from urllib.parse import quote, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.world import HOSTILE

pytestmark = pytest.mark.asyncio(loop_scope="session")


def chosen(page: Page) -> str:
    return urlsplit(page.url).query


async def path_is(page: Page, path: str) -> None:
    await expect(page.locator("#path")).to_have_text(re.compile(re.escape(path) + "$"))


async def test_find_shows_the_named_feeds_agencies_first(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    headings = await page.locator("#find h3").all_inner_texts()
    assert headings == ["By agency", "By theme"]
    nasa = page.locator(".card", has=page.get_by_role("heading", name="NASA"))
    await expect(nasa.locator(".ahead")).to_have_text("1 ahead")
    await expect(nasa.locator(".next .name")).to_have_text("Spacewalk one")
    await expect(nasa.locator(".count")).to_have_text(re.compile(r"^in 2 d [123] h$"))
    colour = await nasa.evaluate("card => getComputedStyle(card, '::before').backgroundColor")
    assert colour == "rgb(65, 105, 225)"
    starship = page.locator(".card", has=page.get_by_role("heading", name="Starship"))
    await expect(starship.locator(".when")).to_have_text(
        re.compile(r"^\s*20\d\d\s+day not known yet$")
    )
    rocket_lab = page.locator(".card", has=page.get_by_role("heading", name="Rocket Lab"))
    await expect(rocket_lab.locator(".none")).to_contain_text("Nothing is ahead")


async def test_a_spacewalk_of_nasa_with_a_reminder_in_under_a_minute(
    open_page: Opener, site: str
) -> None:
    page = await open_page(site)
    await page.get_by_role("link", name="Build your own").click()
    await page.get_by_label("National Aeronautics").check()
    await page.get_by_label("EVA").check()
    await page.get_by_label("30 minutes").check()
    await path_is(page, "/events.ics?agency__ids=44&type__ids=3&alarm=PT30M&past=P90D")
    await expect(page.locator("#total")).to_have_text("1 ahead, 1 past")
    await expect(page.locator("#view .agenda .name")).to_have_text(
        ["Spacewalk of old (past)", "Spacewalk one"]
    )
    url = f"{site}/events.ics?agency__ids=44&type__ids=3&alarm=PT30M&past=P90D"
    answer = await page.request.get(url)
    body = await answer.text()
    assert (answer.status, body.count("BEGIN:VEVENT"), body.count("TRIGGER:-PT30M")) == (200, 2, 2)


async def test_links_follow_the_choice(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=nasa&alarm=1h")
    host = urlsplit(site).netloc
    webcal = f"webcal://{host}/feeds/nasa.ics?alarm=PT1H"
    assert await page.locator("#webcal").get_attribute("href") == webcal
    assert await page.locator("#google").get_attribute("href") == (
        f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}"
    )
    https = quote(f"{site}/feeds/nasa.ics?alarm=PT1H", safe="")
    assert await page.locator("#outlook").get_attribute("href") == (
        f"https://outlook.live.com/calendar/0/addfromweb?url={https}&name=NASA"
    )
    await page.get_by_label("1 hour").uncheck()
    await expect(page.locator("#webcal")).to_have_attribute(
        "href", f"webcal://{host}/feeds/nasa.ics"
    )
    await expect(page.locator("#address")).to_have_value(f"{site}/feeds/nasa.ics")
    await expect(page.locator("#download")).to_have_attribute("href", "feeds/nasa.ics")
    await expect(page.locator("#qr")).to_have_attribute("src", "qr.svg?path=feeds%2Fnasa.ics")
    await page.locator("#qr").scroll_into_view_if_needed()
    await page.wait_for_function("document.getElementById('qr').naturalWidth > 0")


async def test_copy(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=esa", permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy address").click()
    await expect(page.locator("[data-copied]")).to_have_text("The address is copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == f"{site}/feeds/esa.ics"


async def test_the_address_of_the_page_can_be_shared(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Words in the name").fill("soyuz")
    await page.get_by_label("banner over the time").check()
    await page.get_by_role("combobox", name="Ahead").select_option("P365D")
    await path_is(page, "?search=soyuz&coarse=span&future=P365D&past=P90D")
    again = await open_page(page.url)
    await expect(again.get_by_label("Words in the name")).to_have_value("soyuz")
    await expect(again.get_by_label("banner over the time")).to_be_checked()
    await expect(again.get_by_role("combobox", name="Ahead")).to_have_value("P365D")
    await path_is(again, "?search=soyuz&coarse=span&future=P365D&past=P90D")
    await expect(again.locator("#total")).to_have_text("1 ahead, 0 past")


async def test_a_pasted_address_opens(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Paste its address").fill(
        "webcal://elsewhere.example/sub/feeds/spacewalks.ics?alarm=PT45M&lang=en"
    )
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_label("EVA")).to_be_checked()
    await expect(page.locator("#title")).to_have_text("Spacewalks")
    await expect(page.get_by_label("lang en")).to_be_checked()
    await path_is(page, "/feeds/spacewalks.ics?alarm=PT45M&lang=en")
    assert chosen(page) == "feed=spacewalks&alarm=PT45M&lang=en"


async def test_what_cannot_be_opened_is_said(open_page: Opener, site: str) -> None:
    page = await open_page(site, allowed=("400",))
    for pasted, said in (("hello", "not the address of a feed"),
                         ("/events.ics?agency_ids=44", "did you mean “agency__ids”?")):  # fmt: skip
        await page.get_by_label("Paste its address").fill(pasted)
        await page.get_by_role("button", name="Open", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text(said)
    await path_is(page, "/feeds/everything.ics")


async def test_an_empty_choice_says_what_to_loosen(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?agency__ids=63&type__ids=3")
    await expect(page.locator("#empty")).to_contain_text("No event matches this choice.")
    await page.locator("#ways").get_by_role("link", name="any type of event").click()
    await expect(page.locator("#empty")).to_be_hidden()
    await expect(page.get_by_label("EVA")).not_to_be_checked()
    await expect(page.locator("#view .agenda .name")).to_have_text(["Soyuz docking"])


async def test_the_preview_is_in_the_readers_time_zone(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=spacewalks#preview")
    await expect(page.locator("#zone")).to_have_text(
        "Times in Asia/Calcutta (UTC+5:30), your time zone."
    )
    body = json.loads(await (await page.request.get(f"{site}/feeds/spacewalks.json")).text())
    local = await page.evaluate(
        "text => new Date(text).toTimeString().slice(0, 5)", body["events"][-1]["start"]
    )
    coming = page.locator("#view .agenda li", has_text="Spacewalk one")
    await expect(coming.locator(".when")).to_contain_text(local)
    link = coming.get_by_role("link", name="Webcast: NASA (official)")
    assert await link.get_attribute("href") == "https://videos.example/live"
    await expect(page.locator("#view li.past .name")).to_have_text("Spacewalk of old (past)")


async def test_coarse_dates_are_told_apart(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=starship#preview")
    row = page.locator("#view li.vague")
    await expect(row.locator(".tag")).to_have_text(re.compile(r"^20\d\d$"))
    await expect(row).to_contain_text("Day not known yet")


async def test_the_month_grid(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=isro#preview")
    await expect(page.locator("#view .agenda .name").first).to_have_text("Day 0")
    await page.get_by_role("button", name="Month").click()
    await expect(page.locator("table.grid th")).to_have_count(7)
    await expect(page.locator("td[aria-current=date]")).to_have_count(1)
    before = await page.locator("#month").inner_text()
    await page.get_by_role("button", name="Later month").click()
    await expect(page.locator("#month")).not_to_have_text(before)
    await expect(page.get_by_role("button", name="Later month")).to_be_focused()


async def test_lists_can_be_searched(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    field = page.get_by_label("Search agencies")
    await field.fill("europ")
    agencies = page.locator("[data-list=agency__ids] .options label:visible")
    await expect(agencies).to_have_count(1)
    await expect(agencies).to_contain_text("European Space Agency")


async def test_no_more_than_three_reminders(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    for words in ("10 minutes", "1 hour", "1 day"):
        await page.get_by_label(words).check()
    await path_is(page, "/feeds/everything.ics?alarm=P1D,PT1H,PT10M")
    await expect(page.get_by_label("1 week")).to_be_disabled()


async def test_a_long_address_is_warned_of(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?search={'soyuz' * 40}")
    await expect(page.locator("#too-long")).to_be_hidden()
    await page.get_by_label("Words in the name").fill("soyuz" * 50)
    await expect(page.locator("#too-long")).to_contain_text("Google takes 256 at most")


async def test_upstream_text_is_never_markup(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?type__ids=9#preview")
    row = page.locator("#view .agenda li")
    await expect(row.locator(".name")).to_have_text(f"Hostile {HOSTILE}")
    await expect(row.locator(".where")).to_have_text(HOSTILE)
    await page.get_by_role("button", name="Month").click()
    await page.get_by_role("button", name="Agenda").click()
    links = await page.locator("#view a").evaluate_all("all => all.map(one => one.protocol)")
    assert set(links) <= {"https:"}
    assert await page.evaluate("window.hacked") is None
    landings = page.locator(".card", has=page.get_by_role("heading", name="Landings"))
    await expect(landings.locator(".name")).to_have_text(f"Hostile {HOSTILE}")

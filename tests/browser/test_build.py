"""Build, read back, loosen and share a choice, as a visitor does."""

import re
from urllib.parse import quote, urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.actions import choose, chosen, facet, path_is, rows
from tests.browser.conftest import Opener

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_florida_without_starlink_an_hour_before_in_under_a_minute(
    open_page: Opener, site: str
) -> None:
    page = await open_page(site, permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_role("link", name="Build your own").click()
    await page.get_by_label("launches", exact=True).check()
    await page.get_by_label("without Starlink", exact=True).check()
    await choose(page, "Launch sites", "Cape Canaveral", "Kennedy")
    await page.get_by_label("1 hour", exact=True).check()
    path = "/launches.ics?alarm=PT1H&exclude=starlink&location__ids=12,27&past=P90D"
    await expect(page.locator("#total")).to_have_text("1 ahead, 0 past")
    await expect(rows(page)).to_have_text(["Falcon 9 Block 5 | Crew-20"])
    await page.get_by_role("button", name="Copy address").click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    answer = await page.request.get(copied)
    body = await answer.text()
    assert (answer.status, body.count("BEGIN:VEVENT"), body.count("TRIGGER:-PT1H")) == (200, 1, 1)
    assert sorted(urlsplit(copied).query.split("&")) == sorted(urlsplit(path).query.split("&"))


async def test_the_collection_decides_what_is_offered(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    for title in ("Rockets", "Types of event"):
        await expect(facet(page, title)).to_be_visible()
    await page.get_by_label("events", exact=True).check()
    await expect(facet(page, "Rockets")).to_be_hidden()
    await expect(page.get_by_label("Near a place")).to_be_hidden()
    await path_is(page, "/feeds/events.ics")
    await page.get_by_label("launches", exact=True).check()
    await expect(facet(page, "Rockets")).to_be_visible()
    await expect(facet(page, "Types of event")).to_be_hidden()
    await path_is(page, "/feeds/launches.ics")


async def test_a_facet_of_one_collection_says_what_it_leaves_out(
    open_page: Opener, site: str
) -> None:
    page = await open_page(site)
    await choose(page, "Orbits", "Low Earth Orbit")
    await expect(facet(page, "Orbits").locator(".leaves")).to_have_text(
        "Only launches have it: choosing here leaves events out."
    )
    await expect(rows(page).first).to_contain_text("Falcon 9")
    assert "type__ids" not in chosen(page)
    await expect(facet(page, "Orbits").locator(".picked")).to_have_text("Low Earth Orbit")


async def test_counts_follow_what_else_is_chosen(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await choose(page, "Agencies", "SpaceX")
    sites = facet(page, "Launch sites")
    await sites.locator("summary").click()
    mahia = sites.locator("label", has_text="Mahia")
    await expect(mahia.locator(".n")).to_have_text(", 0 ahead")
    await expect(sites.locator("label", has_text="Kennedy").locator(".n")).to_have_text(", 1 ahead")
    await facet(page, "Agencies").get_by_label("SpaceX").uncheck()
    await expect(mahia.locator(".n")).to_have_text(", 2 ahead")


async def test_near_a_place_and_with_a_crew(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Near a place").fill("28.6, -80.6, 50")
    await path_is(page, "near=28.6,-80.6,50&past=P90D")
    await page.get_by_label("with a crew").check()
    await expect(page.locator("#total")).to_have_text("1 ahead, 0 past")
    await expect(rows(page)).to_have_text(["Falcon 9 Block 5 | Crew-20"])


async def test_what_near_cannot_read_is_said(open_page: Opener, site: str) -> None:
    page = await open_page(site, allowed=("400",))
    await page.get_by_label("Near a place").fill("Florida")
    await expect(page.get_by_role("alert")).to_contain_text("“near” takes LAT,LON")


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
    await page.get_by_label("1 hour", exact=True).uncheck()
    await expect(page.locator("#webcal")).to_have_attribute(
        "href", f"webcal://{host}/feeds/nasa.ics"
    )
    await expect(page.locator("#address")).to_have_value(f"{site}/feeds/nasa.ics")
    await expect(page.locator("#download")).to_have_attribute("href", "feeds/nasa.ics")
    await expect(page.locator("#qr")).to_have_attribute("src", "qr.svg?path=feeds%2Fnasa.ics")
    await page.locator("#qr").scroll_into_view_if_needed()
    await page.wait_for_function("document.getElementById('qr').naturalWidth > 0")


async def test_the_address_of_the_page_can_be_shared(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Words to look for").fill("soyuz")
    await page.get_by_label("Leave out names").fill("undocking, old")
    await page.get_by_label("banner over the time").check()
    await page.get_by_role("combobox", name="Ahead").select_option("P365D")
    await page.get_by_role("combobox", name="How long").select_option("window")
    path = "exclude=old,undocking&search=soyuz&coarse=span&future=P365D&length=window&past=P90D"
    await path_is(page, f"?{path}")
    again = await open_page(page.url)
    await expect(again.get_by_label("Words to look for")).to_have_value("soyuz")
    await expect(again.get_by_label("Leave out names")).to_have_value("old, undocking")
    await expect(again.get_by_label("banner over the time")).to_be_checked()
    await expect(again.get_by_role("combobox", name="Ahead")).to_have_value("P365D")
    await expect(again.get_by_role("combobox", name="How long")).to_have_value("window")
    await path_is(again, f"?{path}")
    await expect(again.locator("#total")).to_have_text("1 ahead, 0 past")


async def test_a_pasted_address_opens(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Paste its address").fill(
        "webcal://elsewhere.example/sub/feeds/spacewalks.ics?alarm=PT45M&lang=en,ru"
    )
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_label("EVA")).to_be_checked()
    await expect(page.locator("#title")).to_have_text("Spacewalks")
    await expect(page.get_by_role("combobox", name="First in")).to_have_value("en,ru")
    await expect(page.get_by_label("PT45M")).to_be_checked()
    await path_is(page, "/feeds/spacewalks.ics?alarm=PT45M&lang=en,ru")
    assert chosen(page) == "feed=spacewalks&alarm=PT45M&lang=en,ru"


async def test_a_query_of_launch_librarys_own_opens_whole(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Paste its address").fill(
        "https://ll.thespacedevs.com/2.3.0/launches/?location__ids=10,4711"
        "&rocket__configuration__name=Electron&is_crewed=false&mission__orbit__name=Low Earth Orbit"
    )
    await page.get_by_role("button", name="Open", exact=True).click()
    sites = facet(page, "Launch sites")
    await expect(sites.get_by_label("Mahia")).to_be_checked()
    await expect(sites.get_by_label("launch site 4711")).to_be_checked()
    await expect(page.get_by_label("without", exact=True)).to_be_checked()
    await expect(facet(page, "Orbits").get_by_label("Low Earth Orbit")).to_be_checked()
    await expect(page.locator("#carried").get_by_label("Electron")).to_be_checked()


async def test_what_cannot_be_opened_is_said(open_page: Opener, site: str) -> None:
    page = await open_page(site, allowed=("400",))
    for pasted, said in (("hello", "not the address of a feed"),
                         ("/events.ics?agency_ids=44", "did you mean “agency__ids”?")):  # fmt: skip
        await page.get_by_label("Paste its address").fill(pasted)
        await page.get_by_role("button", name="Open", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text(said)
    await path_is(page, "/feeds/everything.ics")


async def test_a_mistake_in_a_field_is_said_there_and_nothing_else_is_offered(
    open_page: Opener, site: str
) -> None:
    page = await open_page(f"{site}/#build", allowed=("400",))
    field, said = page.get_by_label("Near a place"), page.get_by_role("alert")
    await field.click()
    await page.keyboard.insert_text("Cape Canaveral")
    await expect(said).to_contain_text("“near=Cape Canaveral” cannot be read")
    await expect(said).to_be_in_viewport(ratio=1)
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("kilometres.*cannot be read"))
    await expect(page.locator("#older")).to_contain_text("not in this calendar yet")
    buttons = [page.locator(".summary").get_by_text(words) for words in ("Subscribe", "Copy")]
    buttons += [page.locator(selector) for selector in ("#webcal", "#google", "#outlook")]
    for button in buttons:
        assert await button.evaluate("button => Boolean(button.closest('[inert]'))")
    await field.fill("28.6, -80.6, 50")
    await path_is(page, "near=28.6,-80.6,50&past=P90D")
    await expect(said).to_have_count(0)
    await expect(field).not_to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#older")).to_be_hidden()
    for button in buttons:
        assert not await button.evaluate("button => Boolean(button.closest('[inert]'))")


async def test_a_choice_that_nobody_answers_is_not_taken_for_the_calendar_before(
    open_page: Opener, site: str
) -> None:
    page = await open_page(f"{site}/#build", allowed=("ERR_FAILED",))
    await page.route("**/build.json?*", lambda route: route.abort())
    await page.get_by_label("without Starlink", exact=True).check()
    await expect(page.locator("#older")).to_contain_text("cannot be reached")
    await expect(page.locator(".summary [data-current]")).to_have_js_property("inert", True)
    await page.unroute("**/build.json?*")
    await page.get_by_label("without Starlink", exact=True).uncheck()
    await expect(page.locator("#older")).to_be_hidden()


async def test_a_refused_address_leaves_the_choice_as_it_is(open_page: Opener, site: str) -> None:
    page = await open_page(site, allowed=("400",))
    await page.get_by_label("Paste its address").fill("/launches.ics?near=here")
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("“near=here” cannot be read")
    await expect(page.get_by_label("Paste its address")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#older")).to_be_hidden()


async def test_an_empty_choice_says_what_to_loosen(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?agency__ids=63&type__ids=3")
    await expect(page.locator("#empty")).to_contain_text("Nothing matches this choice.")
    await page.locator("#ways").get_by_role("link", name="any type of event").click()
    await expect(page.locator("#empty")).to_be_hidden()
    await expect(page.get_by_label("EVA")).not_to_be_checked()
    await expect(rows(page)).to_have_text(["Soyuz docking"])


async def test_lists_can_be_searched_beyond_what_is_listed(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    agencies = facet(page, "Agencies")
    await agencies.locator("summary").click()
    await page.get_by_label("Search agencies").fill("europ")
    await expect(agencies.locator(".options label:visible")).to_have_count(1)
    await expect(agencies.locator(".options label:visible")).to_contain_text("European Space")


async def test_no_more_than_three_reminders(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    for words in ("10 minutes", "1 hour", "1 day"):
        await page.get_by_label(words, exact=True).check()
    await path_is(page, "/feeds/everything.ics?alarm=P1D,PT1H,PT10M")
    await expect(page.get_by_label("1 week")).to_be_disabled()


async def test_a_long_address_is_warned_of(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?search={'soyuz' * 40}")
    await expect(page.locator("#too-long")).to_be_hidden()
    await page.get_by_label("Words to look for").fill("soyuz" * 50)
    await expect(page.locator("#too-long")).to_contain_text("Google takes 256 at most")

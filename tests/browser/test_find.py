"""The first screen, the cards in their sections, the search, and the map of launch sites."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.actions import card, chosen, facet, path_is, rows
from tests.browser.conftest import Opener

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_first_screen_says_what_is_next_and_subscribes(
    open_page: Opener, site: str
) -> None:
    page = await open_page(site)
    coming = page.locator(".upnext")
    await expect(coming.locator("> .name")).to_have_text("Spacewalk one")
    await expect(coming.locator("> .count")).to_have_text(re.compile(r"^in 2 d [123] h$"))
    watch = coming.get_by_role("link", name="Watch: NASA")
    assert await watch.get_attribute("href") == "https://videos.example/live"
    then = coming.locator("li", has_text="Starlink Group 6-1")
    await expect(then.locator(".kind")).to_have_text("Launch:")
    host = site.removeprefix("http://")
    launches = page.get_by_role("link", name="Subscribe to: All launches")
    assert await launches.get_attribute("href") == f"webcal://{host}/feeds/launches.ics"
    everything = page.get_by_role("link", name="Subscribe to: Everything")
    assert await everything.get_attribute("href") == f"webcal://{host}/feeds/everything.ics"
    bottom = "document.querySelector('.upnext').getBoundingClientRect().bottom"
    assert await page.evaluate(bottom) < 900


async def test_cards_stand_in_sections(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    headings = await page.locator("#find h3").all_inner_texts()
    assert headings == ["Popular", "Agencies and companies", "Launch sites", "Themes"]
    nasa = card(page, "NASA")
    await expect(nasa.locator(".ahead")).to_have_text("2 ahead")
    await expect(nasa.locator(".next .name")).to_contain_text("Spacewalk one")
    await expect(nasa.locator(".count")).to_have_text(re.compile(r"^in 2 d [123] h$"))
    colour = await nasa.evaluate("card => getComputedStyle(card, '::before').backgroundColor")
    assert colour == "rgb(65, 105, 225)"
    await expect(card(page, "Starship").locator(".when")).to_have_text(
        re.compile(r"^\s*20\d\d\s+day not known yet$")
    )


async def test_a_card_with_nothing_ahead_steps_back(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    idle = page.locator(".theme .card.idle").first
    await expect(idle.locator(".none")).to_contain_text("Nothing is ahead")
    await expect(idle.locator(".ahead")).to_have_text("0 ahead")
    states = await page.locator(".agency .card").evaluate_all(
        "cards => cards.map(card => card.classList.contains('idle'))"
    )
    assert states == sorted(states)
    assert {True, False} <= set(states)


async def test_the_search_leaves_the_cards_that_match(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.get_by_label("Search the calendars").fill("florida")
    await expect(page.locator(".card:visible h4")).to_have_text(["Launches from Florida"])
    await expect(page.locator("#sought")).to_contain_text("1 calendar found")
    await page.get_by_label("Search the calendars").fill("northrop")
    await expect(page.locator(".card:visible h4")).to_have_text(["Northrop Grumman"])
    await page.get_by_label("Search the calendars").fill("nothing like it")
    await expect(page.locator("#sought")).to_contain_text("No calendars found")
    await page.get_by_label("Search the calendars").fill("")
    await expect(page.locator("#find h3:visible")).to_have_count(4)


async def test_a_card_is_opened_in_the_builder_without_loading(
    open_page: Opener, site: str
) -> None:
    page = await open_page(site)
    await page.evaluate("window.same = true")
    await card(page, "Launches from Florida").get_by_role("link", name="Preview").click()
    await expect(page.locator("#title")).to_have_text("Launches from Florida")
    await expect(page.locator("#build-title")).to_be_focused()
    assert await page.evaluate("window.same")
    assert chosen(page) == "feed=florida"


async def test_the_map_has_a_dot_for_each_site(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    dots = page.locator("#map svg [data-site]")
    await expect(dots).to_have_count(5)
    sizes = {
        await dot.get_attribute("data-site"): float(
            await dot.locator("circle").get_attribute("r") or 0
        )
        for dot in await dots.all()
    }
    assert sizes["12"] == sizes["10"] > sizes["27"] > sizes["11"]
    listed = page.locator("#map .sites [data-site]:visible")
    await expect(listed).to_have_count(4)


async def test_the_map_tells_and_chooses(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?past=90d#map")
    dot = page.locator("#map svg [data-site='10']")
    stroke = "dots => dots.map(dot => getComputedStyle(dot.firstElementChild).stroke)"
    before = await page.locator("#map svg [data-site]").evaluate_all(stroke)
    assert len(set(before)) == 1
    await dot.hover()
    after = await page.locator("#map svg [data-site]").evaluate_all(stroke)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    await expect(page.locator("#tip")).to_have_text(re.compile("Mahia.*: 2 ahead"))
    await expect(page.locator("#map .sites [data-site='10']")).to_have_class(re.compile("told"))
    await dot.click()
    await path_is(page, "/launches.ics?location__ids=10&past=P90D")
    await expect(facet(page, "Launch sites").get_by_label("Mahia")).to_be_checked()
    await expect(page.get_by_label("launches", exact=True)).to_be_checked()
    await expect(dot).to_have_attribute("aria-current", "true")
    await page.locator("#map .sites [data-site='12']").click()
    await path_is(page, "/launches.ics?location__ids=10,12&past=P90D")
    await dot.click()
    await path_is(page, "/launches.ics?location__ids=12&past=P90D")


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_click_on_the_centre_of_a_dot_chooses_its_site(
    open_page: Opener, site: str, width: int
) -> None:
    page = await open_page(f"{site}/?past=90d#map", viewport={"width": width, "height": 900})
    for dot in await page.locator("#map svg .dot:not(.idle)").all():
        await dot.scroll_into_view_if_needed()
        hit = await dot.evaluate(
            """dot => {
              const box = dot.getBoundingClientRect();
              const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
              return document.elementFromPoint(x, y).closest("[data-site]") === dot;
            }"""
        )
        assert hit, await dot.get_attribute("aria-label")


async def test_the_map_by_keyboard(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?past=90d")
    await page.locator("#map svg [data-site]").first.evaluate(
        "dot => [...dot.parentNode.querySelectorAll('[tabindex=\"0\"]')].at(0).focus()"
    )
    await expect(page.locator("#tip")).to_contain_text("Vandenberg")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#tip")).to_have_text(re.compile(r"Cape|Kennedy"))
    stops = page.locator("#map svg [data-site][tabindex='0']")
    await expect(stops).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator("#map svg [aria-current]")).to_have_count(1)
    await expect(rows(page).first).to_be_attached()

"""Without JavaScript, by keyboard, on narrow screens, for screen readers; and honest notices."""

from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.actions import card, choose, path_is
from tests.browser.conftest import Opener
from tests.browser.world import events, launches, service, with_events
from tests.fake import FakeLaunchLibrary, Fault

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}
Scheme = Literal["light", "dark"]
SHIFTS = """new Promise((done) => {
  const shifts = [];
  const note = (list) => shifts.push(...list.getEntries().map((shift) => shift.value));
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver(() => setTimeout(() => done(shifts), 0)).observe(
    { type: "paint", buffered: true });
})"""
"""By how much the page has jumped so far, each time."""


async def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found: Any = (await Axe().run(page)).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_accessible(
    open_page: Opener, site: str, viewport: dict[str, int], scheme: Scheme
) -> None:
    page = await open_page(site, viewport=viewport, color_scheme=scheme, allowed=("400",))
    assert await serious(page) == []
    await page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    await page.locator("#preview").scroll_into_view_if_needed()
    await expect(page.locator("#zone")).to_contain_text("your time zone")
    await page.locator("#map svg [data-site='12']").dispatch_event("click")
    await path_is(page, "location__ids=12&past=P90D")
    assert await serious(page) == []
    await page.get_by_role("button", name="Month").click()
    await expect(page.locator("table.grid")).to_be_visible()
    await page.get_by_label("Search the calendars").fill("zzz")
    assert await serious(page) == []
    await page.goto(f"{site}/?agency__ids=63&type__ids=3&year=2027&search={'soyuz' * 50}")
    await expect(page.locator("#empty")).to_be_visible()
    await expect(page.locator("#too-long")).to_be_visible()
    assert await serious(page) == []
    await page.get_by_label("Near a place").fill("here")
    await expect(page.get_by_role("alert")).to_contain_text("cannot be read")
    assert await serious(page) == []


async def test_nothing_is_wider_than_a_narrow_screen(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?type__ids=9&search={'soyuz' * 50}", viewport=NARROW)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.goto(f"{site}/#preview")
    await expect(page.locator("#zone")).to_contain_text("your time zone")
    await page.get_by_role("button", name="Month").click()
    await expect(page.locator("table.grid")).to_be_visible()
    await page.locator("#find details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def focused(page: Page) -> str:
    """The element that has the focus; nothing where that is the whole page."""
    element = "document.activeElement === document.body ? '' : document.activeElement.outerHTML"
    return str(await page.evaluate(element))


async def tab_to(page: Page, mark: str) -> None:
    for _ in range(200):
        await page.keyboard.press("Tab")
        if mark in await focused(page):
            return
    raise AssertionError(f"the tab key never comes to {mark}")


async def test_by_keyboard_alone(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await page.keyboard.press("Tab")
    assert "skip" in await focused(page)
    await tab_to(page, 'href="#build"')
    await page.keyboard.press("Enter")
    await tab_to(page, 'name="collection"')
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#title")).to_have_text("All launches")
    await tab_to(page, 'name="exclude" value="starlink"')
    await page.keyboard.press("Space")
    await tab_to(page, "Launch sites")
    await page.keyboard.press("Enter")
    for site_id in (12, 27):
        await tab_to(page, f'name="location__ids" value="{site_id}"')
        await page.keyboard.press("Space")
    await tab_to(page, 'name="alarm" value="PT1H"')
    outline = "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    await page.keyboard.press("Space")
    await path_is(page, "/launches.ics?exclude=starlink&location__ids=12,27&alarm=PT1H&past=P90D")
    await tab_to(page, 'data-show="month"')
    await page.keyboard.press("Enter")
    await expect(page.locator("table.grid")).to_be_visible()
    await tab_to(page, 'id="webcal"')
    webcal = await page.evaluate("document.activeElement.href")
    assert webcal.endswith(
        "/launches.ics?exclude=starlink&location__ids=12,27&alarm=PT1H&past=P90D"
    )


async def test_without_javascript(open_page: Opener, site: str) -> None:
    page = await open_page(site, java_script_enabled=False)
    nasa = card(page, "NASA")
    await expect(page.locator(".upnext > .when")).to_contain_text("UTC")
    await expect(nasa.locator(".when")).to_contain_text("UTC")
    await nasa.locator("summary").click()
    await expect(nasa.get_by_role("link", name="Google")).to_be_visible()
    await choose(page, "Agencies", "National Aeronautics")
    await page.get_by_label("1 hour", exact=True).check()
    await page.get_by_label("without Starlink", exact=True).check()
    await page.get_by_role("button", name="Show this choice").click()
    await path_is(page, "/all.ics?agency__ids=44&exclude=starlink&alarm=PT1H&past=P90D")
    await expect(page.locator("#view .name")).to_have_text(
        ["Spacewalk one", "Falcon 9 Block 5 | Crew-20"]
    )
    await expect(page.get_by_label("National Aeronautics")).to_be_checked()
    await expect(page.get_by_label("without Starlink", exact=True)).to_be_checked()
    await expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    await expect(page.get_by_role("button", name="UTC")).to_have_count(0)
    await expect(page.get_by_label("Search the calendars")).to_be_hidden()
    await page.locator("#map .sites [data-site='10']").click()
    await path_is(page, "/launches.ics?location__ids=10&past=P90D")
    await expect(page.locator("#view .name")).to_contain_text(["Electron | Owl"])
    await page.get_by_label("Paste its address").fill("/agencies/63.ics")
    await page.get_by_role("button", name="Open").click()
    await expect(page.locator("#path")).to_have_text(f"{site}/feeds/roscosmos.ics")


async def test_a_mistyped_choice_is_said_on_the_page(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?agency_ids=44", allowed=("400",))
    await expect(page.get_by_role("alert")).to_contain_text("did you mean “agency__ids”?")
    await expect(page.locator("#path")).to_have_text(f"{site}/feeds/everything.ics")


async def test_fresh_data_says_its_age_and_whose_it_is(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    await expect(page.locator(".age")).to_contain_text("Data as of")
    await expect(page.locator(".notice")).to_have_count(0)
    credit = page.get_by_role("link", name="The Space Devs")
    assert await credit.get_attribute("href") == "https://thespacedevs.com"


async def test_sample_data_says_so(open_page: Opener) -> None:
    async with service("http://127.0.0.1:9/2.3.0", sample="always") as address:
        page = await open_page(address)
        await expect(page.locator(".notice")).to_contain_text("Sample data.")
        await expect(page.locator(".notice")).to_contain_text("4 July 2021")
        await expect(page.locator("[data-until]")).to_have_count(0)
        assert int(await page.locator(".card .ahead b").first.inner_text()) >= 0
        await page.get_by_role("link", name="Preview", exact=True).first.click()
        await expect(page.locator("#zone")).to_contain_text("your time zone")
        await expect(page.locator("#view")).to_contain_text("2021")


async def test_stale_data_says_so(open_page: Opener) -> None:
    now = datetime.now(UTC)
    async with FakeLaunchLibrary(events(now), launches(now)) as ll:
        async with service(ll.url, fresh_for="PT1S") as address:
            page = await open_page(address)
            await ll.gone()
            await page.wait_for_function(
                "at => Date.now() - new Date(at) > 2500",
                arg=await page.locator(".age time").get_attribute("datetime"),
            )
            await page.goto(f"{address}/?past=")
            await expect(page.locator(".notice")).to_contain_text("The data is not fresh.")
            await expect(page.locator(".card .ahead").first).to_be_visible()


async def test_without_any_data_the_page_still_stands(open_page: Opener) -> None:
    async with FakeLaunchLibrary() as ll:
        ll.fault = Fault("status", status=500)
        async with service(ll.url) as address:
            page = await open_page(address, allowed=("503",))
            await expect(page.locator(".notice")).to_contain_text("No data yet.")
            await expect(page.locator(".card h4").first).to_be_visible()
            await expect(page.locator(".card .ahead")).to_have_count(0)
            await expect(page.locator("#path")).to_have_text(f"{address}/feeds/everything.ics")


async def test_the_links_begin_with_the_public_address(open_page: Opener) -> None:
    public = "https://cal.example.org/space"
    async with with_events(public_url=public) as address:
        page = await open_page(f"{address}/?feed=nasa")
        await expect(page.locator("#path")).to_have_text(f"{public}/feeds/nasa.ics")
        webcal = await page.locator("#webcal").get_attribute("href")
        assert webcal == "webcal://cal.example.org/space/feeds/nasa.ics"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_nothing_jumps_while_the_page_loads(
    open_page: Opener, site: str, viewport: dict[str, int]
) -> None:
    page = await open_page(site, viewport=viewport)
    await page.wait_for_load_state("networkidle")
    shifted = await page.evaluate(SHIFTS)
    assert sum(shifted) < 0.01


async def test_the_first_view_is_light(open_page: Opener, site: str) -> None:
    page = await open_page(site)
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Network.enable")
    await cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[int] = []
    cdp.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    answer = await page.reload(wait_until="networkidle")
    assert answer is not None
    assert await page.context.cookies() == []
    assert len(received) >= 15
    assert sum(received) < 100_000
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy

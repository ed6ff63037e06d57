"""The preview: what the calendar will show, in the reader's zone or in UTC."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from calfeed.record import Move
from tests.browser.actions import card, rows
from tests.browser.conftest import Opener
from tests.browser.world import HOSTILE, RIGHT_TO_LEFT, events, launches
from tests.fake import FakeLaunchLibrary
from tests.support.service import clock_at, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOCK = "text => new Date(text).toTimeString().slice(0, 5)"

IN_SIGHT = """element => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + 2);
  return element === top || element.contains(top);
}"""


async def test_the_preview_is_in_the_readers_time_zone(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=spacewalks#preview")
    await expect(page.locator("#zone")).to_have_text(
        "Times in Asia/Calcutta (UTC+5:30), your time zone."
    )
    body = json.loads(await (await page.request.get(f"{site}/feeds/spacewalks.json")).text())
    local = await page.evaluate(CLOCK, body["events"][-1]["start"])
    coming = page.locator("#view .agenda li", has_text="Spacewalk one")
    await expect(coming.locator(".when")).to_contain_text(local)
    link = coming.get_by_role("link", name="Webcast: NASA (official)")
    assert await link.get_attribute("href") == "https://videos.example/live"


async def test_utc_by_choice(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=spacewalks#preview")
    body = json.loads(await (await page.request.get(f"{site}/feeds/spacewalks.json")).text())
    start = body["events"][-1]["start"]
    await expect(page.locator("#zone")).to_contain_text("your time zone")
    await page.locator("#preview").get_by_role("button", name="UTC").click()
    await expect(page.locator("#zone")).to_have_text("Times in UTC.")
    coming = page.locator("#view .agenda li", has_text="Spacewalk one")
    await expect(coming.locator(".when")).to_contain_text(start[11:16])
    await expect(page.locator(".upnext > .when")).to_contain_text(f"{start[11:16]} UTC")
    await expect(page.locator(".upnext").get_by_role("button", name="UTC")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.locator(".upnext").get_by_role("button", name="My time").click()
    await expect(coming.locator(".when")).to_contain_text(await page.evaluate(CLOCK, start))


async def test_official_webcasts_come_first(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?location__ids=27&past=90d#preview")
    row = page.locator("#view .agenda li", has_text="Crew-20")
    await expect(row.locator(".watch a")).to_have_text(
        ["Webcast: NASA (official)", "Webcast: Fan 1", "Webcast: Fan 2"]
    )


async def test_what_is_earlier_comes_on_demand(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=spacewalks#preview")
    await expect(rows(page)).to_have_text(["Spacewalk one"])
    await page.get_by_role("button", name="Show earlier").click()
    await expect(rows(page)).to_have_text(["Spacewalk of old (past)", "Spacewalk one"])
    await expect(page.get_by_role("button", name="Show earlier")).to_have_count(0)


async def test_launches_and_events_are_told_apart_by_word_and_shape(
    open_page: Opener, site: str
) -> None:
    page = await open_page(f"{site}/?agency__ids=44&past=90d#preview")
    crew = page.locator("#view .agenda li", has_text="Crew-20")
    walk = page.locator("#view .agenda li", has_text="Spacewalk one")
    await expect(crew.locator(".kind")).to_have_text("Launch")
    await expect(crew.locator(".tag")).to_have_text("To Be Confirmed")
    await expect(crew.locator(".where")).to_contain_text("Kennedy Space Center")
    await expect(walk.locator(".kind")).to_have_text("EVA")
    shape = "mark => getComputedStyle(mark).clipPath"
    assert "polygon" in await crew.locator(".kind i").evaluate(shape)
    assert await walk.locator(".kind i").evaluate(shape) == "none"


async def test_the_dates_that_it_had_before_are_told(open_page: Opener) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    moves = (
        Move(date=now + timedelta(days=1), precision=1, noticed_at=now - timedelta(days=9)),
        Move(date=now + timedelta(days=30), precision=8, noticed_at=now - timedelta(days=3)),
    )
    rockets = launches(now)
    async with (
        FakeLaunchLibrary(events(now), rockets, now=clock_at(now)) as ll,
        serving(ll, clock=clock_at(now)) as service,
    ):
        await service.filled()
        await service.take_in("launches", id=rockets[3]["id"], moves=moves)
        site = (await service.client.get("/healthz")).url.origin()
        page = await open_page(f"{site}/?location__ids=10&past=90d#preview")
        row = page.locator("#view .agenda li", has_text="Owl")
        await expect(row.locator(".moves")).to_have_text(
            re.compile(r"^Moved 2 times; was \w+ \d+ \w+ 20\d\d, \d\d:\d\d, then Q\d 20\d\d$")
        )
        await expect(row.locator(".moves s")).to_have_count(2)


async def test_coarse_dates_are_vague(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?location__ids=10&past=90d#preview")
    row = page.locator("#view li.vague")
    await expect(row.locator(".vaguely")).to_have_text(re.compile(r"^[A-Z][a-z]+ 20\d\d$"))
    await expect(row).to_contain_text("Day not known yet")
    await expect(row.locator(".tag")).to_have_text("To Be Determined")
    style = await row.evaluate("row => getComputedStyle(row).borderTopStyle")
    assert style == "dashed"


async def test_the_month_grid(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?feed=isro#preview")
    await expect(rows(page).first).to_have_text("Day 0")
    await page.get_by_role("button", name="Month").click()
    await expect(page.locator("table.grid th")).to_have_count(7)
    await expect(page.locator("td[aria-current=date]")).to_have_count(1)
    before = await page.locator("#month").inner_text()
    await page.get_by_role("button", name="Later month").click()
    await expect(page.locator("#month")).not_to_have_text(before)
    await expect(page.get_by_role("button", name="Later month")).to_be_focused()
    await page.get_by_role("button", name="Earlier month").click()
    await expect(page.locator("#month")).to_have_text(before)


async def test_the_month_shows_both_kinds(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?agency__ids=44,121&past=90d#preview")
    await expect(rows(page).first).to_be_visible()
    await page.get_by_role("button", name="Month").click()
    await expect(page.locator(".legend .kind")).to_have_text(["launch", "event"])
    await expect(page.locator("table.grid li .kind.launch").first).to_be_attached()


async def test_upstream_text_is_never_markup(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?type__ids=9#preview")
    row = page.locator("#view .agenda li")
    await expect(row.locator(".name")).to_have_text(f"Hostile {HOSTILE}")
    await expect(row.locator(".where")).to_have_text(HOSTILE)
    await page.get_by_role("button", name="Month").click()
    await page.get_by_role("button", name="Agenda").click()
    links = await page.locator("#view a").evaluate_all("all => all.map(link => link.protocol)")
    assert set(links) <= {"https:"}
    assert await page.evaluate("window.hacked") is None
    await expect(card(page, "Landings").locator(".name")).to_contain_text(f"Hostile {HOSTILE}")


async def test_text_from_right_to_left_keeps_its_place(open_page: Opener, site: str) -> None:
    page = await open_page(f"{site}/?launcher_config__id=478&past=90d#preview")
    row = page.locator("#view .agenda li")
    await expect(row.locator(".name bdi")).to_contain_text(RIGHT_TO_LEFT)
    side = "part => Math.round(part.getBoundingClientRect().left)"
    assert await row.locator(".name").evaluate(side) == await row.locator(".kinds").evaluate(side)


async def test_the_navigation_leads_to_the_preview_and_not_behind_the_summary(
    open_page: Opener, site: str
) -> None:
    page = await open_page(f"{site}/?past=90d", viewport={"width": 1280, "height": 720})
    await page.get_by_role("navigation").get_by_role("link", name="Preview").click()
    await expect(page.locator("#preview-title")).to_be_in_viewport(ratio=1)
    assert await page.locator("#preview-title").evaluate(IN_SIGHT)
    await page.locator("#switch").get_by_role("button", name="Month").click()
    await expect(page.locator("#month")).to_be_visible()


async def test_what_the_keyboard_is_at_never_lies_behind_the_summary(
    open_page: Opener, site: str
) -> None:
    page = await open_page(f"{site}/?past=90d#preview", viewport={"width": 1280, "height": 720})
    await expect(rows(page)).to_have_count(15)
    await page.locator("#view button").last.focus()
    reached = 0
    while await page.evaluate("Boolean(document.activeElement.closest('#preview'))"):
        assert await page.evaluate(f"({IN_SIGHT})(document.activeElement)")
        await page.keyboard.press("Shift+Tab")
        reached += 1
    assert reached > 5

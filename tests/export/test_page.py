"""The exported page: from a folder, from a sub-path and from disk, with any text in it."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin

import pytest

from calfeed import feeds
from calfeed.export.page import ExportedCalendar, ExportPage, render
from calfeed.feeds import Feed
from calfeed.web.page.cards import Card
from calfeed.web.page.wording import When
from tests.support.needs import ROOT

NAMED = feeds.load(ROOT / "feeds")
BASE = "https://example.org/space"
HOSTILE = "<script>alert(1)</script>'\"&"
SOON = When("Sat 28 Nov 2026, 14:05 UTC", "2026-11-28T14:05:00Z", "exact")
NASA = Card(NAMED["nasa"], ahead=3, next="Artemis II Splashdown", when=SOON)


class Read(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str]:
        return [given["href"] or "" for tag, given in self.tags if tag == "a" and "href" in given]


def read(*cards: ExportedCalendar | Card, base: str | None = None, **changes: object) -> Read:
    calendars = tuple(ExportedCalendar(c) if isinstance(c, Card) else c for c in cards)
    return Read(render(ExportPage(calendars, base, **changes)))  # type: ignore[arg-type]


def of_cards(page: Read) -> list[str]:
    return [link for link in page.links if "thespacedevs" not in link and link != "#main"]


@pytest.mark.parametrize("at", ["file:///home/me/public/", "https://example.org/deep/er/"])
def test_without_an_address_all_links_are_relative(at: str) -> None:
    page = read(NASA)
    assert of_cards(page) == ["feeds/nasa.ics"]
    assert urljoin(f"{at}index.html", "feeds/nasa.ics") == f"{at}feeds/nasa.ics"
    assert "webcal" not in page.text


def test_with_an_address_there_are_subscribe_links() -> None:
    page = read(NASA, base=BASE)
    assert [unquote(link) for link in of_cards(page)] == [
        "webcal://example.org/space/feeds/nasa.ics",
        "https://calendar.google.com/calendar/r?cid=webcal://example.org/space/feeds/nasa.ics",
        "https://outlook.live.com/calendar/0/addfromweb"
        "?url=https://example.org/space/feeds/nasa.ics&name=NASA",
        "feeds/nasa.ics",
    ]
    assert "https://example.org/space/feeds/nasa.ics" in page.text


def test_a_card_tells_what_is_next() -> None:
    text = " ".join(read(NASA).text.split())
    assert f"NASA 3 ahead {NAMED['nasa'].description}" in text
    assert "Artemis II Splashdown Sat 28 Nov 2026, 14:05 UTC" in text
    coarse = Card(NAMED["nasa"], 1, "Landing", When("Q3 2027", "2027-09-30", "coarse"))
    assert "Landing Q3 2027 day not known yet" in " ".join(read(coarse).text.split())
    assert "14:05 UTC on now" in " ".join(read(replace(NASA, on=True)).text.split())
    launch = Card(NAMED["nasa"], 1, "Crew-14", SOON, "launch")
    assert "Launch: Crew-14" in " ".join(read(launch).text.split())
    assert "Nothing is ahead" in read(Card(NAMED["nasa"], 0)).text
    assert "could not be renewed" in read(Card(NAMED["nasa"])).text


def test_agencies_come_first_and_ones_own_last() -> None:
    page = read(Card(NAMED["dockings"]), ExportedCalendar(Card(own("x")), own=True), NASA)
    assert of_cards(page) == ["feeds/nasa.ics", "feeds/dockings.ics", "feeds/x.ics"]
    sections = ("Agencies and companies", "Themes", "More", "How to")
    titles = [page.text.index(title) for title in sections]
    assert titles == sorted(titles)


def own(slug: str, name: str = "Mine") -> Feed:
    return Feed(slug, name, "What I like.", "teal", "theme", NAMED["nasa"].query)


def test_text_never_becomes_markup_and_names_are_quoted() -> None:
    hostile = Card(
        Feed("a b#?&<", HOSTILE, HOSTILE, "teal", "theme", NAMED["nasa"].query),
        1, HOSTILE, When(HOSTILE, HOSTILE, "exact"),
    )  # fmt: skip
    page = read(hostile, base=BASE)
    assert {tag for tag, _ in page.tags} & {"script", "img", "iframe"} == set()
    assert page.text.count(HOSTILE) >= 4
    assert of_cards(page)[-1] == "feeds/a%20b%23%3F%26%3C.ics"


def test_nothing_is_loaded_and_the_style_is_the_one_allowed() -> None:
    html = render(ExportPage((ExportedCalendar(NASA),), BASE))
    page = Read(html)
    assert [given for _, given in page.tags if "src" in given or "style" in given] == []
    assert {tag for tag, _ in page.tags} & {"script", "link"} == set()
    assert "url(" not in html
    assert "@import" not in html
    policy = next(g for t, g in page.tags if t == "meta" and "http-equiv" in g)["content"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'",
        policy or "",
    )
    assert len(html.encode()) < 100_000


def test_the_policy_names_the_style_as_it_stands() -> None:
    html = render(ExportPage((ExportedCalendar(NASA),)))
    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in html
    assert ".royalblue{--feed:#4169e1}" in style


def test_warnings_where_google_would_fail() -> None:
    assert "over 1 MB" in read(ExportedCalendar(NASA, too_large=True)).text
    assert "over 1 MB" not in read(NASA).text
    assert "no address this long" in read(NASA, base=f"https://example.org/{'x' * 240}").text


def test_the_page_changes_with_the_day_and_not_with_the_hour() -> None:
    at = datetime(2026, 11, 21, 7, tzinfo=UTC)
    pages = [
        render(ExportPage((ExportedCalendar(NASA),), as_of=at + timedelta(hours=hours)))
        for hours in (0, 16, 17)
    ]
    assert pages[0] == pages[1]
    assert "Data as of Sat 21 Nov 2026" in pages[0]
    assert "Data as of Sun 22 Nov 2026" in pages[2]


def test_sample_data_is_told() -> None:
    page = read(NASA, sample=True)
    assert "Sample data." in page.text
    assert "Data as of" not in page.text

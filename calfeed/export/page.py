"""The calendars that were exported -> the page that presents them: one file, no script. Pure."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

import jinja2
import webcolors
from markupsafe import Markup

from calfeed.web.page import wording as dates
from calfeed.web.page.cards import SECTIONS, Card, by_section
from calfeed.web.page.links import Links, links

_SHEETS = ("static/page.css", "static/find.css", "templates/export.css")


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar on the page. ``own`` tells that it is no named feed; ``too_large`` that Google is
    reported to refuse it."""

    card: Card
    own: bool = False
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows. ``base`` is the address it will be served at, None where that is not
    known; ``as_of`` of when the data is, None where that is sample data or none at all."""

    entries: tuple[Entry, ...]
    base: str | None = None
    as_of: datetime | None = None
    sample: bool = False


def render(page: Page) -> str:
    """The page. It changes with what it shows, and with the day, but not from hour to hour."""
    style = _style(page)
    return _ENVIRONMENT.get_template("export.html").render(
        sections=_sections(page),
        base=page.base,
        as_of=dates.day(page.as_of) if page.as_of else "",
        sample=page.sample,
        style=Markup(style),  # noqa: S704  our own file and colours, nothing of anybody else's
        style_hash=_hash(style),
    )


def _sections(page: Page) -> list[tuple[str, list[tuple[Entry, Links | None]]]]:
    """The named feeds as the page of the service has them, and one's own last."""
    entries = {entry.card.path: entry for entry in page.entries if not entry.own}
    named = [
        (SECTIONS[section], [entries[card.path] for card in cards])
        for section, cards in by_section(entry.card for entry in entries.values())
    ]
    own = sorted((e for e in page.entries if e.own), key=lambda e: e.card.feed.name.casefold())
    return [(title, _linked(those, page.base)) for title, those in (*named, ("More", own)) if those]


def _linked(entries: Iterable[Entry], base: str | None) -> list[tuple[Entry, Links | None]]:
    return [
        (entry, links(base, entry.card.path, entry.card.feed.name) if base else None)
        for entry in entries
    ]


def _style(page: Page) -> str:
    """The style sheet, with the feeds' colours: the page's policy takes no style attributes."""
    web = resources.files("calfeed.web")
    sheet = "".join((web / name).read_text("utf-8") for name in _SHEETS)
    colors = {entry.card.feed.color for entry in page.entries}
    rules = (f".{name}{{--feed:{webcolors.name_to_hex(name)}}}" for name in sorted(colors))
    return sheet + "\n".join(rules) + "\n"


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("calfeed.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)

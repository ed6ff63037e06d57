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

from calfeed.web.page import wording
from calfeed.web.page.cards import SECTIONS, Card, by_section
from calfeed.web.page.links import Links, links

_SHEETS = ("static/page.css", "static/find.css", "templates/export.css")


@dataclass(frozen=True, slots=True)
class ExportedCalendar:
    """A calendar on the page. ``own``: it is no named feed; ``too_large``: Google is reported to
    refuse it."""

    card: Card
    own: bool = False
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class ExportPage:
    """What the page shows. ``base`` is the address it will be served at, None where that is not
    known; ``as_of`` of when the data is, None where that is sample data or none at all."""

    calendars: tuple[ExportedCalendar, ...]
    base: str | None = None
    as_of: datetime | None = None
    sample: bool = False


def render(page: ExportPage) -> str:
    """The page. It changes with what it shows, and with the day, but not from hour to hour."""
    style = _style(page)
    return _ENVIRONMENT.get_template("export.html").render(
        sections=_sections(page),
        base=page.base,
        as_of=wording.day(page.as_of) if page.as_of else "",
        sample=page.sample,
        style=Markup(style),  # noqa: S704  our own file and colours, nothing of anybody else's
        style_hash=_hash(style),
    )


def _sections(page: ExportPage) -> list[tuple[str, list[tuple[ExportedCalendar, Links | None]]]]:
    """The named feeds as the page of the service has them, and one's own last."""
    named = {c.card.path: c for c in page.calendars if not c.own}
    sections = [
        (SECTIONS[section], [named[card.path] for card in cards])
        for section, cards in by_section(calendar.card for calendar in named.values())
    ]
    own = sorted((c for c in page.calendars if c.own), key=lambda c: c.card.feed.name.casefold())
    sections += [("More", own)] if own else []
    return [(title, _linked(calendars, page.base)) for title, calendars in sections]


def _linked(
    calendars: Iterable[ExportedCalendar], base: str | None
) -> list[tuple[ExportedCalendar, Links | None]]:
    return [(c, links(base, c.card.path, c.card.feed.name) if base else None) for c in calendars]


def _style(page: ExportPage) -> str:
    """The style sheet, with the feeds' colours: the page's policy takes no style attributes."""
    web = resources.files("calfeed.web")
    sheet = "".join((web / name).read_text("utf-8") for name in _SHEETS)
    colors = {calendar.card.feed.color for calendar in page.calendars}
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

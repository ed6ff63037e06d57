"""An overview and a choice -> the page's HTML. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import jinja2
from markupsafe import Markup

from calfeed.catalog import ALL, SCOPES
from calfeed.entry import Display, ranked_webcasts
from calfeed.feeds import PAST, Feed
from calfeed.publish.layout import Placed
from calfeed.query.options import Options
from calfeed.query.query import Query
from calfeed.span import iso
from calfeed.web.page import wording
from calfeed.web.page.builder import Built
from calfeed.web.page.cards import SECTIONS, by_section, is_on
from calfeed.web.page.form import Choice, label
from calfeed.web.page.links import LONGEST_FOR_GOOGLE, address, links
from calfeed.web.page.lists import in_words, make_lists, other_fields
from calfeed.web.page.overview import Overview
from calfeed.web.page.sites import HEIGHT, WIDTH, make_dots

AGENDA = 15
"""How many entries the page itself lists; a browser with JavaScript shows them all."""
FIRST_CARDS = 8
"""How many cards of a section are seen at once."""
STATUS = "status__ids"
"""The facet that says how sure a launch is, or how it went."""

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("calfeed.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["in_words"] = in_words
_ENVIRONMENT.filters["iso"] = iso
_ENVIRONMENT.filters["megabytes"] = lambda size: f"{size / 1e6:.1f} MB"
_ENVIRONMENT.globals["until"] = wording.until


def shared(overview: Overview, feeds: Mapping[str, Feed], base: str) -> tuple[Markup, Markup]:
    """The parts of the page that no choice changes: its header, and what can be found."""
    result = overview.result
    context = {
        "overview": overview,
        "result": result,
        "live": result is not None and not result.sample,
        "now": result.now if result else None,
        "sample_day": wording.long_day(result.now) if result else "",
        "as_of": f"{wording.day(result.as_of)}, {result.as_of:%H:%M} UTC" if result else "",
        "age": wording.ago((result.now - result.as_of).total_seconds()) if result else "",
        "progress": "; ".join(map(str, result.progress)) if result and not result.complete else "",
        "why_stale": wording.why_stale(result) if result else "",
        "next": _rows(overview.next, ()),
        "on": bool(overview.next and result and is_on(overview.next[0], result.now)),
        "starters": _starters(feeds, base),
        "sections": [
            {
                "slug": section,
                "title": SECTIONS[section],
                "cards": [(card, links(base, card.path, card.feed.name)) for card in cards],
            }
            for section, cards in by_section(overview.cards)
        ],
        "first_cards": FIRST_CARDS,
        "sites": overview.sites,
        "dots": make_dots(overview.sites),
        "map_size": (WIDTH, HEIGHT),
    }
    header = _ENVIRONMENT.get_template("header.html").render(context)
    return Markup(header), Markup(_ENVIRONMENT.get_template("find.html").render(context))  # noqa: S704


def page(
    *,
    overview: Overview,
    shared: tuple[Markup, Markup],
    choice: Choice,
    built: Built,
    fault: str,
    static: str,
) -> str:
    """The whole page. ``fault`` says what was wrong with the choice asked for."""
    result, fields = overview.result, choice.fields()
    header, find = shared
    return _ENVIRONMENT.get_template("index.html").render(
        header=header,
        find=find,
        sample_now=iso(result.now) if result and result.sample else "",
        fields=fields,
        lists=make_lists(overview.facets, built.counts, fields),
        carried=[(name, text, label(name, text)) for name, text in choice.carried()],
        built=built,
        agenda=_rows(built.entries[:AGENDA], choice.query.options.lang),
        more=max(0, len(built.entries) - AGENDA),
        longest=LONGEST_FOR_GOOGLE,
        fault=fault,
        static=static,
        **other_fields(fields),
    )


def _starters(feeds: Mapping[str, Feed], base: str) -> list[dict[str, Any]]:
    """What one click on the first screen subscribes to."""
    starters = []
    for scope, words in ((SCOPES["launches"], "All launches"), (ALL, "Everything")):
        feed_address = address(Query(scope, options=Options(past=PAST)), feeds)
        starters.append({"name": words, "path": feed_address.path,
                         "page": feed_address.page,
                         "links": links(base, feed_address.path, words)})  # fmt: skip
    return starters


def _rows(entries: Iterable[Placed], lang: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_row(placed, lang) for placed in entries]


def _row(placed: Placed, lang: tuple[str, ...]) -> dict[str, Any]:
    entry = placed.collection.entry(placed.record, Display(lang=lang))
    return {
        "entry": entry,
        "webcasts": ranked_webcasts(entry.webcasts if entry else (), lang),
        "kind": placed.collection.noun,
        "what": _names(placed, "type__ids") or placed.collection.noun.capitalize(),
        "status": _names(placed, STATUS),
        "when": wording.when(placed),
        "month": f"{placed.start:%Y-%m}",
        "title": wording.month(placed.start),
        "start": placed.start,
    }


def _names(placed: Placed, facet: str) -> str:
    of = placed.collection.facets.get(facet)
    return ", ".join(value.name for value in of(placed.record)) if of else ""

"""An overview and a choice -> the page's HTML. Pure."""

from collections.abc import Iterable
from typing import Any

import jinja2

from calfeed import duration
from calfeed.entry import Display
from calfeed.query.options import MOST_ALARMS
from calfeed.web.page import wording
from calfeed.web.page.builder import Built
from calfeed.web.page.cards import Card
from calfeed.web.page.form import Choice, label
from calfeed.web.page.links import LONGEST_FOR_GOOGLE, links
from calfeed.web.page.overview import Overview

AGENDA = 15
"""How many events the page itself lists; a browser with JavaScript shows them all."""
WINDOWS = ("P30D", "P90D", "P180D", "P365D")
REMINDERS = ("PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P7D")
_SPOKEN = {"P365D": "1 year", "P180D": "half a year", "P7D": "1 week", "PT0S": "nothing"}

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("calfeed.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _length(text: str) -> str:
    return _SPOKEN.get(text) or duration.words(duration.parse(text))


def _with(known: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """The usual lengths and those chosen, shortest first."""
    return sorted({*known, *chosen}, key=duration.parse)


_ENVIRONMENT.filters["length_of"] = _length


def prepare() -> None:
    """Compile the templates: once, before the first page."""
    for name in _ENVIRONMENT.list_templates():
        _ENVIRONMENT.get_template(name)


def render(
    *, overview: Overview, choice: Choice, built: Built, fault: str, base: str, static: str
) -> str:
    """The whole page. ``fault`` says what was wrong with the choice asked for."""
    result = overview.result
    age = (result.now - result.as_of).total_seconds() if result else 0
    fields = choice.fields()
    return _ENVIRONMENT.get_template("index.html").render(
        agencies=_cards(overview.cards, base, "agency"),
        themes=_cards(overview.cards, base, "theme"),
        overview=overview,
        result=result,
        live=result is not None and not result.sample,
        sample_day=wording.long_day(result.now) if result else "",
        as_of=f"{wording.day(result.as_of)}, {result.as_of:%H:%M} UTC" if result else "",
        age=wording.ago(age),
        choice=choice,
        fields=fields,
        lists=_lists(overview, fields),
        carried=[(name, text, label(name, text)) for name, text in choice.carried()],
        pasts=_with(("PT0S", *WINDOWS), fields["past"]),
        futures=_with(WINDOWS, fields["future"]),
        reminders=_with(REMINDERS, fields["alarm"]),
        most_reminders=MOST_ALARMS,
        built=built,
        agenda=_agenda(built, choice.query.options.lang),
        more=max(0, len(built.entries) - AGENDA),
        longest=LONGEST_FOR_GOOGLE,
        fault=fault,
        base=base,
        static=static,
        now=result.now if result else None,
        until=wording.until,
    )  # fmt: skip


def _cards(cards: Iterable[Card], base: str, section: str) -> list[dict[str, Any]]:
    return [
        {"card": card, "links": links(base, card.path, card.feed.name)}
        for card in cards
        if card.feed.section == section
    ]


def _agenda(built: Built, lang: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "entry": placed.collection.entry(placed.record, Display(lang=lang)),
            "when": wording.when(placed),
            "month": f"{placed.start:%Y-%m}",
            "title": wording.month(placed.start),
        }
        for placed in built.entries[:AGENDA]
    ]


def _lists(overview: Overview, fields: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The three lists to choose from, what is chosen first, and what is chosen but unknown too."""
    lists = []
    for name, title, noun in (
        ("agency__ids", "Agencies", "agency"),
        ("type__ids", "Types of event", "type"),
        ("program", "Programs", "program"),
    ):
        options = overview.facets.get(name, ())
        chosen = set(fields[name])
        unknown = sorted(chosen - {str(option.id) for option in options})
        ordered = sorted(options, key=lambda option: str(option.id) not in chosen)
        lists.append({"name": name, "title": title, "one": noun, "options": ordered,
                      "chosen": chosen, "unknown": unknown})  # fmt: skip
    return lists

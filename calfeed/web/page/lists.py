"""What the form offers: its lists to choose from, and its other fields. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calfeed import duration
from calfeed.query.options import MOST_ALARMS, WINDOW
from calfeed.web.page.facets import FACETS, Counts, Facet, Facets, FacetValue

MOST_LISTED = 40
"""How many values of a list the page itself has; a browser with JavaScript adds the rest."""
WINDOWS = ("P30D", "P90D", "P180D", "P365D")
LENGTHS = ("PT30M", "PT2H", "PT3H")
REMINDERS = ("PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P7D")
LANGUAGES = {"en": "English", "zh": "Chinese", "fr": "French", "de": "German", "hi": "Hindi",
             "it": "Italian", "ja": "Japanese", "ko": "Korean", "pt": "Portuguese",
             "ru": "Russian", "es": "Spanish"}  # fmt: skip
EXCLUDES = ("starlink",)
"""Words that one click leaves out: there are more of these than of all others together."""
_SPOKEN = {"P365D": "1 year", "P180D": "half a year", "P7D": "1 week", "PT0S": "nothing"}


@dataclass(frozen=True, slots=True)
class ListItem:
    """A value to choose. ``ahead`` counts with all else that is chosen left as it is, ``total``
    all there are; None where nothing is known of the value."""

    value: str
    name: str
    short: str = ""
    ahead: int | None = None
    total: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """A facet with what can be chosen of it, what is chosen first. ``hidden``: the
    calendar's collection does not have it; ``more``: not all of it is listed."""

    facet: Facet
    items: tuple[ListItem, ...]
    hidden: bool
    more: bool

    @property
    def only(self) -> str:
        """The one collection that has it, where there is but one."""
        return self.facet.collections[0] if len(self.facet.collections) == 1 else ""

    @property
    def chosen(self) -> str:
        """The names of what is chosen."""
        return ", ".join(item.name for item in self.items if item.chosen)


def make_lists(
    facets: Facets, counts: Counts | None, fields: Mapping[str, list[str]]
) -> list[List]:
    """The lists to choose from."""
    scope = fields["collection"]
    return [
        _list(facet, facets.get(facet.filter, ()), (counts or {}).get(facet.filter, {}),
              fields[facet.filter], bool(scope) and scope[0] not in facet.collections)
        for facet in FACETS
    ]  # fmt: skip


def _list(
    facet: Facet,
    values: tuple[FacetValue, ...],
    counts: Mapping[str, int],
    chosen: list[str],
    hidden: bool,
) -> List:
    by_id = {str(value.id): value for value in values}
    items = [_item(by_id[key], counts, True) for key in chosen if key in by_id]
    items += [ListItem(key, f"{facet.noun} {key}", chosen=True) for key in chosen
                if key not in by_id]  # fmt: skip
    others = [value for value in values if str(value.id) not in chosen]
    listed = [value for value in others if value.ahead or len(values) <= MOST_LISTED][:MOST_LISTED]
    items += [_item(value, counts, False) for value in listed]
    return List(facet, tuple(items), hidden, len(listed) < len(others))


def _item(value: FacetValue, counts: Mapping[str, int], chosen: bool) -> ListItem:
    short = "" if value.short.lower() in value.name.lower() else value.short
    key = str(value.id)
    return ListItem(key, value.name, short, counts.get(key, 0), value.count, chosen)


def other_fields(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the rest of the form offers: the usual, and what is chosen besides."""
    languages = {**LANGUAGES, ",".join(fields["lang"]): ", ".join(fields["lang"])}
    languages.update(LANGUAGES)
    languages.pop("", None)
    return {
        "pasts": _lengths(("PT0S", *WINDOWS), fields["past"]),
        "futures": _lengths(WINDOWS, fields["future"]),
        "lengths": _lengths(LENGTHS, fields["length"]),
        "reminders": _lengths(REMINDERS, fields["alarm"]),
        "languages": languages,
        "excludes": EXCLUDES,
        "excluded": ", ".join(word for word in fields["exclude"] if word not in EXCLUDES),
        "most_reminders": MOST_ALARMS,
    }


def _lengths(usual: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """The usual lengths of time and those chosen, shortest first."""
    return sorted({*usual, *chosen} - {WINDOW, "all"}, key=duration.parse)


def in_words(length: str) -> str:
    """A length of time for people."""
    return _SPOKEN.get(length) or duration.words(duration.parse(length))

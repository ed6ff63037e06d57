"""The page's own parameters -> the choice they stand for. Pure.

They are those of a feed, and four more: ``collection`` is ``events``, ``launches`` or ``all`` (the
default), ``feed`` begins from a named feed, ``view`` takes Launch Library's
upcoming or previous entries, and ``url`` is a feed's address to open. A form sends empty values for
what was left open, so these count as not given; but an empty ``past`` is no bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from calfeed.catalog import ALL, SCOPES
from calfeed.errors import SHOWN, NotFound, QueryError
from calfeed.feeds import PAST, Feed
from calfeed.query.collection import Scope
from calfeed.query.options import UNBOUNDED, Options
from calfeed.query.parse import parse
from calfeed.query.query import Query, View
from calfeed.web.page.facets import FACETS
from calfeed.web.page.links import Pairs, read_address

SINGLE = ("search", "near", "name", "past", "future", "length")
"""Fields whose value is one text, whatever commas are in it."""
FORM = (*(facet.filter for facet in FACETS), "exclude", "is_crewed", *SINGLE, "coarse", "webcast",
        "alarm", "start", "lang")  # fmt: skip
"""What the form has fields for, besides ``collection``; the rest of a choice is carried along."""

_WHOLE = frozenset(facet.filter for facet in FACETS if not facet.many)
"""Facets that take one value, in which a comma may stand."""

FRESH = Query(ALL, options=Options(past=PAST))
"""What the page begins with: everything, as far back as a named feed looks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose. ``within`` is the named feed a filter narrows by the same filter, which
    is then part of the choice; ``given`` tells whether anything was chosen at all."""

    query: Query
    within: Feed | None = None
    given: bool = True

    def fields(self) -> dict[str, list[str]]:
        """The form's fields, each with the values it shows."""
        scope = self.query.scope
        values: dict[str, list[str]] = {name: [] for name in FORM}
        values["collection"] = [] if scope == ALL else [scope.name]
        for name, text in self._pairs():
            if name in values:
                whole = name in SINGLE or name in _WHOLE
                values[name] = [text] if whole else text.split(",")
        return values

    def carried(self) -> list[tuple[str, str]]:
        """What the form has no field for, but must not lose."""
        view = [] if self.query.view is View.ALL else [("view", self.query.view.value)]
        within = [("feed", self.within.slug)] if self.within else []
        return within + view + [pair for pair in self._pairs() if pair[0] not in FORM]

    def _pairs(self) -> Pairs:
        held = self.within.query.clauses if self.within else ()
        clauses = [(c.name, c.text()) for c in self.query.clauses if c not in held]
        return clauses + self.query.options.pairs()


def read(pairs: Pairs, feeds: Mapping[str, Feed]) -> Choice:
    """The choice that the page's parameters stand for.

    Raises:
        QueryError: a parameter is unknown, or its value is none that it takes.
        NotFound: there is no such named feed.
    """
    given = _by_name(pairs)
    if given.get("url", "").strip():
        pairs = read_address(given["url"])
        given = _by_name(pairs)
    if not any(value.strip() for _, value in pairs) and not {*given} & {*FORM, "collection"}:
        return Choice(FRESH, given=False)
    pairs = [(name, value) for name, value in map(_unbounded, pairs) if name != "url"]
    pairs = [(name, value) for name, value in pairs if value.strip()]
    feed = _feed(given.get("feed", ""), feeds)
    view = _view(given.get("view", ""))
    rest = [pair for pair in pairs if pair[0] not in ("feed", "view", "collection")]
    scope = _scope(given.get("collection", ""))
    base = replace(feed.query, view=view) if feed else Query.everything(scope, view)
    query = parse(rest, base)
    names = [clause.name for clause in query.clauses]
    twice = len(names) > len(set(names))
    if twice and view is not View.ALL:
        raise QueryError(
            "the upcoming or previous view does not go with a narrowed feed",
            "view", view.value, "no feed beside it",
        )  # fmt: skip
    return Choice(query, within=feed if twice else None)


def _unbounded(pair: tuple[str, str]) -> tuple[str, str]:
    return ("past", UNBOUNDED) if pair[0] == "past" and not pair[1].strip() else pair


def _scope(name: str) -> Scope:
    if name.strip() and name not in SCOPES:
        raise QueryError.unreadable("collection", name, " or ".join(SCOPES))
    return SCOPES.get(name, ALL)


def _by_name(pairs: Pairs) -> dict[str, str]:
    """The values by name, of which the page's own parameters have one each."""
    for name in ("url", "feed", "view", "collection"):
        values = dict.fromkeys(value for given, value in pairs if given == name and value.strip())
        if len(values) > 1:
            raise QueryError.unreadable(name, ", ".join(values), "one value")
    return dict(pairs) | {name: value for name, value in pairs if value.strip()}


def _feed(slug: str, feeds: Mapping[str, Feed]) -> Feed | None:
    if not slug.strip():
        return None
    if slug not in feeds:
        raise NotFound(f"there is no feed “{slug[:SHOWN]}”")
    return feeds[slug]


def _view(text: str) -> View:
    try:
        return View(text.strip() or "all")
    except ValueError as error:
        raise QueryError.unreadable("view", text, "all, upcoming or previous") from error


def label(name: str, text: str) -> str:
    """A carried parameter in words."""
    if name == "feed":
        return f"within the feed “{text}”"
    if name == "view":
        return f"{text} only"
    row = ALL.filters.get(name)
    return row.phrase.format(text) if row else f"{name} {text}"

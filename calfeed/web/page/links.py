"""A query -> the shortest address of its feed, and the links that subscribe to it. Pure.

And back: an address somebody pasted -> the page's own parameters for the same feed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from calfeed.catalog import ALL
from calfeed.errors import SHOWN, QueryError
from calfeed.feeds import Feed, for_agency
from calfeed.query.options import UNBOUNDED, Options
from calfeed.query.parse import LONGEST_QUERY, parse
from calfeed.query.query import Query, View

LONGEST_FOR_GOOGLE = 256
"""UTF-16 units of the ``webcal://`` address; Google drops longer ones without a word."""
LARGEST_FOR_GOOGLE = 900_000
"""Bytes from which a calendar is warned of: Google is reported to refuse some over about 1 MB."""

Pairs = list[tuple[str, str]]

_DEFAULTS = {"coarse": "mark", "start": "date", "length": "PT1H", "webcast": "any", "offset": "0"}
"""Options whose default can be written down; ``past`` can be taken back by ``all``."""
_TAKES = "the address of a feed, such as webcal://example.org/feeds/nasa.ics"
_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ADDRESS = re.compile(
    r"/(?:feeds/(?P<feed>[^/]+)|agencies/(?P<agency>[0-9]+)"
    r"|(?P<scope>events?|launch(?:es)?|all)"
    rf"(?:/(?:(?P<view>upcoming|previous)|(?P<id>[0-9]+|{_UUID})))?)(?:\.(?:ics|json)|/)?",
)
_SCOPES = {"event": "events", "launch": "launches"}
"""How version 2.2.0 of the API spells them."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a feed lies: ``path`` without a leading slash, and ``page``, the query of the page
    that shows the same choice."""

    path: str
    page: str


@dataclass(frozen=True, slots=True)
class Links:
    """One feed's address in every form an app takes; ``units`` is how long Google finds it."""

    url: str
    webcal: str
    google: str
    outlook: str
    units: int

    @property
    def too_long(self) -> bool:
        """Whether Google would refuse it without a word."""
        return self.units > LONGEST_FOR_GOOGLE


def address(query: Query, feeds: Mapping[str, Feed], within: Feed | None = None) -> Address:
    """The shortest address: a named feed's, an agency's, else that of a list.

    ``within`` is a named feed that the query narrows by a filter the feed has itself, which no
    other address can say.
    """
    if within is not None:
        pairs = query.pairs(within.query)
        return _named(f"feeds/{within.slug}.ics", [("feed", within.slug)], pairs)
    for feed in feeds.values():
        changes = _within(query, feed.query)
        if changes is not None:
            return _named(f"feeds/{feed.slug}.ics", [("feed", feed.slug)], changes)
    pairs = query.pairs()
    scope: Pairs = [] if query.scope == ALL else [("collection", query.scope.name)]
    view: Pairs = [] if query.view is View.ALL else [("view", query.view.value)]
    page = scope + view + pairs
    if not page:  # the page's own address without anything chooses something else
        page = [("past", dict(query.options.pairs()).get("past", UNBOUNDED))]
    path = query.scope.name if query.view is View.ALL else f"{query.scope.name}/{query.view}"
    return Address(_shortest(query) or _join(f"{path}.ics", pairs), _text(page))


def _shortest(query: Query) -> str | None:
    """The address of one agency or one entry, where that is all that is asked."""
    if query.view is not View.ALL or len(query.clauses) != 1:
        return None
    clause = query.clauses[0]
    if len(clause.values) != 1:
        return None
    value = clause.values[0]
    if clause.name == "id" and query.scope != ALL:
        return _join(f"{query.scope.name}/{value}.ics", query.options.pairs())
    if clause.name != "agency__ids" or not isinstance(value, int):
        return None
    changes = _within(query, for_agency(value))
    return None if changes is None else _join(f"agencies/{value}.ics", changes)


def _within(query: Query, base: Query) -> Pairs | None:
    """What to add to the address of ``base`` to say ``query``; None where nothing can."""
    if (base.scope, base.view, base.clauses) != (query.scope, query.view, query.clauses):
        return None
    return _changes(base.options, query.options)


def _changes(base: Options, wanted: Options) -> Pairs | None:
    """An option can be set to another value, but no query takes one back to none at all."""
    changed: Pairs = []
    given = dict(wanted.pairs())
    for name, text in dict(base.pairs()).items():
        if name not in given and name == "past":
            changed.append((name, UNBOUNDED))
        elif name not in given:
            if name not in _DEFAULTS:
                return None
            changed.append((name, _DEFAULTS[name]))
        elif given[name] == text:
            del given[name]
    return sorted(changed + list(given.items()))


def _named(path: str, page: Pairs, pairs: Pairs) -> Address:
    return Address(_join(path, pairs), _text(page + pairs))


def _join(path: str, pairs: Pairs) -> str:
    return f"{path}?{_text(pairs)}" if pairs else path


def _text(pairs: Iterable[tuple[str, str]]) -> str:
    return urlencode(list(pairs), safe=",:/")


def links(base: str, path: str, name: str) -> Links:
    """How apps are told of a feed; ``base`` is the service's own address without a last slash."""
    url = f"{base}/{path}"
    webcal = "webcal://" + url.partition("://")[2]
    return Links(
        url=url,
        webcal=webcal,
        google="https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""),
        outlook="https://outlook.live.com/calendar/0/addfromweb"
        f"?url={quote(url, safe='')}&name={quote(name, safe='')}",
        units=len(webcal.encode("utf-16-le")) // 2,
    )


def read_address(text: str) -> Pairs:
    """The page's parameters for a pasted feed address, a subscribe link or a Launch Library query.

    Whose address it is does not matter: the same path on another host means the same feed.

    Raises:
        QueryError: it is no address of a feed.
    """
    text = text.strip()
    if len(text) > LONGEST_QUERY:
        raise _not_a_feed(text)
    try:
        parts = urlsplit(text if "://" in text or text.startswith("/") else f"/{text}")
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise _not_a_feed(text) from error
    for name, value in pairs:
        if name in ("cid", "url") and "://" in value:
            return read_address(value)
    found = list(_ADDRESS.finditer(parts.path))
    if not found or found[-1].end() != len(parts.path):
        raise _not_a_feed(text)
    base = _base(found[-1], pairs)
    given = {name for name, _ in pairs}
    if found[-1]["feed"] is None and given & {"id", "agency__ids"} & {name for name, _ in base}:
        raise _not_a_feed(text)
    return [(name, value) for name, value in base if name not in given] + pairs


def _base(found: re.Match[str], pairs: Pairs) -> Pairs:
    """What a path says by itself, before what is asked of it."""
    if slug := found["feed"]:
        return [("feed", slug.removesuffix(".ics").removesuffix(".json"))]
    if agency := found["agency"]:
        base = for_agency(int(agency[:9]))
        asked = parse([pair for pair in pairs if pair[1].strip()], base)
        past = base.options.pairs() if asked.past_by_default else []
        return [("agency__ids", agency), *past]
    scope = [("collection", _SCOPES.get(found["scope"], found["scope"]))]
    if view := found["view"]:
        return [*scope, ("view", view)]
    return [*scope, ("id", found["id"])] if found["id"] else scope


def _not_a_feed(text: str) -> QueryError:
    given = text[:SHOWN]
    said = f"“{given}” is not the address of a feed: paste {_TAKES}"
    return QueryError(said, "url", given, _TAKES)

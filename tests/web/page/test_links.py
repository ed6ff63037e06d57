"""The addresses the page makes mean what was chosen, and are as short as can be."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calfeed import feeds
from calfeed.catalog import SCOPES
from calfeed.errors import QueryError
from calfeed.query.collection import Scope
from calfeed.query.filter import Clause
from calfeed.query.options import OPTIONS
from calfeed.query.parse import parse
from calfeed.query.query import Query, View
from calfeed.web.page.form import read
from calfeed.web.page.links import Pairs, address, links, read_address
from tests.support import calendars, flights

FEEDS = feeds.load(Path("feeds"))

CHOICES = {
    "agency__ids": ["44", "63,44", "9999"],
    "type__ids": ["3", "2,4,8,13,25"],
    "program": ["17", "1"],
    "search": ["soyuz", "two words", "a&b=c#d"],
    "year": ["2027"],
    "past": ["", "all", "90d", "30d", "P0D", "365d"],
    "exclude": ["starlink,oneweb"],
    "near": ["28.6,-80.6", "-39,178,50"],
    "country": ["US,NZ"],
    "location__ids": ["12,27"],
    "mission__orbit__name": ["Low Earth Orbit"],
    "is_crewed": ["true"],
    "date__gte": ["2026-07-01"],
    "future": ["1w"],
    "coarse": ["span", "hide", "mark"],
    "start": ["webcast"],
    "webcast": ["yes", "official"],
    "alarm": ["30m", "1h,10m"],
    "length": ["2h"],
    "lang": ["ru,en"],
    "name": ["Mine, “own” & só"],
    "limit": ["5"],
}


def means(
    path: str, scopes: Mapping[str, Scope] = SCOPES, named: Mapping[str, feeds.Feed] = FEEDS
) -> Query:
    """What the service makes of a path, as its routes do."""
    place, _, query = path.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    kind, _, rest = place.removesuffix(".ics").partition("/")
    if kind == "feeds":
        return parse(pairs, named[rest].query)
    if kind == "agencies":
        return parse(pairs, replace(feeds.for_agency(int(rest)), scope=scopes["all"]))
    scope = scopes[kind]
    if rest not in ("", "upcoming", "previous"):
        own = scope.collections[0].read_id(rest)
        return parse(pairs, Query(scope, clauses=(Clause("id", (own,)),)))
    return parse(pairs, Query.everything(scope, View(rest or "all")))


@st.composite
def choices(draw: st.DrawFn) -> Pairs:
    slug = draw(st.sampled_from(["", "", *FEEDS]))
    scope = "" if slug else draw(st.sampled_from(["", *SCOPES]))
    about = FEEDS[slug].query.scope if slug else SCOPES[scope or "all"]
    known = sorted(name for name in CHOICES if name in about.filters or name in OPTIONS)
    names = draw(st.lists(st.sampled_from(known), unique=True, max_size=6))
    pairs = [(name, draw(st.sampled_from(CHOICES[name]))) for name in names]
    view = "" if slug else draw(st.sampled_from(["", "", "upcoming", "previous"]))
    return [("feed", slug), ("collection", scope), ("view", view), *pairs]


@given(choices())
def test_an_address_means_the_choice(pairs: Pairs) -> None:
    choice = read(pairs, FEEDS)
    made = address(choice.query, FEEDS, choice.within)
    assert means(made.path) == choice.query
    assert read(parse_qsl(made.page, keep_blank_values=True), FEEDS).query == choice.query
    assert read([("url", f"webcal://x.example/{made.path}")], FEEDS).query == choice.query


OF_MANY = {
    "agency__ids": ["44", "27,63"], "year": ["2019"], "past": ["all", "90d", "P365D", "30d"],
    "date__gte": ["2026-07-01"], "net__lt": ["2030-01-01"], "rocket": ["X"], "limit": ["5"],
    "length": ["window", "1h"], "exclude": ["a,b"], "id": ["7", flights.uuid(7)],
}  # fmt: skip
OWN = feeds.Feed("own", "Own", "Of 30 days.", "tan", "theme",
                 calendars.query("search=x&past=30d", scope=flights.BOTH))  # fmt: skip
DEFAULT = replace(OWN, slug="default", query=replace(feeds.for_agency(44), scope=flights.BOTH))
OF_BOTH = {feed.slug: feed for feed in (OWN, DEFAULT)}


@given(
    st.sampled_from([*flights.SCOPES.values(), OWN, DEFAULT]),
    st.sampled_from(list(View)),
    st.lists(st.sampled_from([(n, v) for n, values in OF_MANY.items() for v in values]),
             unique_by=lambda pair: pair[0], max_size=4),
)  # fmt: skip
@example(DEFAULT, View.ALL, [("agency__ids", "27,63"), ("year", "2019"), ("past", "90d")])
@example(flights.BOTH, View.ALL, [("year", "2019"), ("past", "P365D")])
def test_an_address_means_the_choice_where_lists_look_back_by_default(
    start: Scope | feeds.Feed, view: View, pairs: Pairs
) -> None:
    feed = start if isinstance(start, feeds.Feed) else None
    base = feed.query if feed else Query.everything(cast(Scope, start), view)
    pairs = [(name, value) for name, value in pairs if name in {*base.scope.filters, *OPTIONS}]
    try:
        query = parse(pairs, base)
    except QueryError:  # an id of the other kind
        return
    names = [clause.name for clause in query.clauses]
    within = feed if len(names) > len(set(names)) else None
    made = address(query, OF_BOTH, within)
    assert means(made.path, flights.SCOPES, OF_BOTH) == query


@pytest.mark.parametrize(
    ("pairs", "path", "page"),
    [
        ("", "feeds/everything.ics", "feed=everything"),
        ("past=", "feeds/everything.ics?past=all", "feed=everything&past=all"),
        ("collection=events&past=", "feeds/events.ics?past=all", "feed=events&past=all"),
        ("agency__ids=44&past=90d", "feeds/nasa.ics", "feed=nasa"),
        ("agency__ids=9999&past=90d", "agencies/9999.ics", "agency__ids=9999&past=P90D"),
        ("agency__ids=44&past=all", "feeds/nasa.ics?past=all", "feed=nasa&past=all"),
        ("collection=events&agency__ids=44", "events.ics?agency__ids=44",
         "collection=events&agency__ids=44"),
        ("collection=events&id=7", "events/7.ics", "collection=events&id=7"),
        ("id=7", "all.ics?id=7", "id=7"),
        ("feed=nasa&agency__ids=63", "feeds/nasa.ics?agency__ids=63", "feed=nasa&agency__ids=63"),
        ("feed=nasa&year=2019", "all.ics?agency__ids=44&year=2019", "agency__ids=44&year=2019"),
        ("view=upcoming&type__ids=3", "all/upcoming.ics?type__ids=3",
         "view=upcoming&type__ids=3"),
        ("collection=events&view=previous", "events/previous.ics",
         "collection=events&view=previous"),
        ("feed=spacewalks&alarm=30m", "feeds/spacewalks.ics?alarm=PT30M",
         "feed=spacewalks&alarm=PT30M"),
    ],
)  # fmt: skip
def test_the_shortest_address(pairs: str, path: str, page: str) -> None:
    choice = read(parse_qsl(pairs, keep_blank_values=True), FEEDS)
    made = address(choice.query, FEEDS, choice.within)
    assert (made.path, made.page) == (path, page)


@pytest.mark.parametrize(
    ("pasted", "pairs"),
    [
        ("webcal://h/feeds/nasa.ics?past=1d", [("feed", "nasa"), ("past", "1d")]),
        ("feeds/nasa.json", [("feed", "nasa")]),
        ("h.example/sub/events.ics?year=2027", [("collection", "events"), ("year", "2027")]),
        ("/agencies/44.ics", [("agency__ids", "44"), ("past", "P90D")]),
        ("https://ll.thespacedevs.com/2.3.0/events/upcoming/?search=x",
         [("collection", "events"), ("view", "upcoming"), ("search", "x")]),
        ("https://ll.thespacedevs.com/2.2.0/event/7/", [("collection", "events"), ("id", "7")]),
        ("https://ll.thespacedevs.com/2.2.0/launch/previous/?limit=5",
         [("collection", "launches"), ("view", "previous"), ("limit", "5")]),
        ("webcal://h/all/upcoming.ics", [("collection", "all"), ("view", "upcoming")]),
        ("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fh%2Fevents%2F7.ics",
         [("collection", "events"), ("id", "7")]),
    ],
)  # fmt: skip
def test_a_pasted_address_is_read(pasted: str, pairs: Pairs) -> None:
    assert read_address(pasted) == pairs


@pytest.mark.parametrize(
    "path",
    ["agencies/44.ics", "agencies/44.ics?year=2019", "agencies/44.ics?net__gte=2019-01-01",
     "agencies/44.ics?year=2019&past=30d", "agencies/44.ics?past=all&alarm=1h",
     "agencies/44.ics?search=x", "feeds/nasa.ics?year=2019"],
)  # fmt: skip
def test_a_pasted_address_is_read_back_whole(path: str) -> None:
    query = read([("url", f"webcal://x.example/{path}")], FEEDS).query
    assert query == means(path)
    assert means(address(query, FEEDS).path) == means(path)


@pytest.mark.parametrize(
    "pasted",
    ["", "hello", "https://example.org/", "/feeds/", "http://[", "x" * 5000,
     "/agencies/44.ics?agency__ids=63", "/feeds/nasa.ics/more"],
)  # fmt: skip
def test_what_is_no_address_of_a_feed_is_refused(pasted: str) -> None:
    with pytest.raises(QueryError):
        read_address(pasted)


def test_google_counts_utf_16_units() -> None:
    made = links("https://h", "feeds/" + "x" * 239, "")
    assert (made.units, made.too_long) == (256, False)
    assert links("https://h", "feeds/" + "x" * 240, "").too_long
    assert links("https://h", "🚀", "").units == len("webcal://h/") + 2

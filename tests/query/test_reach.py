"""How far back a query looks that does not say so, and what says so."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calfeed.query.collection import Scope
from calfeed.query.filter import Clause
from calfeed.query.options import Options
from calfeed.query.parse import parse
from calfeed.query.query import Query, View, bounds_time
from tests.support.calendars import query
from tests.support.flights import BOTH, EVENTS_BESIDE, FLIGHTS_ONLY, SCOPES, YEAR, uuid

DAY = timedelta(days=1)
BOUNDED = pytest.mark.parametrize("scope", [BOTH, FLIGHTS_ONLY], ids=lambda scope: scope.name)
LISTS = pytest.mark.parametrize("view", [View.ALL, View.PREVIOUS])


@BOUNDED
@LISTS
def test_lists_of_many_look_back_so_far(scope: Scope, view: View) -> None:
    assert query("", view, scope).options == Options(past=YEAR)
    assert query("agency__ids=44&search=x&exclude=y&future=1d&limit=5", view, scope).options == (
        Options(past=YEAR, future=DAY, limit=5)
    )


@BOUNDED
def test_what_is_upcoming_has_no_reach(scope: Scope) -> None:
    assert query("", View.UPCOMING, scope).options == Options()


def test_events_alone_have_no_default() -> None:
    assert [query("", view, EVENTS_BESIDE).options.past for view in View] == [None] * 3


@pytest.mark.parametrize("value", ["past=30d", "past=P365D", "past=0d", "past=36525d"])
@BOUNDED
def test_past_that_is_given_holds(scope: Scope, value: str) -> None:
    asked = query(f"{value}&year=2019", scope=scope)
    assert asked.options.past == query(value, scope=EVENTS_BESIDE).options.past
    assert asked.options.past is not None


@pytest.mark.parametrize(
    "text",
    [
        "past=all", "year=2019", "month=7", "day=4", "slug=a", f"id={uuid(1)}",
        "net__gt=2019-01-01", "net__gte=2019-01-01", "net__lt=2019-01-01", "net__lte=2019-01-01",
        "last_updated__gte=2019-01-01", "last_updated__lte=2019-01-01",
    ],
)  # fmt: skip
@BOUNDED
@LISTS
def test_what_says_something_about_time_lifts_it(scope: Scope, view: View, text: str) -> None:
    assert query(text, view, scope).options.past is None
    assert query(f"{text}&agency__ids=44&limit=5", view, scope).options == Options(limit=5)


@pytest.mark.parametrize("text", ["date__gt=2019-01-01", "id=7", f"launch__ids={uuid(1)}"])
def test_in_a_calendar_of_all_what_only_events_have_too(text: str) -> None:
    assert query(text, scope=BOTH).options.past is None


def test_the_names_that_do() -> None:
    ranges = ("date", "net", "window_start", "window_end", "last_updated")
    names = [f"{name}__{bound}" for name in ranges for bound in ("gt", "gte", "lt", "lte")]
    names += ["year", "month", "day", "id", "launch__ids", "launch_designator", "slug"]
    assert [name for name in names if not bounds_time(name)] == []
    others = ("agency__ids", "search", "future", "limit", "program__ids", "orbital_launch_attempt_"
              "count_year", "video_url", "name", "updated", "hide_recent_previous")  # fmt: skip
    assert [name for name in others if bounds_time(name)] == []


def feed(text: str, *, past: timedelta | None, by_default: bool) -> Query:
    base = Query(BOTH, options=Options(past=past), past_by_default=by_default)
    return parse(parse_qsl(text), base)


@pytest.mark.parametrize(
    ("narrowed", "past"),
    [
        ("", 90 * DAY),
        ("search=x", 90 * DAY),
        ("year=2019", None),
        ("past=all", None),
        ("past=30d", 30 * DAY),
        ("past=30d&year=2019", 30 * DAY),
        ("past=90d&year=2019", 90 * DAY),
        ("date__gte=2019-01-01&rocket=X", None),
    ],
)
def test_narrowing_a_feed_that_looks_back_by_default(narrowed: str, past: timedelta | None) -> None:
    by_default = feed("agency__ids=44", past=90 * DAY, by_default=True)
    asked = parse(parse_qsl(narrowed), by_default)
    assert asked.options == Options(past=past)
    assert Clause("agency__ids", (44,)) in asked.clauses
    assert parse(parse_qsl(asked.text(by_default)), by_default) == asked


def test_what_a_feed_says_itself_holds_when_it_is_narrowed() -> None:
    own = feed("past=90d", past=None, by_default=False)
    assert parse([("year", "2019")], own).options.past == 90 * DAY
    assert parse([("past", "all"), ("year", "2019")], own).options.past is None
    lifted = feed("year=2019", past=90 * DAY, by_default=True)
    assert lifted.options.past is None
    assert parse([("search", "x")], lifted).options.past is None


def test_narrowing_twice_is_narrowing_at_once() -> None:
    base = Query.everything(BOTH)
    first = parse([("agency__ids", "44")], base)
    assert parse([("year", "2019")], first) == query("agency__ids=44&year=2019", scope=BOTH)
    lifted = parse([("year", "2019")], base)
    assert parse([("agency__ids", "44")], lifted) == query("agency__ids=44&year=2019", scope=BOTH)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("past=365d", ""),
        ("past=all", "past=all"),
        ("past=ALL&search=x", "search=x&past=all"),
        ("past=all&year=2019", "year=2019"),
        ("year=2019&past=365d", "year=2019&past=P365D"),
        ("past=30d&year=2019", "year=2019&past=P30D"),
    ],
)
@BOUNDED
def test_the_canonical_text_says_it_where_it_must(scope: Scope, text: str, canonical: str) -> None:
    asked = query(text, scope=scope)
    assert asked.text() == canonical
    assert query(canonical, scope=scope) == asked


PARTS = {
    "past": ["all", "P365D", "P90D", "30d", "P0D"],
    "future": ["30d"],
    "year": ["2019", "2026,2027"],
    "month": ["7"],
    "slug": ["a-b"],
    "agency__ids": ["44", "27,63"],
    "last_updated__gte": ["2026-01-01"],
    "exclude": ["starlink"],
    "length": ["window", "PT1H", "2h"],
    "coarse": ["mark", "hide"],
    "limit": ["5"],
}
parts = st.dictionaries(st.sampled_from(sorted(PARTS)), st.integers(0, 4), max_size=5).map(
    lambda picked: [(name, PARTS[name][n % len(PARTS[name])]) for name, n in picked.items()]
)


@given(
    st.sampled_from(sorted(SCOPES)),
    st.sampled_from(list(View)),
    parts,
    parts,
    st.sampled_from([None, 90 * DAY, YEAR]),
)
@example("all", View.ALL, [], [("past", "P365D"), ("year", "2019")], YEAR)
def test_a_text_within_a_feed_reads_back_as_the_same_query(
    scope: str,
    view: View,
    of_feed: list[tuple[str, str]],
    narrowed: list[tuple[str, str]],
    past: timedelta | None,
) -> None:
    base = Query(SCOPES[scope], view, options=Options(past=past), past_by_default=past is not None)
    within = parse(of_feed, base)
    asked = parse(narrowed, within)
    assert parse(parse_qsl(asked.text(within)), within) == asked
    names = [clause.name for clause in asked.clauses]
    if len(names) == len(set(names)):  # else no list's address can say it
        assert query(asked.text(), view, SCOPES[scope]) == asked

"""The page's own parameters: what they choose, and what the form shows of it."""

import pytest

from calfeed import feeds
from calfeed.errors import QueryError
from calfeed.web.page.facets import FacetValue
from calfeed.web.page.form import Choice, read
from calfeed.web.page.lists import MOST_LISTED, List, make_lists, other_fields
from tests.support.needs import ROOT

FEEDS = feeds.load(ROOT / "feeds")


def choice(**given: str) -> Choice:
    return read(list(given.items()), FEEDS)


def lists(chosen: Choice, **facets: tuple[FacetValue, ...]) -> dict[str, List]:
    made = make_lists(facets, {}, chosen.fields())
    return {one.facet.filter: one for one in made}


def test_every_parameter_of_the_form_comes_back_in_its_field() -> None:
    given = {
        "collection": "launches", "location__ids": "12,27", "country": "US", "program": "25",
        "launcher_config__id": "164", "mission__orbit__name": "Sun, and beyond",
        "status__ids": "1,2", "exclude": "starlink,oneweb", "is_crewed": "true",
        "near": "28.6,-80.6,100", "search": "two words", "past": "P30D", "future": "P90D",
        "length": "window", "coarse": "span", "webcast": "official", "alarm": "P1D,PT1H",
        "start": "webcast", "lang": "ru,en", "name": "Mine, own",
    }  # fmt: skip
    fields = choice(**given).fields()
    whole = {"mission__orbit__name", "near", "search", "name"}
    for name, text in given.items():
        expected = [text] if name in whole else sorted(text.split(","))
        assert sorted(fields[name]) == expected, name
    assert choice(**given).carried() == []


def test_what_the_form_has_no_field_for_is_carried() -> None:
    assert choice(year="2027", view="upcoming").carried() == [
        ("view", "upcoming"), ("year", "2027"),
    ]  # fmt: skip


def test_both_is_what_is_not_said() -> None:
    assert choice(collection="").fields()["collection"] == []
    assert choice(collection="all", past="90d").fields()["collection"] == []
    assert choice(feed="florida").fields()["collection"] == ["launches"]


@pytest.mark.parametrize("name", ["view", "feed", "collection"])
def test_two_values_of_what_has_one_are_refused(name: str) -> None:
    values = {"view": ("upcoming", "previous"), "feed": ("nasa", "esa"),
              "collection": ("events", "launches")}[name]  # fmt: skip
    with pytest.raises(QueryError, match="takes one value"):
        read([(name, value) for value in values], FEEDS)
    read([(name, values[0]), (name, values[0]), (name, "")], FEEDS)


def test_a_filter_of_the_other_collection_is_refused_in_words() -> None:
    with pytest.raises(QueryError, match="is a filter of events"):
        choice(collection="launches", type__ids="2")


def value(number: int, ahead: int) -> FacetValue:
    return FacetValue(number, f"Site {number}", "", 9, ahead)


def test_lists_hide_where_the_collection_has_no_such_filter() -> None:
    hidden = {name for name, one in lists(choice(collection="events")).items() if one.hidden}
    assert hidden == {
        "location__ids", "country", "launcher_config__id", "mission__orbit__name", "status__ids",
    }  # fmt: skip
    hidden = {name for name, one in lists(choice(collection="launches")).items() if one.hidden}
    assert hidden == {"type__ids"}
    shown = lists(choice())
    assert {one.hidden for one in shown.values()} == {False}
    assert (shown["type__ids"].only, shown["country"].only) == ("events", "launches")
    assert shown["agency__ids"].only == ""


def test_what_is_chosen_comes_first_even_where_nobody_knows_it() -> None:
    sites = tuple(value(n, 1) for n in range(5))
    (one,) = [lists(choice(location__ids="3,99"), location__ids=sites)["location__ids"]]
    assert [(item.value, item.name, item.chosen) for item in one.items[:3]] == [
        ("3", "Site 3", True), ("99", "launch site 99", True), ("0", "Site 0", False),
    ]  # fmt: skip
    assert one.chosen == "Site 3, launch site 99"


def test_a_long_list_holds_what_is_ahead_and_says_that_there_is_more() -> None:
    sites = (*(value(n, 60 - n) for n in range(60)), value(99, 0))
    long = lists(choice(), location__ids=sites)["location__ids"]
    assert (len(long.items), long.more) == (MOST_LISTED, True)
    few = lists(choice(), location__ids=sites[:3] + sites[-1:])["location__ids"]
    assert (len(few.items), few.more) == (4, False)


def test_what_is_not_usual_is_offered_too() -> None:
    fields = choice(alarm="45m", past="45d", lang="uk", exclude="starlink,kuiper").fields()
    offered = other_fields(fields)
    assert "PT45M" in offered["reminders"]
    assert "P45D" in offered["pasts"]
    assert offered["languages"]["uk"] == "uk"
    assert offered["excluded"] == "kuiper"
    assert other_fields(choice(length="window").fields())["lengths"] == ["PT30M", "PT2H", "PT3H"]

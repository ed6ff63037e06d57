"""What can be chosen, and how many are ahead with it."""

import pytest

from calfeed.catalog import ALL, COLLECTIONS, SCOPES
from calfeed.publish.select import Selector
from calfeed.query.parse import parse
from calfeed.query.query import Query
from calfeed.web.page.facets import FACETS, Counts, count_ahead, make_facets
from tests.web.page.results import ELECTRON, KENNEDY, MAHIA, ahead_of, result_of, rocket, soon

RESULT = result_of(
    [soon(1, type=2, agencies=[63], program=[17]), soon(2, type=3, agencies=[44])],
    [
        rocket(1, 1, "Falcon 9 | Starlink Group 1", program=[25]),
        rocket(2, 2, "Falcon 9 | Crew-20", pad=KENNEDY),
        rocket(3, 3, "Electron | Owl", pad=MAHIA, rocket=ELECTRON),
        rocket(4, -9, "Electron | Old Owl", pad=MAHIA, rocket=ELECTRON),
    ],
)


def counted(text: dict[str, str], scope: str = "all") -> Counts:
    query = parse(text.items(), Query.everything(SCOPES[scope]))
    return count_ahead(query, ahead_of(RESULT), Selector())


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.filter)
def test_every_facet_is_a_filter_of_the_collections_that_have_it(facet: object) -> None:
    name = facet.filter  # type: ignore[attr-defined]
    have = [c.name for c in COLLECTIONS.values() if name in c.filters]
    assert have == list(facet.collections)  # type: ignore[attr-defined]
    assert name in ALL.filters


def test_every_value_can_be_filtered_by() -> None:
    facets = make_facets(RESULT, ahead_of(RESULT))
    for facet in FACETS:
        for value in facets[facet.filter]:
            query = parse([(facet.filter, str(value.id)), ("past", "all")], Query.everything(ALL))
            assert len(Selector().select(RESULT, query)) == value.count, (facet, value)


def test_both_collections_count_and_what_is_ahead_most_comes_first() -> None:
    facets = make_facets(RESULT, ahead_of(RESULT))
    agencies = [(value.name, value.ahead, value.count) for value in facets["agency__ids"][:2]]
    assert agencies == [("SpaceX", 2, 2), ("Rocket Lab", 1, 2)]
    assert facets["program"][0].ahead == 1
    owl = [(value.id, value.ahead, value.count) for value in facets["launcher_config__id"]]
    assert (ELECTRON, 1, 2) in owl


def test_countries_and_orbits_have_names() -> None:
    facets = make_facets(RESULT, ahead_of(RESULT))
    assert [(value.id, value.name) for value in facets["country"]] == [
        ("US", "United States"), ("NZ", "New Zealand"),
    ]  # fmt: skip
    assert {value.id for value in facets["mission__orbit__name"]} == {"Low Earth Orbit"}


def test_a_value_counts_with_all_else_that_is_chosen() -> None:
    counts = counted({"country": "US", "exclude": "starlink"})
    assert counts["location__ids"] == {"27": 1}
    assert counts["launcher_config__id"] == {"164": 1}
    assert counts["type__ids"] == {}


def test_a_facet_is_counted_as_if_nothing_of_it_were_chosen() -> None:
    assert counted({"country": "US"})["country"] == {"US": 2, "NZ": 1}
    assert counted({"type__ids": "2"})["type__ids"] == {"2": 1, "3": 1}


def test_the_other_collection_counts_nothing() -> None:
    counts = counted({}, "events")
    assert counts["type__ids"] == {"2": 1, "3": 1}
    assert counts["location__ids"] == {}


def test_what_cuts_the_feed_does_not_cut_the_counts() -> None:
    assert counted({"limit": "1"})["type__ids"] == {"2": 1, "3": 1}

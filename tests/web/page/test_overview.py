"""What the page shows to all: what is next, the cards in their sections, the sites on the map."""

from math import dist
from typing import Any

import pytest

from calfeed import feeds
from calfeed.publish.select import Selector
from calfeed.web.page.cards import by_section
from calfeed.web.page.overview import Overview, make_overview
from calfeed.web.page.sites import HEIGHT, WIDTH, Site, make_dots
from tests.fake import Record, pad
from tests.support.needs import ROOT
from tests.web.page.results import KENNEDY, MAHIA, result_of, rocket, soon

FEEDS = feeds.load(ROOT / "feeds")


def overview(*, events: list[Record] | None = None, launches: list[Record]) -> Overview:
    return make_overview(result_of(events or [], launches), FEEDS.values(), Selector())


def next_names(**records: Any) -> list[str]:
    return [placed.record.name for placed in overview(**records).next]


def test_next_is_what_has_a_time_of_day_and_then_what_follows() -> None:
    names = next_names(
        events=[soon(0.2, name="Some day", date_precision=5), soon(2, name="Docking")],
        launches=[rocket(n, n, f"Falcon 9 | {n}") for n in range(1, 6)],
    )
    assert names == ["Falcon 9 | 1", "Docking", "Falcon 9 | 2", "Falcon 9 | 3"]


def test_a_day_is_next_where_no_time_is_near() -> None:
    names = next_names(
        events=[soon(1, name="Some day", date_precision=5)],
        launches=[rocket(1, 60, "Falcon 9 | Far")],
    )
    assert names == ["Some day", "Falcon 9 | Far"]


def test_a_month_is_nothing_to_wait_for_nor_is_what_began_long_ago() -> None:
    long = soon(-0.5, name="Going on", duration="P3D")
    month = rocket(1, 1, "Falcon 9 | Some time", net_precision=7)
    names = next_names(events=[long], launches=[month, rocket(2, 3, "Falcon 9 | Then")])
    assert names == ["Falcon 9 | Then"]
    assert next_names(launches=[rocket(1, -0.01, "Falcon 9 | Now")]) == ["Falcon 9 | Now"]


def test_sections_are_in_order_and_what_is_ahead_comes_first() -> None:
    made = overview(launches=[rocket(1, 1, "Electron | Owl", pad=MAHIA, rocket=26)])
    sections = dict(by_section(made.cards))
    assert list(sections) == ["popular", "agency", "site", "theme"]
    sites = [(card.feed.slug, card.ahead) for card in sections["site"]]
    assert sites[0] == ("new-zealand", 1)
    assert {ahead for _, ahead in sites[1:]} == {0}
    agencies = [card.feed.name.casefold() for card in sections["agency"] if not card.ahead]
    assert agencies == sorted(agencies)
    assert [card.ahead for card in sections["popular"]] == [1, 1, 1, 0, 0]
    assert sections["popular"][0].kind == "launch"


def test_cards_with_most_ahead_are_seen_first() -> None:
    made = overview(
        events=[soon(1, agencies=[63])],
        launches=[rocket(1, 1, "Falcon 9 | 1"), rocket(2, 2, "Falcon 9 | 2")],
    )
    agencies = [(card.feed.slug, card.ahead) for card in dict(by_section(made.cards))["agency"]]
    assert agencies[:2] == [("spacex", 2), ("roscosmos", 1)]
    counts = [ahead or 0 for _, ahead in agencies]
    assert counts == sorted(counts, reverse=True)


def test_sites_lie_where_their_pads_are() -> None:
    made = overview(
        launches=[
            rocket(1, 1, "Falcon 9 | 1"), rocket(2, 2, "Falcon 9 | 2"),
            rocket(3, -9, "Falcon 9 | 3", pad=KENNEDY), rocket(4, 3, "Electron | 4", pad=MAHIA),
        ]
    )  # fmt: skip
    found = [(site.id, site.ahead, site.count) for site in made.sites]
    assert found == [(12, 2, 2), (10, 1, 1), (27, 0, 1)]
    cape, mahia, kennedy = made.sites
    assert (cape.x, cape.y) == pytest.approx((353.7, 255.4), abs=2)
    assert (mahia.x, mahia.y) == pytest.approx((1387.5, 566.5), abs=2)
    assert cape.radius > mahia.radius > kennedy.radius


def test_a_site_that_is_nowhere_on_earth_is_listed_without_a_place() -> None:
    (site,) = overview(launches=[rocket(1, 1, "Falcon 9 | 1", pad=pad(901, on=901))]).sites
    assert (site.ahead, site.x, site.y) == (1, None, None)


def test_every_place_on_earth_is_on_the_map() -> None:
    corners = [(71, -180), (71, 180), (-50, -169), (-50, -169.1), (0.1, 0)]
    stands = [
        pad(10_000 + site) | {"latitude": str(latitude), "longitude": str(longitude)}
        for site, (latitude, longitude) in zip((12, 27, 10, 26, 143), corners, strict=True)
    ]
    launches = [rocket(n, n, f"Rocket {n}", pad=stand) for n, stand in enumerate(stands, 1)]
    sites = overview(launches=launches).sites
    assert len(sites) == 5
    for site in sites:
        assert site.x is not None
        assert site.y is not None
        assert 0 <= site.x <= WIDTH
        assert 0 <= site.y <= HEIGHT


def place(site: Site) -> tuple[float, float]:
    assert site.x is not None
    assert site.y is not None
    return site.x, site.y


def test_no_dot_lies_over_the_centre_of_one_with_launches_ahead() -> None:
    sites = (
        Site(1, "Cape", 90, 40, 353.7, 255.4), Site(2, "Kennedy", 50, 12, 353.2, 254.9),
        Site(3, "Beside", 9, 3, 353.7, 255.4), Site(4, "Idle", 9, 0, 354.0, 255.0),
        Site(5, "Mahia", 9, 5, 1387.5, 566.5), Site(6, "Nowhere", 9, 7),
    )  # fmt: skip
    dots = make_dots(sites)
    assert [dot.name for dot in dots] == ["Idle", "Cape", "Kennedy", "Mahia", "Beside"]
    for n, dot in enumerate(dots):
        for above in dots[n + 1 :]:
            assert not dot.ahead or dist(place(dot), place(above)) > above.radius
        drawn = next(site for site in sites if site.id == dot.id)
        assert dist(place(dot), place(drawn)) < 40
    assert place(dots[1]) == (353.7, 255.4)

"""The named feeds of launches: each finds what it says."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from calfeed import feeds
from calfeed.launches import LAUNCHES
from calfeed.launches.model import Launch
from tests.fake.launches.many import many_launches

SHIPPED = Path(__file__).parents[2] / "feeds"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@cache
def launches() -> list[Launch]:
    return [LAUNCHES.read(record) for record in many_launches(1200, now=NOW)]


def found(slug: str) -> list[Launch]:
    tests = feeds.read(SHIPPED / f"{slug}.toml").query.tests(LAUNCHES)
    assert tests is not None
    return [launch for launch in launches() if all(test(launch) for test in tests)]


def site(launch: Launch) -> str:
    assert launch.pad is not None
    assert launch.pad.location is not None
    return launch.pad.location.name


@pytest.mark.parametrize(
    ("slug", "sites"),
    [
        ("florida", ("Cape Canaveral", "Kennedy")),
        ("vandenberg", ("Vandenberg",)),
        ("starbase", ("SpaceX Starbase",)),
        ("kourou", ("Guiana Space Centre",)),
        ("baikonur", ("Baikonur",)),
        ("china", ("Jiuquan", "Xichang", "Taiyuan", "Wenchang", "Haiyang", "South China Sea")),
        ("india", ("Satish Dhawan", "Abdul Kalam Island")),
        ("japan", ("Tanegashima", "Uchinoura", "Spaceport Kii")),
        ("new-zealand", ("Mahia", "Rocket Lab Launch Complex 1")),
    ],
)
def test_sites(slug: str, sites: tuple[str, ...]) -> None:
    assert {site(launch) for launch in found(slug)} != set()
    assert [site(launch) for launch in found(slug) if not site(launch).startswith(sites)] == []
    there = [launch for launch in launches() if launch.pad and site(launch).startswith(sites)]
    assert found(slug) == there


def test_themes() -> None:
    assert found("launches") == found("everything") == launches()
    without = found("launches-without-starlink")
    assert [one for one in launches() if "Starlink" not in one.name] == without != launches()
    assert {len(one.spacecraft_stage) > 0 for one in found("crewed-launches")} == {True}
    assert all("Starship" in one.name for one in found("starship"))
    assert found("starship") != []
    for slug in ("events", "dockings", "landings", "press-events", "spacewalks"):
        assert feeds.read(SHIPPED / f"{slug}.toml").query.scope.name == "events"


def test_an_agency_shows_what_it_launches_and_what_is_launched_for_it() -> None:
    nasa = found("nasa")
    providers = {one.launch_service_provider.id for one in nasa if one.launch_service_provider}
    assert 44 in providers
    assert len(providers) > 1

"""Upstream records -> launches: what was recorded, in both versions and all modes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from calfeed.launches.countries import alpha_2
from calfeed.launches.model import (
    LAUNCH,
    Booster,
    Configuration,
    CrewMember,
    Landing,
    Launch,
    Location,
    Mission,
    Orbit,
    Pad,
    Provider,
    Spacecraft,
)
from calfeed.launches.payload import from_record
from calfeed.record import Agency, Named
from tests.fake import booster, launch, mission, pad, spacecraft_stage
from tests.fake.launches.many import many_launches
from tests.fake.launches.older import as_220
from tests.fake.launches.record import as_mode

RECORDED = Path(__file__).parents[1] / "recorded" / "launches"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ID = "10000000-0000-4000-8000-000000000001"
EARTH = Named(id=1, name="Earth")
SPACEX = Agency(id=121, name="SpaceX", abbrev="SpX")
COUNTERS = [f"{of}_launch_attempt_count{year}" for of in ("orbital", "location", "pad", "agency")
            for year in ("", "_year")]  # fmt: skip


def recorded(name: str) -> list[dict[str, Any]]:
    """The records of an answer."""
    answer = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return list(answer["results"]) if "results" in answer else [answer]


def read(name: str) -> Launch:
    return from_record(recorded(name)[0])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_all_that_was_recorded_is_read(path: Path) -> None:
    for record in recorded(path.stem):
        known = from_record(record)
        assert (known.id, known.name) == (record["id"], record["name"])
        assert known.net == datetime.fromisoformat(record["net"])
        assert known.net_precision == record["net_precision"]["id"]
        assert known.status == Named(id=record["status"]["id"], name=record["status"]["name"])
        assert known.last_updated == datetime.fromisoformat(record["last_updated"])
        assert known.image is not None or record["image"] is None
        assert LAUNCH.validate_json(LAUNCH.dump_json(known)) == known


def test_a_crewed_launch_of_the_older_version() -> None:
    known = read("2.2.0-crewed-moon")
    nasa = "National Aeronautics and Space Administration"
    assert known.launch_service_provider == Provider(id=44, name=nasa, abbrev="NASA")
    assert known.configuration == Configuration(
        id=143,
        name="Space Launch System (SLS)",
        full_name="Space Launch System Block 1",
        manufacturer=Agency(id=44, name=nasa, abbrev="NASA"),
    )
    assert known.pad == Pad(
        id=4,
        name="Launch Complex 39B",
        latitude=28.627112,
        longitude=-80.621015,
        country="US",
        location=Location(
            id=27,
            name="Kennedy Space Center, FL, USA",
            country="US",
            timezone_name="America/New_York",
        ),
    )
    (craft,) = known.spacecraft_stage
    assert craft.name == "Orion Integrity"
    assert craft.configuration == Named(id=4, name="Orion")
    assert craft.landing == Landing(attempt=True, location="Pacific Ocean", type="PCL")
    assert len(craft.crew) == 4
    assert (known.window_start, known.window_end) == (
        utc(2026, 4, 1, 22, 24),
        utc(2026, 4, 2, 0, 24),
    )
    assert (known.launcher_stage, known.vid_urls) == ((), ())
    assert known.program == (Named(id=15, name="Artemis"),)
    assert known.orbital_launch_attempt_count == 7260
    assert len(known.updates) == 3


def test_a_launch_of_the_newer_version() -> None:
    known = read("2.3.0-unknown-pad-no-window")
    assert known.mission is not None
    assert known.mission.orbit == Orbit(id=8, name="Low Earth Orbit", celestial_body=EARTH)
    assert known.mission.agencies == (Agency(id=1071, name="Synspective"),)
    assert known.pad is not None
    assert known.pad.location is not None
    assert (known.pad.name, known.pad.country) == ("Unknown Pad", "NZ")
    assert known.pad.location.timezone_name == "Pacific/Auckland"
    assert known.pad.location.celestial_body == EARTH
    assert known.net == known.window_start == known.window_end


def test_outcomes_and_weather() -> None:
    failed = read("2.2.0-failure")
    assert failed.status == Named(id=4, name="Launch Failure")
    assert failed.failreason
    assert (failed.probability, bool(failed.weather_concerns)) == (90, True)
    landing = Landing(attempt=True, success=True, location="Jacklyn", type="ASDS")
    assert failed.launcher_stage == (Booster(serial_number="GS1-SN002", flight=2, landing=landing),)
    assert read("2.3.0-crewed-weather-40").probability == 40


def test_lists_tell_less_of_the_same_launch() -> None:
    for record in many_launches(60, now=NOW):
        listed = from_record(as_mode(record, "list"))
        assert (listed.pad, listed.mission, listed.launch_service_provider) == (None, None, None)
        whole = from_record(record)
        assert (listed.id, listed.net, listed.status) == (whole.id, whole.net, whole.status)
        normal = from_record(as_mode(record, "normal"))
        assert (normal.pad, normal.mission) == (whole.pad, whole.mission)
        assert (normal.vid_urls, normal.updates) == ((), ())


def test_the_older_version_tells_the_same_but_for_what_it_lacks() -> None:
    for record in many_launches(120, now=NOW):
        new, old = from_record(record), from_record(as_220(record))
        for name in ("id", "name", "slug", "net", "net_precision", "window_start", "window_end",
                     "image", "probability", "weather_concerns", "failreason", "configuration",
                     "launcher_stage", "program", "vid_urls", "info_urls", "updates",
                     "last_updated", *COUNTERS):  # fmt: skip
            assert getattr(old, name) == getattr(new, name), name
        assert old.spacecraft_stage == new.spacecraft_stage[:1]
        for own, other in ((old.pad, new.pad), (old.mission, new.mission)):
            assert (own is None) == (other is None)
        if old.pad and new.pad:
            assert (old.pad.latitude, old.pad.country) == (new.pad.latitude, new.pad.country)
        as_list = from_record(as_220(record, "list"))
        assert (as_list.id, as_list.pad, as_list.mission) == (new.id, None, None)


def test_who_is_above_the_provider() -> None:
    def provider(**changes: Any) -> Provider | None:
        agency = launch(ID)["launch_service_provider"] | changes
        record = launch(ID, launch_service_provider=agency, mission=mission("x", agencies=(44,)))
        return from_record(record).launch_service_provider

    nasa = "National Aeronautics and Space Administration"
    mine = {"id": 121, "name": "SpaceX", "abbrev": "SpX"}
    assert provider(parent=None) == Provider(**mine)  # type: ignore[arg-type]
    assert provider(parent="Nobody") == Provider(**mine, parent="Nobody")  # type: ignore[arg-type]
    for parent in (nasa, {"id": 44, "name": nasa}):
        assert provider(parent=parent) == Provider(**mine, parent=nasa, parent_id=44)  # type: ignore[arg-type]


def test_one_spacecraft_or_several() -> None:
    ship = spacecraft_stage(900, ("Ada Miller",))
    wanted = Spacecraft(
        id=900,
        name="Dragon Endurance",
        configuration=Named(id=900, name="Crew Dragon 2"),
        crew=(CrewMember(name="Ada Miller", role="Spacecraft Commander"),),
        landing=Landing(attempt=True, location="Pacific Ocean", type="PCL"),
    )
    rocket = launch(ID)["rocket"]
    for stage, count in ((None, 0), (ship, 1), ([ship], 1), ([ship, ship], 2), ([ship, None], 1)):
        record = launch(ID, rocket=rocket | {"spacecraft_stage": stage})
        assert from_record(record).spacecraft_stage == (wanted,) * count


def test_boosters_of_which_little_is_known() -> None:
    record = launch(ID, boosters=(booster(None, None), booster("B1069", 24, land_at=1)))
    assert from_record(record).launcher_stage == (
        Booster(),
        Booster(
            serial_number="B1069",
            flight=24,
            landing=Landing(attempt=True, location="Of Course I Still Love You", type="ASDS"),
        ),
    )


@pytest.mark.parametrize(
    ("given", "read"), [(None, None), (-1, None), (101, None), ("40", None), (0, 0), (100, 100)]
)
def test_a_probability_is_in_per_cent_or_unknown(given: object, read: int | None) -> None:
    assert from_record(launch(ID) | {"probability": given}).probability == read


def test_countries_by_either_code() -> None:
    assert [alpha_2(code) for code in ("USA", "guf", "nz", "", "XYZ")] == ["US", "GF", "NZ", "", ""]
    for country, read in ((None, ""), ({"alpha_2_code": "kz"}, "KZ"), ([], "")):
        known = from_record(launch(ID, pad=pad(80, country=country)))
        assert known.pad is not None
        assert known.pad.country == read


def test_equal_parts_are_one_object_wherever_they_were_read() -> None:
    record = launch(ID, mission=mission("A", agencies=(44,)), program=[25])
    one, other = from_record(record), from_record(record)
    stored = LAUNCH.validate_json(LAUNCH.dump_json(one))
    for known in (other, stored):
        assert known == one
        for name in ("pad", "status", "launch_service_provider", "configuration", "program"):
            assert getattr(known, name) is getattr(one, name)
        assert known.mission is not None
        assert one.mission is not None
        assert known.mission.orbit is one.mission.orbit
        assert known.mission.agencies is one.mission.agencies


def test_agencies_are_who_launches_and_for_whom() -> None:
    known = from_record(launch(ID, mission=mission("Crew-13", agencies=(44, 121))))
    assert [agency.id for agency in known.agencies] == [121, 44]
    assert known.mission == Mission(
        name="Crew-13",
        type="Communications",
        description="Crew-13 goes to space.",
        orbit=Orbit(id=8, name="Low Earth Orbit", celestial_body=EARTH),
        agencies=(
            Agency(id=44, name="National Aeronautics and Space Administration", abbrev="NASA"),
            SPACEX,
        ),
    )
    alone = from_record(launch(ID, launch_service_provider=None, mission=None, pad=None))
    assert alone.agencies == ()

"""What a person reads in a launch's description."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from calfeed.launches.description import describe
from calfeed.launches.model import Launch
from calfeed.launches.payload import from_record
from calfeed.record import Move
from tests.fake import booster, launch, mission, pad, spacecraft_stage, update
from tests.fake.launches.parts import landing

ID = "10000000-0000-4000-8000-000000000001"
NET = datetime(2026, 11, 18, 14, 0, 30, tzinfo=UTC)
CREDIT = "Data: Launch Library 2 by The Space Devs"


def read(**changes: Any) -> Launch:
    return from_record(launch(ID, "Falcon 9 Block 5 | Crew-9", **{"net": NET} | changes))


def line(begin: str, **changes: Any) -> str | None:
    """The line of a description that begins so."""
    found = [line for line in describe(read(**changes)).split("\n") if line.startswith(begin)]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_description_says_all_there_is() -> None:
    crew = spacecraft_stage(900, ("Ada Miller", "Boris Lem"))
    text = describe(
        read(
            mission=mission("Crew-9", type="Human Exploration", agencies=(44, 121)),
            window_start=NET - timedelta(minutes=30, seconds=30),
            window_end=NET + timedelta(hours=2, minutes=29, seconds=30),
            pad=80,
            probability=40,
            weather_concerns="Cumulus Cloud Rule",
            spacecraft=(crew,),
            boosters=(booster("B1069", 24, land_at=1, success=True),),
            vid_urls=["https://v.example/1"],
            info_urls=["https://p.example/1"],
            program=[5],
            updates=[update(n, f"said {n}", created_on=f"2026-11-0{n}T12:00:00Z")
                     for n in (1, 4, 2, 3)],
        )
    )  # fmt: skip
    assert (
        text
        == """\
Crew-9 goes to space.

Mission: Human Exploration, Low Earth Orbit
Rocket: Falcon 9 Block 5
Launched by: SpaceX (SpX)
Launched for: National Aeronautics and Space Administration (NASA)
NET: 18 November 2026 14:00:30 UTC (09:00:30 EST)
Window: 18 November 2026 13:30–16:30 UTC
Weather: 40 % favourable; concerns: Cumulus Cloud Rule

Crew: Ada Miller (Spacecraft Commander), Boris Lem (Pilot)
Spacecraft: Dragon Endurance; landing: Pacific Ocean (PCL)
Booster: B1069, flight 24; landing: Of Course I Still Love You (ASDS), successful

Official webcast by NASA in English: Live coverage https://v.example/1

More: Read more https://p.example/1

Program: Commercial Crew Program
Last update (4 November 2026): said 4
Earlier update (3 November 2026): said 3
Earlier update (2 November 2026): said 2

Data: Launch Library 2 by The Space Devs"""
    )


def test_it_names_its_source_where_nothing_else_is_known() -> None:
    assert describe(from_record({"id": ID, "name": "Launch", "net": None})) == CREDIT


@pytest.mark.parametrize(
    ("site", "net", "precision", "said"),
    [
        (80, "2026-11-18T14:00:30Z", 0, "18 November 2026 14:00:30 UTC (09:00:30 EST)"),
        (80, "2026-07-18T14:00:00Z", 0, "18 July 2026 14:00:00 UTC (10:00:00 EDT)"),
        (80, "2026-11-18T14:00:30Z", 1, "18 November 2026 14:00 UTC (09:00 EST)"),
        (80, "2026-11-18T14:00:00Z", None, "18 November 2026 14:00 UTC (09:00 EST)"),
        (80, "2026-11-18T14:00:01Z", None, "18 November 2026 14:00:01 UTC (09:00:01 EST)"),
        (80, "2026-11-18T14:00:00Z", 2,
         "18 November 2026 14:00 UTC (09:00 EST), known to the hour"),
        (80, "2026-11-18T02:00:00Z", 1, "18 November 2026 02:00 UTC (17 November 2026 21:00 EST)"),
        (210, "2026-11-18T14:00:00Z", 1,
         "18 November 2026 14:00 UTC (19 November 2026 03:00 NZDT)"),
        (80, "2026-11-18T14:00:00Z", 5, "18 November 2026"),
        (80, "2026-11-18T14:00:00Z", 3, "18 November 2026, morning"),
        (80, "2026-11-18T00:00:00Z", 6, "week of 16 November 2026"),
        (80, "2026-12-31T00:00:00Z", 11, "Q4 2026"),
        (80, "2026-12-31T00:00:00Z", 15, "FY 2027"),
        (None, "2026-11-18T14:00:30Z", 0, "18 November 2026 14:00:30 UTC"),
    ],
)  # fmt: skip
def test_no_earlier_than(site: int | None, net: str, precision: int | None, said: str) -> None:
    assert line("NET", pad=site, net=net, net_precision=precision) == f"NET: {said}"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Qyzylorda", " (19:00 UTC+05)"),
        ("Asia/Kolkata", " (19:30 IST)"),
        ("Etc/UTC", ""),
        ("UTC", ""),
        ("Mars/Jezero", ""),
        ("../../etc/passwd", ""),
        ("Europe", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_time_zones(zone: str | None, said: str) -> None:
    there = pad(80)
    there |= {"location": there["location"] | {"timezone_name": zone}}
    known = line("NET", pad=there, net_precision=1)
    assert known == f"NET: 18 November 2026 14:00 UTC{said}"


@pytest.mark.parametrize(
    ("start", "end", "precision", "said"),
    [
        (0, 120, 0, "18 November 2026 14:00–16:00 UTC"),
        (-60, 660, 2, "18 November 2026 13:00 to 19 November 2026 01:00 UTC"),
        (0, 0, 0, None),
        (10, 0, 0, None),
        (0, 120, 5, None),
        (0, 120, 7, None),
    ],
)
def test_windows(start: int, end: int, precision: int, said: str | None) -> None:
    times = {
        "window_start": NET + timedelta(minutes=start, seconds=-30),
        "window_end": NET + timedelta(minutes=end, seconds=-30),
    }
    known = line("Window", net_precision=precision, **times)
    assert known == (said and f"Window: {said}")
    assert line("Window", **times | {"window_start": None}) is None


@pytest.mark.parametrize(
    ("probability", "concerns", "said"),
    [
        (90, None, "90 % favourable"),
        (0, "", "0 % favourable"),
        (-1, "Wind", "concerns: Wind"),
        (None, None, None),
    ],
)
def test_weather(probability: int | None, concerns: str | None, said: str | None) -> None:
    known = line("Weather", probability=probability, weather_concerns=concerns)
    assert known == (said and f"Weather: {said}")


def test_a_failure() -> None:
    said = "Reason of the failure: The second stage ran dry."
    assert line("Reason", failreason="The second stage ran dry.", status=4) == said
    assert line("Reason", failreason="") is None


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (booster("B1", 1), "B1, flight 1"),
        (booster("B1", None, land_at=1), "B1; landing: Of Course I Still Love You (ASDS)"),
        (booster("B1", 2, land_at=6), "B1, flight 2; landing: Atlantic Ocean"),
        (booster("B1", 2, land_at=5, success=False),
         "B1, flight 2; landing: Landing Zone 2 (RTLS), failed"),
        (booster("B1", 2, landing=landing(1, 5, attempt=False)), "B1, flight 2; no landing"),
        (booster(None, None, land_at=5), "landing: Landing Zone 2 (RTLS)"),
        (booster(None, None), None),
    ],
)  # fmt: skip
def test_boosters(stage: dict[str, Any], said: str | None) -> None:
    assert line("Booster", boosters=(stage,)) == (said and f"Booster: {said}")


def test_for_whom_it_is_launched_where_that_is_somebody_else() -> None:
    assert line("Launched for", mission=mission("x", agencies=(121,))) is None
    assert line("Launched for", mission=None) is None
    unknown = {"launch_service_provider": None, "mission": mission("x", agencies=(121,))}
    assert line("Launched for", **unknown) == "Launched for: SpaceX (SpX)"
    assert line("Launched by", **unknown) is None


def test_a_mission_of_which_nothing_is_known() -> None:
    assert line("Mission", mission=mission("x", type="Unknown", orbit_id=25)) is None
    assert line("Mission", mission=mission("x", type="", orbit_id=8)) == "Mission: Low Earth Orbit"


def moved(*dates: tuple[str, int | None], since: str = "2026-11-10T09:00:00Z") -> str:
    noticed = datetime.fromisoformat(since)
    moves = tuple(
        Move(date=datetime.fromisoformat(date), precision=precision, noticed_at=noticed)
        for date, precision in dates
    )
    record = read()
    described = describe(Launch(id=record.id, name=record.name, moves=moves))
    return described.removesuffix(f"\n\n{CREDIT}")


def test_how_its_date_moved() -> None:
    assert moved(("2026-11-18T14:00:00Z", 1), ("2026-12-31T00:00:00Z", 11),
                 ("2026-11-21T09:30:00Z", 0)) == (
        "Moved 3 times since 10 November 2026: "
        "18 November 14:00 UTC, then Q4 2026, then 21 November 09:30 UTC"
    )  # fmt: skip
    assert moved(("2027-01-02T00:00:00Z", 5)) == "Moved once since 10 November 2026: 2 January 2027"
    assert moved(("2026-11-18T00:00:00Z", 4), ("2026-11-30T00:00:00Z", 7)) == (
        "Moved 2 times since 10 November 2026: 18 November, afternoon, then November 2026"
    )
    assert moved() == CREDIT

"""The fake's launches have the fields that Launch Library's have: by its lists, by its answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fake import Record, booster, launch, mission, spacecraft_stage, update
from tests.fake.launches import parts
from tests.fake.launches.older import as_220
from tests.fake.launches.record import as_mode

RECORDED = Path(__file__).parent.parent / "recorded" / "launches"
LAUNCH = "a3c9c47e-976e-40a5-8889-30c407131e3a"

LIST = """id url name response_mode slug launch_designator status last_updated net net_precision
    window_end window_start image infographic""".split()  # noqa: SIM905  shorter so
COUNTERS = [
    f"{of}_launch_attempt_count{year}"
    for of in ("orbital", "location", "pad", "agency")
    for year in ("", "_year")
]
NORMAL = """probability weather_concerns failreason hashtag launch_service_provider rocket mission
    pad webcast_live program""".split()  # noqa: SIM905
DETAILED = """flightclub_url updates info_urls vid_urls timeline pad_turnaround
    mission_patches""".split()  # noqa: SIM905
LIST_220 = """id url slug name status last_updated net net_precision window_end window_start
    lsp_name mission mission_type pad location landing landing_success launcher orbit image
    infographic type""".split()  # noqa: SIM905
BASIC_220 = """id url slug name status last_updated net net_precision window_end window_start image
    infographic type holdreason""".split()  # noqa: SIM905
DETAILED_220 = """flightclub_url r_spacex_api_id updates infoURLs vidURLs timeline pad_turnaround
    mission_patches""".split()  # noqa: SIM905

INNER = {
    "launch_service_provider": "response_mode id url name abbrev type",
    "rocket": "id configuration",
    "rocket.configuration": "response_mode id url name full_name variant families",
    "mission": "id name type description image orbit agencies info_urls vid_urls",
    "mission.orbit": "id name abbrev celestial_body",
    "pad": """id url active agencies name image description info_url wiki_url map_url latitude
        longitude country map_image total_launch_count orbital_launch_attempt_count
        fastest_turnaround location""",
    "pad.country": "id name alpha_2_code alpha_3_code nationality_name nationality_name_composed",
    "pad.location": """response_mode id url name celestial_body active country description image
        map_image longitude latitude timezone_name total_launch_count total_landing_count""",
}
"""The fields of the parts in normal mode."""
INNER_DETAILED = {
    "rocket": "id configuration launcher_stage spacecraft_stage payloads",
    "rocket.launcher_stage": """id type reused launcher_flight_number launcher
        previous_flight_date turn_around_time landing previous_flight""",
    "rocket.launcher_stage.landing": """id url attempt success description downrange_distance
        landing_location type""",
    "rocket.spacecraft_stage": """id url destination mission_end spacecraft landing duration
        turn_around_time response_mode launch_crew onboard_crew landing_crew docking_events""",
    "rocket.spacecraft_stage.launch_crew": "id role astronaut",
    "timeline": "type relative_time",
    "updates": "id profile_image comment info_url created_by created_on",
}


def whole() -> Record:
    return launch(
        LAUNCH,
        mission=mission(agencies=(44,)),
        boosters=(booster("B1069", 3, land_at=5, previous_flight=parts.link(LAUNCH, "Before")),),
        spacecraft=(spacecraft_stage(900, ("Ada Miller", "Boris Lem")),),
        program=[17],
        updates=[update(1)],
        vid_urls=["https://v.example"],
        info_urls=["https://i.example"],
        timeline=parts.timeline(),
        mission_patches=[parts.patch(1, 121, "Patch")],
    )


def at(record: Any, path: str) -> Any:
    for key in path.split("."):
        record = record[key][0] if isinstance(record[key], list) else record[key]
    return record


def names(record: Any) -> list[str]:
    return sorted(record)


@pytest.mark.parametrize(
    ("mode", "fields"),
    [
        ("list", LIST),
        ("normal", LIST + NORMAL + COUNTERS),
        ("detailed", LIST + NORMAL + COUNTERS + DETAILED),
    ],
)
def test_modes_have_their_fields(mode: str, fields: list[str]) -> None:
    record = as_mode(whole(), mode)
    assert names(record) == sorted(fields)
    assert record["response_mode"] == mode


@pytest.mark.parametrize(
    ("mode", "fields"),
    [
        ("list", LIST_220),
        ("normal", BASIC_220 + NORMAL + COUNTERS),
        ("detailed", BASIC_220 + NORMAL + COUNTERS + DETAILED_220),
    ],
)
def test_modes_of_2_2_0_have_their_fields(mode: str, fields: list[str]) -> None:
    record = as_220(whole(), mode)
    assert names(record) == sorted(fields)
    assert record["type"] == mode


@pytest.mark.parametrize("path", INNER)
def test_parts_in_normal_mode(path: str) -> None:
    assert names(at(as_mode(whole(), "normal"), path)) == sorted(INNER[path].split())


@pytest.mark.parametrize("path", INNER_DETAILED)
def test_parts_in_detailed_mode(path: str) -> None:
    assert names(at(whole(), path)) == sorted(INNER_DETAILED[path].split())


def test_the_types_that_differ_between_the_versions() -> None:
    new, old = whole(), as_220(whole())
    assert (new["pad"]["latitude"], old["pad"]["latitude"]) == (28.56194122, "28.56194122")
    assert (new["pad"]["country"]["alpha_2_code"], old["pad"]["country_code"]) == ("US", "USA")
    assert new["pad"]["location"]["timezone_name"] == old["pad"]["location"]["timezone_name"]
    assert old["image"] == new["image"]["image_url"]
    assert old["rocket"]["configuration"]["family"] == "Falcon"
    assert old["launch_service_provider"]["type"] == "Commercial"
    assert old["rocket"]["spacecraft_stage"]["launch_crew"][0]["astronaut"]["name"] == "Ada Miller"
    assert old["vidURLs"][0].keys() == new["vid_urls"][0].keys() - {"live"}
    assert as_220(launch(LAUNCH))["rocket"]["spacecraft_stage"] is None
    assert as_220(launch(LAUNCH, status=9))["status"]["id"] == 6


@pytest.mark.parametrize("mode", ["list", "normal", "detailed"])
def test_null_parts_stay_null(mode: str) -> None:
    nulls: dict[str, Any] = dict.fromkeys(("status", "net_precision", "image", "pad", "mission"))
    record = launch(LAUNCH, rocket=None, **nulls)
    assert as_mode(record, mode)["image"] is None
    old = as_220(record, mode)
    assert {old["status"], old["net_precision"], old["image"], old["pad"], old["mission"]} == {None}


def missing(recorded: Any, made: Any, path: str = "") -> list[str]:
    """The paths of what a recorded answer has and the fake's record has not."""
    if isinstance(recorded, dict) and isinstance(made, dict):
        lost = [f"{path}.{key}" for key in recorded.keys() - made.keys()]
        common = recorded.keys() & made.keys()
        return lost + [p for k in common for p in missing(recorded[k], made[k], f"{path}.{k}")]
    if isinstance(recorded, list) and isinstance(made, list) and made:
        return [p for item in recorded for p in missing(item, made[0], path)]
    return []


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_the_fake_has_every_field_that_was_recorded(path: Path) -> None:
    answer = json.loads(path.read_text(encoding="utf-8"))
    for record in answer.get("results", [answer]):
        made = (
            as_mode(whole(), record["response_mode"])
            if path.name.startswith("2.3.0")
            else as_220(whole(), record["type"])
        )
        assert missing(record, made) == []
        shapes = [type(value) for value in (record["net"], record["name"], record["status"])]
        assert shapes == [str, str, dict]


def test_the_recorded_oddities_are_there() -> None:
    files = sorted(path.stem for path in RECORDED.glob("*.json"))
    assert files == [
        "2.2.0-crewed-moon",
        "2.2.0-failure",
        "2.2.0-in-flight-suborbital",
        "2.2.0-list-mode",
        "2.2.0-month-placeholder",
        "2.2.0-on-hold",
        "2.2.0-scrubbed-and-back",
        "2.2.0-unknown-booster",
        "2.2.0-week",
        "2.3.0-crewed-weather-40",
        "2.3.0-hour-and-window",
        "2.3.0-list-mode",
        "2.3.0-normal-mode",
        "2.3.0-unknown-pad-no-window",
    ]
    read = {name: json.loads((RECORDED / f"{name}.json").read_text("utf-8")) for name in files}
    assert read["2.3.0-unknown-pad-no-window"]["pad"]["map_url"] is None
    assert read["2.2.0-week"]["net_precision"]["id"] == 6
    assert read["2.2.0-failure"]["failreason"]
    assert read["2.3.0-crewed-weather-40"]["probability"] == 40
    assert len(read["2.3.0-crewed-weather-40"]["vid_urls"]) == 6
    assert read["2.2.0-in-flight-suborbital"]["orbital_launch_attempt_count"] is None
    assert len(read["2.2.0-crewed-moon"]["rocket"]["spacecraft_stage"]["launch_crew"]) == 4

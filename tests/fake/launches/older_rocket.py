"""What flies and who flies it, in the 2.2.0 shape."""

from typing import Any

from ..older import BASE_220, address, each
from ..older import program as program_220
from ..parts import Record
from .agencies import COUNTS


def turned(part: Any, turn: Any) -> Any:
    """Turn an object; what is none passes as it is."""
    return turn(part) if isinstance(part, dict) else part


def mini_220(agency: Record) -> Record:
    """Give the short form of an agency."""
    return {
        "id": agency["id"],
        "url": f"{BASE_220}/agencies/{agency['id']}/",
        "name": agency["name"],
        "type": agency["type"]["name"],
    }


def _agency_normal(agency: Record) -> Record:
    """Give the form in which a spacecraft has its agency."""
    founded = agency["founding_year"]
    return mini_220(agency) | {
        "featured": agency["featured"],
        "country_code": ",".join(country["alpha_3_code"] for country in agency["country"]),
        "abbrev": agency["abbrev"],
        "description": agency["description"],
        "administrator": agency["administrator"],
        "founding_year": None if founded is None else str(founded),
        "launchers": agency["launchers"],
        "spacecraft": agency["spacecraft"],
        "parent": agency["parent"],
        "image_url": address(agency["image"]),
        "logo_url": address(agency["logo"]),
    }


def agency_220(agency: Record) -> Record:
    """Give the long form of an agency, which has no parent."""
    normal = _agency_normal(agency)
    del normal["parent"]
    return (
        normal
        | {"launch_library_url": None, "nation_url": address(agency["social_logo"])}
        | {key: agency[key] for key in (*COUNTS, "info_url", "wiki_url")}
    )


def rocket_normal(rocket: Record) -> Record:
    """Give the form of a rocket in normal mode."""
    full = rocket["configuration"]
    cut = {key: full[key] for key in ("id", "name", "full_name", "variant")}
    address_220 = f"{BASE_220}/config/launcher/{full['id']}/"
    config = cut | {"url": address_220, "family": _family(full)}
    return {"id": rocket["id"], "configuration": config}


def _family(full: Record) -> str:
    return full["families"][0]["name"] if full["families"] else ""


ONLY_230 = ("response_mode", "families", "is_placeholder", "image", "geo_capacity", "sso_capacity",
            "fastest_turnaround")  # fmt: skip


def rocket_detailed(rocket: Record) -> Record:
    """Give the form of a rocket with its boosters and its spacecraft."""
    full = rocket["configuration"]
    cost = full["launch_cost"]
    config = {key: value for key, value in full.items() if key not in ONLY_230}
    config |= rocket_normal(rocket)["configuration"]
    config |= {
        "manufacturer": turned(full["manufacturer"], agency_220),
        "program": each(full["program"], program_220),
        "launch_cost": None if cost is None else str(cost),
        "vehicle_range": None,
        "image_url": address(full["image"]),
    }
    crafts = rocket["spacecraft_stage"]
    return {
        "id": rocket["id"],
        "configuration": config,
        "launcher_stage": [_booster(stage) for stage in rocket["launcher_stage"]],
        "spacecraft_stage": _spacecraft_stage(crafts[0]) if crafts else None,
    }


def _booster(stage: Record) -> Record:
    launcher, before = stage["launcher"], stage["previous_flight"]
    keys = ("id", "details", "flight_proven", "serial_number", "successful_landings",
            "attempted_landings", "flights", "last_launch_date", "first_launch_date")  # fmt: skip
    cut = {key: value for key, value in stage.items() if key != "turn_around_time"}
    return cut | {
        "launcher": {key: launcher[key] for key in keys}
        | {
            "url": f"{BASE_220}/launcher/{launcher['id']}/",
            "status": (launcher["status"] or {}).get("name", "").lower(),
            "image_url": address(launcher["image"]),
        },
        "landing": turned(stage["landing"], _landing),
        "turn_around_time_days": None,
        "previous_flight": before and {"id": before["id"], "name": before["name"]},
    }


def _landing(landing: Record) -> Record:
    place = landing["landing_location"]
    keys = ("id", "attempt", "success", "description", "downrange_distance", "type")
    keys_of_place = ("id", "name", "abbrev", "description", "location", "successful_landings")
    return {key: landing[key] for key in keys} | {
        "location": {key: place[key] for key in keys_of_place}
    }


def _spacecraft_stage(stage: Record) -> Record:
    craft = stage["spacecraft"]
    only_230 = ("response_mode", "image", "fastest_turnaround")
    return {
        "id": stage["id"],
        "url": stage["url"].replace("2.3.0", "2.2.0"),
        "mission_end": stage["mission_end"],
        "destination": stage["destination"],
        **{
            crew: [_member(member) for member in stage[crew]]
            for crew in ("launch_crew", "onboard_crew", "landing_crew")
        },
        "spacecraft": {key: value for key, value in craft.items() if key not in only_230}
        | {
            "url": f"{BASE_220}/spacecraft/{craft['id']}/",
            "spacecraft_config": _spacecraft_config(craft["spacecraft_config"]),
        },
        "landing": turned(stage["landing"], _landing),
        "docking_events": [],
    }


def _spacecraft_config(config: Record) -> Record:
    keys = ("id", "name", "type", "in_use", "capability", "history", "details", "maiden_flight",
            "height", "diameter", "human_rated", "crew_capacity", "payload_capacity",
            "payload_return_capacity", "flight_life", "wiki_link", "info_link")  # fmt: skip
    return {key: config[key] for key in keys} | {
        "url": f"{BASE_220}/config/spacecraft/{config['id']}/",
        "agency": _agency_normal(config["agency"]),
        "image_url": address(config["image"]),
        "nation_url": None,
    }


def _member(member: Record) -> Record:
    person = member["astronaut"]
    only_230 = ("response_mode", "image", "eva_time", "age", "social_media_links")
    nations = person["nationality"]
    return member | {
        "astronaut": {key: value for key, value in person.items() if key not in only_230}
        | {
            "url": f"{BASE_220}/astronaut/{person['id']}/",
            "agency": turned(person["agency"], mini_220),
            "nationality": nations[0]["nationality_name"] if nations else "",
            "twitter": None,
            "instagram": None,
            "profile_image": address(person["image"]),
        }
    }

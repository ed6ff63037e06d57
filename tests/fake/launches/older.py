"""A 2.3.0 launch turned into the 2.2.0 shape, in its three modes."""

from typing import Any

from ..older import BASE_220, address, each, video
from ..older import program as program_220
from ..parts import Record
from . import parts
from .older_rocket import agency_220, mini_220, rocket_detailed, rocket_normal, turned
from .record import COUNTERS

BASIC = ("slug", "name", "last_updated", "net", "net_precision", "window_end", "window_start")


def status_220(status: Any) -> Any:
    """Give the status as 2.2.0 has it: there, what is deployed (9) is still in flight (6)."""
    deployed = isinstance(status, dict) and status.get("id") == 9
    return parts.status(6) if deployed else status


def as_220(record: Record, mode: str = "detailed") -> Record:
    """Give the 2.2.0 form of a detailed 2.3.0 launch. A malformed part passes as it is."""
    old = {"id": record["id"], "url": f"{BASE_220}/launch/{record['id']}/"}
    old |= {key: record.get(key) for key in BASIC}
    old["status"] = status_220(record.get("status"))
    old["image"] = address(record.get("image"))
    old["infographic"] = record.get("infographic")
    old["type"] = mode
    if mode == "list":
        return old | _flat(record)
    full = mode == "detailed"
    old |= {key: record.get(key) for key in ("probability", "weather_concerns", "failreason")}
    old |= {"holdreason": "", "hashtag": record.get("hashtag")}
    agency = agency_220 if full else mini_220
    old |= {
        "launch_service_provider": turned(record.get("launch_service_provider"), agency),
        "rocket": turned(record.get("rocket"), rocket_detailed if full else rocket_normal),
        "mission": turned(record.get("mission"), _mission),
        "pad": turned(record.get("pad"), _pad),
        "webcast_live": record.get("webcast_live"),
        "program": each(record.get("program"), program_220),
    }
    old |= {key: record.get(key) for key in COUNTERS}
    return old | _detailed(record) if full else old


def _detailed(record: Record) -> Record:
    return {
        "flightclub_url": record.get("flightclub_url"),
        "r_spacex_api_id": None,
        "updates": record.get("updates"),
        "infoURLs": record.get("info_urls"),
        "vidURLs": each(record.get("vid_urls"), video),
        "timeline": record.get("timeline"),
        "pad_turnaround": record.get("pad_turnaround"),
        "mission_patches": each(record.get("mission_patches"), _patch),
    }


def _flat(record: Record) -> Record:
    """Give what only list mode has: names in place of objects."""
    mission, pad = record.get("mission") or {}, record.get("pad") or {}
    return {
        "lsp_name": (record.get("launch_service_provider") or {}).get("name"),
        "mission": mission.get("name"),
        "mission_type": mission.get("type"),
        "pad": pad.get("name"),
        "location": (pad.get("location") or {}).get("name"),
        "landing": None,
        "landing_success": None,
        "launcher": None,
        "orbit": None,
    }


def _mission(mission: Record) -> Record:
    orbit = mission["orbit"]
    return {
        "id": mission["id"],
        "name": mission["name"],
        "description": mission["description"],
        "launch_designator": None,
        "type": mission["type"],
        "orbit": orbit and {key: orbit[key] for key in ("id", "name", "abbrev")},
        "agencies": [agency_220(agency) for agency in mission["agencies"]],
        "info_urls": mission["info_urls"],
        "vid_urls": mission["vid_urls"],
    }


def _pad(pad: Record) -> Record:
    keys = ("id", "name", "description", "info_url", "wiki_url", "map_url", "map_image",
            "total_launch_count", "orbital_launch_attempt_count")  # fmt: skip
    return {key: pad[key] for key in keys} | {
        "url": f"{BASE_220}/pad/{pad['id']}/",
        "agency_id": pad["agencies"][0]["id"] if pad["agencies"] else None,
        "latitude": _text(pad["latitude"]),
        "longitude": _text(pad["longitude"]),
        "country_code": _code(pad["country"]),
        "location": turned(pad["location"], _location),
    }


def _location(location: Record) -> Record:
    keys = ("id", "name", "description", "map_image", "timezone_name", "total_launch_count",
            "total_landing_count")  # fmt: skip
    return {key: location[key] for key in keys} | {
        "url": f"{BASE_220}/location/{location['id']}/",
        "country_code": _code(location["country"]),
    }


def _text(number: Any) -> Any:
    return None if number is None else str(number)


def _code(country: Any) -> str:
    return country["alpha_3_code"] if isinstance(country, dict) else ""


def _patch(patch: Record) -> Record:
    return {key: value for key, value in patch.items() if key != "response_mode"} | {
        "agency": turned(patch["agency"], mini_220)
    }

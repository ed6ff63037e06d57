"""A 2.3.0 event turned into the 2.2.0 shape."""

from typing import Any

from . import tables
from .parts import MEDIA, Record

BASE_220 = "https://ll.thespacedevs.com/2.2.0"


def as_220(record: Record) -> Record:
    """Give the 2.2.0 form of a detailed 2.3.0 record.

    No `image`, `live`, `response_mode` or `astronauts`; `feature_image`, `news_url` and
    `video_url` instead; agencies longer, with their type as a string; programs, stations and
    launches with plain image addresses. A malformed record passes as it is.
    """
    old = {
        "id": record["id"],
        "url": f"{BASE_220}/event/{record['id']}/",
        "slug": record.get("slug"),
        "name": record.get("name"),
        "updates": record.get("updates"),
        "last_updated": record.get("last_updated"),
        "type": record.get("type"),
        "description": record.get("description"),
        "webcast_live": record.get("webcast_live"),
        "location": record.get("location"),
        "news_url": _first_url(record.get("info_urls")),
        "video_url": _first_url(record.get("vid_urls")),
        "info_urls": record.get("info_urls"),
        "vid_urls": each(record.get("vid_urls"), video),
        "feature_image": address(record.get("image")),
        "date": record.get("date"),
        "date_precision": record.get("date_precision"),
        "duration": record.get("duration"),
    }
    for key, turn in _PARTS.items():
        old[key] = each(record.get(key), turn)
    return old


def each(items: Any, turn: Any) -> Any:
    """Turn the objects of a list; what is no list, or no object, passes as it is."""
    if not isinstance(items, list):
        return items
    return [turn(item) if isinstance(item, dict) else item for item in items]


def _first_url(items: Any) -> Any:
    return items[0]["url"] if isinstance(items, list) and items else None


def address(image: Any) -> Any:
    """Give the address that stands in 2.2.0 where 2.3.0 has an image."""
    return image["image_url"] if isinstance(image, dict) else image


def video(video: Record) -> Record:
    """Give the form of a webcast."""
    return {key: value for key, value in video.items() if key != "live"}


def _agency_mini(agency: Record) -> Record:
    return {
        "id": agency["id"],
        "url": f"{BASE_220}/agencies/{agency['id']}/",
        "name": agency["name"],
        "type": agency["type"]["name"],
    }


def _agency(agency: Record) -> Record:
    known = tables.AGENCIES.get(agency["id"])
    return _agency_mini(agency) | {
        "featured": True,
        "country_code": known[3] if known else "",
        "abbrev": agency["abbrev"],
        "description": f"{agency['name']} does things in space.",
        "administrator": None,
        "founding_year": "1958",
        "launchers": "",
        "spacecraft": "",
        "parent": None,
        "image_url": None,
        "logo_url": f"{MEDIA}/logos/{agency['id']}.png",
    }


def program(program: Record) -> Record:
    """Give the form of a program."""
    return {
        "id": program["id"],
        "url": f"{BASE_220}/program/{program['id']}/",
        "name": program["name"],
        "description": program["description"],
        "agencies": [_agency_mini(agency) for agency in program["agencies"]],
        "image_url": address(program["image"]),
        "start_date": program["start_date"],
        "end_date": program["end_date"],
        "info_url": program["info_url"],
        "wiki_url": program["wiki_url"],
        "mission_patches": [],
        "type": program["type"],
    }


def _station_mini(station: Record) -> Record:
    return {
        "id": station["id"],
        "url": f"{BASE_220}/spacestation/{station['id']}/",
        "name": station["name"],
        "status": station["status"],
        "orbit": station["orbit"],
        "image_url": address(station["image"]),
    }


def _station(station: Record) -> Record:
    more = {"founded": station["founded"], "description": station["description"]}
    return _station_mini(station) | more


def _expedition(expedition: Record) -> Record:
    return {
        "id": expedition["id"],
        "url": f"{BASE_220}/expedition/{expedition['id']}/",
        "name": expedition["name"],
        "start": expedition["start"],
        "end": expedition["end"],
        "spacestation": _station_mini(expedition["spacestation"]),
        "mission_patches": [],
        "spacewalks": [],
    }


def _launch(launch: Record) -> Record:
    rocket, _, mission = str(launch["name"]).partition(" | ")
    return (
        {"id": launch["id"], "url": f"{BASE_220}/launch/{launch['id']}/"}
        | {key: launch[key] for key in _LAUNCH_KEPT}
        | {
            "probability": None,
            "weather_concerns": None,
            "holdreason": "",
            "failreason": "",
            "hashtag": None,
            "launch_service_provider": {
                "id": 121,
                "url": f"{BASE_220}/agencies/121/",
                "name": "SpaceX",
                "type": "Commercial",
            },
            "rocket": {
                "id": 8311,
                "configuration": {"id": 164, "name": rocket, "full_name": rocket, "variant": ""},
            },
            "mission": {"id": 6892, "name": mission, "description": None, "type": "Unknown"},
            "pad": {"id": 80, "name": "SLC-40", "latitude": "28.5", "longitude": "-80.5"},
            "webcast_live": False,
            "image": address(launch["image"]),
            "infographic": None,
            "program": [],
            "type": "normal",
        }
    )


_LAUNCH_KEPT = (
    "slug",
    "name",
    "status",
    "last_updated",
    "net",
    "window_end",
    "window_start",
    "net_precision",
)
_PARTS = {
    "agencies": _agency,
    "launches": _launch,
    "expeditions": _expedition,
    "spacestations": _station,
    "program": program,
}

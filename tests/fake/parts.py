"""The parts of an upstream 2.3.0 event, each built from its id or address."""

import re
import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Any

from . import tables

Record = dict[str, Any]

BASE = "https://ll.thespacedevs.com/2.3.0"
MEDIA = "https://media.example/ll"


def stamp(moment: datetime) -> str:
    """Write a moment as Launch Library does: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slugify(name: str, otherwise: str) -> str:
    """Django's slug of a name; names without a Latin letter give `otherwise`."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", latin.lower()).strip("-") or otherwise


def image(id: int, name: str = "Picture") -> Record:
    """An image with its licence."""
    return {
        "id": id,
        "name": name,
        "image_url": f"{MEDIA}/images/{id}.jpg",
        "thumbnail_url": f"{MEDIA}/images/{id}_thumbnail.jpg",
        "credit": None,
        "license": {"id": 1, "name": "Unknown", "priority": 9, "link": None},
        "single_use": False,
        "variants": [],
    }


def precision(id: int) -> Record:
    """One entry of the table of date_precision."""
    name, abbrev = tables.PRECISIONS[id]
    described = f"Known as exactly as: {name.lower()}."
    return {"id": id, "name": name, "abbrev": abbrev, "description": described}


def event_type(id: int) -> Record:
    """An event type; ids outside the table get a made-up name."""
    return {"id": id, "name": tables.TYPES.get(id, f"Type {id}")}


def agency(id: int) -> Record:
    """An agency as listed in an event; ids outside the table get a made-up name."""
    name, abbrev, kind, _ = tables.AGENCIES.get(id, (f"Agency {id}", f"A{id}", "Commercial", ""))
    return {
        "response_mode": "list",
        "id": id,
        "url": f"{BASE}/agencies/{id}/",
        "name": name,
        "abbrev": abbrev,
        "type": {"id": tables.AGENCY_TYPES[kind], "name": kind},
    }


def program(id: int) -> Record:
    """A program, with its agencies."""
    name, agencies, (type_id, type_name) = tables.PROGRAMS.get(
        id, (f"Program {id}", (), (7, "Technology"))
    )
    return {
        "response_mode": "normal",
        "id": id,
        "url": f"{BASE}/programs/{id}/",
        "name": name,
        "image": image(1800 + id, f"{name} - image"),
        "info_url": None,
        "wiki_url": f"https://wiki.example/{slugify(name, str(id))}",
        "description": f"All that belongs to {name}.",
        "agencies": [agency(a) for a in agencies],
        "start_date": "1998-11-20T06:40:00Z",
        "end_date": None,
        "mission_patches": [],
        "type": {"id": type_id, "name": type_name},
    }


def spacestation(id: int) -> Record:
    """A space station."""
    name, founded = tables.STATIONS.get(id, (f"Station {id}", "2020-01-01"))
    return {
        "id": id,
        "url": f"{BASE}/space_stations/{id}/",
        "name": name,
        "image": image(1900 + id, name),
        "status": {"id": 1, "name": "Active"},
        "founded": founded,
        "deorbited": None,
        "description": f"{name}, where people live in orbit.",
        "orbit": "Low Earth Orbit",
        "type": {"id": 2, "name": "Government"},
    }


def expedition(id: int, station: int = 4) -> Record:
    """An expedition to a station."""
    return {
        "id": id,
        "url": f"{BASE}/expeditions/{id}/",
        "name": f"Expedition {id - 88}",
        "start": "2024-09-23T08:36:30Z",
        "end": None,
        "response_mode": "normal",
        "spacestation": spacestation(station),
        "mission_patches": [],
        "spacewalks": [],
    }


def astronaut(id: int) -> Record:
    """An astronaut as listed in an event."""
    return {
        "id": id,
        "url": f"{BASE}/astronauts/{id}/",
        "name": f"Astronaut {id}",
        "status": {"id": 1, "name": "Active"},
        "agency": agency(44),
        "image": image(2000 + id),
    }


def launch(id: str | uuid.UUID, name: str = "Falcon 9 Block 5 | Crew-9", **changes: Any) -> Record:
    """A launch as listed in an event; `status` may be an id, times may be datetimes."""
    status_id = changes.pop("status", 1)
    if isinstance(status_id, int):
        status_name, abbrev = tables.STATUSES[status_id]
        told = f"The launch is at: {abbrev}."
        status = {"id": status_id, "name": status_name, "abbrev": abbrev, "description": told}
    else:
        status = status_id
    net = plain(changes.get("net", "2024-09-28T17:17:21Z"))
    return {
        "id": str(id),
        "url": f"{BASE}/launches/{id}/",
        "name": name,
        "response_mode": "list",
        "slug": slugify(name, "launch"),
        "launch_designator": None,
        "status": status,
        "last_updated": "2024-01-01T00:00:00Z",
        "net": net,
        "net_precision": precision(0),
        "window_end": net,
        "window_start": net,
        "image": image(2300, name),
        "infographic": None,
    } | {key: plain(value) for key, value in changes.items()}


def vid_url(url: str, **changes: Any) -> Record:
    """A video link; `type` may be an id, `language` a code, times may be datetimes."""
    if isinstance(changes.get("type"), int):
        changes["type"] = {"id": changes["type"], "name": tables.VIDEO_TYPES[changes["type"]]}
    if isinstance(code := changes.get("language"), str):
        language_id, name = tables.LANGUAGES[code]
        changes["language"] = {"id": language_id, "name": name, "code": code}
    return {
        "priority": 10,
        "source": "videos.example",
        "publisher": "NASA",
        "title": "Live coverage",
        "description": None,
        "feature_image": None,
        "url": url,
        "type": {"id": 1, "name": "Official Webcast"},
        "language": {"id": 1, "name": "English", "code": "en"},
        "start_time": None,
        "end_time": None,
        "live": False,
    } | {key: plain(value) for key, value in changes.items()}


def info_url(url: str, **changes: Any) -> Record:
    """A link to read more."""
    return {
        "priority": 10,
        "source": "news.example",
        "title": "Read more",
        "description": None,
        "feature_image": None,
        "url": url,
        "type": {"id": 1, "name": "Official Page"},
        "language": {"id": 1, "name": "English", "code": "en"},
    } | changes


def update(id: int, comment: str | None = "Adding event", **changes: Any) -> Record:
    """An entry of an event's history."""
    return {
        "id": id,
        "profile_image": None,
        "comment": comment,
        "info_url": None,
        "created_by": "LL2",
        "created_on": "2024-01-01T00:00:00Z",
    } | {key: plain(value) for key, value in changes.items()}


def plain(value: Any) -> Any:
    """A datetime as its stamp, anything else as it is."""
    return stamp(value) if isinstance(value, datetime) else value

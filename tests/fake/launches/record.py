"""One upstream 2.3.0 launch as a plain dict, and how the API's modes cut it."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..parts import BASE, Record, image, info_url, plain, slugify, vid_url
from . import parts
from .agencies import agency, agency_detailed
from .crew import spacecraft_stage
from .places import pad
from .rockets import ROCKETS

LIST_KEYS = (
    "id",
    "url",
    "name",
    "response_mode",
    "slug",
    "launch_designator",
    "status",
    "last_updated",
    "net",
    "net_precision",
    "window_end",
    "window_start",
    "image",
    "infographic",
)
COUNTERS = tuple(
    f"{of}_launch_attempt_count{year}"
    for year in ("", "_year")
    for of in ("orbital", "location", "pad", "agency")
)
DETAILED_KEYS = (
    "flightclub_url",
    "updates",
    "info_urls",
    "vid_urls",
    "timeline",
    "pad_turnaround",
    "mission_patches",
)
"""What normal mode lacks."""
CONFIGURATION_KEYS = ("id", "url", "name", "full_name", "variant")

BUILDERS: dict[str, Callable[[Any], Any]] = {
    "status": parts.status,
    "net_precision": parts.precision,
    "launch_service_provider": agency_detailed,
    "mission": lambda name: parts.mission(name),
    "pad": lambda id: pad(id),
    "program": parts.program,
    "vid_urls": vid_url,
    "info_urls": info_url,
}
"""What turns the short form of a key (an id, a name or an address) into its record."""


def launch(id: str | uuid.UUID, name: str = "Falcon 9 Block 5 | Crew-9", **changes: Any) -> Record:
    """A whole, valid, detailed 2.3.0 launch; `changes` replace or add keys, also in short form.

    Short forms: ids for `status net_precision launch_service_provider pad program`, a name for
    `mission`, addresses for `vid_urls info_urls`, datetimes for times, an id for `rocket` (its
    configuration); `boosters` and `spacecraft` fill `launcher_stage` and `spacecraft_stage` of
    the rocket. An event that is given a launch takes its list form.
    """
    rocket_id = changes.pop("rocket", 164)
    boosters, crafts = changes.pop("boosters", ()), changes.pop("spacecraft", ())
    if isinstance(rocket_id, int):
        maker = ROCKETS[rocket_id].provider if rocket_id in ROCKETS else 121
        changes.setdefault("launch_service_provider", maker)
        changes["rocket"] = rocket(rocket_id, boosters, crafts)
    else:
        changes["rocket"] = rocket_id
    net = plain(changes.get("net", "2024-09-28T17:17:21Z"))
    changes.setdefault("mission", name.partition(" | ")[2] or name)
    return _bare(str(id), name, net) | {key: _long(key, value) for key, value in changes.items()}


def rocket(
    id: int, boosters: tuple[Record, ...] = (), spacecraft: tuple[Record | int, ...] = ()
) -> Record:
    """A rocket: its configuration, its boosters, and what it carries in detail."""
    return {
        "id": 8000 + id,
        "configuration": parts.configuration(id),
        "launcher_stage": list(boosters),
        "spacecraft_stage": [
            spacecraft_stage(craft) if isinstance(craft, int) else craft for craft in spacecraft
        ],
        "payloads": [],
    }


def _bare(id: str, name: str, net: Any) -> Record:
    return {
        "id": id,
        "url": f"{BASE}/launches/{id}/",
        "name": name,
        "response_mode": "detailed",
        "slug": slugify(name, "launch"),
        "launch_designator": None,
        "status": parts.status(1),
        "last_updated": "2024-01-01T00:00:00Z",
        "net": net,
        "net_precision": parts.precision(0),
        "window_end": net,
        "window_start": net,
        "image": image(2300, name),
        "infographic": None,
        "probability": None,
        "weather_concerns": None,
        "failreason": "",
        "hashtag": None,
        "launch_service_provider": agency_detailed(121),
        "rocket": None,
        "mission": None,
        "pad": pad(80),
        "webcast_live": False,
        "program": [],
        **dict.fromkeys(COUNTERS, 12),
        "flightclub_url": None,
        "updates": [],
        "info_urls": [],
        "vid_urls": [],
        "timeline": [],
        "pad_turnaround": "P0D",
        "mission_patches": [],
    }


def _long(key: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return plain(value)
    if (build := BUILDERS.get(key)) is None:
        return value
    if isinstance(value, list | tuple):
        return [build(item) if isinstance(item, int | str) else item for item in value]
    return build(value) if isinstance(value, int | str) else value


def as_mode(record: Record, mode: str) -> Record:
    """Cut a detailed launch to `list`, `normal` or `detailed`, as the API does.

    A malformed part passes as it is.
    """
    if mode == "detailed":
        return record
    if mode == "list":
        cut = {key: record[key] for key in LIST_KEYS if key in record}
    else:
        cut = {key: value for key, value in record.items() if key not in DETAILED_KEYS}
        cut["launch_service_provider"] = _mini(cut.get("launch_service_provider"))
        cut["rocket"] = _rocket_normal(cut.get("rocket"))
    return cut | {"response_mode": mode}


def _mini(provider: Any) -> Any:
    keys = agency(121).keys()
    if not isinstance(provider, dict):
        return provider
    cut = {key: value for key, value in provider.items() if key in keys}
    return cut | {"response_mode": "list"}


def _rocket_normal(rocket: Any) -> Any:
    if not isinstance(rocket, dict) or not isinstance(rocket.get("configuration"), dict):
        return rocket
    full = rocket["configuration"]
    families = [
        {"response_mode": "list", "id": family["id"], "name": family["name"]}
        for family in full.get("families", ())
    ]
    cut = {key: full[key] for key in CONFIGURATION_KEYS if key in full}
    shown = {"response_mode": "list"} | cut | {"families": families}
    return {"id": rocket["id"], "configuration": shown}

"""One upstream 2.3.0 event as a plain dict, and how the API's modes cut it."""

import uuid
from collections.abc import Callable
from typing import Any

from .launches import record as launches
from .parts import (
    BASE,
    Record,
    agency,
    astronaut,
    event_type,
    expedition,
    image,
    info_url,
    launch,
    plain,
    precision,
    program,
    slugify,
    spacestation,
    vid_url,
)

NORMAL_KEYS = ("updates", "last_updated")
DETAILED_KEYS = ("agencies", "launches", "expeditions", "spacestations", "program", "astronauts")


BUILDERS: dict[str, Callable[[Any], Record]] = {
    "agencies": agency,
    "program": program,
    "spacestations": spacestation,
    "expeditions": expedition,
    "astronauts": astronaut,
    "launches": launch,
    "vid_urls": vid_url,
    "info_urls": info_url,
    "date_precision": precision,
    "type": event_type,
}
"""What turns the short form of a key (an id, or an address) into its record."""


def event(id: int, **changes: Any) -> Record:
    """A whole, valid, detailed 2.3.0 event; `changes` replace or add keys, also in short form."""
    name = changes.get("name", f"Event {id}")
    record: Record = {
        "id": id,
        "url": f"{BASE}/events/{id}/",
        "name": name,
        "info_urls": [],
        "vid_urls": [],
        "image": image(900 + id),
        "date": "2025-04-08T09:03:56Z",
        "slug": slugify(name, f"event-{id}") if isinstance(name, str) else f"event-{id}",
        "type": event_type(2),
        "description": "Something happens in space.",
        "webcast_live": False,
        "location": "International Space Station",
        "date_precision": precision(0),
        "response_mode": "detailed",
        "duration": None,
        "updates": [],
        "last_updated": "2025-01-01T00:00:00Z",
        "agencies": [],
        "launches": [],
        "expeditions": [],
        "spacestations": [],
        "program": [],
        "astronauts": [],
    }
    return record | {key: _long(key, value) for key, value in changes.items()}


def _long(key: str, value: Any) -> Any:
    if key == "launches" and isinstance(value, list | tuple):
        value = [_listed(item) for item in value]
    if (build := BUILDERS.get(key)) is None:
        return plain(value)
    if isinstance(value, list | tuple):
        return [build(item) if _short(item) else item for item in value]
    return build(value) if _short(value) else value


def _listed(launch: Any) -> Any:
    """Give a launch as events list it."""
    detailed = isinstance(launch, dict) and launch.get("response_mode") == "detailed"
    return launches.as_mode(launch, "list") if detailed else launch


def _short(value: Any) -> bool:
    return isinstance(value, int | str | uuid.UUID)


def as_mode(record: Record, mode: str) -> Record:
    """Cut a detailed record to `list`, `normal` or `detailed`, as the API does (LL "Modes")."""
    dropped = {"list": NORMAL_KEYS + DETAILED_KEYS, "normal": DETAILED_KEYS, "detailed": ()}[mode]
    cut = {key: value for key, value in record.items() if key not in dropped}
    if "response_mode" in cut:
        cut["response_mode"] = mode
    return cut

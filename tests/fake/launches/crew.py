"""Who and what flies: `spacecraft_stage` with its spacecraft and its crew."""

from functools import cache
from typing import Any

from ..parts import BASE, Record
from . import tables
from .agencies import agency, agency_normal, country
from .parts import landing
from .rockets import SPACECRAFT, Craft

CREW = ("Ada Miller", "Boris Lem", "Chiyo Tanaka", "Dara O’Shea", "Émile Roux", "佐藤 光")
"""Made-up persons, for whoever needs a crew."""


def spacecraft_stage(
    id: int = 900,
    crew: tuple[str, ...] = (),
    *,
    land_at: int | None = 18,
    success: bool | None = None,
    **changes: Any,
) -> Record:
    """A spacecraft's flight; `crew` names who starts in it, the first as commander."""
    return {
        "id": 700 + id,
        "url": f"{BASE}/spacecraft/flight/{700 + id}/",
        "destination": "Low Earth Orbit",
        "mission_end": None,
        "spacecraft": spacecraft(id),
        "landing": None if land_at is None else landing(5000 + id, land_at, success),
        "duration": "P0D",
        "turn_around_time": None,
        "response_mode": "detailed",
        "launch_crew": _crew(crew),
        "onboard_crew": [],
        "landing_crew": _crew(crew),
        "docking_events": [],
    } | changes


@cache
def _crew(names: tuple[str, ...]) -> list[Record]:
    roles = list(tables.ROLES)
    return [
        crew_member(name, roles[min(place, len(roles) - 1)]) for place, name in enumerate(names)
    ]


def crew_member(name: str, role: int = 7, agency_id: int = 44) -> Record:
    """One of `launch_crew`: an astronaut and the role."""
    told, priority = tables.ROLES[role]
    id = sum(map(ord, name))
    return {
        "id": 3000 + id,
        "role": {"id": role, "role": told, "priority": priority},
        "astronaut": {
            "id": id,
            "url": f"{BASE}/astronauts/{id}/",
            "name": name,
            "status": {"id": 1, "name": "Active"},
            "agency": agency(agency_id),
            "image": None,
            "response_mode": "detailed",
            "type": {"id": 2, "name": "Government"},
            "in_space": False,
            "time_in_space": "P165DT8H19S",
            "eva_time": "P0D",
            "age": 44,
            "date_of_birth": "1981-03-04",
            "date_of_death": None,
            "nationality": [country("USA")],
            "bio": f"{name} flies to space.",
            "wiki": None,
            "last_flight": None,
            "first_flight": None,
            "social_media_links": [],
        },
    }


@cache
def spacecraft(id: int) -> Record:
    """A spacecraft with its configuration; ids outside the table get a made-up name."""
    craft = SPACECRAFT.get(id) or Craft(f"Craft {id}", str(id), id, f"Config {id}", 121, False)
    return {
        "response_mode": "detailed",
        "id": id,
        "url": f"{BASE}/spacecraft/{id}/",
        "name": craft.name,
        "serial_number": craft.serial_number,
        "is_placeholder": False,
        "image": None,
        "in_space": False,
        "time_in_space": "P0D",
        "time_docked": "P0D",
        "flights_count": 1,
        "mission_ends_count": 1,
        "status": {"id": 1, "name": "Active"},
        "description": f"{craft.name} carries what has to come along.",
        "spacecraft_config": _config(craft),
        "fastest_turnaround": None,
    }


def _config(craft: Craft) -> Record:
    return {
        "response_mode": "detailed",
        "id": craft.config,
        "url": f"{BASE}/spacecraft_configurations/{craft.config}/",
        "name": craft.config_name,
        "type": {"id": 2, "name": "Capsule"},
        "agency": agency_normal(craft.agency),
        "family": [],
        "in_use": True,
        "image": None,
        "capability": "It carries people." if craft.crewed else "It carries things.",
        "history": "",
        "details": "",
        "maiden_flight": None,
        "height": 8.1,
        "diameter": 4.0,
        "human_rated": craft.crewed,
        "crew_capacity": 4 if craft.crewed else None,
        "payload_capacity": None,
        "payload_return_capacity": None,
        "flight_life": None,
        "wiki_link": "",
        "info_link": "",
        "spacecraft_flown": 1,
        "total_launch_count": 1,
        "successful_launches": 1,
        "failed_launches": 0,
        "attempted_landings": 1,
        "successful_landings": 1,
        "failed_landings": 0,
        "fastest_turnaround": None,
    }

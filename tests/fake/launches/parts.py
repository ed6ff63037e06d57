"""The parts of a detailed 2.3.0 launch, each built from an id.

Parts are shared between records: to change one, put a changed copy in its place.
"""

from functools import cache
from typing import Any

from .. import parts
from ..parts import BASE, MEDIA, Record, image, slugify
from . import tables
from .agencies import COUNTS, agency, agency_detailed
from .places import body, body_mini
from .rockets import ROCKETS, Rocket


@cache
def status(id: int) -> Record:
    """A launch status; ids outside the table get a made-up name."""
    name, abbrev, told = tables.STATUSES.get(id, (f"Status {id}", f"S{id}", "Nobody knows yet."))
    return {"id": id, "name": name, "abbrev": abbrev, "description": told}


@cache
def precision(id: int) -> Record:
    """A net_precision."""
    return parts.precision(id)


@cache
def program(id: int) -> Record:
    """A program, of events or of launches."""
    if id not in tables.PROGRAMS:
        return parts.program(id)
    name, agencies, (type_id, type_name) = tables.PROGRAMS[id]
    return parts.program(id) | {
        "name": name,
        "image": image(1800 + id, f"{name} - image"),
        "wiki_url": f"https://wiki.example/{slugify(name, str(id))}",
        "description": f"All that belongs to {name}.",
        "agencies": [agency(a) for a in agencies],
        "type": {"id": type_id, "name": type_name},
    }


@cache
def families(id: int) -> list[Record]:
    """The families of a rocket, as normal mode has them."""
    rocket = _rocket(id)
    return [
        {"response_mode": "list", "id": 100 + len(name), "name": name} for name in rocket.families
    ]


@cache
def configuration(id: int) -> Record:
    """A launcher configuration; ids outside the table get a made-up name."""
    rocket = _rocket(id)
    return {
        "response_mode": "detailed",
        "id": id,
        "url": f"{BASE}/launcher_configurations/{id}/",
        "name": rocket.name,
        "families": [_family(family) for family in families(id)],
        "full_name": rocket.full_name,
        "variant": rocket.variant,
        "active": True,
        "is_placeholder": False,
        "manufacturer": agency_detailed(rocket.manufacturer),
        "program": [],
        "reusable": rocket.reusable,
        "image": image(1000 + id, f"{rocket.name} on its pad"),
        "info_url": None,
        "wiki_url": f"https://wiki.example/{slugify(rocket.name, str(id))}",
        "description": f"{rocket.full_name} is a rocket.",
        "alias": "",
        "min_stage": 2,
        "max_stage": 2,
        "length": 70.0,
        "diameter": 3.65,
        "maiden_flight": "2018-05-11",
        "launch_cost": 52000000,
        "launch_mass": 549.0,
        "leo_capacity": 22800.0,
        "gto_capacity": 8300.0,
        "geo_capacity": None,
        "sso_capacity": None,
        "to_thrust": 7607.0,
        "apogee": 200.0,
        **dict.fromkeys(COUNTS, 0),
        "fastest_turnaround": "P21DT3H" if rocket.reusable else None,
    }


def _rocket(id: int) -> Rocket:
    return ROCKETS.get(id) or Rocket(f"Rocket {id}", f"Rocket {id}", "", (), 121, 121)


def _family(family: Record) -> Record:
    return family | {
        "response_mode": "detailed",
        "manufacturer": [],
        "parent": None,
        "description": "",
        "active": True,
        "maiden_flight": None,
        **dict.fromkeys(COUNTS, 0),
    }


@cache
def orbit(id: int) -> Record:
    """An orbit, with the body that it is around."""
    name, abbrev, around = tables.ORBITS[id]
    return {"id": id, "name": name, "abbrev": abbrev, "celestial_body": body_mini(around)}


@cache
def _agencies(ids: tuple[int, ...]) -> list[Record]:
    return [agency_detailed(id) for id in ids]


def mission(
    name: str = "Crew-9",
    *,
    orbit_id: int | None = 8,
    agencies: tuple[int, ...] = (),
    **changes: Any,
) -> Record:
    """A mission; `agencies` are those that it is flown for."""
    return {
        "id": 6892,
        "name": name,
        "type": "Communications",
        "description": f"{name} goes to space.",
        "image": None,
        "orbit": None if orbit_id is None else orbit(orbit_id),
        "agencies": _agencies(tuple(agencies)),
        "info_urls": [],
        "vid_urls": [],
    } | changes


@cache
def landing(id: int, place: int, success: bool | None = None, attempt: bool = True) -> Record:
    """A landing at a place of `tables.LANDINGS`; `success` is None while it is ahead."""
    name, abbrev, type_id, type_name = tables.LANDINGS[place]
    return {
        "id": id,
        "url": f"{BASE}/landings/{id}/",
        "attempt": attempt,
        "success": success,
        "description": f"It comes down at: {name}.",
        "downrange_distance": 575.0,
        "landing_location": {
            "id": place,
            "name": name,
            "active": True,
            "abbrev": abbrev,
            "description": None,
            "location": None,
            "longitude": None,
            "latitude": None,
            "image": None,
            "successful_landings": 18,
            "attempted_landings": 20,
            "failed_landings": 2,
            "celestial_body": body(1),
        },
        "type": {
            "id": type_id,
            "name": type_name,
            "abbrev": tables.LANDING_TYPES[type_id],
            "description": None,
        },
    }


def booster(
    serial_number: str | None,
    flight: int | None = 1,
    *,
    land_at: int | None = None,
    success: bool | None = None,
    **changes: Any,
) -> Record:
    """One of `launcher_stage`: a booster on its so manieth flight."""
    number = sum(map(ord, serial_number or ""))
    return {
        "id": 100 + number,
        "type": "Core",
        "reused": None if flight is None else flight > 1,
        "launcher_flight_number": flight,
        "launcher": _launcher(number, serial_number, flight),
        "previous_flight_date": None,
        "turn_around_time": None,
        "landing": None if land_at is None else landing(number, land_at, success),
        "previous_flight": None,
    } | changes


def _launcher(id: int, serial_number: str | None, flight: int | None) -> Record:
    return {
        "response_mode": "normal",
        "id": id,
        "url": f"{BASE}/launchers/{id}/",
        "flight_proven": bool(flight and flight > 1),
        "serial_number": serial_number,
        "is_placeholder": serial_number is None,
        "status": {"id": 1, "name": "Active"},
        "image": None,
        "details": "",
        "successful_landings": 0,
        "attempted_landings": 0,
        "flights": flight,
        "last_launch_date": None,
        "first_launch_date": None,
        "fastest_turnaround": None,
    }


def link(launch_id: str, name: str) -> Record:
    """A launch as its booster's next flight names it."""
    return {"id": launch_id, "url": f"{BASE}/launches/{launch_id}/", "name": name}


def patch(id: int, agency_id: int, name: str) -> Record:
    """A mission patch."""
    return {
        "id": id,
        "name": f"{name} patch",
        "priority": 10,
        "image_url": f"{MEDIA}/mission_patch_images/{id}.png",
        "agency": agency(agency_id),
        "response_mode": "normal",
    }


@cache
def timeline(*times: str) -> list[Record]:
    """Steps of a countdown and a flight, by their relative times; all of the table if none."""
    return [
        {
            "type": {"id": id, "abbrev": abbrev, "description": f"Step: {abbrev}."},
            "relative_time": at,
        }
        for at, (id, abbrev) in tables.TIMELINE.items()
        if not times or at in times
    ]

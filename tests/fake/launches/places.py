"""Where a launch starts: celestial body, location and pad, as 2.3.0 has them."""

from functools import cache
from typing import Any

from ..parts import BASE, MEDIA, Record, image
from . import tables
from .agencies import agency_normal, country
from .sites import SITES, STANDS, Site


def body_mini(id: int) -> Record:
    """A celestial body as an orbit has it."""
    return {"response_mode": "list", "id": id, "name": tables.BODIES[id][0]}


def body(id: int) -> Record:
    """A celestial body as a place of landing has it."""
    name, kind = tables.BODIES[id]
    return {
        "response_mode": "normal",
        "id": id,
        "name": name,
        "type": {"id": 1, "name": kind},
        "diameter": 12742000.0,
        "mass": 5.972168e24,
        "gravity": 9.80655,
        "length_of_day": "1 00:00:00",
        "atmosphere": True,
        "image": image(2000 + id, name),
        "description": f"{name}, seen from far away.",
        "wiki_url": f"https://wiki.example/{name}",
    }


BODY_COUNTS = {
    "total_attempted_launches": 7603,
    "successful_launches": 7046,
    "failed_launches": 557,
    "total_attempted_landings": 1363,
    "successful_landings": 1314,
    "failed_landings": 49,
}
"""What a celestial body has besides where a location has it."""


@cache
def location(id: int, on: int = 1) -> Record:
    """A launch site; `on` is the celestial body that it lies on."""
    site = SITES.get(id, Site(f"Site {id}", 0.0, 0.0, "UTC", "USA"))
    return {
        "response_mode": "normal",
        "id": id,
        "url": f"{BASE}/locations/{id}/",
        "name": site.name,
        "celestial_body": body(on) | BODY_COUNTS,
        "active": True,
        "country": country(site.country),
        "description": f"Rockets start here: {site.name}.",
        "image": None,
        "map_image": f"{MEDIA}/map_images/location_{id}.jpg",
        "longitude": site.longitude,
        "latitude": site.latitude,
        "timezone_name": site.timezone,
        "total_launch_count": 80,
        "total_landing_count": 17,
    }


@cache
def _pad(id: int, on: int) -> Record:
    stand = STANDS[id]
    address = f"https://maps.example/?q={stand.latitude},{stand.longitude}"
    return {
        "id": id,
        "url": f"{BASE}/pads/{id}/",
        "active": True,
        "agencies": [agency_normal(121)] if stand.site == 143 else [],
        "name": stand.name,
        "image": None,
        "description": None,
        "info_url": None,
        "wiki_url": f"https://wiki.example/pad/{id}" if stand.mapped else None,
        "map_url": address if stand.mapped else None,
        "latitude": stand.latitude,
        "longitude": stand.longitude,
        "country": country(SITES[stand.site].country),
        "map_image": f"{MEDIA}/map_images/pad_{id}.jpg",
        "total_launch_count": 12,
        "orbital_launch_attempt_count": 12,
        "fastest_turnaround": None,
        "location": location(stand.site, on),
    }


def pad(id: int, *, on: int = 1, **changes: Any) -> Record:
    """A pad with its location; `on` is the celestial body that it stands on."""
    return _pad(id, on) | changes

"""Countries, and agencies in the three lengths that a launch holds: mini, normal and detailed."""

from functools import cache

from ..parts import BASE, MEDIA, Record, image
from . import tables

COUNTS = (
    "total_launch_count",
    "consecutive_successful_launches",
    "successful_launches",
    "failed_launches",
    "pending_launches",
    "consecutive_successful_landings",
    "successful_landings",
    "failed_landings",
    "attempted_landings",
)
LANDED = tuple(
    f"{outcome}_landings_{what}"
    for what in ("spacecraft", "payload")
    for outcome in ("successful", "failed", "attempted")
)


@cache
def country(code: str) -> Record:
    """A country by its alpha-3 code."""
    id, alpha_2, name, nationality = tables.COUNTRIES[code]
    return {
        "id": id,
        "name": name,
        "alpha_2_code": alpha_2,
        "alpha_3_code": code,
        "nationality_name": nationality,
        "nationality_name_composed": nationality,
    }


@cache
def agency(id: int) -> Record:
    """An agency as lists have it; ids outside the table get a made-up name."""
    name, abbrev, kind, _ = _row(id)
    return {
        "response_mode": "list",
        "id": id,
        "url": f"{BASE}/agencies/{id}/",
        "name": name,
        "abbrev": abbrev,
        "type": {"id": tables.AGENCY_TYPES[kind], "name": kind},
    }


@cache
def agency_normal(id: int) -> Record:
    """An agency as a pad has it."""
    name, _, _, code = _row(id)
    return agency(id) | {
        "response_mode": "normal",
        "featured": True,
        "country": [country("FRA" if code == "EUR" else code)],
        "description": f"{name} does things in space.",
        "administrator": None,
        "founding_year": 1958,
        "launchers": "",
        "spacecraft": "",
        "parent": tables.PARENTS.get(id),
        "image": None,
        "logo": image(3000 + id, f"{name} - logo") | {"image_url": f"{MEDIA}/logos/{id}.png"},
        "social_logo": None,
    }


@cache
def agency_detailed(id: int) -> Record:
    """An agency as the provider, a manufacturer, or one that a mission flies for."""
    counts = dict.fromkeys((*COUNTS, *LANDED), 0)
    return agency_normal(id) | counts | {
        "response_mode": "detailed",
        "total_launch_count": 94,
        "successful_launches": 90,
        "failed_launches": 4,
        "info_url": f"https://agency.example/{id}",
        "wiki_url": None,
        "social_media_links": [],
    }  # fmt: skip


def _row(id: int) -> tuple[str, str, str, str]:
    return tables.AGENCIES.get(id, (f"Agency {id}", f"A{id}", "Commercial", "USA"))

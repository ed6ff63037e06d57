"""What is kept -> the launch sites, and where they lie on the page's map. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from calfeed.entry import Display, Place
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.result import Result
from calfeed.record import Id
from calfeed.web.page.facets import Facets

FILTER = "location__ids"
"""What chooses a site."""
WEST, TOP = -169.0, 84.0
"""The map's left and upper edges in degrees; tools/map.mjs draws the land by the same measures."""
WIDTH, HEIGHT = 1440, 653
ACROSS, DOWN = 4.0, 4.6
"""Units for each degree of longitude and latitude."""
SMALLEST, GROWTH, LARGEST = 7.0, 2.2, 30.0
"""Radii: a site with nothing ahead; how fast its area grows with what is ahead; the largest."""
MOST_TRIES = 5
"""How many of a site's launches are looked at for where it lies."""


@dataclass(frozen=True, slots=True)
class Site:
    """A launch site; ``x``, ``y`` and ``radius`` are units of the map, None where nobody knows
    where it lies, or that is not on Earth."""

    id: Id
    name: str
    count: int
    ahead: int
    x: float | None = None
    y: float | None = None

    @property
    def radius(self) -> float:
        """Its area says how many are ahead."""
        return round(min(LARGEST, SMALLEST + GROWTH * sqrt(self.ahead)), 1)


def make_sites(result: Result, facets: Facets) -> tuple[Site, ...]:
    """Every site of the launches that are kept; those with most ahead first."""
    places = {site: place for snapshot in result.snapshots for site, place in _places(snapshot)}
    sites = []
    for value in facets.get(FILTER, ()):
        x, y = _project(places[value.id]) if value.id in places else (None, None)
        sites.append(Site(value.id, value.name, value.count, value.ahead, x, y))
    return tuple(sites)


def _places(snapshot: Snapshot[Any]) -> Iterator[tuple[Id, Place]]:
    """Where each site lies: there where the latest launch that says so started."""
    of = snapshot.collection.facets.get(FILTER)
    if of is None:
        return
    tries: dict[Id, int] = {}
    for record in reversed(snapshot.records):
        for site in of(record):
            left = tries.setdefault(site.id, MOST_TRIES)
            if not left:
                continue
            entry = snapshot.collection.entry(record, Display())
            found = entry is not None and entry.place is not None
            tries[site.id] = 0 if found else left - 1
            if entry is not None and entry.place is not None:
                yield site.id, entry.place


def _project(place: Place) -> tuple[float, float]:
    x = (place.longitude - WEST) % 360 * ACROSS
    return round(x, 1), round((TOP - place.latitude) * DOWN, 1)

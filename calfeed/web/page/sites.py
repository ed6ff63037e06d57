"""What is kept -> the launch sites, and where they lie on the page's map. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import hypot, sqrt
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
APART = 1.9
"""How many of its own radii a dot keeps from the centre of one with more launches ahead; a narrow
screen shows it 1.5 times as large, rim and all."""
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


def make_dots(sites: Iterable[Site]) -> tuple[Site, ...]:
    """The sites that are on the map, in the order to draw them.

    Those with nothing ahead come first, so that they cover no other; then the larger before the
    smaller, which is moved away from the centres of those it would cover.
    """
    there = sorted((site for site in sites if site.x is not None), key=lambda s: -s.ahead)
    dots: list[Site] = []
    for site in there:
        if site.ahead:
            for other in dots:
                site = _apart(site, other)
            dots.append(site)
    return (*(site for site in there if not site.ahead), *dots)


def _apart(site: Site, other: Site) -> Site:
    """The site where it does not cover the centre of the other."""
    if site.x is None or site.y is None or other.x is None or other.y is None:
        return site
    across, down = site.x - other.x, site.y - other.y
    distance, least = hypot(across, down), APART * site.radius
    if distance >= least:
        return site
    if not distance:
        across, down, distance = 0.0, -1.0, 1.0  # at the same place: above it
    stretch = least / distance
    x, y = other.x + across * stretch, other.y + down * stretch
    return replace(site, x=round(x, 1), y=round(y, 1))


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

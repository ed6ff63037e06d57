"""The parts of a launch that filters and facets are about, each as a tuple of those there are."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from calfeed.launches.countries import country_name
from calfeed.launches.model import Launch
from calfeed.record import Label

Of = Callable[[Launch], Iterable[Any]]
"""The parts of a launch that a filter is about."""


def _part(*path: str) -> Of:
    """What stands at a path of members: one part, or none."""

    def of(launch: Launch) -> tuple[Any, ...]:
        part: Any = launch
        for name in path:
            part = getattr(part, name)
            if part is None:
                return ()
        return (part,)

    return of


provider = _part("launch_service_provider")
status = _part("status")
pad = _part("pad")
location = _part("pad", "location")
configuration = _part("configuration")
manufacturer = _part("configuration", "manufacturer")
mission = _part("mission")
orbit = _part("mission", "orbit")
celestial_body_of_orbit = _part("mission", "orbit", "celestial_body")
celestial_body_of_pad = _part("pad", "location", "celestial_body")
spacecraft: Of = attrgetter("spacecraft_stage")


def mission_agencies(launch: Launch) -> Iterable[Any]:
    """For whom it is launched."""
    return launch.mission.agencies if launch.mission else ()


def spacecraft_configurations(launch: Launch) -> Iterable[Any]:
    """The kinds of its spacecraft."""
    return [craft.configuration for craft in launch.spacecraft_stage if craft.configuration]


def countries(launch: Launch) -> tuple[str, ...]:
    """The pad's country, or else the site's, as a tuple of one."""
    codes = (place.country for of in (pad, location) for place in of(launch))
    return tuple(code for code in codes if code)[:1]


def country_labels(launch: Launch) -> tuple[Label, ...]:
    """The same with its name, for people to choose from."""
    return tuple(Label(code, country_name(code)) for code in countries(launch))


def orbit_labels(launch: Launch) -> tuple[Label, ...]:
    """The mission's orbit by its name, for people to choose from."""
    return tuple(Label(part.name, part.name) for part in orbit(launch))


def search_text(launch: Launch) -> str:
    """Where Launch Library searches, in lower case and a line each."""
    sources = (provider, mission, pad, location, manufacturer, configuration, spacecraft)
    texts = [part.name for of in sources for part in of(launch)]
    texts += [maker.abbrev for maker in manufacturer(launch)]
    return "\n".join((launch.name, launch.launch_designator, *texts)).lower()

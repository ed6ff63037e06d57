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
    pad = launch.pad
    code = pad.country or (pad.location.country if pad.location else "") if pad else ""
    return (code,) if code else ()


def country_labels(launch: Launch) -> tuple[Label, ...]:
    """The same with its name, for people to choose from."""
    return tuple(Label(code, country_name(code)) for code in countries(launch))


def orbit_labels(launch: Launch) -> tuple[Label, ...]:
    """The mission's orbit by its name, for people to choose from."""
    return tuple(Label(part.name, part.name) for part in orbit(launch))


def search_text(launch: Launch) -> str:
    """Where Launch Library searches, in lower case and a line each.

    Made anew for each query: that takes some two microseconds, and holding it would take 250 bytes
    of each of thousands of launches.
    """
    rocket, pad = launch.configuration, launch.pad
    maker, location = rocket and rocket.manufacturer, pad and pad.location
    named = (launch.launch_service_provider, launch.mission, pad, location, rocket, maker)
    texts = [launch.name, launch.launch_designator]
    texts += [part.name for part in (*named, *launch.spacecraft_stage) if part is not None]
    texts.append(maker.abbrev if maker else "")
    return "\n".join(texts).lower()

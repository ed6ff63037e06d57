"""The parts of a launch that filters and facets are about, each as a tuple of those there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from calfeed.launches.countries import country_name
from calfeed.launches.model import Launch, Pad
from calfeed.record import Label

Of = Callable[[Launch], Iterable[Any]]
"""The parts of a launch that a filter is about."""


@dataclass(frozen=True)
class Part:
    """What stands at a path of a launch's members: one part, or none."""

    path: str

    def __call__(self, launch: Launch) -> tuple[Any, ...]:
        """It, in a tuple; an empty one where a member on the way is None."""
        try:
            part = self._get(launch)
        except AttributeError:
            return ()
        return () if part is None else (part,)

    @cached_property
    def _get(self) -> Callable[[Launch], Any]:
        return attrgetter(self.path)


provider = Part("launch_service_provider")
status = Part("status")
pad = Part("pad")
location = Part("pad.location")
configuration = Part("configuration")
manufacturer = Part("configuration.manufacturer")
mission = Part("mission")
orbit = Part("mission.orbit")
celestial_body_of_orbit = Part("mission.orbit.celestial_body")
celestial_body_of_pad = Part("pad.location.celestial_body")
spacecraft: Of = attrgetter("spacecraft_stage")


def mission_agencies(launch: Launch) -> Iterable[Any]:
    """For whom it is launched."""
    return launch.mission.agencies if launch.mission else ()


def spacecraft_configurations(launch: Launch) -> Iterable[Any]:
    """The kinds of its spacecraft."""
    return [craft.configuration for craft in launch.spacecraft_stage if craft.configuration]


def country(pad: Pad | None) -> str:
    """The code of a pad's country, or else its site's; empty where neither is given."""
    if pad is None:
        return ""
    return pad.country or (pad.location.country if pad.location else "")


def country_labels(launch: Launch) -> tuple[Label, ...]:
    """The country launched from with its name, for people to choose from."""
    code = country(launch.pad)
    return (Label(code, country_name(code)),) if code else ()


def orbit_labels(launch: Launch) -> tuple[Label, ...]:
    """The mission's orbit by its name, for people to choose from."""
    return tuple(Label(part.name, part.name) for part in orbit(launch))

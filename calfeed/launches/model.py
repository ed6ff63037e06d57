"""The launch as calfeed knows it, whatever version of the API it came from.

Thousands of launches share a few hundred pads, providers and rockets: equal parts are one object,
wherever they were read from.
"""

from functools import lru_cache
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from calfeed.record import CONFIG, Agency, InfoUrl, Moment, Move, Named, Update, VidUrl
from calfeed.text import Line, Link, Text

T = TypeVar("T")

EARTH = 1
"""The id of the celestial body."""
MOST_SHARED = 16_384
"""How many different parts are remembered to be shared; those long unused are forgotten first."""


@lru_cache(MOST_SHARED)
def _first_equal(part: object) -> object:
    return part


Shared = Annotated[T, AfterValidator(_first_equal)]
"""A part of which equal ones are one object."""
Word = Shared[Line]
"""A text that many launches have in common."""


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Provider(Agency):
    """Who launches. ``parent`` is the name of the agency above it, empty where there is none;
    ``parent_id`` is its id, where the record has it."""

    parent: Line = ""
    parent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Configuration(Named):
    """A kind of rocket: ``Falcon 9``, in full ``Falcon 9 Block 5``."""

    full_name: Line = ""
    manufacturer: Shared[Agency | None] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Location(Named):
    """A launch site. ``timezone_name`` is from the IANA database, ``country`` an ISO 3166 alpha-2
    code; both are empty where they are not given."""

    country: Word = ""
    timezone_name: Word = ""
    celestial_body: Shared[Named | None] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Pad(Named):
    """A launch pad; degrees, north and east positive, None where they are not given."""

    latitude: float | None = None
    longitude: float | None = None
    country: Word = ""
    location: Shared[Location | None] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Orbit(Named):
    """Where a mission goes, and around what."""

    celestial_body: Shared[Named | None] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Mission:
    """What a launch is for; ``agencies`` are those it is flown for, which may be the provider."""

    name: Line = ""
    type: Word = ""
    description: Text = ""
    orbit: Shared[Orbit | None] = None
    agencies: Shared[tuple[Agency, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Landing:
    """How a stage comes back: ``location`` where, ``type`` in short how (``ASDS``).

    ``attempt`` and ``success`` are None where they are not known.
    """

    attempt: bool | None = None
    success: bool | None = None
    location: Line = ""
    type: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Booster:
    """One of ``launcher_stage``: a booster on its first, second … ``flight``."""

    serial_number: Word = ""
    flight: int | None = None
    landing: Shared[Landing | None] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class CrewMember:
    """Somebody who starts in a spacecraft."""

    name: Line
    role: Word = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Spacecraft(Named):
    """One of ``spacecraft_stage``: the spacecraft, its configuration, and its flight."""

    configuration: Shared[Named | None] = None
    crew: tuple[CrewMember, ...] = ()
    landing: Shared[Landing | None] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Launch:
    """One launch; ``id`` is a UUID in lower case, and all that stays the same of it.

    ``net`` is "no earlier than", and ``net_precision`` the id of Launch Library's table (see
    :mod:`calfeed.span`), None where it gives none, and ``UNKNOWN_PRECISION`` where it gives one
    that cannot be read. ``probability`` of weather that lets it go is in per cent.
    ``vid_urls`` and ``info_urls`` are best first, ``updates`` the last three, latest first.
    The counters number this attempt among others; None where it is not counted.
    ``search_text`` is where Launch Library searches, in lower case and a line each; it follows
    from the rest.
    ``moves`` are calfeed's own: the dates it had before, oldest first.
    """

    id: Line
    name: Annotated[Line, Field(min_length=1)]
    slug: Line = ""
    launch_designator: Line = ""
    status: Shared[Named | None] = None
    net: Moment | None = None
    net_precision: int | None = None
    window_start: Moment | None = None
    window_end: Moment | None = None
    image: Shared[Link | None] = None
    probability: int | None = None
    weather_concerns: Line = ""
    failreason: Line = ""
    launch_service_provider: Shared[Provider | None] = None
    configuration: Shared[Configuration | None] = None
    launcher_stage: tuple[Booster, ...] = ()
    spacecraft_stage: tuple[Spacecraft, ...] = ()
    mission: Mission | None = None
    pad: Shared[Pad | None] = None
    program: Shared[tuple[Named, ...]] = ()
    orbital_launch_attempt_count: int | None = None
    orbital_launch_attempt_count_year: int | None = None
    location_launch_attempt_count: int | None = None
    location_launch_attempt_count_year: int | None = None
    pad_launch_attempt_count: int | None = None
    pad_launch_attempt_count_year: int | None = None
    agency_launch_attempt_count: int | None = None
    agency_launch_attempt_count_year: int | None = None
    vid_urls: tuple[VidUrl, ...] = ()
    info_urls: tuple[InfoUrl, ...] = ()
    updates: tuple[Update, ...] = ()
    last_updated: Moment | None = None
    moves: tuple[Move, ...] = ()
    search_text: str = Field(default="", init=False, repr=False, exclude=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "search_text", _search_text(self))

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Who launches it, and for whom; each once."""
        flown_for = self.mission.agencies if self.mission else ()
        provider = self.launch_service_provider
        if provider is None:
            return flown_for
        if not flown_for:
            return (provider,)
        return (provider, *(agency for agency in flown_for if agency.id != provider.id))


def _search_text(launch: Launch) -> str:
    rocket, pad = launch.configuration, launch.pad
    maker, location = rocket and rocket.manufacturer, pad and pad.location
    named = (launch.launch_service_provider, launch.mission, pad, location, rocket, maker)
    texts = [launch.name, launch.launch_designator]
    texts += [part.name for part in (*named, *launch.spacecraft_stage) if part is not None]
    texts.append(maker.abbrev if maker else "")
    return "\n".join(texts).lower()


LAUNCH = TypeAdapter(Launch)
"""The stored form."""

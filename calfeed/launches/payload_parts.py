"""The parts of a launch as Launch Library answers them, in both versions of the API, and the
values that they are read into."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from calfeed.launches.countries import alpha_2
from calfeed.launches.model import (
    Booster,
    Configuration,
    CrewMember,
    Landing,
    Location,
    Mission,
    Orbit,
    Pad,
    Spacecraft,
)
from calfeed.launchlibrary import fields
from calfeed.launchlibrary.fields import Maybe, Raw, RawNamed, Some, readable
from calfeed.text import Line, Text

Count = Annotated[int, Field(strict=True, ge=0, lt=2**31)]


def _degrees(value: float) -> float:
    """To six decimals, as GEO wants them (RFC 5545 3.8.1.6), and never such as 1e-05."""
    return round(value, 6) if abs(value) >= 0.0001 else 0.0


Latitude = Annotated[float, Field(ge=-90, le=90), AfterValidator(_degrees)]
Longitude = Annotated[float, Field(ge=-180, le=180), AfterValidator(_degrees)]


def _listed(value: object) -> object:
    """Version 2.2.0 has one spacecraft as an object, 2.3.0 a list."""
    return [value] if isinstance(value, dict) else value


class RawProvider(RawNamed):
    """Who launches; the parent is a name, or an object in some answers."""

    parent: Maybe[RawNamed | Line] = None


class _Country(Raw):
    alpha_2_code: Line


class _Place(RawNamed):
    """What a pad and its location have in common; 2.2.0 has the code alone."""

    country: Maybe[_Country] = None
    country_code: Maybe[Line] = None


class _Location(_Place):
    timezone_name: Maybe[Line] = None
    celestial_body: Maybe[RawNamed] = None


class RawPad(_Place):
    """A pad; 2.2.0 has its coordinates as texts."""

    latitude: Maybe[Latitude] = None
    longitude: Maybe[Longitude] = None
    location: Maybe[_Location] = None


class _Orbit(RawNamed):
    celestial_body: Maybe[RawNamed] = None


class RawMission(Raw):
    """A mission."""

    name: Maybe[Line] = None
    type: Maybe[Line] = None
    description: Maybe[Text] = None
    orbit: Maybe[_Orbit] = None
    agencies: Some[RawNamed] = None


class RawConfiguration(RawNamed):
    """A kind of rocket."""

    full_name: Maybe[Line] = None
    manufacturer: Maybe[RawNamed] = None


class _Landing(Raw):
    """Its place is called ``location`` in 2.2.0."""

    attempt: Maybe[bool] = None
    success: Maybe[bool] = None
    landing_location: Maybe[RawNamed] = None
    location: Maybe[RawNamed] = None
    type: Maybe[RawNamed] = None


class _Launcher(Raw):
    serial_number: Maybe[Line] = None


class RawBooster(Raw):
    """One of ``launcher_stage``."""

    launcher: Maybe[_Launcher] = None
    launcher_flight_number: Maybe[Count] = None
    landing: Maybe[_Landing] = None


class _Spacecraft(RawNamed):
    spacecraft_config: Maybe[RawNamed] = None


class _Person(Raw):
    name: Line


class _Role(Raw):
    role: Line


class _CrewMember(Raw):
    astronaut: _Person
    role: Maybe[_Role] = None


class RawSpacecraft(Raw):
    """One of ``spacecraft_stage``."""

    spacecraft: _Spacecraft
    launch_crew: Some[_CrewMember] = None
    landing: Maybe[_Landing] = None


class RawRocket(Raw):
    """A rocket: its kind, its boosters and spacecraft."""

    configuration: Maybe[RawConfiguration] = None
    launcher_stage: Some[RawBooster] = None
    spacecraft_stage: Annotated[Some[RawSpacecraft], BeforeValidator(_listed)] = None


def configuration(raw: RawConfiguration) -> Configuration:
    """The kind of rocket."""
    return Configuration(
        id=raw.id,
        name=raw.name,
        full_name=raw.full_name or "",
        manufacturer=fields.agency(raw.manufacturer) if raw.manufacturer else None,
    )


def booster(raw: RawBooster) -> Booster:
    """The booster, its number and flight where they are known."""
    return Booster(
        serial_number=(raw.launcher and raw.launcher.serial_number) or "",
        flight=raw.launcher_flight_number,
        landing=_landing(raw.landing) if raw.landing else None,
    )


def _landing(raw: _Landing) -> Landing:
    location = raw.landing_location or raw.location
    return Landing(
        attempt=raw.attempt,
        success=raw.success,
        location=location.name if location else "",
        type=(raw.type.abbrev or raw.type.name) if raw.type else "",
    )


def spacecraft(raw: RawSpacecraft) -> Spacecraft:
    """The spacecraft and who starts in it."""
    crew = (
        CrewMember(name=member.astronaut.name, role=member.role.role if member.role else "")
        for member in readable(raw.launch_crew)
    )
    return Spacecraft(
        id=raw.spacecraft.id,
        name=raw.spacecraft.name,
        configuration=fields.named(raw.spacecraft.spacecraft_config),
        crew=tuple(crew),
        landing=_landing(raw.landing) if raw.landing else None,
    )


def mission(raw: RawMission) -> Mission:
    """The mission."""
    return Mission(
        name=raw.name or "",
        type=raw.type or "",
        description=raw.description or "",
        orbit=_orbit(raw.orbit) if raw.orbit else None,
        agencies=fields.agencies(raw.agencies),
    )


def _orbit(raw: _Orbit) -> Orbit:
    return Orbit(id=raw.id, name=raw.name, celestial_body=fields.named(raw.celestial_body))


def pad(raw: RawPad) -> Pad:
    """The pad and its location."""
    return Pad(
        id=raw.id,
        name=raw.name,
        latitude=raw.latitude,
        longitude=raw.longitude,
        country=_country(raw),
        location=_location(raw.location) if raw.location else None,
    )


def _location(raw: _Location) -> Location:
    return Location(
        id=raw.id,
        name=raw.name,
        country=_country(raw),
        timezone_name=raw.timezone_name or "",
        celestial_body=fields.named(raw.celestial_body),
    )


def _country(raw: _Place) -> str:
    return alpha_2(raw.country.alpha_2_code if raw.country else raw.country_code or "")

"""A launch -> the lines of its DESCRIPTION."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from calfeed import description as lines
from calfeed.duration import MINUTE
from calfeed.launches.model import Booster, Landing, Launch, Spacecraft
from calfeed.span import Shape, precision

HOUR_PRECISION = 2
SECOND_PRECISION = 0
UNKNOWN = "Unknown"
"""How Launch Library calls an orbit or a type of mission that nobody knows."""


def describe(launch: Launch) -> str:
    """What it is for; when, by what and whom, with what weather and outcome; who and what flies;
    its webcasts, its pages, what it belongs to, and its last changes."""
    mission = launch.mission.description if launch.mission else ""
    return lines.paragraphs(
        [mission] if mission else [],
        _facts(launch),
        _flight(launch),
        map(lines.webcast, launch.vid_urls),
        map(lines.page, launch.info_urls),
        _record(launch),
        [lines.CREDIT],
    )


def orbit_and_type(launch: Launch) -> list[str]:
    """The mission's type and its orbit, as far as they are known."""
    if launch.mission is None:
        return []
    orbit = launch.mission.orbit.name if launch.mission.orbit else ""
    return [name for name in (launch.mission.type, orbit) if name and name != UNKNOWN]


def _facts(launch: Launch) -> Iterator[str]:
    if mission := orbit_and_type(launch):
        yield f"Mission: {', '.join(mission)}"
    rocket = launch.configuration
    yield from lines.fact("Rocket", "Rockets", [rocket.full_name or rocket.name] if rocket else [])
    yield from _agencies(launch)
    yield from _net(launch)
    yield from _window(launch)
    yield from _weather(launch)
    if launch.failreason:
        yield f"Reason of the failure: {launch.failreason}"


def _agencies(launch: Launch) -> Iterator[str]:
    provider = launch.launch_service_provider
    if provider is not None:
        yield from lines.fact("Launched by", "Launched by", [lines.agency(provider)])
    clients = launch.agencies[provider is not None :]
    yield from lines.fact("Launched for", "Launched for", map(lines.agency, clients))


def _net(launch: Launch) -> Iterator[str]:
    """No earlier than: in UTC, and as clocks at the pad show it."""
    if launch.net is None:
        return
    net_precision = precision(launch.net, launch.net_precision)
    if net_precision.shape is not Shape.TIMED:
        yield f"NET: {lines.when(launch.net, net_precision)}"
        return
    to_the_second = launch.net_precision == SECOND_PRECISION or (
        launch.net_precision is None and launch.net.second
    )
    clock = "%H:%M:%S" if to_the_second else "%H:%M"
    net = f"NET: {lines.day(launch.net)} {launch.net:{clock}} UTC"
    if zone := _zone(launch):
        local = launch.net.astimezone(zone)
        date = "" if local.date() == launch.net.date() else f"{lines.day(local)} "
        net += f" ({date}{local:{clock}} {_zone_name(local)})"
    yield net if launch.net_precision != HOUR_PRECISION else f"{net}, known to the hour"


def _zone(launch: Launch) -> ZoneInfo | None:
    location = launch.pad.location if launch.pad else None
    zone = _load_zone(location.timezone_name) if location else None
    return None if zone is not None and zone.key in ("UTC", "Etc/UTC") else zone


@lru_cache(256)
def _load_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name of a file, a folder
        return None


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name


def _window(launch: Launch) -> Iterator[str]:
    """Where it is more than a minute, and says more than the date does."""
    start, end = launch.window_start, launch.window_end
    if launch.net is None or start is None or end is None or end - start < MINUTE:
        return
    if precision(launch.net, launch.net_precision).shape is Shape.TIMED:
        yield f"Window: {lines.period(start, end)}"


def _weather(launch: Launch) -> Iterator[str]:
    words = []
    if launch.probability is not None:
        words.append(f"{launch.probability} % favourable")
    if launch.weather_concerns:
        words.append(f"concerns: {launch.weather_concerns}")
    if words:
        yield f"Weather: {'; '.join(words)}"


def _flight(launch: Launch) -> Iterator[str]:
    for spacecraft in launch.spacecraft_stage:
        yield from _spacecraft(spacecraft)
    for booster in launch.launcher_stage:
        yield from _booster(booster)


def _spacecraft(spacecraft: Spacecraft) -> Iterator[str]:
    crew = (f"{who.name} ({who.role})" if who.role else who.name for who in spacecraft.crew)
    yield from lines.fact("Crew", "Crew", crew)
    yield from _stage("Spacecraft", [spacecraft.name], spacecraft.landing)


def _booster(booster: Booster) -> Iterator[str]:
    flight = f"flight {booster.flight}" if booster.flight else ""
    yield from _stage("Booster", [booster.serial_number, flight], booster.landing)


def _stage(what: str, words: Iterable[str], landing: Landing | None) -> Iterator[str]:
    parts = (", ".join(filter(None, words)), _landing(landing) if landing else "")
    if any(parts):
        yield f"{what}: {'; '.join(filter(None, parts))}"


def _landing(landing: Landing) -> str:
    """For example ``landing: Jacklyn (ASDS), successful``; empty where nothing is known."""
    if landing.attempt is False:
        return "no landing"
    where = landing.location or landing.type
    if landing.type not in where:
        where = f"{where} ({landing.type})"
    outcome = {None: "", True: "successful", False: "failed"}[landing.success]
    words = ", ".join(filter(None, (where, outcome)))
    return f"landing: {words}" if words else ""


def _record(launch: Launch) -> Iterator[str]:
    yield from lines.fact("Program", "Programs", (program.name for program in launch.program))
    yield from lines.updates(launch.updates)
    yield from lines.moves(launch.moves)

"""calfeed's own filters of where launches start: ``near`` a point, and in which ``country``."""

import re
from collections.abc import Callable
from math import asin, cos, radians, sin, sqrt

from calfeed.launches.model import EARTH, Launch, Pad
from calfeed.launches.parts import country
from calfeed.query.filter import Filter, Test
from calfeed.query.kinds import Kind, Value

EARTH_RADIUS = 6371.0
"""In km, the mean."""
DISTANCE = 300.0
"""In km, where none is given."""
FARTHEST = 20_016.0
"""In km: half the way around."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,5}(\.[0-9]{1,10})?", re.ASCII)


def _point(text: str) -> str:
    """Read ``LAT,LON`` or ``LAT,LON,KM`` into its canonical spelling."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (2, 3) or not all(map(_NUMBER.fullmatch, parts)):
        raise ValueError(text)
    latitude, longitude, distance = map(float, [*parts, str(DISTANCE)][:3])
    if abs(latitude) > 90 or abs(longitude) > 180 or not 0 < distance <= FARTHEST:
        raise ValueError(text)
    return ",".join(f"{number + 0.0:.10g}" for number in (latitude, longitude, distance))


def on_earth(pad: Pad | None) -> tuple[float, float] | None:
    """Where a pad stands, in degrees; None where that is not known, or not on Earth."""
    if pad is None or pad.latitude is None or pad.longitude is None:
        return None
    body = pad.location.celestial_body if pad.location else None
    if (body and body.id != EARTH) or (pad.latitude, pad.longitude) == (0, 0):
        return None
    return pad.latitude, pad.longitude


def distance_from(latitude: float, longitude: float) -> Callable[[float, float], float]:
    """The great-circle distance in km from a point, by the haversine formula."""
    north, east = radians(latitude), radians(longitude)

    def distance(latitude: float, longitude: float) -> float:
        across = radians(longitude) - east
        up = radians(latitude) - north
        h = sin(up / 2) ** 2 + cos(north) * cos(radians(latitude)) * sin(across / 2) ** 2
        return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(h)))

    return distance


def _by_pad(holds: Callable[[Pad | None], bool]) -> Test[Launch]:
    """A test of the pad, which is put once to each: thousands of launches share some hundreds."""
    tested: dict[int, tuple[bool, Pad | None]] = {}

    def test(launch: Launch) -> bool:
        pad = launch.pad
        found = tested.get(id(pad))
        if found is None:
            found = tested[id(pad)] = holds(pad), pad  # held, so that its id stays its own
        return found[0]

    return test


def _near(values: tuple[Value, ...]) -> Test[Launch]:
    latitude, longitude, most = map(float, str(values[0]).split(","))
    distance = distance_from(latitude, longitude)

    def holds(pad: Pad | None) -> bool:
        point = on_earth(pad)
        return point is not None and distance(*point) <= most

    return _by_pad(holds)


def _in_countries(values: tuple[Value, ...]) -> Test[Launch]:
    codes = frozenset(values)
    return _by_pad(lambda pad: country(pad) in codes)


NEAR = Filter(
    "near",
    "launched within so many km of a point on Earth (300 where none are given)",
    Kind(
        _point,
        "LAT,LON or LAT,LON,KM such as 28.6,-80.6,100: degrees, north and east positive, and km",
        {"type": "string"},
        "28.6,-80.6",
    ),
    _near,
    "near {}",
    many=False,
    own=True,
)


def _code(text: str) -> str:
    if not re.fullmatch("[a-zA-Z]{2}", text):
        raise ValueError(text)
    return text.upper()


COUNTRY = Filter(
    "country",
    "from pads in these countries",
    Kind(
        _code,
        "comma-separated ISO 3166 codes of two letters such as US,NZ",
        {"type": "string"},
        "NZ",
    ),
    _in_countries,
    "from {}",
    own=True,
)

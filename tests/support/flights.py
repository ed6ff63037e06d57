"""A second collection, made up for tests of what holds for any: flights.

They have UUIDs for ids, a ``net`` for a date, filters of their own, and a window.
"""

from datetime import datetime, timedelta
from operator import attrgetter

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from calfeed import entry as entries
from calfeed import span as spans
from calfeed.entry import Display, Entry
from calfeed.events import EVENTS
from calfeed.query import shared
from calfeed.query.collection import Collection, Scope
from calfeed.query.filter import Filter
from calfeed.query.kinds import FLAG, IDS, TEXT, UUIDS, parse_uuid, slugs
from calfeed.query.record_tests import has, has_id
from calfeed.record import Agency, Moment, Move, Named, VidUrl
from calfeed.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A test flight."""

    id: str
    name: str = "Test flight"
    slug: str = ""
    net: Moment | None = None
    net_precision: int | None = 0
    window_end: Moment | None = None
    rocket: str = ""
    crewed: bool = False
    vid_urls: tuple[VidUrl, ...] = ()
    agencies: tuple[Agency, ...] = ()
    program: tuple[Named, ...] = ()
    last_updated: Moment | None = None
    moves: tuple[Move, ...] = ()


def flight_span(flight: Flight, display: Display) -> Span | None:
    if flight.net is None:
        return None
    length = display.length
    if display.window and flight.window_end:
        length = max(timedelta(hours=1), flight.window_end - flight.net)
    precision = spans.precision(flight.net, flight.net_precision)
    return spans.span(flight.net, precision, coarse=display.coarse, length=length)


def flight_entry(flight: Flight, display: Display) -> Entry | None:
    span = flight_span(flight, display)
    if span is None:
        return None
    return Entry(
        kind="flight",
        id=flight.id,
        uid=entries.uid("flight", flight.id),
        name=flight.name,
        summary=entries.summary(flight.name, span.label),
        span=span,
        status="TENTATIVE",
        description="",
        last_modified=entries.last_modified(flight.last_updated),
    )


_net = attrgetter("net")

FLIGHTS: Collection[Flight] = Collection(
    name="flights",
    noun="flight",
    paths={"2.3.0": "flights/"},
    date_field="net",
    orders_by_id=True,
    model=TypeAdapter(Flight),
    read=TypeAdapter(Flight).validate_python,
    read_id=parse_uuid,
    filters=shared.table(
        shared.moments("net", _net),
        shared.calendar(_net),
        shared.changes(),
        shared.identity(UUIDS, slugs("test-flight-1"), "flights", "flight"),
        shared.programs(IDS),
        shared.search(lambda flight: f"{flight.name}\n{flight.rocket}".lower(), "name or rocket"),
        shared.recent(),
        shared.exclude(),
        (
            Filter("agency__ids", "by any of these agencies", IDS, has_id("agencies"), "agency {}",
                   named=attrgetter("agencies")),
            Filter("rocket", "with this rocket", TEXT, has(attrgetter("rocket")), "rocket {}",
                   many=False, lacking=("2.2.0",)),
            Filter("include_uncrewed", "with uncrewed ones too", FLAG,
                   lambda values: lambda flight: True in values or flight.crewed,
                   "without uncrewed flights", many=False, spares=True),
        ),
    ),
    facets={},
    span=flight_span,
    entry=flight_entry,
)  # fmt: skip

YEAR = timedelta(days=365)
EVENTS_BESIDE = Scope("events", "Spaceflight events", (EVENTS,), others=(FLIGHTS,))
FLIGHTS_ONLY = Scope("flights", "Test flights", (FLIGHTS,), YEAR, (EVENTS,))
BOTH = Scope("all", "Spaceflight", (EVENTS, FLIGHTS), YEAR)
SCOPES = {scope.name: scope for scope in (EVENTS_BESIDE, FLIGHTS_ONLY, BOTH)}


def uuid(number: int) -> str:
    """An id of a flight."""
    return f"00000000-0000-0000-0000-{number:012}"


def flight(number: int, net: datetime | None, **changes: object) -> Flight:
    """A flight by its number."""
    return Flight(id=uuid(number), net=net, **changes)  # type: ignore[arg-type]

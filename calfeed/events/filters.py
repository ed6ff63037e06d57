"""Launch Library's filters of events."""

from operator import attrgetter, lt

from calfeed.query import shared
from calfeed.query.filter import Filter
from calfeed.query.kinds import IDS, MOMENT, UUIDS, Kind, parse_id, slugs
from calfeed.query.record_tests import compares, has, has_any, has_id

_date = attrgetter("date")
_TYPES = Kind(parse_id, "comma-separated event type ids such as 2,8", IDS.schema, 2)

FILTERS = shared.table(
    shared.moments("date", _date),
    shared.calendar(_date),
    shared.changes(),
    shared.identity(IDS, slugs("soyuz-ms-27-docking"), "events", "event"),
    shared.programs(IDS),
    shared.search(lambda event: event.name.lower(), "the name"),
    shared.links(),
    shared.recent(),
    shared.exclude(),
    (
        Filter("agency__ids", "of any of these agencies", IDS, has_id("agencies"), "agency {}",
               named=attrgetter("agencies")),
        Filter("date__gt__lt", "earlier than, as older deployments spell it", MOMENT,
               compares(lt, _date), "before {}", many=False, same_as="date__lt"),
        Filter("expedition__ids", "of any of these expeditions", IDS, has_id("expeditions"),
               "expedition {}", named=attrgetter("expeditions")),
        Filter("launch__ids", "of any of these launches", UUIDS,
               has_any(lambda event: [launch.id.lower() for launch in event.launches]),
               "launch {}"),
        Filter("spacestation__ids", "at any of these space stations", IDS,
               has_id("spacestations"), "space station {}", named=attrgetter("spacestations")),
        Filter("type", "the same as type__ids", _TYPES,
               has(lambda event: event.type and event.type.id), "type {}", same_as="type__ids",
               named=lambda event: (event.type,) if event.type else ()),
        Filter("type__ids", "of any of these event types", _TYPES,
               has(lambda event: event.type and event.type.id), "type {}",
               named=lambda event: (event.type,) if event.type else ()),
    ),
)  # fmt: skip
"""Every filter by its name."""

"""Events: dockings, spacewalks, landings and the like, as a collection."""

from operator import attrgetter

from calfeed.events.entry import event_entry, event_span
from calfeed.events.filters import FILTERS
from calfeed.events.model import EVENT, Event
from calfeed.events.payload import from_record
from calfeed.query.collection import Collection
from calfeed.query.kinds import parse_id

EVENTS: Collection[Event] = Collection(
    name="events",
    noun="event",
    paths={"2.3.0": "events/", "2.2.0": "event/"},
    date_field="date",
    orders_by_id=False,
    model=EVENT,
    read=from_record,
    read_id=parse_id,
    filters=FILTERS,
    facets={
        "agency__ids": attrgetter("agencies"),
        "type__ids": lambda event: (event.type,) if event.type else (),
        "program": attrgetter("program"),
    },
    span=event_span,
    entry=event_entry,
)
"""The collection."""

"""Launches, as a collection."""

from operator import attrgetter

from calfeed.launches import parts
from calfeed.launches.entry import launch_entry, launch_span
from calfeed.launches.filters import FILTERS
from calfeed.launches.model import LAUNCH, Launch
from calfeed.launches.payload import from_record
from calfeed.query.collection import Collection
from calfeed.query.kinds import parse_uuid

LAUNCHES: Collection[Launch] = Collection(
    name="launches",
    noun="launch",
    paths={"2.3.0": "launches/", "2.2.0": "launch/"},
    date_field="net",
    orders_by_id=True,
    model=LAUNCH,
    read=from_record,
    read_id=parse_uuid,
    filters=FILTERS,
    facets={
        "agency__ids": attrgetter("agencies"),
        "status__ids": parts.status,
        "location__ids": parts.location,
        "country": parts.country_labels,
        "mission__orbit__name": parts.orbit_labels,
        "launcher_config__id": parts.configuration,
        "program": attrgetter("program"),
    },
    span=launch_span,
    entry=launch_entry,
)
"""The collection."""

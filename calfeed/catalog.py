"""The collections there are, one row each, and what an address can be about."""

from datetime import timedelta
from typing import Any

from calfeed.events import EVENTS
from calfeed.launches import LAUNCHES
from calfeed.query.collection import Collection, Scope

COLLECTIONS: dict[str, Collection[Any]] = {c.name: c for c in (EVENTS, LAUNCHES)}
"""Every collection by its name."""

A_YEAR = timedelta(days=365)
"""How far back lists with launches look: all of them are some 8,000 entries and 12 MB."""

EVENTS_ONLY = Scope("events", "Spaceflight events", (EVENTS,), others=(LAUNCHES,))
LAUNCHES_ONLY = Scope("launches", "Rocket launches", (LAUNCHES,), A_YEAR, others=(EVENTS,))
ALL = Scope("all", "Spaceflight", (EVENTS, LAUNCHES), A_YEAR)

SCOPES = {scope.name: scope for scope in (EVENTS_ONLY, LAUNCHES_ONLY, ALL)}
"""What an address can be about, by its name there."""

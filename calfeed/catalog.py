"""The collections there are, one row each, and what an address can be about."""

from typing import Any

from calfeed.events import EVENTS
from calfeed.query.collection import Collection, Scope

COLLECTIONS: dict[str, Collection[Any]] = {one.name: one for one in (EVENTS,)}
"""Every collection by its name."""

EVENTS_ONLY = Scope("events", "Spaceflight events", (EVENTS,))
ALL = Scope("all", "Spaceflight", (EVENTS,))

SCOPES = {scope.name: scope for scope in (EVENTS_ONLY, ALL)}
"""What an address can be about, by its name there."""

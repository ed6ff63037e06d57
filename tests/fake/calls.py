"""One request that the fake got, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from multidict import MultiMapping

Place = Literal["events", "launches", "throttle"]
"""What a call is about: events, launches, or /api-throttle/."""

PLACES: dict[str, Place] = {
    "api-throttle": "throttle",
    "event": "events",
    "events": "events",
    "launch": "launches",
    "launches": "launches",
}
"""What comes after the version in a path."""


@dataclass
class Call:
    """One request the fake got."""

    path: str
    query: MultiMapping[str]
    headers: Mapping[str, str]
    time: datetime
    status: int | None = None
    """What was answered; None while unanswered, and when the connection was dropped."""
    ident: str = ""
    """The key or IP it was counted for."""

    @property
    def offset(self) -> int:
        """The page's offset, 0 unless given."""
        return int(self.query.get("offset", "0"))

    @property
    def limit(self) -> int:
        """The page's limit, 10 unless given."""
        return int(self.query.get("limit", "10"))

    @property
    def place(self) -> Place:
        """What it is about."""
        return PLACES[self.path.split("/")[2]]

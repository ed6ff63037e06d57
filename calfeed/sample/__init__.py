"""A small set of real events, shipped in the package, for when Launch Library cannot be reached."""

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.query.collection import Collection

NOW = datetime(2021, 7, 4, tzinfo=UTC)
"""Where the clock stands for sample data: with some of it behind and some ahead, so that every
moving window and view has something to show."""

_FILES = ("2.3.0.json", "2.2.0.json")


def records(collection: Collection[Any]) -> tuple[Any, ...]:
    """The sample of a collection."""
    return events() if collection is EVENTS else ()


@cache
def events() -> tuple[Event, ...]:
    """The sample, from both versions of the API."""
    folder = resources.files(__name__)
    return tuple(
        from_record(record)
        for name in _FILES
        for record in json.loads((folder / name).read_text(encoding="utf-8"))["results"]
    )

"""A small set of real events and launches, for when Launch Library cannot be reached."""

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from calfeed.query.collection import Collection, R

NOW = datetime(2021, 7, 4, tzinfo=UTC)
"""Where the clock stands for sample data: with some of it behind and some ahead, so that every
moving window and view has something to show."""

_VERSIONS = ("2.3.0", "2.2.0")


@cache
def records(collection: Collection[R]) -> tuple[R, ...]:
    """The sample of a collection, from both versions of the API."""
    folder = resources.files(__name__)
    return tuple(
        collection.read(record)
        for version in _VERSIONS
        for record in json.loads(
            (folder / f"{collection.name}-{version}.json").read_text(encoding="utf-8")
        )["results"]
    )

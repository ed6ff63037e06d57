"""Read what lies deep in a record, by a path with dots; null and missing parts are skipped."""

from collections.abc import Iterator
from typing import Any

from ..parts import Record


def values(record: Record, path: str) -> Iterator[Any]:
    """Give all values at a path; a list on the way stands for each of its items."""
    found: list[Any] = [record]
    for key in path.split("."):
        found = list(_inside(found, key))
    yield from found


def _inside(parents: list[Any], key: str) -> Iterator[Any]:
    for value in parents:
        inner = value.get(key) if isinstance(value, dict) else None
        if isinstance(inner, list):
            yield from inner
        elif inner is not None:
            yield inner

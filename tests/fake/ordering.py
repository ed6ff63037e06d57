"""In which order a list comes, and how rows that tie change places between requests."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from .filters import moment
from .parts import Record

EVENT_ORDERINGS = ("date", "last_updated")
LAUNCH_ORDERINGS = ("id", "last_updated", "name", "net")
Order = Callable[[list[Record]], list[Record]]


def by_id(records: Iterable[Record]) -> list[Record]:
    """Put the records in order of id; what ties later keeps this order."""
    return sorted(records, key=lambda record: _rank_of_id(record["id"]))


def shuffled(records: Iterable[Record], seed: int, request: int) -> list[Record]:
    """Put the records in an order of this request's own, always the same for the same three.

    Ties keep it, so that between two pages some rows come twice and others not at all.
    """
    found = by_id(records)
    random.Random(f"{seed} {request}").shuffle(found)
    return found


def ordered(
    records: Iterable[Record], ordering: str, known: Iterable[str], otherwise: str = ""
) -> list[Record]:
    """Sort by those of the comma separated orderings that are known; what ties stays in place.

    `otherwise` is the ordering where none is. Null times stand last in ascending and first in
    descending order, as Postgres has them.
    """
    found = list(records)
    terms = [term.strip() for term in ordering.split(",")]
    terms = [term for term in terms if term.removeprefix("-") in known]
    for term in reversed(terms or ([otherwise] if otherwise else [])):
        field = term.removeprefix("-")
        found.sort(key=RANKS[field], reverse=term.startswith("-"))
    return found


def _rank_of_time(field: str) -> Callable[[Record], tuple[bool, datetime]]:
    def rank(record: Record) -> tuple[bool, datetime]:
        at = moment(record, field)
        return at is None, at or datetime.min.replace(tzinfo=UTC)

    return rank


def _rank_of_id(id: Any) -> tuple[int, str]:
    """Rank integers as such, UUIDs by their digits."""
    return (id, "") if isinstance(id, int) else (0, str(id))


RANKS: dict[str, Callable[[Record], Any]] = {
    "id": lambda record: _rank_of_id(record["id"]),
    "name": lambda record: str(record.get("name")),
    **{field: _rank_of_time(field) for field in ("date", "last_updated", "net")},
}

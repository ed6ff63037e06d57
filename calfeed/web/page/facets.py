"""What is kept -> what can be chosen: the agencies, event types and programs that occur. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from calfeed.mirror.result import Result
from calfeed.record import Agency, Named


@dataclass(frozen=True, slots=True)
class FacetValue:
    """Something to choose; ``short`` is an agency's short name, ``count`` how many entries there
    are in all, ``ahead`` how many of them are ahead."""

    id: int | str
    name: str
    short: str
    count: int
    ahead: int


Facets = Mapping[str, tuple[FacetValue, ...]]
"""By the name of the filter: what is ahead most comes first, then what there was."""


def as_json(facets: Facets) -> dict[str, Any]:
    """For ``/choices.json``."""
    return {name: [asdict(value) for value in values] for name, values in facets.items()}


def make_facets(result: Result, coming: Result) -> Facets:
    """Count what occurs; ``coming`` is what is ahead of the same result."""
    tallies: dict[str, _Tally] = {}
    for snapshot, left in zip(result.snapshots, coming.snapshots, strict=True):
        ahead = {record.id for record in left.records}
        for name, of in snapshot.collection.facets.items():
            tally = tallies.setdefault(name, _Tally())
            for record in snapshot.records:
                tally.add(of(record), ahead=record.id in ahead)
    return {name: tally.values() for name, tally in tallies.items()}


class _Tally:
    """Counts by id."""

    def __init__(self) -> None:
        self._named: dict[int, Named] = {}
        self._counts: dict[int, list[int]] = {}

    def add(self, values: Iterable[Named], *, ahead: bool) -> None:
        """Count one record for each of its values."""
        for named in {value.id: value for value in values}.values():
            self._named.setdefault(named.id, named)
            count = self._counts.setdefault(named.id, [0, 0])
            count[0] += 1
            count[1] += ahead

    def values(self) -> tuple[FacetValue, ...]:
        """What was counted."""
        found = [
            FacetValue(named.id, named.name, named.abbrev if isinstance(named, Agency) else "",
                       *self._counts[named.id])
            for named in self._named.values()
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda value: (-value.ahead, -value.count, value.name)))

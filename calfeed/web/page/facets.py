"""What is kept -> what can be chosen, with counts: agencies, rockets, sites … Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from calfeed.catalog import ALL
from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.publish.select import Selector
from calfeed.query.query import Query
from calfeed.record import Agency, Id, Labelled


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter whose values the page offers in a list: its title, and one of its values."""

    filter: str
    title: str
    noun: str

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections that have it; it leaves out all others."""
        return tuple(c.name for c in ALL.collections if self.filter in c.facets)

    @property
    def many(self) -> bool:
        """Whether several values can be chosen."""
        return ALL.filters[self.filter].many


FACETS = (
    Facet("agency__ids", "Agencies and companies", "agency"),
    Facet("location__ids", "Launch sites", "launch site"),
    Facet("country", "Countries launched from", "country"),
    Facet("launcher_config__id", "Rockets", "rocket"),
    Facet("mission__orbit__name", "Orbits", "orbit"),
    Facet("program", "Programs", "program"),
    Facet("status__ids", "Status of a launch", "status"),
    Facet("type__ids", "Types of event", "type of event"),
)
"""In the order of the form. Launch Library has no filter for a mission's type."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """Something to choose; ``short`` is an agency's short name, ``count`` how many entries there
    are in all, ``ahead`` how many of them are ahead."""

    id: Id
    name: str
    short: str
    count: int
    ahead: int


Facets = Mapping[str, tuple[FacetValue, ...]]
"""By the name of the filter: what is ahead most comes first, then what there was."""
Counts = Mapping[str, Mapping[str, int]]
"""By the name of the filter and the text of its value, without those that count nothing."""


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


def count_ahead(query: Query, coming: Result, selector: Selector) -> Counts:
    """How many entries are ahead with each value, with all else that is chosen left as it is."""
    query = replace(query, options=replace(query.options, limit=None, offset=0))
    chosen = {clause.name for clause in query.clauses}
    entries = _ahead(query, coming, selector)
    counts: dict[str, dict[str, int]] = {}
    for facet in FACETS:
        those = entries
        if facet.filter in chosen:
            rest = tuple(clause for clause in query.clauses if clause.name != facet.filter)
            those = _ahead(replace(query, clauses=rest), coming, selector)
        counts[facet.filter] = _count(facet.filter, those)
    return counts


def _ahead(query: Query, coming: Result, selector: Selector) -> list[Placed]:
    return [entry for entry in selector.select(coming, query) if entry.end > coming.now]


def _count(name: str, entries: Iterable[Placed]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        of = entry.collection.facets.get(name)
        for key in {str(value.id) for value in of(entry.record)} if of else ():
            counts[key] = counts.get(key, 0) + 1
    return counts


class _Tally:
    """Counts by id."""

    def __init__(self) -> None:
        self._values: dict[Id, Labelled] = {}
        self._counts: dict[Id, list[int]] = {}

    def add(self, values: Iterable[Labelled], *, ahead: bool) -> None:
        """Count one record for each of its values."""
        for value in {value.id: value for value in values}.values():
            self._values.setdefault(value.id, value)
            count = self._counts.setdefault(value.id, [0, 0])
            count[0] += 1
            count[1] += ahead

    def values(self) -> tuple[FacetValue, ...]:
        """What was counted."""
        found = [
            FacetValue(value.id, value.name, value.abbrev if isinstance(value, Agency) else "",
                       *self._counts[value.id])
            for value in self._values.values()
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda value: (-value.ahead, -value.count, value.name)))

"""Several filters tried in one call. Pure.

Some records of a page are asked for by their ids, and with bounds that each leave out one of them:
the earliest, the latest, and the one that was changed longest ago. Whichever comes back although a
bound leaves it out shows that this bound was ignored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple

from calfeed.checkup.answer import Answer
from calfeed.duration import SECOND
from calfeed.launchlibrary.client import Params
from calfeed.query.collection import Collection, R
from calfeed.record import Id
from calfeed.span import iso

MOST = 20
"""How many records are asked for that no bound leaves out."""
A_TENTH = 10

Heeded = Literal["known", "ignored", "unclear"]


class Dated(NamedTuple):
    """A record's date, when it was changed last, and its id."""

    date: datetime
    changed: datetime
    id: Id


@dataclass(frozen=True, slots=True)
class Probe(Generic[R]):
    """What is asked for: ``passing`` are let through, and ``early``, ``late`` and ``stale`` are
    each left out by one bound alone; None where no record is."""

    collection: Collection[R]
    early: Id | None
    late: Id | None
    stale: Id | None
    passing: tuple[Id, ...]
    first: datetime
    last: datetime
    since: datetime

    @property
    def left_out(self) -> tuple[Id | None, ...]:
        """One for each bound: ``first``, ``last``, ``since``."""
        return self.early, self.late, self.stale

    @property
    def ids(self) -> tuple[Id, ...]:
        """All that are asked for by their ids."""
        return (*(key for key in self.left_out if key is not None), *self.passing)

    @property
    def bounds(self) -> dict[str, datetime]:
        """The other filters, in the order of ``left_out``."""
        field = self.collection.date_field
        return {
            f"{field}__gte": self.first,
            f"{field}__lte": self.last,
            "last_updated__gte": self.since,
        }

    @property
    def params(self) -> Params:
        """As they are sent."""
        bounds = [(name, iso(bound)) for name, bound in self.bounds.items()]
        return [("id", ",".join(map(str, self.ids))), *bounds]


def choose_probe(collection: Collection[R], records: Sequence[R]) -> Probe[R] | None:
    """The probe with these records that tries most; None where they are too few, or too much
    alike."""
    dated = sorted(_dated(collection, records))
    by_change = sorted(dated, key=lambda record: record.changed)
    probes = [_probe(collection, dated, stale) for stale in (*by_change, None)]
    tried = [probe for probe in probes if probe is not None]
    return max(
        tried, key=lambda probe: sum(key is not None for key in probe.left_out), default=None
    )


def _probe(
    collection: Collection[R], dated: Sequence[Dated], stale: Dated | None
) -> Probe[R] | None:
    """The probe in which one record was changed too long ago; None where that makes none."""
    since = stale.changed + SECOND if stale else min((r.changed for r in dated), default=None)
    fresh = [record for record in dated if since and record.changed >= since]
    if since is None or len(fresh) < 2:
        return None
    middle = stale or fresh[len(fresh) // 2]
    early = fresh[0] if fresh[0].date < middle.date else None
    late = fresh[-1] if fresh[-1].date > middle.date else None
    first = early.date + SECOND if early else middle.date
    last = late.date - SECOND if late else middle.date
    passing = tuple(record.id for record in fresh if first <= record.date <= last)
    if not passing or not (early or late):
        return None
    return Probe(
        collection=collection,
        early=early.id if early else None,
        late=late.id if late else None,
        stale=stale.id if stale else None,
        passing=passing[:: -(-len(passing) // MOST)],
        first=first,
        last=last,
        since=since,
    )


def _dated(collection: Collection[R], records: Sequence[R]) -> Iterator[Dated]:
    for record in records:
        date, changed = collection.date(record), record.last_updated
        if date is not None and changed is not None:
            yield Dated(date, changed, record.id)


def heeded(probe: Probe[Any], answer: Answer[Any], total: int) -> dict[str, Heeded]:
    """What an answer to a probe shows of each filter; ``total`` is how many records there are.

    Where ids are ignored, or the page is smaller than it should be, those that the bounds leave
    out may just not be on it.
    """
    collection, records = probe.collection, answer.page.records
    dates = [at for record in records if (at := collection.date(record))]
    stamps = [record.last_updated for record in records if record.last_updated]
    violated = (
        any(at < probe.first for at in dates),
        any(at > probe.last for at in dates),
        any(at < probe.since for at in stamps),
    )
    others = not set(answer.page.ids) <= set(probe.ids)
    everything = others and answer.page.count >= total
    found: dict[str, Heeded] = {"id": "ignored" if others else "known"}
    for name, wrong, key in zip(probe.bounds, violated, probe.left_out, strict=True):
        tried = key is not None and answer.page.whole and not others
        found[name] = "ignored" if wrong or everything else "known" if tried else "unclear"
    return found


def lacking(probe: Probe[Any], answer: Answer[Any]) -> int:
    """How many of those that nothing leaves out did not come; none where they are a tenth of them
    at most, for records may change between two calls."""
    if not answer.page.whole:
        return 0
    missing = len(set(probe.passing) - set(answer.page.ids))
    return missing if missing > len(probe.passing) // A_TENTH else 0

"""Several filters tried in one call. Pure.

Some records of a page are asked for by their ids, and with bounds that each leave out one of them:
the earliest, the latest, and the one that was changed longest ago. Whichever comes back although a
bound leaves it out shows that this bound was ignored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal

from calfeed.checkup.answer import SECOND, Answer
from calfeed.launchlibrary.client import Params
from calfeed.mirror.intake import text
from calfeed.query.collection import Collection, R
from calfeed.record import Id

MOST = 20
"""How many records are asked for that no bound leaves out."""
A_TENTH = 10

Heeded = Literal["known", "ignored", "unclear"]


@dataclass(frozen=True, slots=True)
class Probe(Generic[R]):
    """What is asked for: ``passing`` are let through, and ``early``, ``late`` and ``stale`` are
    each left out by one bound alone."""

    collection: Collection[R]
    early: R
    late: R
    stale: R
    passing: tuple[R, ...]
    first: datetime
    last: datetime
    since: datetime

    @property
    def ids(self) -> tuple[Id, ...]:
        """All that are asked for by their ids."""
        return tuple(record.id for record in (self.early, self.late, self.stale, *self.passing))

    @property
    def params(self) -> Params:
        """As they are sent."""
        field = self.collection.date_field
        return [
            ("id", ",".join(map(str, self.ids))),
            (f"{field}__gte", text(self.first)),
            (f"{field}__lte", text(self.last)),
            ("last_updated__gte", text(self.since)),
        ]


def choose_probe(collection: Collection[R], records: Sequence[R]) -> Probe[R] | None:
    """A probe with these records; None where they are too few, or too much alike."""
    dated = sorted(_dated(collection, records), key=lambda found: found[0])
    for stale_date, changed, stale in sorted(dated, key=lambda found: found[1]):
        since = changed + SECOND
        fresh = [(date, record) for date, change, record in dated if change >= since]
        if len(fresh) <= 2:
            return None
        (earliest, early), (latest, late) = fresh[0], fresh[-1]
        first, last = earliest + SECOND, latest - SECOND
        passing = tuple(record for date, record in fresh if first <= date <= last)
        if first <= stale_date <= last and passing:
            some = passing[:: -(-len(passing) // MOST)]
            return Probe(collection, early, late, stale, some, first, last, since)
    return None


def _dated(
    collection: Collection[R], records: Sequence[R]
) -> Iterator[tuple[datetime, datetime, R]]:
    for record in records:
        date, changed = collection.date(record), record.last_updated
        if date is not None and changed is not None:
            yield date, changed, record


def heeded(probe: Probe[Any], answer: Answer[Any], total: int) -> dict[str, Heeded]:
    """What an answer to a probe shows of each filter; ``total`` is how many records there are.

    Where ids are ignored, or the page is smaller than it should be, those that the bounds leave
    out may just not be on it.
    """
    field, records = probe.collection.date_field, answer.page.records
    dates = [at for record in records if (at := probe.collection.date(record))]
    stamps = [record.last_updated for record in records if record.last_updated]
    wrong = {
        f"{field}__gte": any(at < probe.first for at in dates),
        f"{field}__lte": any(at > probe.last for at in dates),
        "last_updated__gte": any(at < probe.since for at in stamps),
    }
    others = not set(answer.page.ids) <= set(probe.ids)
    everything = others and answer.page.count >= total
    otherwise: Heeded = "known" if answer.page.whole and not others else "unclear"
    found: dict[str, Heeded] = {
        name: "ignored" if ignored or everything else otherwise for name, ignored in wrong.items()
    }
    by_id: Heeded = "ignored" if others else "known"
    return {"id": by_id, **found}


def lacking(probe: Probe[Any], answer: Answer[Any]) -> int:
    """How many of those that nothing leaves out did not come; none where they are a tenth of them
    at most, for records may change between two calls."""
    if not answer.page.whole:
        return 0
    missing = {record.id for record in probe.passing} - set(answer.page.ids)
    return len(missing) if len(missing) > len(probe.passing) // A_TENTH else 0

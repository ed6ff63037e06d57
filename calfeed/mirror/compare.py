"""Which kept records a page lacks, and which of them may leave. Pure.

A list of changes cannot show what was deleted; a page of a list can. A record leaves only when a
page lacks it and upstream does not know it by its id either, in an answer that holds others which
are surely there. Where many are missing at once, upstream is more likely to be at fault: then they
may leave only when that is still so a day later.
"""

from collections.abc import Collection as Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from calfeed.launchlibrary.page import Page
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.intake import in_order
from calfeed.mirror.state import ReconcileState
from calfeed.query.collection import R
from calfeed.record import Id

DAY = timedelta(days=1)
BELIEVED = 3
"""So many missing records are believed to be gone, however few there are."""
TWENTIETH = 20
"""Where more than a twentieth of them are missing at once, that is doubted."""


@dataclass(frozen=True, slots=True)
class Compared(Generic[R]):
    """What a page shows: the kept records that must be on it (``expected``), those of them that
    are not (``missing``), and the date at which the next page begins; None after the last."""

    expected: int
    missing: tuple[R, ...]
    reach: datetime | None


def compare(
    snapshot: Snapshot[R], page: Page[R], first: datetime | None, last: datetime | None,
    *, falling: bool,
) -> Compared[R]:  # fmt: skip
    """Compare what is kept from one date to another with a page of upstream's list of it.

    A page that is not the whole list shows nothing of the date at which it ends, for others that
    share it may not be on the page; and nothing at all where it is not in order.
    """
    date = snapshot.collection.date
    dates = [at for record in page.records if (at := date(record))]
    reach = None if page.whole else (dates[-1] if dates else None)
    if not page.whole and (reach is None or not in_order(dates, falling=falling)):
        return Compared(0, (), None)
    there = snapshot.between(first, last)
    if reach is not None:
        there = tuple(r for r in there if (date(r) != reach) and (date(r) > reach) == falling)  # type: ignore[operator]
    ids = set(page.ids)
    missing = () if page.nameless else tuple(record for record in there if record.id not in ids)
    return Compared(len(there), missing, reach)


def note_missing(
    state: ReconcileState, found: Compared[R], kept: int, now: datetime
) -> ReconcileState:
    """Remember which records are missing, and from when on each may leave."""
    new = [str(record.id) for record in found.missing if str(record.id) not in state.missing]
    if not new:
        return state
    on_page = max(BELIEVED, found.expected // TWENTIETH)
    in_a_day = max(BELIEVED, kept // TWENTIETH)
    pending = sum(at <= now for at in state.missing.values()) + _removed(state, now)
    believed = len(found.missing) <= on_page and pending + len(new) <= in_a_day
    at = now if believed else now + DAY
    return state.model_copy(update={"missing": dict.fromkeys(new, at) | state.missing})


def note_removed(state: ReconcileState, ids: Sized[Id], now: datetime) -> ReconcileState:
    """Forget those that left, but not how many."""
    gone = set(map(str, ids))
    recent = _removed(state, now)
    return state.model_copy(
        update={
            "missing": {key: at for key, at in state.missing.items() if key not in gone},
            "removed": recent + len(gone),
            "removed_since": state.removed_since if recent else now,
        }
    )


def _removed(state: ReconcileState, now: datetime) -> int:
    recent = state.removed_since is not None and now - state.removed_since < DAY
    return state.removed if recent else 0

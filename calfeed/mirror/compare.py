"""Which kept records a page lacks, and which of them may leave. Pure.

A list of changes cannot show what was deleted; a page of a list can. A record leaves only when a
page lacks it and upstream does not know it by its id either, in an answer that holds others which
are surely there. Where many are missing at once, upstream is more likely to be at fault: then they
may leave only when that is still so a day later.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from calfeed.duration import DAY, HOUR
from calfeed.launchlibrary.page import Page
from calfeed.mirror.dataset import Snapshot
from calfeed.mirror.state import ReconcileState
from calfeed.query.collection import R

BELIEVED = 3
"""Up to so many missing records are believed to be gone, however small the collection is."""
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
    state: ReconcileState, found: Compared[R], records: int, now: datetime
) -> ReconcileState:
    """Remember which records are missing, and whether to doubt it: ``records`` are kept in all."""
    new = {str(record.id) for record in found.missing} - state.missing.keys()
    if not new:
        return state
    on_page = max(BELIEVED, found.expected // TWENTIETH)
    in_a_day = max(BELIEVED, records // TWENTIETH)
    pending = len(state.missing.keys() - state.doubted) + _removed(state, now)
    believed = len(found.missing) <= on_page and pending + len(new) <= in_a_day
    return state.model_copy(
        update={
            "missing": dict.fromkeys(sorted(new), now) | state.missing,
            "doubted": state.doubted if believed else state.doubted | new,
        }
    )


def forget(state: ReconcileState, ids: Iterable[str]) -> ReconcileState:
    """Take some off the list of missing records."""
    there = state.missing.keys() & set(ids)
    if not there:
        return state
    missing = {key: at for key, at in state.missing.items() if key not in there}
    return state.model_copy(update={"missing": missing, "doubted": state.doubted - there})


def note_older(
    state: ReconcileState, listed: Collection[str], older: Collection[str], ask_from: datetime
) -> ReconcileState:
    """Remember which of those that a page ``listed`` are ``older`` on it than they are kept."""
    noted = {key: at for key, at in state.older.items() if key in older or key not in listed}
    noted = dict.fromkeys(sorted(older), ask_from) | noted
    return state if noted == state.older else state.model_copy(update={"older": noted})


def note_removed(state: ReconcileState, ids: Iterable[str], now: datetime) -> ReconcileState:
    """Forget those that left, but not how many left without doubt."""
    gone, recent = set(ids), _removed(state, now)
    removed = recent + len(gone - state.doubted)
    update = {"removed": removed, "removed_since": state.removed_since if recent else now}
    return forget(state, gone).model_copy(update=update)


def due_ids(state: ReconcileState, now: datetime) -> list[str]:
    """The ids to be asked for by now: those that may leave, what a page showed older than it is
    kept, and what could not be read."""
    if state.ask_from is not None and _waits(state.ask_from, now):
        return []
    due = may_leave(state, now)
    due += [key for key, at in state.older.items() if key not in due and not _waits(at, now)]
    if state.unread and (state.retried_at is None or _over(state.retried_at, HOUR, now)):
        due += sorted(state.unread - set(due))
    return due


def may_leave(state: ReconcileState, now: datetime) -> list[str]:
    """The missing ids that leave if they are not known by id either. While some are doubted, all
    that are missing wait for a day."""
    return [key for key, at in state.missing.items() if not state.doubted or _over(at, DAY, now)]


def _waits(until: datetime, now: datetime) -> bool:
    """Whether a moment is to be waited for; one far ahead was noted before a clock was set back."""
    return now < until <= now + HOUR


def _over(at: datetime, length: timedelta, now: datetime) -> bool:
    """Whether so much time has passed; a moment ahead was noted before a clock was set back."""
    return not timedelta(0) <= now - at < length


def _removed(state: ReconcileState, now: datetime) -> int:
    recent = state.removed_since is not None and now - state.removed_since < DAY
    return state.removed if recent else 0


def in_order(values: Iterable[datetime | None], *, falling: bool) -> bool:
    """Whether moments stand in order; those that are not there stand nowhere."""
    given = [value for value in values if value is not None]
    return given == sorted(given, reverse=falling)

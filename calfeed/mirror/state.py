"""What is stored beside the records: how complete they are, and how keeping them so went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from calfeed.record import Moment

MOST_RETRY = timedelta(hours=7)
"""No pause is longer; one that looks so was noted before this machine's clock was set back."""


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FillState(_Stored):
    """How much of a collection is there. It is fetched latest date first.

    Every record dated after ``since`` is there, and all of them once ``complete``. With ``again``
    everything is fetched once more, because something stored could not be read. ``began_at`` is
    when the first page was asked for, ``count`` how many records have a date.
    Where more records share a date than fit on a page, or upstream does not order them, those
    from ``block`` to ``since`` are paged through, from ``offset`` on, until all are there;
    ``passes`` counts how often. ``undated``: records without a date were looked for too.
    """

    complete: bool = False
    again: bool = False
    began_at: Moment | None = None
    since: Moment | None = None
    offset: int | None = None
    block: Moment | None = None
    passes: int = 0
    count: int = 0
    undated: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is left to fetch."""
        return self.complete and not self.again


class ChangesState(_Stored):
    """Up to where changes are in.

    ``as_of`` is when the records were last known to be current. Every change before ``synced_to``
    is in. In the middle of a long list ``reached`` is the change up to which it was read; where a
    page's worth of changes and more bear that very second, ``date`` is the date down to which
    these were read. ``offset`` is how far a list was read whose order cannot be relied on, and
    ``began_at`` when that began. ``probed_at`` is when the newest changes were last looked at,
    ``changed_at`` when anything was last taken in.
    """

    as_of: Moment | None = None
    synced_to: Moment | None = None
    reached: Moment | None = None
    date: Moment | None = None
    offset: int | None = None
    began_at: Moment | None = None
    probed_at: Moment | None = None
    changed_at: Moment | None = None

    @property
    def unfinished(self) -> bool:
        """Whether a list of changes was read in part."""
        return self.reached is not None or self.offset is not None


class ReconcileState(_Stored):
    """How far the comparison with upstream has come.

    Pages: ``looked_at`` is when one was last compared, ``walked_at`` when one of the walk over
    everything was. ``ahead`` and ``walk`` are the dates at which the next pages begin, of what is
    ahead and of everything. Where more records share the date ``walk`` than fit on a page, these
    are paged through from ``walk_offset`` on. ``ahead_at`` is when what is ahead was last compared
    to its end.

    Missing: ``missing`` has the ids that some page lacked, with the moment at which that was
    noticed. They are asked for by id, from ``ask_from`` on, and leave if that answer lacks them
    too. Those that are ``doubted``, being too many at once, are asked for a day later. ``removed``
    counts those that left without doubt since ``removed_since``.

    Older: ``older`` has the ids that a page showed with an earlier ``last_updated`` than is kept,
    with the moment from which on they are asked for by id. That answer is taken in.

    Unread: ``unread`` exist upstream but could not be read; ``retried_at`` is when they were last
    asked for.
    """

    looked_at: Moment | None = None
    walked_at: Moment | None = None
    ahead: Moment | None = None
    ahead_at: Moment | None = None
    walk: Moment | None = None
    walk_offset: int | None = None
    missing: dict[str, Moment] = {}
    doubted: frozenset[str] = frozenset()
    ask_from: Moment | None = None
    removed: int = 0
    removed_since: Moment | None = None
    older: dict[str, Moment] = {}
    unread: frozenset[str] = frozenset()
    retried_at: Moment | None = None


class LastRound(_Stored):
    """How the last round of refreshing went. The next one is due when a process finds it so by its
    own settings, but not before ``retry_at``."""

    ended_at: Moment
    failures: int = 0
    error: str = ""
    retry_at: Moment | None = None

    def pause(self, now: datetime) -> timedelta:
        """How long there is still to wait; nothing once it is over."""
        if self.retry_at is None or not now < self.retry_at <= now + MOST_RETRY:
            return timedelta(0)
        return self.retry_at - now


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one collection's records."""

    fill: FillState = FillState()  # noqa: RUF009  it is frozen
    changes: ChangesState = ChangesState()  # noqa: RUF009
    reconcile: ReconcileState = ReconcileState()  # noqa: RUF009

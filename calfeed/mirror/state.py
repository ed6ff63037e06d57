"""What is noted beside the kept events: what they cover, and how keeping them went."""

from pydantic import BaseModel, ConfigDict

from calfeed.record import Moment


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True)


class Asked(_Note):
    """A question whose whole answer is among the events.

    ``missing`` are events that its newest answer no longer held; they stay until the next answer
    lacks them too.
    """

    as_of: Moment
    ids: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()


class DateRange(_Note):
    """The time after one date up to another, without bounds where they are None. ``excess`` is how
    many more events are kept of it than upstream counts; negative where upstream has more."""

    after: Moment | None = None
    until: Moment | None = None
    excess: int = 0


class SyncState(_Note):
    """How much of everything is there.

    While it is being filled, latest date first: ``since`` is the date later than which every event
    is known, ``offset`` where the next page starts, ``count`` how many events there were to come,
    ``began`` when the first page was asked for.
    Once ``complete``: ``as_of`` is when it was last known to be current, ``synced_to`` the
    ``last_updated`` up to which changes were seen. ``suspects`` were missing from a list once;
    ``unread`` exist upstream but could not be read, as ``retried_at`` showed once more; ``todo``
    is where lost events are still to be searched for; ``checked`` is down to which date all of it
    was compared, at ``checked_at``.
    """

    complete: bool = False
    since: Moment | None = None
    offset: int = 0
    count: int = 0
    began: Moment | None = None
    as_of: Moment | None = None
    synced_to: Moment | None = None
    suspects: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()
    retried_at: Moment | None = None
    todo: tuple[DateRange, ...] = ()
    checked: Moment | None = None
    checked_at: Moment | None = None


class LastSync(_Note):
    """How refreshing went: what the next round's time follows from, and what a person is told.
    ``terms`` are the settings it was worked out from."""

    next_at: Moment
    ended_at: Moment
    failures: int = 0
    error: str = ""
    swept_at: Moment | None = None
    terms: str = ""

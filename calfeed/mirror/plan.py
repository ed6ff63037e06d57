"""What to do next, going by what is kept and how many calls are left. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from calfeed.duration import HOUR
from calfeed.launchlibrary.page import PAGE
from calfeed.mirror.compare import due_ids
from calfeed.mirror.dataset import Dataset
from calfeed.span import Shape, precision
from calfeed.store import LEDGER_SECONDS, Calls

StepKind = Literal["fill", "changes", "ask", "ahead", "walk"]

GOALS = (timedelta(days=1), timedelta(days=90))
"""How far back every collection is filled before any of them is filled further."""
SMALL = 1500
"""A collection of at most so many records is filled to its end before a larger one."""
NEAR = timedelta(hours=1)
"""How near a timed record has to be for looking at changes more often."""
NEAR_EVERY = timedelta(minutes=4, seconds=45)
AHEAD_EVERY = 2
"""What is ahead is compared with upstream again after so many times ``fresh_for``."""
PLENTY = 10
"""With at least so many calls an hour, one is kept in reserve."""
WALK_WITHIN = timedelta(hours=18)
"""How long a walk over everything takes where there are calls for it."""
COMPARE_EVERY = 2 / 3
"""A page is compared no sooner after another than this part of ``fresh_for``."""


class Step(NamedTuple):
    """One call to Launch Library: what it is for, and which dataset it serves."""

    kind: StepKind
    dataset: Dataset[Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often each job is done, so that data is no older than ``fresh_for`` at so many calls."""

    fresh_for: timedelta
    calls_per_hour: int

    def changes_every(self, datasets: Sequence[Dataset[Any]], now: datetime) -> list[timedelta]:
        """How often each dataset's changes are looked at: a little more often than they have to
        be, but with three fifths of the calls at most, or half of them while something is filled;
        more often near a timed record, as long as there are calls."""
        filling = any(not dataset.draft.fill.done for dataset in datasets)
        calls = self.calls_per_hour
        share = calls * 0.5 if filling else min(calls * 0.6, max(calls - 1, 0.45))
        every = max(
            0.95 * self.fresh_for, timedelta(seconds=len(datasets) * LEDGER_SECONDS / share)
        )
        near = (is_near(dataset, now) for dataset in datasets)
        return [min(every, NEAR_EVERY) if close else every for close in near]

    @property
    def probe_every(self) -> timedelta:
        """How often the newest changes are looked at while a long list is read: with every fourth
        call at the most."""
        return max(self.fresh_for, 4 * HOUR / self.calls_per_hour)

    def reconcile_every(self, changes_every: Sequence[timedelta]) -> timedelta:
        """How often a page is compared: with the calls that changes leave, but for one."""
        for_changes = sum(HOUR / every for every in changes_every)
        left = self.calls_per_hour - 1 - for_changes
        paced = timedelta(seconds=3600 / left if left > 0.5 else 7200)
        return max(COMPARE_EVERY * self.fresh_for, paced)


def next_step(
    datasets: Sequence[Dataset[Any]], now: datetime, calls: Calls, pace: Pace,
    no_changes: Collection[str] = (),
) -> Step | None:  # fmt: skip
    """The most useful call; None where nothing is due, or has calls to spare. The changes of
    datasets named in ``no_changes`` are not looked at.

    Of a collection that is new, what is ahead comes first, and all of a small one within the hour.
    Then what changed has precedence.
    """
    young = [dataset for dataset in datasets if _is_young(dataset, now)]
    for goal in GOALS:
        for dataset in young:
            if not _reaches(dataset, now - goal):
                return Step("fill", dataset)
    for dataset in young:
        if dataset.draft.fill.count <= SMALL:
            return Step("fill", dataset)
    every = pace.changes_every(datasets, now)
    left = pace.calls_per_hour - len(calls.ages)
    due = [
        dataset
        for dataset, pause in zip(datasets, every, strict=True)
        if dataset.collection.name not in no_changes
        and _changes_due(dataset, now, _sooner(pause, pace, left, datasets))
    ]
    if due:
        return Step("changes", min(due, key=lambda d: (d.draft.changes.unfinished, d.as_of or now)))
    for dataset in datasets:
        if due_ids(dataset.draft.reconcile, now):
            return Step("ask", dataset)
    return _in_spare_time(datasets, now, calls, pace, every)


def _sooner(every: timedelta, pace: Pace, left: int, datasets: Sequence[Dataset[Any]]) -> timedelta:
    """While most calls are left and nothing is filled, changes are looked at as soon as wished."""
    filling = any(not dataset.draft.fill.done for dataset in datasets)
    plenty = left > max(1, pace.calls_per_hour // 2) and not filling
    return min(every, 0.95 * pace.fresh_for) if plenty else every


def _in_spare_time(
    datasets: Sequence[Dataset[Any]], now: datetime, calls: Calls, pace: Pace,
    every: Sequence[timedelta],
) -> Step | None:  # fmt: skip
    dues = _changes_ahead(datasets, now, every)
    filling = [d for d in datasets if not (d.draft.fill.done and d.draft.fill.undated)]
    if filling and _can_spare(calls, pace.calls_per_hour, dues, 1):
        return Step("fill", min(filling, key=lambda d: (_goals_left(d, now), d.draft.fill.count)))
    begun = [d for d in datasets if d.as_of is not None and _reaches(d, now - GOALS[0])]
    spare = 1 if pace.calls_per_hour < PLENTY else 2
    if not begun or not _can_spare(calls, pace.calls_per_hour, dues, spare):
        return None
    half_done = [d for d in begun if d.draft.reconcile.ahead is not None]
    if half_done and not filling:
        return Step("ahead", half_done[0])
    looked_at = max((at for d in begun if (at := d.draft.reconcile.looked_at)), default=None)
    pause = pace.reconcile_every(every)
    if not _past(looked_at, pause, now):
        return None
    ahead_every = max(
        AHEAD_EVERY * pace.fresh_for, 1.5 * len(datasets) * pause
    )  # the past gets its turns too
    ahead = [d for d in begun if _past(d.draft.reconcile.ahead_at, ahead_every, now)]
    if ahead:
        return Step("ahead", min(ahead, key=lambda d: d.draft.reconcile.ahead_at or d.as_of or now))
    whole = [d for d in begun if d.draft.fill.done]
    first = min(whole, key=lambda d: _walk_due(d, now), default=None)
    return Step("walk", first) if first else None


def _walk_due(dataset: Dataset[Any], now: datetime) -> datetime:
    """When the next page of the walk is due, for the whole to be done in time. A large collection
    is always late, and gets all the turns that the others leave."""
    pages = 1 + len(dataset.records) // PAGE
    walked_at = dataset.draft.reconcile.walked_at or dataset.as_of or now
    return walked_at + WALK_WITHIN / pages


def comes_first(dataset: Dataset[Any], now: datetime) -> bool:
    """Whether the next call that is free goes into filling it."""
    lacking = any(not _reaches(dataset, now - goal) for goal in GOALS)
    return _is_young(dataset, now) and (lacking or dataset.draft.fill.count <= SMALL)


def idle(datasets: Sequence[Dataset[Any]], now: datetime, calls: Calls, pace: Pace) -> timedelta:
    """For how long :func:`next_step` will go on finding nothing: until the next call comes free, or
    changes are due."""
    dues = _changes_ahead(datasets, now, pace.changes_every(datasets, now))
    frees = [LEDGER_SECONDS - age for age in calls.ages[:1]]
    return timedelta(seconds=max(1.0, min([*dues[:1], *frees, calls.blocked or 600.0])))


def is_near(dataset: Dataset[Any], now: datetime) -> bool:
    """Whether a record whose time of day is known is about to begin, or has just begun."""
    collection = dataset.collection
    for record in dataset.snapshot().between(now - NEAR, now + NEAR):
        date = collection.date(record)
        if date and precision(date, collection.precision(record)).shape is Shape.TIMED:
            return True
    return False


def _is_young(dataset: Dataset[Any], now: datetime) -> bool:
    fill = dataset.draft.fill
    return not fill.done and (fill.began_at is None or abs(now - fill.began_at) < HOUR)


def _reaches(dataset: Dataset[Any], goal: datetime) -> bool:
    fill = dataset.draft.fill
    return fill.done or (fill.since is not None and fill.since < goal)


def _goals_left(dataset: Dataset[Any], now: datetime) -> int:
    return -sum(_reaches(dataset, now - goal) for goal in GOALS)


def _changes_due(dataset: Dataset[Any], now: datetime, every: timedelta) -> bool:
    state = dataset.draft.changes
    return state.as_of is not None and (state.unfinished or _past(state.as_of, every, now))


def _past(at: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether so much time has passed; a moment ahead was noted before a clock was set back."""
    return at is None or now - at >= every or at - now > every


def _changes_ahead(
    datasets: Sequence[Dataset[Any]], now: datetime, every: Sequence[timedelta]
) -> list[float]:
    """In how many seconds changes will be looked at in the next hour."""
    dues: list[float] = []
    for dataset, pause in zip(datasets, every, strict=True):
        at = max(0.0, ((dataset.as_of or now) + pause - now).total_seconds())
        while at < LEDGER_SECONDS:
            dues.append(at)
            at += pause.total_seconds()
    return sorted(dues)


def _can_spare(calls: Calls, allowed: int, dues: Sequence[float], spent: int) -> bool:
    """Whether there will be a call at each of ``dues``, in seconds from now, if ``spent`` are made
    now. Calls come free as those of the last hour grow older."""
    left = allowed - len(calls.ages) - spent
    if calls.blocked or left < 0:
        return False
    for count, due in enumerate(dues, 1):
        freed = sum(age + due >= LEDGER_SECONDS for age in calls.ages)
        if left + freed < count:
            return False
    return True

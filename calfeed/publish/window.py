"""What of the calendar a moving window shows, and how long that stays so. Pure."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from calfeed.duration import DAY
from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.query.options import Options
from calfeed.query.query import RECENT, View
from calfeed.span import moment

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last moment at which something holds; None where there is no bound."""

    since: datetime | None
    until: datetime | None

    def at(self, now: datetime) -> bool:
        """Whether it holds then."""
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or now <= self.until)


class Window(NamedTuple):
    """The first moment of a moving window, and the first after it; None where it has no bound."""

    first: datetime | None
    last: datetime | None

    def shows(self, start: datetime, end: datetime) -> bool:
        """Whether what lasts from one moment to another lies in it, if only in part."""
        return (self.first is None or end > self.first) and (self.last is None or start < self.last)


def window(options: Options, today: date) -> Window:
    """The window around a day that ``past`` and ``future`` ask for."""
    midnight = moment(today)
    return Window(
        None if options.past is None else midnight - options.past,
        None if options.future is None else midnight + DAY + options.future,
    )


def in_window(entries: list[Placed], options: Options, now: datetime) -> list[Placed]:
    """Those of entries in order of start that lie in the window, if only in part."""
    first, last = window(options, now.date())
    if last is not None:
        entries = entries[: bisect_left(entries, last, key=attrgetter("start"))]
    if first is not None:
        entries = [entry for entry in entries if entry.end > first]
    return entries


def validity(result: Result) -> Validity:
    """How long the passing of time alone leaves what a result shows as it is."""
    query, now = result.query, result.now
    since: list[datetime] = []
    until: list[datetime] = []
    if query.options.past is not None or query.options.future is not None:
        midnight = moment(now.date())
        since.append(midnight)
        until.append(midnight + DAY - MOMENT)
    if query.view is not View.ALL:
        for snapshot in result.snapshots:
            for after in (timedelta(0), RECENT):  # when a record may pass from one view to another
                turned = bisect_left(snapshot.dates, now - after)
                since += [date + after for date in snapshot.dates[max(0, turned - 1) : turned]]
                until += [date + after for date in snapshot.dates[turned : turned + 1]]
    return Validity(max(since, default=None), min(until, default=None))

"""What of the calendar a moving window shows, and how long that stays so. Pure."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter

from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.query.options import Options
from calfeed.query.query import RECENT, View
from calfeed.span import DAY

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


def window(options: Options, today: date) -> tuple[datetime | None, datetime | None]:
    """The first moment of the moving window, and the first after it; None where it has no bound."""
    midnight = datetime.combine(today, time(), UTC)
    first = None if options.past is None else midnight - options.past
    last = None if options.future is None else midnight + DAY + options.future
    return first, last


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
        midnight = datetime.combine(now.date(), time(), UTC)
        since.append(midnight)
        until.append(midnight + DAY - MOMENT)
    if query.view is not View.ALL:
        for snapshot in result.snapshots:
            for after in (timedelta(0), RECENT):  # when a record may pass from one view to another
                turned = bisect_left(snapshot.dates, now - after)
                since += [date + after for date in snapshot.dates[max(0, turned - 1) : turned]]
                until += [date + after for date in snapshot.dates[turned : turned + 1]]
    return Validity(max(since, default=None), min(until, default=None))

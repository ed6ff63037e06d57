"""Which kept events are gone upstream, and which are there that are not kept. Pure.

A list of changes cannot show what was deleted. A page of a list can: it names every event between
two dates, and its ``count`` says how many there are in all. Where counts differ is searched for by
halves. Dates bound what is compared, for offsets shift while data changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from calfeed.events.model import Event
from calfeed.launchlibrary.page import PAGE, Page
from calfeed.mirror.state import DateRange


@dataclass(frozen=True, slots=True)
class Found:
    """What comparing one page with what is kept showed.

    ``lost`` are kept but not listed where they should be, ``new`` are listed but not kept;
    ``rest`` are the stretches the page does not reach and whose counts differ; ``reach`` is the
    date the page ends at, None where it is the last one.
    """

    lost: frozenset[int]
    new: frozenset[int]
    rest: tuple[DateRange, ...]
    reach: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What is known before the comparison: events with a date, latest first; all ids that need no
    second look; those of them that were malformed last; and how many of these are not kept and may
    lie anywhere: as many more upstream than here need no explanation."""

    events: tuple[Event, ...]
    known: frozenset[int]
    unread: frozenset[int]
    unplaced: int

    def within(self, stretch: DateRange) -> tuple[Event, ...]:
        """The events of a stretch."""
        after, until = stretch.after, stretch.until
        return tuple(
            event
            for event in self.events
            if (until is None or _date(event) <= until) and (after is None or _date(event) > after)
        )


def held(events: Iterable[Event], unread: frozenset[int]) -> Held:
    """What is kept, beside what is upstream and could not be read."""
    kept = list(events)
    ordered = sorted((e for e in kept if e.date), key=lambda e: (_date(e), e.id), reverse=True)
    ids = frozenset(event.id for event in kept)
    return Held(tuple(ordered), ids | unread, unread, len(unread - ids))


def middle(stretch: DateRange, have: Held) -> datetime | None:
    """The date up to which to list next: the page then lies around the stretch's middle."""
    events = have.within(stretch)
    if (stretch.after is None and stretch.excess == 0) or len(events) <= PAGE:
        return stretch.until
    return _date(events[(len(events) - PAGE) // 2])


def compare(stretch: DateRange, page: Page, until: datetime | None, have: Held) -> Found | None:
    """Compare a stretch with the page that lists its events up to ``until``, latest first.

    ``page.count`` counts all dated events of the stretch up to ``until``. None where the page
    cannot be what was asked for.
    """
    if not _fits(stretch, page, until):
        return None
    reach = _reach(page) or stretch.after
    upto = have.within(DateRange(after=stretch.after, until=until))
    older = tuple(e for e in upto if reach is not None and _date(e) <= reach)
    on_page = frozenset(e.id for e in upto[: len(upto) - len(older)])
    listed_older = sum(e.date is not None and reach is not None and e.date <= reach
                       for e in page.events)  # fmt: skip
    excess_older = len(older) - (page.count - page.size + listed_older)
    excess_later = stretch.excess - (len(upto) - page.count)
    rest = []
    if until is not None and until != stretch.until:
        rest.append(DateRange(after=until, until=stretch.until, excess=excess_later))
    if reach != stretch.after and (reach is None or reach != until):
        rest.append(DateRange(after=stretch.after, until=reach, excess=excess_older))
    odd = (one for one in rest if one.excess > 0 or one.excess < -have.unplaced)
    lost = on_page - frozenset(page.ids) - have.unread
    if len(set(page.ids)) != page.size:  # some id could not be read: any of them may be the one
        lost = frozenset()
    return Found(lost, frozenset(page.ids) - have.known, tuple(odd), _reach(page))


def _fits(stretch: DateRange, page: Page, until: datetime | None) -> bool:
    """Whether the page can be what was asked for: in order, within bounds, and with dates."""
    dates = [event.date for event in page.events if event.date]
    outside = any(
        (until is not None and date > until)
        or (stretch.after is not None and date <= stretch.after)
        for date in dates
    )
    return not outside and dates == sorted(dates, reverse=True) and bool(dates or not page.count)


def _reach(page: Page) -> datetime | None:
    """The date down to which the page lists everything; None where it reaches the list's end."""
    if page.size >= page.count:
        return None
    return min(event.date for event in page.events if event.date)


def _date(event: Event) -> datetime:
    assert event.date is not None  # noqa: S101  only dated events are compared
    return event.date

"""Bringing the copy up to date, and writing calendars from it."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from calfeed.errors import CalfeedError, NoData
from calfeed.export.files import Change, compare, put
from calfeed.export.page import ExportedCalendar, ExportPage, render
from calfeed.export.wanted import Wanted
from calfeed.feeds import COLOR, Feed
from calfeed.mirror.result import Result
from calfeed.publish.publisher import Publisher
from calfeed.publish.rendered import RenderedFeed
from calfeed.publish.select import Selector
from calfeed.publish.titles import title
from calfeed.runtime import Runtime
from calfeed.web.page.cards import Card, coming, make_cards
from calfeed.web.page.links import LARGEST_FOR_GOOGLE

log = logging.getLogger(__name__)

FileState = Change | Literal["failed"]

PATIENCE = timedelta(seconds=30)
"""Filling an empty copy is tried again after no longer a pause than this."""
MOST_TRIES = 3
_SAMPLE_MARK = b"(sample data)"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: a folder, and the address at which a host serves it, where that is known.

    With ``check`` nothing is written. With ``keep_real`` sample data replaces nothing but itself.
    """

    folder: Path
    base: str | None = None
    check: bool = False
    keep_real: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, or would become of it. ``error`` says why it failed."""

    path: str
    state: FileState
    events: int | None = None
    size: int = 0
    error: str = ""

    @property
    def too_large(self) -> bool:
        """Whether it is a calendar that Google is reported to refuse."""
        return self.events is not None and self.size >= LARGEST_FOR_GOOGLE


async def bring_up_to_date(runtime: Runtime) -> str:
    """Fill the mirror, or refresh it where that is due. Returns why that failed, else nothing.

    A fill that fails is tried again after a short pause; a mirror that is complete can do without.
    """
    try:
        while (trouble := await _round(runtime)) is None:
            await runtime.replica.changed(0.5)  # a pause, or another process that fills it
            await runtime.replica.look()
        return trouble
    finally:
        await runtime.scheduler.stop()


async def _round(runtime: Runtime) -> str | None:
    """A round, if one is due. None where another has to follow."""
    due = runtime.scheduler.due
    await runtime.scheduler.once()
    last, complete = runtime.replica.last_round, runtime.replica.complete
    if last and last.retry_at and not (complete and not last.failures):
        pause = last.retry_at - last.ended_at
        error = last.error or "this hour's calls are used"
        if complete or pause > PATIENCE or last.failures >= MOST_TRIES:
            return f"{error} (next try from {last.retry_at:%H:%M} UTC on)"
        if due and last.failures:
            log.warning("%s; trying again in %.0f s", error, pause.total_seconds())
        return None
    return "" if complete else None


class Export:
    """Writes calendars one by one, and at the end the page that presents them.

    ``trouble`` says why the copy could not be brought up to date, where it could not.
    """

    def __init__(self, runtime: Runtime, target: Target, trouble: str = "") -> None:
        self._runtime = runtime
        self._publisher = Publisher(runtime.repository)
        self._target = target
        self.trouble = trouble
        self._calendars: list[ExportedCalendar] = []
        self._sample = False
        self.as_of: datetime | None = None
        """How current the oldest of the data published is; None for sample data."""

    async def write(self, wanted: Wanted) -> Outcome:
        """Write one calendar, if its bytes have changed. Where that fails the old file stays."""
        path = self._target.folder / wanted.path
        card = Card(_feed(wanted))
        try:
            feed, result = await self._publish(wanted)
            self._may_replace(path, result)
            card = _card(wanted, result, self._publisher.selector)
            state = self._put(path, feed.body)
            outcome = Outcome(wanted.path, state, feed.events, len(feed.body))
            self._note(result)
        except (CalfeedError, OSError) as error:
            outcome = Outcome(wanted.path, "failed", error=_reason(error))
        if outcome.state != "failed" or path.is_file():
            own = wanted.request.feed is None
            self._calendars.append(ExportedCalendar(card, own=own, too_large=outcome.too_large))
        return outcome

    def write_page(self) -> Outcome:
        """Write the page of the calendars that are there, if its bytes have changed."""
        page = ExportPage(tuple(self._calendars), self._target.base, self.as_of, self._sample)
        body = render(page).encode()
        try:
            state = self._put(self._target.folder / "index.html", body)
        except OSError as error:
            return Outcome("index.html", "failed", error=_reason(error))
        return Outcome("index.html", state, size=len(body))

    async def _publish(self, wanted: Wanted) -> tuple[RenderedFeed, Result]:
        request, runtime = wanted.request, self._runtime
        if self.trouble and not runtime.repository.covers(request.query):  # nobody will fetch it
            raise NoData("no data is kept for it", 60)
        if self._target.base:
            request = replace(request, source=f"{self._target.base}/{quote(wanted.path)}")
        return await self._publisher.publish(request, "ics")

    def _may_replace(self, path: Path, result: Result) -> None:
        real = self._target.keep_real and path.is_file() and _SAMPLE_MARK not in path.read_bytes()
        if real and result.sample:
            raise NoData("only sample data is there, which does not replace real data", 60)

    def _put(self, path: Path, body: bytes) -> Change:
        return (compare if self._target.check else put)(path, body)

    def _note(self, result: Result) -> None:
        if result.sample:
            self._sample = True
        else:
            self.as_of = min(self.as_of or result.as_of, result.as_of)


def _feed(wanted: Wanted, result: Result | None = None) -> Feed:
    """The named feed; a query of one's own is made to look like one."""
    query = wanted.request.query
    named = title(query, result.snapshots if result else ())
    feed = wanted.request.feed or Feed(
        slug=wanted.name,
        name=query.options.name or named.name,
        description=named.description,
        color=COLOR,
        section="theme",
        query=query,
    )
    sample = result and result.sample
    return replace(feed, name=f"{feed.name} (sample data)") if sample else feed


def _card(wanted: Wanted, result: Result, selector: Selector) -> Card:
    (card,) = make_cards([_feed(wanted, result)], coming(result, selector), selector)
    return card


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)

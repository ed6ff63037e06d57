"""A look at a fake Launch Library, and what was found there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from yarl import URL

from calfeed.catalog import COLLECTIONS
from calfeed.checkup.finding import Checkup
from calfeed.checkup.run import MOST_CALLS, check
from tests.fake import FakeLaunchLibrary, Record, make_events, many_launches, stamp
from tests.support.mirror import NOW, Clock, Running, running


def _shuffled(records: list[Record]) -> list[Record]:
    """Changed in an order that has nothing to do with dates or ids."""
    return [
        record | {"last_updated": stamp(NOW - timedelta(hours=1 + at * 37 % len(records)))}
        for at, record in enumerate(records)
    ]


EVENTS = _shuffled(make_events(120, now=NOW))
LAUNCHES = _shuffled(many_launches(40, now=NOW, ahead=20))
EVENTS_ORDER = ("note", "events: order")
"""Events cannot be ordered by id, as far as is known."""


@asynccontextmanager
async def library(**changes: Any) -> AsyncIterator[FakeLaunchLibrary]:
    """Launch Library with some events and launches, 15 calls an hour, and these changes."""
    clock = Clock()
    async with FakeLaunchLibrary(EVENTS, LAUNCHES, now=clock, calls_per_hour=15) as ll:
        for name, value in changes.items():
            setattr(ll, name, value)
        yield ll


async def look(ll: FakeLaunchLibrary, clock: Clock | None = None, **changes: Any) -> Checkup:
    """A look at it, never with more calls than are told, nor than may be."""
    async with running(ll, clock or Clock(), **changes) as process:
        return await look_with(process, **changes)


async def look_with(process: Running, base: str = "", token: str = "", **_: Any) -> Checkup:
    """The same in a process that is there."""
    before = len(process.ll.calls)
    checkup = await check(
        process.api, process.budget, COLLECTIONS.values(),
        url=URL(base or process.ll.url), with_key=bool(token), clock=process.clock,
    )  # fmt: skip
    assert len(process.ll.calls) - before <= checkup.calls <= MOST_CALLS
    return checkup


def found(checkup: Checkup, about: str) -> list[tuple[str, str]]:
    """Verdict and words of all that was found about something."""
    return [(one.verdict, one.found) for one in checkup.findings if one.about == about]


def advice(checkup: Checkup, words: str) -> str:
    """What calfeed does about that which was found in such words."""
    (finding,) = [one for one in checkup.findings if words in one.found]
    return finding.calfeed


def lacks(checkup: Checkup) -> set[tuple[str, str]]:
    """What is not all well, in short."""
    return {(one.verdict, one.about) for one in checkup.findings if one.verdict != "ok"}

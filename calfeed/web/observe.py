"""What every request leaves behind: a measurement, and a line in the log."""

import asyncio
import logging
from dataclasses import dataclass
from time import perf_counter

from aiohttp import web

from calfeed.metrics import Metrics
from calfeed.web.problem import Handler

log = logging.getLogger("calfeed.request")

PAUSE = 0.01
"""Seconds for which lines are gathered once one was written: a record of the log for each would
cost as much as answering. Not longer, for a great many at once would hold up those who ask."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is told of an answer: its route (never its address: those are endless), its status,
    whether a feed in it was fresh, and what its line says."""

    route: str
    status: int
    cache: str | None
    line: str

    @classmethod
    def of(cls, request: web.Request, response: web.StreamResponse) -> "Seen":
        """What is told of this one."""
        resource = request.match_info.route.resource
        told = response.headers.get("Cache-Status")
        cache = told and ("stale" if "stale" in told else "hit" if "hit" in told else "miss")
        length = 0 if request.method == "HEAD" else response.content_length or 0
        route, status = resource.canonical if resource else "none", response.status
        return cls(route, status, cache, f"{status} {length} bytes")


class Observer:
    """Measures and logs requests."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._lines: list[str] = []
        self._pausing: asyncio.TimerHandle | None = None

    def saw(self, request: web.Request, seen: Seen, seconds: float) -> None:
        """One request was answered."""
        self._metrics.request(seen.route, seen.status, seconds)
        if seen.cache:
            self._metrics.answer(seen.cache)
        self._write(request, seen.line, seconds)

    def lost(self, request: web.Request, seconds: float) -> None:
        """One was broken off."""
        self._write(request, "broken off", seconds)

    def _write(self, request: web.Request, told: str, seconds: float) -> None:
        path = request.raw_path[:300]
        self._lines.append(f"{request.method} {path} {told} in {seconds * 1000:.1f} ms")
        if self._pausing is None:
            self.flush()
            self._pausing = asyncio.get_running_loop().call_later(PAUSE, self._go_on)

    def _go_on(self) -> None:
        self._pausing = None
        if self._lines:
            self.flush()
            self._pausing = asyncio.get_running_loop().call_later(PAUSE, self._go_on)

    def flush(self) -> None:
        """Write what is gathered."""
        if self._lines:
            log.info("%s", "\n".join(self._lines))
            self._lines.clear()


class EachLineStamped(logging.Formatter):
    """Gives every line of a record its time and level: requests come several at once."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        text = super().format(record)
        if record.name != log.name:
            return text
        stamp = text[: text.index(record.message)]
        return text.replace("\n", f"\n{stamp}")


OBSERVER = web.AppKey("observer", Observer)


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell of every request, also of one that was broken off."""
    observer, began = request.app[OBSERVER], perf_counter()
    try:
        response = await handler(request)
    except BaseException:
        observer.lost(request, perf_counter() - began)
        raise
    observer.saw(request, Seen.of(request, response), perf_counter() - began)
    return response

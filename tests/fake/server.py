"""A Launch Library of our own, as a real server on 127.0.0.1."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from multidict import CIMultiDict

from . import paging
from .calls import Call
from .contents import Contents, utc_now
from .faults import Fault, drop, failed, is_dropped, json_answer, refusal
from .launches.record import launch
from .parts import Record
from .throttle import Throttle, busiest_hour

LONG_AGO = launch("e3df2ecd-c239-472f-95e4-2b89b4f75800", "Sputnik 8K74PS | Sputnik 1", rocket=905,
                  net="1957-10-04T19:28:34Z", last_updated="2021-05-20T12:00:00Z")  # fmt: skip
"""Shows in no calendar that does not look back for ever."""


class FakeLaunchLibrary(Contents):
    """Launch Library 2 with both versions of its API, failing on demand.

    It is never without any launch: unless others are given, it has the first of all.

    Use it as `async with FakeLaunchLibrary(events, launches, now=clock) as ll:`. All attributes
    may be changed while it runs, and count from the next request on. Records are detailed ones
    of 2.3.0; the 2.2.0 paths serve the same ones in their own shape.
    """

    def __init__(
        self,
        events: Iterable[Record] = (),
        launches: Iterable[Record] | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        older: bool = False,
        calls_per_hour: int | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(events, [LONG_AGO] if launches is None else launches, older=older)
        self.now = now
        self.throttle = Throttle(calls_per_hour)
        self.keys: set[str] | None = None
        """The keys it knows, others being answered 401; None takes any."""
        self.send_retry_after = False
        self.throttle_as_list = True
        """The specification has /api-throttle/ answer a list of one object; False: the object."""
        self.throttle_changes: dict[str, Any] = {}
        """Replaces keys in the answer of /api-throttle/, e.g. `{"next_use_secs": -3}`."""
        self.gzip = True
        self.delay = 0.0
        """Seconds before every answer about events or launches."""
        self.fault: Fault | None = None
        """Hits every call it is meant for, until it is taken away."""
        self.faults: list[Fault | None] = []
        """Hit one call each: a call takes the first one meant for it; None answers well."""
        self.calls: list[Call] = []
        """All requests about events and launches, in order of arrival, refused ones too."""
        self.throttle_calls: list[Call] = []
        self.refused = 0
        """Answers with status 429."""
        self.held = 0
        """Calls that wait to be released at the moment."""
        self.port = port
        self._socket: socket.socket | None = None
        self._runner: web.AppRunner | None = None
        self._released = asyncio.Event()
        self._closing = asyncio.Event()

    @property
    def calls_per_hour(self) -> int | None:
        """What an IP or key may call in a rolling hour; `ll.throttle.limits` has exceptions."""
        return self.throttle.limit

    @calls_per_hour.setter
    def calls_per_hour(self, limit: int | None) -> None:
        self.throttle.limit = limit

    @property
    def root(self) -> str:
        """The address without a version."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base URL of 2.3.0."""
        return f"{self.root}/2.3.0"

    @property
    def url_220(self) -> str:
        """The base URL of 2.2.0."""
        return f"{self.root}/2.2.0"

    def busiest_hour(self, *, served: bool = False) -> int:
        """Count the calls of that rolling hour, by the fake's own clock, which has the most.

        With `served`, calls that were answered 429 do not count.
        """
        calls = [call for call in self.calls if not (served and call.status == 429)]
        return busiest_hour(call.time for call in calls)

    def release(self) -> None:
        """Let all hanging calls go on."""
        self._released.set()
        self._released = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._bind()
        await self.back()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()
        self._unbind()

    async def gone(self) -> None:
        """Cut all connections and refuse new ones; the port stays ours."""
        await self._stop()
        self._unbind()
        self._bind()

    async def back(self) -> None:
        """Listen (again), on the same port."""
        if self._runner is not None:
            return
        if self._socket is None:
            raise RuntimeError("the fake is closed")
        self._closing = asyncio.Event()
        app = web.Application(middlewares=[paging.append_slash])
        for path in ("2.3.0/events", "2.2.0/event", "2.3.0/launches", "2.2.0/launch"):
            app.router.add_get(f"/{path}/{{tail:.*}}", self._data)
        app.router.add_get(r"/{version:2\.[23]\.0}/api-throttle/", self._api_throttle)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.05
        )
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()

    def _bind(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self.port))
        self.port = self._socket.getsockname()[1]

    def _unbind(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def _stop(self) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _pause(self, seconds: float | None) -> None:
        """Wait so long, or until released, but never longer than the fake is there."""
        waited = [asyncio.ensure_future(self._closing.wait())]
        if seconds is None:
            waited.append(asyncio.ensure_future(self._released.wait()))
        self.held += seconds is None
        try:
            await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.held -= seconds is None
            for task in waited:
                task.cancel()

    def _fault(self, call: Call) -> Fault | None:
        for index, fault in enumerate(self.faults):
            if fault is None and call.place != "throttle":
                return self.faults.pop(index)
            if fault is not None and fault.hits(call):
                return self.faults.pop(index)
        return self.fault if self.fault and self.fault.hits(call) else None

    def _call(self, request: web.Request, log: list[Call]) -> Call:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        ident = key.strip() if scheme.lower() == "token" else request.remote or ""
        headers = CIMultiDict(request.headers)
        call = Call(request.path, request.query, headers, self.now(), ident=ident)
        log.append(call)
        return call

    def _unknown_key(self, call: Call) -> bool:
        given = "Authorization" in call.headers
        return given and self.keys is not None and call.ident not in self.keys

    async def _data(self, request: web.Request) -> web.StreamResponse:
        call = self._call(request, self.calls)
        if self._unknown_key(call):
            return self._sent(call, web.json_response({"detail": "Invalid token."}, status=401))
        if seconds := self.throttle.call(call.ident, call.time):
            retry_after = str(seconds) if self.send_retry_after else None
            return self._sent(call, refusal(seconds, retry_after))
        if self.delay:
            await self._pause(self.delay)
        payload, status = self.answer(request)
        return await self._finish(request, call, payload, status)

    async def _api_throttle(self, request: web.Request) -> web.StreamResponse:
        call = self._call(request, self.throttle_calls)
        told = self.throttle.answer(call.ident, call.time) | self.throttle_changes
        payload = [told] if self.throttle_as_list else told
        return await self._finish(request, call, payload)

    async def _finish(
        self, request: web.Request, call: Call, payload: Any, status: int = 200
    ) -> web.StreamResponse:
        if self._closing.is_set():
            return drop(request)
        fault = self._fault(call)
        if fault is None:
            return self._sent(call, json_answer(payload, status))
        answer = await failed(fault, request, payload, status, self._pause)
        return drop(request) if self._closing.is_set() else self._sent(call, answer)

    def _sent(self, call: Call, answer: web.StreamResponse) -> web.StreamResponse:
        """Note what is answered, and compress it if that is wanted."""
        call.status = None if is_dropped(answer) else answer.status
        if not answer.prepared:
            answer.headers.setdefault("Date", format_datetime(self.now(), usegmt=True))
        self.refused += answer.status == 429
        wanted = self.gzip and "gzip" in call.headers.get("Accept-Encoding", "")
        encoded = "Content-Encoding" in answer.headers
        if wanted and not encoded and isinstance(answer, web.Response):
            answer.enable_compression(web.ContentCoding.gzip)
        return answer

"""What can go wrong on demand, and how it looks on the wire."""

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from .calls import Call, Place
from .parts import Record

Pause = Callable[[float | None], Any]
"""Waits so many seconds, or (None) until released; ends early when the fake closes."""

Kind = Literal[
    "delay",  # the right answer, after `seconds`
    "hang",  # no answer until ll.release() (then the right one) or closing
    "drop",  # the connection ends before any answer; on a kept-alive one aiohttp asks again
    "cut",  # the connection ends in the middle of the body
    "stall",  # half the body, then nothing until ll.release() or closing (then it ends)
    "status",  # `status`, with an HTML page or, with json=True, a detail
    "throttled",  # 429, to be tried again in `seconds`
    "html",  # an HTML page with status 200
    "truncated",  # half the JSON, as if it were whole
    "shape",  # JSON of the wrong shape: see SHAPES
    "body",  # `body` as JSON
    "empty",  # a list of nothing
    "redirect",  # 302 to `url`
    "huge",  # JSON of `size` bytes
    "bomb",  # `size` bytes, gzipped to very few
    "gzip",  # the right answer, gzipped whether or not it was asked for
    "bad_gzip",  # something that claims to be gzip
    "mangle",  # every record put through `mangle`
]

HTML = "<!doctype html><title>Sorry</title><h1>Down for repair</h1>"

SHAPES: dict[str, Callable[[Any], Any]] = {
    "list": lambda payload: [payload],
    "string": lambda payload: "events",
    "number": lambda payload: 7,
    "null": lambda payload: None,
    "object": lambda payload: {},
    "results": lambda payload: payload | {"results": "none"},
    "results missing": lambda payload: _without(payload, "results"),
    "results null": lambda payload: payload | {"results": None},
    "count": lambda payload: payload | {"count": "many"},
    "count missing": lambda payload: _without(payload, "count"),
}
"""Wrong shapes by name, made of the right payload."""


@dataclass
class Fault:
    """One way to fail, for the calls that `when` picks (all of them if None)."""

    kind: Kind
    when: Callable[[Call], bool] | None = None
    seconds: float = 0
    """Waited before any answer, whatever the kind; of a `throttled`, what is told to wait."""
    retry_after: str | None = None
    """The Retry-After of a `throttled`, whatever it be."""
    date: str | None = None
    """The Date of a `throttled`; None is the real time."""
    status: int = 500
    json: bool = False
    shape: str = "list"
    body: Any = None
    url: str = ""
    size: int = 50_000_000
    mangle: Callable[[Record], Any] = lambda record: None
    on: Literal["data", "events", "launches", "throttle", "any"] = "data"
    """What it hits: both collections, one of them, /api-throttle/, or all of these."""

    def hits(self, call: Call) -> bool:
        """Whether it is meant for this call."""
        return self._on(call.place) and (self.when is None or self.when(call))

    def _on(self, place: Place) -> bool:
        return self.on in (place, "any") or (self.on == "data" and place != "throttle")


def larger_than(limit: int) -> Callable[[Call], bool]:
    """For `when`: detailed pages of more records than this, which are too much for upstream."""
    return lambda call: call.query.get("mode") == "detailed" and call.limit > limit


def refusal(seconds: float, retry_after: str | None, date: str | None = None) -> web.Response:
    """Build the 429."""
    told = {"detail": f"Request was throttled. Expected available in {seconds:.0f} seconds."}
    given = {"Retry-After": retry_after, "Date": date}
    headers = {name: value for name, value in given.items() if value is not None}
    return web.json_response(told, status=429, headers=headers)


async def failed(
    fault: Fault, request: web.Request, payload: Any, status: int, pause: Pause
) -> web.StreamResponse:
    """Answer a request as the fault has it; `payload` and `status` are the right answer."""
    if fault.seconds and fault.kind != "throttled":
        await pause(fault.seconds)
    if fault.kind == "hang":
        await pause(None)
    if fault.kind in ("drop", "cut", "stall"):
        return await _broken(fault, request, dumped(payload), pause)
    if fault.kind == "throttled":
        return refusal(fault.seconds, fault.retry_after, fault.date)
    if fault.kind == "huge":
        return await _huge(fault, request)
    if fault.kind in PAGES:
        return PAGES[fault.kind](fault, payload)
    return json_answer(_other(fault, payload), status)


def json_answer(payload: Any, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(body=dumped(payload), content_type="application/json", status=status)


def dumped(payload: Any) -> bytes:
    """Give a payload's bytes."""
    return json.dumps(payload, ensure_ascii=False).encode()


def _without(payload: Any, key: str) -> Any:
    return {k: value for k, value in payload.items() if k != key}


def _other(fault: Fault, payload: Any) -> Any:
    if fault.kind == "shape":
        return SHAPES[fault.shape](payload)
    if fault.kind == "body":
        return fault.body
    if fault.kind == "empty":
        return {"count": 0, "next": None, "previous": None, "results": []}
    if fault.kind == "mangle" and "results" in payload:
        return payload | {"results": [fault.mangle(record) for record in payload["results"]]}
    return fault.mangle(payload) if fault.kind == "mangle" else payload


def _status(fault: Fault, payload: Any) -> web.Response:
    if fault.json:
        return web.json_response({"detail": "It went wrong."}, status=fault.status)
    return web.Response(text=HTML, content_type="text/html", status=fault.status)


def _raw(body: bytes, encoding: str | None = None) -> web.Response:
    headers = {"Content-Encoding": encoding} if encoding else {}
    return web.Response(body=body, content_type="application/json", headers=headers)


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


PAGES: dict[str, Callable[[Fault, Any], web.Response]] = {
    "status": _status,
    "html": lambda fault, payload: web.Response(text=HTML, content_type="text/html"),
    "truncated": lambda fault, payload: _raw(_half(dumped(payload))),
    "redirect": lambda fault, payload: web.Response(
        body=b"", status=302, headers={"Location": fault.url}
    ),
    "gzip": lambda fault, payload: _raw(gzip.compress(dumped(payload)), "gzip"),
    "bomb": lambda fault, payload: _raw(gzip.compress(b" " * fault.size), "gzip"),
    "bad_gzip": lambda fault, payload: _raw(b"\x1f\x8b this is no gzip", "gzip"),
}


class Dropped(web.StreamResponse):
    """What a handler gives back when there is nobody left to answer."""

    async def prepare(self, request: web.BaseRequest) -> None:
        """Send nothing."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Send nothing."""


def drop(request: web.Request) -> web.StreamResponse:
    """End the connection without another byte."""
    if request.transport is not None:
        request.transport.abort()
    return Dropped()


def is_dropped(answer: web.StreamResponse) -> bool:
    """Whether nobody got this answer."""
    return isinstance(answer, Dropped)


async def _broken(
    fault: Fault, request: web.Request, body: bytes, pause: Pause
) -> web.StreamResponse:
    if fault.kind != "drop":
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        answer.content_length = len(body)
        await answer.prepare(request)
        await answer.write(_half(body))
        await (pause(None) if fault.kind == "stall" else asyncio.sleep(0.02))
    return drop(request)


async def _huge(fault: Fault, request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    await answer.prepare(request)
    head, tail = b'{"count": 1, "next": null, "previous": null, "results": ["', b'"]}'
    await answer.write(head)
    left = max(0, fault.size - len(head) - len(tail))
    while left:
        await answer.write(b"x" * min(left, 65536))
        left -= min(left, 65536)
    await answer.write(tail)
    return answer

"""Errors as ``application/problem+json`` (RFC 9457), and the headers every answer carries."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from calfeed.errors import CalfeedError, NoData, QueryError

log = logging.getLogger("calfeed.request")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

METHODS = "GET, HEAD, OPTIONS"


def problem(
    status: HTTPStatus, title: str, detail: str, extra: dict[str, object] | None = None
) -> web.Response:
    """A problem document; ``detail`` is for the person who reads it."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return web.Response(
        status=status,
        text=json.dumps(body | (extra or {}), ensure_ascii=False),
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


def from_error(error: CalfeedError) -> web.Response:
    """The problem an error is answered with."""
    extra: dict[str, object] = {}
    if isinstance(error, QueryError):
        extra = {"parameter": error.parameter, "value": error.value, "takes": error.takes}
        if error.nearest:
            extra["nearest"] = error.nearest
    response = problem(error.status, error.title, str(error), extra)
    if isinstance(error, NoData):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.NOT_FOUND:
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what calfeed and aiohttp raise; refuse methods that change things."""
    if request.method == "OPTIONS":
        return web.Response(
            status=HTTPStatus.NO_CONTENT,
            headers={"Allow": METHODS, "Access-Control-Allow-Methods": METHODS,
                     "Access-Control-Allow-Headers": "*", "Access-Control-Max-Age": "86400"},
        )  # fmt: skip
    if request.method not in ("GET", "HEAD"):
        detail = f"{request.method} is not possible here: feeds are only read"
        refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed", detail)
        refusal.headers["Allow"] = METHODS
        return refusal
    try:
        return await handler(request)
    except CalfeedError as error:
        return from_error(error)
    except web.HTTPNotFound:
        detail = "there is nothing at this address; / lists the feeds"
        return problem(HTTPStatus.NOT_FOUND, "Not found", detail)


@web.middleware
async def access_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line per request."""
    clock = asyncio.get_running_loop().time
    began = clock()
    response = await handler(request)
    length = response.headers.get("Content-Length", "-")
    log.info(
        "%s %.300s %d %s bytes in %.1f ms",
        request.method, request.raw_path, response.status, length, (clock() - began) * 1000,
    )  # fmt: skip
    return response


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer carries."""
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    response.headers.setdefault(
        "Access-Control-Expose-Headers", "ETag, Last-Modified, Cache-Status, Age, Retry-After"
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")

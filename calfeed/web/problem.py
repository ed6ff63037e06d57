"""Errors as ``application/problem+json`` (RFC 9457), and the headers every response carries."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from calfeed.errors import CalfeedError, QueryError, Unavailable
from calfeed.web import keys

log = logging.getLogger("calfeed.request")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

METHODS = "GET, HEAD, OPTIONS"
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
RETRY_AFTER = 60
"""Seconds after which to try again, where nothing better is known."""

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Cache-Status, Age, Retry-After",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Everything is public and may be read from any page. No response may run or load anything, except
a page that allows it in a Content-Security-Policy of its own."""
PAGE_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""For HTML pages only."""


def problem(
    status: HTTPStatus, title: str, detail: str, extra: dict[str, object] | None = None
) -> web.Response:
    """A problem document; ``detail`` is written for the person who reads it."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    text = json.dumps(body | (extra or {}), ensure_ascii=False)
    return web.Response(
        status=status,
        body=text.encode(errors="replace"),  # a URL may contain lone surrogates
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


def from_error(error: CalfeedError) -> web.Response:
    """The response to an error."""
    extra: dict[str, object] = {}
    if isinstance(error, QueryError):
        extra = {"parameter": error.parameter, "value": error.value, "takes": error.takes}
        if error.nearest:
            extra["nearest"] = error.nearest
    response = problem(error.status, error.title, str(error), extra)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        wait = error.retry_after if isinstance(error, Unavailable) else RETRY_AFTER
        response.headers["Retry-After"] = str(wait)
    if error.status == HTTPStatus.NOT_FOUND:
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what calfeed and aiohttp raise into responses; refuse methods that change things."""
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
    if not _has_host(request):
        return problem(HTTPStatus.BAD_REQUEST, "Bad request", "the Host header names no host")
    try:
        return await handler(request)
    except CalfeedError as error:
        return from_error(error)
    except web.HTTPNotFound:
        detail = "there is nothing at this address; / lists the feeds"
        return problem(HTTPStatus.NOT_FOUND, "Not found", detail)
    except web.HTTPException as error:
        return problem(HTTPStatus(error.status), error.reason, error.reason)
    except Exception:  # a bug: the log gets the traceback, the client a response
        log.exception("%s %.300s failed", request.method, request.raw_path)
        detail = "calfeed failed on this request; its log says why"
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error", detail)


def _has_host(request: web.Request) -> bool:
    """Whether links can be built from the Host header, which HTTP/1.0 does without."""
    host = _HOST.fullmatch(request.headers.get("Host", "localhost"))
    return host is not None and int(host[1] or 0) < 65536


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add what every response carries."""
    headers = response.headers
    headers.popall("Server", None)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if response.content_type == "text/html":
        for name, value in PAGE_HEADERS.items():
            headers.setdefault(name, value)
    public_url = request.app[keys.SETTINGS].public_url
    if public_url is not None and public_url.scheme == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.content_type == "text/html":  # over http browsers only complain of it
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")

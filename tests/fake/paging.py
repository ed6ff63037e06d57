"""One page of a list, or one record: REST framework's limit/offset pagination."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from . import filters
from .parts import Record

DEFAULT_LIMIT = 10
MOST = 100
MODES = ("list", "normal", "detailed")
NOT_FOUND = ({"detail": "Not found."}, 404)

Form = Callable[[Record, str], Record]
"""Gives a record in a mode."""


@web.middleware
async def append_slash(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Redirect what does not end in a slash, as Django does; it counts as no call."""
    if not request.path.endswith("/"):
        raise web.HTTPMovedPermanently(
            request.rel_url.with_path(f"{request.path}/", keep_query=True)
        )
    return await handler(request)


def page(
    found: list[Record], request: web.Request, query: filters.Query, form: Form
) -> dict[str, Any]:
    """Give the payload of the page that the query asks for."""
    mode = _mode(query, "normal")
    limit = min(_positive(filters.last(query, "limit"), 0) or DEFAULT_LIMIT, MOST)
    offset = _positive(filters.last(query, "offset"), 0)
    return {
        "count": len(found),
        "next": _link(request, limit, offset + limit) if offset + limit < len(found) else None,
        "previous": _link(request, limit, offset - limit) if offset > 0 else None,
        "results": [form(record, mode) for record in found[offset : offset + limit]],
    }


def single(found: list[Record], id: str, query: filters.Query, form: Form) -> tuple[Any, int]:
    """Give payload and status for the one record of this id."""
    found = [record for record in found if id == str(record["id"])]
    return (form(found[0], _mode(query, "detailed")), 200) if found else NOT_FOUND


def _mode(query: filters.Query, otherwise: str) -> str:
    mode = filters.last(query, "mode") or otherwise
    return mode if mode in MODES else "normal"


def _positive(text: str, otherwise: int) -> int:
    """Read a number; REST framework never refuses a bad one here but goes on without it."""
    try:
        number = int(text)
    except ValueError:
        return otherwise
    return number if number >= 0 else otherwise


def _link(request: web.Request, limit: int, offset: int) -> str:
    """Build the address of another page: same parameters, sorted; offset 0 is left out."""
    kept = [(k, v) for k, v in request.query.items() if k not in ("limit", "offset")]
    paged = [("limit", str(limit))] + ([("offset", str(offset))] if offset > 0 else [])
    query = urlencode(sorted(kept + paged, key=lambda pair: pair[0]))
    return f"{request.scheme}://{request.host}{request.path}?{query}"

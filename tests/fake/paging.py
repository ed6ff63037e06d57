"""One page of a list, or one event: REST framework's limit/offset pagination."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from . import filters
from .one import as_mode
from .parts import Record

DEFAULT_LIMIT = 10
MOST = 100
MODES = ("list", "normal", "detailed")
NOT_FOUND = ({"detail": "Not found."}, 404)


@web.middleware
async def append_slash(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Redirect what does not end in a slash, as Django does; it counts as no call."""
    if not request.path.endswith("/"):
        raise web.HTTPMovedPermanently(
            request.rel_url.with_path(f"{request.path}/", keep_query=True)
        )
    return await handler(request)


def answer(
    records: Iterable[Record],
    request: web.Request,
    rest: str,
    *,
    older: bool,
    shape: Callable[[Record], Record] | None,
) -> tuple[Any, int]:
    """Give payload and status for a list (`rest` is empty) or for the event `rest` names.

    `shape` turns a detailed 2.3.0 record into that of the version asked for.
    """
    try:
        found = filters.select(records, request.query, older=older)
    except filters.BadValueError as bad:
        return {bad.key: [bad.complaint]}, 400
    mode = filters.last(request.query, "mode")
    if rest:
        found = [record for record in found if rest == f"{record['id']}/"]
        return (_shown(found[0], mode or "detailed", shape), 200) if found else NOT_FOUND
    found = filters.ordered(found, filters.last(request.query, "ordering"))
    limit = _limit(request)
    offset = _positive(filters.last(request.query, "offset"), 0)
    page = found[offset : offset + limit]
    return {
        "count": len(found),
        "next": _link(request, limit, offset + limit) if offset + limit < len(found) else None,
        "previous": _link(request, limit, offset - limit) if offset > 0 else None,
        "results": [_shown(record, mode, shape) for record in page],
    }, 200


def _shown(record: Record, mode: str, shape: Callable[[Record], Record] | None) -> Record:
    return as_mode(shape(record) if shape else record, mode if mode in MODES else "normal")


def _limit(request: web.Request) -> int:
    return min(_positive(filters.last(request.query, "limit"), 0) or DEFAULT_LIMIT, MOST)


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

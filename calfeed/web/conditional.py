"""A finished feed -> an HTTP answer: conditions, compression, caching (RFC 9110, RFC 9111)."""

import asyncio
import gzip
import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from aiohttp import web
from cachetools import LRUCache

from calfeed.library import Kept
from calfeed.publish import Published

MOST_COMPRESSED_BYTES = 8_000_000
SMALLEST_TO_COMPRESS = 500
INLINE_BYTES = 50_000
"""Compressing so much takes a millisecond or less; more is done beside the event loop."""

_compressed: web.AppKey[LRUCache[str, bytes]] = web.AppKey("compressed", LRUCache)


def setup(app: web.Application) -> None:
    """Give the application its cache of compressed bodies."""
    app[_compressed] = LRUCache(MOST_COMPRESSED_BYTES, getsizeof=lambda body: len(body) + 200)


async def respond(
    request: web.Request, feed: Published, content_type: str, filename: str, fresh_for: timedelta
) -> web.Response:
    """The whole feed, or 304 where the client has it."""
    coded = accepts_gzip(request) and len(feed.body) >= SMALLEST_TO_COMPRESS
    headers = {
        "ETag": f'"{feed.etag}-gzip"' if coded else f'"{feed.etag}"',
        "Last-Modified": format_datetime(feed.last_modified, usegmt=True),
        "Vary": "Accept-Encoding",
        **caching(feed.kept, fresh_for),
    }
    if not_modified(request, feed.etag, feed.last_modified):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Type"] = content_type
    headers["Content-Disposition"] = f'inline; filename="{filename}"'
    body = feed.body
    if coded:
        headers["Content-Encoding"] = "gzip"
        body = await _gzip(request.app, feed)
    return web.Response(body=body, headers=headers)


def caching(kept: Kept, fresh_for: timedelta) -> dict[str, str]:
    """Cache-Control, Age and Cache-Status (RFC 9211), true to how old the data is."""
    clock = kept.as_of if kept.sample else kept.now
    age = max(0, int((clock - kept.as_of).total_seconds()))
    left = int(fresh_for.total_seconds()) - age
    seconds = min(max(left, 60), int(fresh_for.total_seconds()))
    status = f"hit; ttl={left}" if kept.hit else "fwd=miss; stored"
    return {
        "Age": str(age),
        "Cache-Control": f"public, max-age={seconds}, s-maxage={seconds}, "
        "stale-while-revalidate=3600, stale-if-error=604800",
        "Cache-Status": f"calfeed; {status}" + ("; detail=stale" if kept.stale else ""),
    }


def accepts_gzip(request: web.Request) -> bool:
    """Whether Accept-Encoding takes gzip (RFC 9110 12.5.3)."""
    accepted = request.headers.get("Accept-Encoding", "").lower()
    for part in accepted.split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return not re.fullmatch(r"\s*q=0(\.0{0,3})?\s*", weight)
    return False


def not_modified(request: web.Request, etag: str, last_modified: datetime) -> bool:
    """Whether the client's copy is this one. If-None-Match decides; without it, the date."""
    if "If-None-Match" in request.headers:
        known = (etag, f"{etag}-gzip", "*")
        return any(tag.value in known for tag in request.if_none_match or ())
    since = request.if_modified_since
    return since is not None and last_modified.replace(microsecond=0) <= since


async def _gzip(app: web.Application, feed: Published) -> bytes:
    cache = app[_compressed]
    body = cache.get(feed.etag)
    if body is None:
        if len(feed.body) <= INLINE_BYTES:
            body = gzip.compress(feed.body, 6, mtime=0)
        else:
            body = await asyncio.to_thread(gzip.compress, feed.body, 6, mtime=0)
        if len(body) < MOST_COMPRESSED_BYTES:
            cache[feed.etag] = body
    return body

"""A finished feed -> an HTTP answer: conditions, compression, caching (RFC 9110, RFC 9111)."""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus

from aiohttp import web

from calfeed.mirror.result import Result
from calfeed.publish.publisher import Published
from calfeed.web import keys
from calfeed.web.response_cache import SAME_FOR_ALL

SMALLEST_TO_COMPRESS = 500
SAMPLE_SECONDS = 60
"""How long sample data is fresh at most."""
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")
_TAG = re.compile(r'"[^"]*"')


async def respond(
    request: web.Request, feed: Published, content_type: str, filename: str, fresh_for: timedelta
) -> web.Response:
    """The whole feed, or 304 where the client has it."""
    codings = request.headers.getall("Accept-Encoding", ())
    coded = accepts_gzip(",".join(codings)) and len(feed.body) >= SMALLEST_TO_COMPRESS
    plain, packed = f'"{feed.etag}"', f'"{feed.etag}-gzip"'
    tags = (packed, plain) if coded else (plain, packed)
    known = known_tag(request, tags, feed.last_modified)
    headers = {
        "ETag": known or tags[0],
        "Last-Modified": _http_date(feed.last_modified),
        "Vary": "Accept-Encoding",
        **caching(feed.kept, fresh_for),
    }
    if feed.kept.complete and feed.kept.hit:  # who waited is told so, and nobody else
        request[SAME_FOR_ALL] = feed.finished
    if known:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Type"] = content_type
    headers["Content-Disposition"] = f'inline; filename="{filename}"'
    body = feed.body
    if coded:
        headers["Content-Encoding"] = "gzip"
        body = await request.app[keys.PUBLISHER].packed(feed)
    return web.Response(body=body, headers=headers)


def caching(kept: Result, fresh_for: timedelta) -> dict[str, str]:
    """Cache-Control, Age and Cache-Status (RFC 9211), true to how old the data is.

    ``max-age`` counts from the data's age, as caches do (RFC 9111 4.2): both together say how
    long it stays fresh. Sample data is soon replaced.
    """
    age = 0 if kept.sample else max(0, int((kept.now - kept.as_of).total_seconds()))
    lifetime = int(fresh_for.total_seconds())
    if kept.sample:
        lifetime = min(lifetime, SAMPLE_SECONDS)
    status = f"hit; ttl={lifetime - age}" if kept.hit else "fwd=miss; stored"
    return {
        "Age": str(age),
        "Cache-Control": f"public, max-age={lifetime}, "
        "stale-while-revalidate=3600, stale-if-error=604800",
        "Cache-Status": f"calfeed; {status}" + ("; detail=stale" if kept.stale else ""),
    }


@lru_cache(maxsize=200)
def accepts_gzip(accepted: str) -> bool:
    """Whether Accept-Encoding takes gzip, and does not prefer to have none (RFC 9110 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameter = part.replace(" ", "").replace("\t", "").partition(";")
        weight = _WEIGHT.fullmatch(parameter)
        weights[coding] = float(weight[1]) if weight else 1.0
    gzipped = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzipped > 0 and gzipped >= weights.get("identity", 0.0)


def known_tag(
    request: web.Request, tags: tuple[str, ...], last_modified: datetime | None = None
) -> str | None:
    """The tag of the copy that the client has, where it is one of these: a feed in either coding.

    If-None-Match decides, in weak comparison; without it If-Modified-Since (RFC 9110 13.2.2).
    """
    if "If-None-Match" in request.headers:
        given = ",".join(request.headers.getall("If-None-Match"))
        known = tags if given.strip() == "*" else _TAG.findall(given)
        return next((tag for tag in tags if tag in known), None)
    since = request.if_modified_since
    if last_modified is None or since is None:
        return None
    return tags[0] if last_modified.replace(microsecond=0) <= since else None


@lru_cache(maxsize=1000)
def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)

"""A rendered feed -> an HTTP response: conditions, compression, caching (RFC 9110, RFC 9111)."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal

from aiohttp import hdrs, web

from calfeed.mirror.result import Result
from calfeed.publish.rendered import RenderedFeed
from calfeed.web.outgoing import Outgoing

SMALLEST_TO_COMPRESS = 500
SAMPLE_SECONDS = 60
"""The longest time that sample data is fresh."""
LEAST_IN_NGINX = 30
"""Seconds for which nginx may keep what is stale already, not to ask with every request."""
_TAG = re.compile(r'"([^"]*)"')
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")

Freshness = Literal["hit", "stale", "miss"]
"""Answered at once with fresh data, at once with data older than it should be, or after a wait."""


class FeedResponse(web.Response):
    """A feed, whole or as 304, and how fresh it is."""

    def __init__(
        self, feed: RenderedFeed, outgoing: Outgoing, freshness: Freshness, headers: dict[str, str]
    ) -> None:
        super().__init__(headers=headers)
        self.freshness = freshness
        self._feed = feed
        self._outgoing = outgoing

    def sending(self) -> AbstractContextManager[None]:
        """It is on its way meanwhile."""
        return self._outgoing.sending(self._feed)

    async def write_eof(self, data: bytes = b"") -> None:
        """Send the body, and wait until the client has read most of it."""
        with self.sending():
            await super().write_eof(data)


async def respond(
    request: web.Request,
    feed: RenderedFeed,
    result: Result,
    outgoing: Outgoing,
    *,
    content_type: str,
    filename: str,
    fresh_for: timedelta,
) -> FeedResponse:
    """The whole feed, or 304 where the client has it."""
    codings = request.headers.getall(hdrs.ACCEPT_ENCODING, ())
    coded = accepts_gzip(",".join(codings)) and len(feed.body) >= SMALLEST_TO_COMPRESS
    tags = (f"{feed.etag}-gzip", feed.etag) if coded else (feed.etag, f"{feed.etag}-gzip")
    held = held_tag(request, tags, feed.last_modified)
    headers = {"ETag": f'"{held or tags[0]}"', "Vary": "Accept-Encoding"}
    headers |= caching(result, fresh_for)
    response = FeedResponse(feed, outgoing, freshness(result), headers)
    response.last_modified = feed.last_modified
    if held:
        response.set_status(HTTPStatus.NOT_MODIFIED)
        return response
    response.headers[hdrs.CONTENT_TYPE] = content_type
    response.headers[hdrs.CONTENT_DISPOSITION] = f'inline; filename="{filename}"'
    if coded:
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    with response.sending():
        response.body = await feed.gzip() if coded else feed.body
    return response


def freshness(result: Result) -> Freshness:
    """How fresh a feed of this result is."""
    if not result.hit:
        return "miss"
    return "stale" if result.stale else "hit"


def caching(result: Result, fresh_for: timedelta) -> dict[str, str]:
    """Cache-Control, Age and Cache-Status (RFC 9211), true to how old the data is.

    ``max-age`` counts from the data's age, as caches do (RFC 9111 4.2): both together say how
    long it stays fresh. nginx looks at no Age, and is told in a field of its own, which it takes
    out; behind Cache-Control, of which it would read no more otherwise. Sample data is soon
    replaced.
    """
    age = 0 if result.sample else max(0, int((result.now - result.as_of).total_seconds()))
    lifetime = int(fresh_for.total_seconds())
    if result.sample:
        lifetime = min(lifetime, SAMPLE_SECONDS)
    status = f"hit; ttl={lifetime - age}" if result.hit else "fwd=miss; stored"
    return {
        "Age": str(age),
        "Cache-Control": f"public, max-age={lifetime}, "
        "stale-while-revalidate=3600, stale-if-error=604800",
        "X-Accel-Expires": str(max(lifetime - age, min(lifetime, LEAST_IN_NGINX))),
        "Cache-Status": f"calfeed; {status}" + ("; detail=stale" if result.stale else ""),
    }


def accepts_gzip(accepted: str) -> bool:
    """Whether Accept-Encoding takes gzip, and does not prefer to have none (RFC 9110 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameter = part.replace(" ", "").replace("\t", "").partition(";")
        weight = _WEIGHT.fullmatch(parameter)
        weights[coding] = float(weight[1]) if weight else 1.0
    gzipped = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzipped > 0 and gzipped >= weights.get("identity", 0.0)


def held_tag(
    request: web.Request, tags: Sequence[str], last_modified: datetime | None = None
) -> str | None:
    """The tag of the representation that the client has, if it is one of these: a feed has one for
    each coding.

    If-None-Match decides, in weak comparison; without it If-Modified-Since (RFC 9110 13.2.2).
    """
    lines = request.headers.getall(hdrs.IF_NONE_MATCH, ())
    if lines:
        given = ",".join(lines)  # several lines are one list; request.if_none_match reads one line
        held = tags if given.strip() == "*" else _TAG.findall(given)
        return next((tag for tag in tags if tag in held), None)
    since = request.if_modified_since
    if last_modified is None or since is None:
        return None
    return tags[0] if last_modified.replace(microsecond=0) <= since else None

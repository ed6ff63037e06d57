"""Request metrics and the access log: one measurement for every request, and one line, at DEBUG
where the response was a replay: a line takes as long as the replay itself."""

import logging
from time import perf_counter

from aiohttp import web

from calfeed.web import keys
from calfeed.web.conditional import FeedResponse
from calfeed.web.problem import Handler
from calfeed.web.response_cache import Replay

log = logging.getLogger("calfeed.request")


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Measure and log a request, also one whose client left."""
    began = perf_counter()
    try:
        response = await handler(request)
    except BaseException:
        _log(request, "broken off", began)
        raise
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "none"  # never the address: those are endless
    metrics = request.app[keys.RUNTIME].metrics
    metrics.request(route, response.status, perf_counter() - began)
    if isinstance(response, FeedResponse | Replay):
        metrics.answer(response.freshness)
    level = logging.DEBUG if isinstance(response, Replay) else logging.INFO
    if log.isEnabledFor(level):
        length = 0 if request.method == "HEAD" else response.content_length or 0
        _log(request, f"{response.status} {length} bytes", began, level)
    return response


def _log(request: web.Request, outcome: str, began: float, level: int = logging.INFO) -> None:
    milliseconds = (perf_counter() - began) * 1000
    log.log(
        level, "%s %.300s %s in %.1f ms", request.method, request.raw_path, outcome, milliseconds
    )

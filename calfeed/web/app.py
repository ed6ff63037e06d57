"""The application: its parts, put together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from calfeed.feeds import Feed
from calfeed.mirror.repository import WAIT
from calfeed.mirror.result import Sample
from calfeed.mirror.scheduler import TICK
from calfeed.publish.prerender import AFTER_START, keep_rendered
from calfeed.publish.publisher import Publisher
from calfeed.runtime import Runtime, open_runtime, utcnow
from calfeed.settings import Settings
from calfeed.web import health, keys, openapi, problem, routes, status
from calfeed.web.observe import observe
from calfeed.web.outgoing import Outgoing
from calfeed.web.page import routes as page
from calfeed.web.response_cache import ResponseCache


def init_app(
    settings: Settings,
    feeds: dict[str, Feed],
    sample: Sample = "never",
    *,
    clock: Callable[[], datetime] = utcnow,
    wait: float = WAIT,
    tick: float = TICK,
    prerender_after: float = AFTER_START,
) -> web.Application:
    """The whole service for some settings; what it needs at runtime opens and closes with it.

    ``wait`` is how many seconds a request waits for the first data, ``tick`` how many pass between
    looks at whether something is due, ``prerender_after`` how many seconds after the start named
    feeds are rendered for the first time.
    """

    def moment() -> Hashable:
        return app[keys.RUNTIME].replica.applied, clock().replace(microsecond=0)

    app = web.Application(middlewares=[observe, ResponseCache(moment).replay, problem.errors])
    app[keys.SETTINGS] = settings
    app[keys.FEEDS] = feeds

    async def runtime(app: web.Application) -> AsyncIterator[None]:
        async with open_runtime(settings, sample, clock=clock, wait=wait, tick=tick) as opened:
            _add(app, opened)
            prerendering = asyncio.create_task(_prerender(app, prerender_after))
            yield
            prerendering.cancel()
            with suppress(asyncio.CancelledError):
                await prerendering

    app.cleanup_ctx.append(runtime)
    app.on_response_prepare.append(problem.add_headers)
    for part in (routes, health, status, openapi, page):
        part.setup(app)
    return app


def _add(app: web.Application, runtime: Runtime) -> None:
    app[keys.RUNTIME] = runtime
    app[keys.PUBLISHER] = Publisher(
        runtime.repository, lambda form: runtime.metrics.rendered.labels(form).inc()
    )
    app[keys.OUTGOING] = Outgoing(app[keys.PUBLISHER].caches)


async def _prerender(app: web.Application, start: float) -> None:
    named = routes.named_requests(app[keys.FEEDS].values(), app[keys.SETTINGS].public_url)
    await keep_rendered(app[keys.RUNTIME].repository, app[keys.PUBLISHER], named, start)

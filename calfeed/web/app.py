"""The application: its parts, put together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from aiohttp import web

from calfeed.feeds import Feed
from calfeed.mirror.repository import WAIT
from calfeed.mirror.result import Sample
from calfeed.publish.prerender import Prerenderer
from calfeed.publish.publisher import Publisher
from calfeed.runtime import Runtime, open_runtime, utcnow
from calfeed.settings import Settings
from calfeed.web import health, keys, openapi, problem, routes, status
from calfeed.web.observe import OBSERVER, Observer, observe
from calfeed.web.page import routes as index
from calfeed.web.response_cache import RESPONSE_CACHE, ResponseCache


def init_app(
    settings: Settings,
    feeds: dict[str, Feed],
    sample: Sample = "never",
    *,
    clock: Callable[[], datetime] = utcnow,
    wait: float = WAIT,
) -> web.Application:
    """The whole service for some settings; the library opens and closes with it.

    ``wait`` is how many seconds a request waits for the first data.
    """
    answers = ResponseCache(clock)
    app = web.Application(middlewares=[answers.again, observe, problem.errors])
    app[RESPONSE_CACHE] = answers
    app[keys.SETTINGS] = settings
    app[keys.FEEDS] = feeds

    async def repository(app: web.Application) -> AsyncIterator[None]:
        async with open_runtime(settings, sample, clock=clock, wait=wait) as parts:
            _fill(app, parts)
            ahead = asyncio.create_task(_ahead(app).run())
            yield
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)
            app[OBSERVER].flush()

    app.cleanup_ctx.append(repository)
    app.on_response_prepare.extend([problem.add_headers, answers.remember])
    routes.setup(app)
    health.setup(app)
    status.setup(app)
    openapi.setup(app)
    index.setup(app)
    return app


def _fill(app: web.Application, parts: Runtime) -> None:
    app[keys.REPOSITORY] = parts.repository
    app[keys.RUNTIME] = parts
    app[keys.PUBLISHER] = Publisher(
        parts.repository, lambda form: parts.metrics.rendered.labels(form).inc()
    )
    app[OBSERVER] = Observer(parts.metrics)
    app[RESPONSE_CACHE].open(parts.replica, app[OBSERVER])


def _ahead(app: web.Application) -> Prerenderer:
    named = routes.named_requests(app[keys.FEEDS].values(), app[keys.SETTINGS].public_url)
    return Prerenderer(app[keys.RUNTIME].replica, app[keys.PUBLISHER], named)

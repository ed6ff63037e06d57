"""The application: its parts, put together."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from aiohttp import web

from calfeed.assemble import open_parts, utcnow
from calfeed.feeds import Feed
from calfeed.kept import Sample
from calfeed.library import WAIT
from calfeed.publish import Publisher
from calfeed.settings import Settings
from calfeed.web import conditional, health, index, keys, openapi, problem, routes, status


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
    app = web.Application(middlewares=[status.observe, problem.access_log, problem.errors])
    app[keys.SETTINGS] = settings
    app[keys.FEEDS] = feeds

    async def library(app: web.Application) -> AsyncIterator[None]:
        async with open_parts(settings, sample, clock=clock, wait=wait) as parts:
            app[keys.LIBRARY] = parts.library
            app[keys.PARTS] = parts
            app[keys.PUBLISHER] = Publisher(
                parts.library, lambda form: parts.metrics.rendered.labels(form).inc()
            )
            yield

    app.cleanup_ctx.append(library)
    app.on_response_prepare.append(problem.add_headers)
    conditional.setup(app)
    routes.setup(app)
    health.setup(app)
    status.setup(app)
    openapi.setup(app)
    index.setup(app)
    return app

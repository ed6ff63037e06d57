"""The application: its parts, put together."""

from collections.abc import AsyncIterator

from aiohttp import web

from calfeed.assemble import open_library
from calfeed.feeds import Feed
from calfeed.library import Sample
from calfeed.publish import Publisher
from calfeed.settings import Settings
from calfeed.web import conditional, health, index, keys, problem, routes


def init_app(
    settings: Settings, feeds: dict[str, Feed], sample: Sample = "never"
) -> web.Application:
    """The whole service for some settings; the library opens and closes with it."""
    app = web.Application(middlewares=[problem.access_log, problem.errors])
    app[keys.SETTINGS] = settings
    app[keys.FEEDS] = feeds

    async def library(app: web.Application) -> AsyncIterator[None]:
        async with open_library(settings, sample) as opened:
            app[keys.LIBRARY] = opened
            app[keys.PUBLISHER] = Publisher(opened)
            yield

    app.cleanup_ctx.append(library)
    app.on_response_prepare.append(problem.add_headers)
    conditional.setup(app)
    routes.setup(app)
    health.setup(app)
    index.setup(app)
    return app

"""Liveness and readiness."""

from http import HTTPStatus

from aiohttp import web

from calfeed.web import keys
from calfeed.web.problem import problem

NO_STORE = {"Cache-Control": "no-store"}


def setup(app: web.Application) -> None:
    """Add the routes."""
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)


async def healthz(request: web.Request) -> web.Response:
    """The process lives and its event loop turns."""
    return web.Response(text="ok\n", headers=NO_STORE)


async def readyz(request: web.Request) -> web.Response:
    """Feeds can be served: something is kept, or the sample stands in."""
    if request.app[keys.RUNTIME].repository.ready:
        return web.Response(text="ready\n", headers=NO_STORE)
    detail = "nothing is kept yet, and Launch Library has not answered"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "Not ready", detail)

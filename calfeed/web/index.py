"""``/``: a plain list of the feeds."""

import jinja2
from aiohttp import web

from calfeed.web import keys

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("calfeed.web"), autoescape=True, undefined=jinja2.StrictUndefined
)


def setup(app: web.Application) -> None:
    """Add the route."""
    app.router.add_get("/", index)


async def index(request: web.Request) -> web.Response:
    """The named feeds, with links."""
    base = request.app[keys.SETTINGS].public_url or request.url.origin()
    page = _ENVIRONMENT.get_template("index.html").render(
        feeds=request.app[keys.FEEDS].values(), base=str(base).rstrip("/")
    )
    return web.Response(
        text=page,
        content_type="text/html",
        headers={
            "Cache-Control": "public, max-age=60",
            "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'",
        },
    )

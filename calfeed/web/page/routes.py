"""``/``: the page to find, build, preview and subscribe to a feed, and what it asks for."""

import asyncio
import gzip
import io
import re
from collections.abc import AsyncIterator
from functools import lru_cache
from http import HTTPStatus

from aiohttp import hdrs, web

from calfeed.errors import QueryError
from calfeed.web import keys, static
from calfeed.web.conditional import accepts_gzip, held_tag
from calfeed.web.page.links import links
from calfeed.web.page.pages import Pages, RenderedBody

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FEED_PATH = re.compile(r"(events|launches|all|feeds|agencies)[-\w/]*\.ics(\?[!-~]*)?", re.ASCII)
LONGEST_CODE = 1200
"""Characters of a path that a QR code is made for; more make one that no camera reads."""

MOST_CODES = 100
"""How many QR codes are kept, each of some 20 kB at most."""

_PAGES = web.AppKey("pages", Pages)


def setup(app: web.Application) -> None:
    """Add the routes."""
    static.setup(app)
    app.router.add_get("/", index)
    app.router.add_get("/build.json", build_json)
    app.router.add_get("/choices.json", choices_json)
    app.router.add_get("/qr.svg", qr)
    app.cleanup_ctx.append(_pages)


async def _pages(app: web.Application) -> AsyncIterator[None]:
    feeds = app[keys.FEEDS]
    app[_PAGES] = Pages(app[keys.RUNTIME].repository, feeds, app[static.FOLDER])
    yield
    app[_PAGES].close()


async def index(request: web.Request) -> web.Response:
    """The page, with what its address chooses; a choice that cannot be read is said on it."""
    rendered = await request.app[_PAGES].page(request.rel_url.raw_query_string, _base(request))
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    return _respond(request, rendered, "text/html", headers)


async def build_json(request: web.Request) -> web.Response:
    """``/build.json``: what the page says of a choice. Takes the page's own parameters."""
    rendered = await request.app[_PAGES].build(request.rel_url.raw_query_string, _base(request))
    return _respond(request, rendered, "application/json")


async def choices_json(request: web.Request) -> web.Response:
    """``/choices.json``: the agencies, rockets, sites … that occur, with counts."""
    return _respond(request, await request.app[_PAGES].choices(), "application/json")


async def qr(request: web.Request) -> web.Response:
    """``/qr.svg?path=…``: the ``webcal://`` address of one of our own feeds, for a phone."""
    path = request.query.get("path", "")
    if len(path) > LONGEST_CODE or not _FEED_PATH.fullmatch(path):
        raise QueryError.unreadable("path", path, "the path of a feed, such as feeds/nasa.ics")
    body = await asyncio.to_thread(_draw, links(_base(request), path, "").webcal)
    headers = {"Cache-Control": "public, max-age=86400"}
    return web.Response(body=body, content_type="image/svg+xml", headers=headers)


@lru_cache(MOST_CODES)
def _draw(address: str) -> bytes:
    """A QR code as SVG. It takes up to a tenth of a second: not on the event loop."""
    import segno  # not at the start

    code = segno.make(address, error="l", micro=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=2, light="#fff", xmldecl=False, omitsize=True)
    return drawing.getvalue()


def _respond(
    request: web.Request,
    rendered: RenderedBody,
    content_type: str,
    headers: dict[str, str] | None = None,
) -> web.Response:
    etag = rendered.etag
    zipped = accepts_gzip(",".join(request.headers.getall(hdrs.ACCEPT_ENCODING, ())))
    tags = (f"{etag}-gzip", etag) if zipped else (etag, f"{etag}-gzip")
    held = held_tag(request, tags)
    headers = {
        **(headers or {}),
        hdrs.CACHE_CONTROL: "public, max-age=60" if rendered.live else "no-store",
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
        hdrs.ETAG: f'"{held or tags[0]}"',
    }
    if held:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if zipped:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    return web.Response(
        status=rendered.status,
        body=rendered.gzipped if zipped else gzip.decompress(rendered.gzipped),
        content_type=content_type,
        charset="utf-8",
        headers=headers,
    )


def _base(request: web.Request) -> str:
    public = request.app[keys.SETTINGS].public_url
    return str(public or request.url.origin()).rstrip("/")

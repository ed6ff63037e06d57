"""``/``: the page to find, build, preview and subscribe to a feed, and what it asks for."""

import asyncio
import io
import json
import re
from collections.abc import Callable
from functools import cache, lru_cache
from http import HTTPStatus

from aiohttp import web

from calfeed.errors import NotFound, QueryError
from calfeed.web import keys, static
from calfeed.web.page import builder as build
from calfeed.web.page.facets import as_json
from calfeed.web.page.form import FRESH, Choice, read
from calfeed.web.page.links import links
from calfeed.web.page.overview import Overview, Overviews
from calfeed.web.routes import query_pairs

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FEED_PATH = re.compile(r"(events|launches|all|feeds|agencies)[-\w/]*\.ics(\?[!-~]*)?", re.ASCII)
LONGEST_CODE = 1200
"""Characters of a path that a QR code is made for; more make one that no camera reads."""

MOST_CODES = 100
"""How many QR codes are cached, each of some 20 kB at most."""

_OVERVIEWS = web.AppKey("overviews", Overviews)


def setup(app: web.Application) -> None:
    """Add the routes."""
    static.setup(app)
    app.router.add_get("/", index)
    app.router.add_get("/build.json", build_json)
    app.router.add_get("/choices.json", choices_json)
    app.router.add_get("/qr.svg", qr)

    async def overviews(app: web.Application) -> None:
        feeds = app[keys.FEEDS]
        app[_OVERVIEWS] = Overviews(app[keys.REPOSITORY], feeds, app[keys.PUBLISHER].selector)

    app.on_startup.append(overviews)


async def index(request: web.Request) -> web.Response:
    """The page, with what its address chooses; a choice that cannot be read is said on it."""
    overview = await request.app[_OVERVIEWS].now()
    status, fault = HTTPStatus.OK, ""
    feeds = request.app[keys.FEEDS]
    try:
        choice = read(query_pairs(request), feeds)
    except (QueryError, NotFound) as error:
        status, fault, choice = error.status, str(error), Choice(FRESH, given=False)
    built = await _build(request, choice, overview)
    if not _page.cache_info().currsize:
        await asyncio.to_thread(_page)
    text = _page()(
        overview=overview, choice=choice, built=built, fault=fault,
        base=_base(request), static=request.app[static.FOLDER],
    )  # fmt: skip
    response = web.Response(
        status=status,
        text=text,
        content_type="text/html",
        headers={
            "Cache-Control": "public, max-age=60" if overview.result else "no-store",
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Encoding",
        },
    )
    response.enable_compression()
    return response


@cache
def _page() -> Callable[..., str]:
    """What renders the page. Not at the start: jinja2 and the templates take 70 ms and 3 MB; and in
    a thread, so that others get their turn meanwhile."""
    from calfeed.web.page import render as page

    page.prepare()
    return page.render


async def build_json(request: web.Request) -> web.Response:
    """``/build.json``: what the page says of a choice. Takes the page's own parameters."""
    overview = await request.app[_OVERVIEWS].now()
    feeds = request.app[keys.FEEDS]
    choice = read(query_pairs(request), feeds)
    built = await _build(request, choice, overview)
    return _json(built.as_json(choice))


async def choices_json(request: web.Request) -> web.Response:
    """``/choices.json``: the agencies, event types and programs that occur, with counts."""
    overview = await request.app[_OVERVIEWS].now()
    if overview.result is None:
        await request.app[keys.REPOSITORY].get(FRESH)  # says why, and when to come back
    return _json(as_json(overview.facets))


async def qr(request: web.Request) -> web.Response:
    """``/qr.svg?path=…``: the ``webcal://`` address of one of our own feeds, for a phone."""
    path = request.query.get("path", "")
    if len(path) > LONGEST_CODE or not _FEED_PATH.fullmatch(path):
        raise QueryError.unreadable("path", path, "the path of a feed, such as feeds/nasa.ics")
    drawing = await asyncio.to_thread(_code, links(_base(request), path, "").webcal)
    return web.Response(
        body=drawing,
        content_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=86400"},
    )


@lru_cache(maxsize=MOST_CODES)
def _code(text: str) -> bytes:
    """A QR code as SVG. It takes up to a tenth of a second: not on the event loop."""
    import segno  # not at the start

    drawing = io.BytesIO()
    code = segno.make(text, error="l", micro=False)
    code.save(drawing, kind="svg", border=2, light="#fff", xmldecl=False, omitsize=True)
    return drawing.getvalue()


async def _build(request: web.Request, choice: Choice, overview: Overview) -> build.Built:
    feeds = request.app[keys.FEEDS]
    built = await build.build(
        choice, feeds, overview.result, _base(request), request.app[keys.PUBLISHER].selector
    )
    public_url = request.app[keys.SETTINGS].public_url
    subscribed = build.subscription(built, choice, feeds, public_url)
    return await build.measure(built, subscribed, request.app[keys.PUBLISHER])


def _json(body: object) -> web.Response:
    response = web.json_response(
        body,
        headers={"Cache-Control": "public, max-age=60", "Vary": "Accept-Encoding"},
        dumps=lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    )
    response.enable_compression()
    return response


def _base(request: web.Request) -> str:
    public = request.app[keys.SETTINGS].public_url
    return str(public or request.url.origin()).rstrip("/")

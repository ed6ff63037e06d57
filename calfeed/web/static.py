"""``/static/``: the page's own files, at URLs that change with their contents."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import webcolors
from aiohttp import web

from calfeed.feeds import Feed
from calfeed.web import keys

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FEED_COLORS = "feeds.css"
"""The one file that is generated: the named feeds' colours."""

Files = dict[str, bytes]
FILES: web.AppKey[Files] = web.AppKey("static files", dict)
"""The files by name."""
FOLDER = web.AppKey("static folder", str)
"""The folder of this version, without leading and trailing slash."""


def setup(app: web.Application) -> None:
    """Read the files and add the route."""
    app[FILES] = files(app[keys.FEEDS].values())
    app[FOLDER] = folder(app[FILES])
    app.router.add_get("/static/{version}/{name}", serve)


@cache
def _packaged() -> Files:
    packaged = resources.files("calfeed.web") / "static"
    return {
        file.name: file.read_bytes()
        for file in packaged.iterdir()
        if file.name.rpartition(".")[2] in TYPES
    }


def files(feeds: Iterable[Feed]) -> Files:
    """All static files by name, including the colours of these feeds."""
    return {**_packaged(), FEED_COLORS: _colors(feeds)}


def folder(contents: Files) -> str:
    """The folder they are in. It is the same for all, so that modules can import each other by
    relative names."""
    digest = hashlib.sha256()
    for name, body in sorted(contents.items()):
        digest.update(f"{name} {len(body)} ".encode() + body)
    return f"static/{digest.hexdigest()[:12]}"


def _colors(feeds: Iterable[Feed]) -> bytes:
    """One rule for each feed: a strict Content-Security-Policy allows no style attributes."""
    rules = (
        f'[data-feed="{feed.slug}"]{{--feed:{webcolors.name_to_hex(feed.color)}}}'
        for feed in feeds
        if '"' not in feed.slug and "\\" not in feed.slug
    )
    return "\n".join(rules).encode()


async def serve(request: web.Request) -> web.Response:
    """A file, to be cached for ever; in another version's folder, the current file, not cached."""
    name = request.match_info["name"]
    body = request.app[FILES].get(name)
    if body is None:
        raise web.HTTPNotFound
    current = request.path.startswith(f"/{request.app[FOLDER]}/")
    lasting = "public, max-age=31536000, immutable" if current else "no-cache"
    response = web.Response(
        body=body,
        content_type=TYPES[name.rpartition(".")[2]],
        charset="utf-8",
        headers={"Cache-Control": lasting, "Vary": "Accept-Encoding"},
    )
    response.enable_compression()
    return response

"""The addresses of feeds: what is asked for -> what is published."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qsl

from aiohttp import web
from cachetools import LRUCache
from yarl import URL

from calfeed import feeds as named
from calfeed.catalog import SCOPES
from calfeed.errors import NotFound, QueryError
from calfeed.feeds import Feed
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import Request
from calfeed.query.collection import Scope
from calfeed.query.filter import Clause
from calfeed.query.parse import LONGEST_QUERY, parse
from calfeed.query.query import Query, View
from calfeed.web import keys
from calfeed.web.conditional import known_tag, respond
from calfeed.web.problem import Handler

TYPES: dict[Form, str] = {
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
HIGHEST_ID = 2**31 - 1
MOST_ADDRESSES, LONGEST_KEPT = 300, 500
"""How many addresses are remembered with what they mean, and how long one may be for that."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to publish; its address without the ending, and what that stands for ``within`` which
    the request's own parameters narrow; and the name of the file."""

    request: Request
    address: str
    within: Query
    stem: str

    def sourced(self, base: URL | None) -> Request:
        """The request with the feed's own address, the same for every spelling of its query."""
        if base is None:
            return self.request
        query = self.request.query.text(self.within)
        source = f"{str(base).rstrip('/')}{self.address}.ics" + (f"?{query}" if query else "")
        return replace(self.request, source=source)


def setup(app: web.Application) -> None:
    """Add the routes."""
    form = r".{form:ics|json}"
    for scope in SCOPES.values():
        app.router.add_get(f"/{scope.name}{form}", _handler(_list(scope, View.ALL)))
        for view in (View.UPCOMING, View.PREVIOUS):
            app.router.add_get(f"/{scope.name}/{view}{form}", _handler(_list(scope, view)))
        if len(scope.collections) == 1:
            app.router.add_get(f"/{scope.name}/{{id}}{form}", _handler(_single(scope)))
    app.router.add_get("/agencies/{id:[0-9]+}" + form, _handler(_agency))
    app.router.add_get("/feeds/{slug}" + form, _handler(_feed))
    app.router.add_get("/feeds.json", feed_list)
    app.router.add_get("/robots.txt", robots)


def _handler(want: Callable[[web.Request], Wanted]) -> Handler:
    understood: LRUCache[str, tuple[Request, Form, str]] = LRUCache(MOST_ADDRESSES)

    def understand(request: web.Request) -> tuple[Request, Form, str]:
        wanted = want(request)
        asked = wanted.request
        form: Form = "json" if request.match_info["form"] == "json" else "ics"
        if form == "ics":
            asked = wanted.sourced(request.app[keys.SETTINGS].public_url)
        return asked, form, f"{wanted.stem}.{form}"

    async def handle(request: web.Request) -> web.StreamResponse:
        known = understood.get(request.raw_path)
        if known is None:
            known = understand(request)
            if len(request.raw_path) <= LONGEST_KEPT:
                understood[request.raw_path] = known
        asked, form, filename = known
        feed = await request.app[keys.PUBLISHER].publish(asked, form)
        fresh_for = request.app[keys.SETTINGS].fresh_for
        return await respond(request, feed, TYPES[form], filename, fresh_for)

    return handle


def _list(scope: Scope, view: View) -> Callable[[web.Request], Wanted]:
    base = Query.everything(scope, view)
    address = f"/{scope.name}" if view is View.ALL else f"/{scope.name}/{view}"
    stem = scope.name if view is View.ALL else f"{view}-{scope.name}"

    def want(request: web.Request) -> Wanted:
        query = parse(_pairs(request), base, _version(request))
        return Wanted(Request(query), address, base, stem)

    return want


def _single(scope: Scope) -> Callable[[web.Request], Wanted]:
    """A single entry, by its id."""
    (collection,) = scope.collections

    def want(request: web.Request) -> Wanted:
        text = request.match_info["id"]
        try:
            number = collection.read_id(text)
        except ValueError as error:
            raise NotFound(f"there is no {collection.noun} “{text[:80]}”") from error
        base = Query(scope, clauses=(Clause("id", (number,)),))
        query = parse(_pairs(request), base, _version(request))
        address = f"/{scope.name}/{number}"
        return Wanted(Request(query, one=True), address, base, f"{collection.noun}-{number}")

    return want


def _agency(request: web.Request) -> Wanted:
    agency_id = _id(request, "agency")
    base = named.for_agency(agency_id)
    query = parse(_pairs(request), base, _version(request))
    return Wanted(Request(query), f"/agencies/{agency_id}", base, f"agency-{agency_id}")


def _feed(request: web.Request) -> Wanted:
    slug = request.match_info["slug"]
    feed = request.app[keys.FEEDS].get(slug)
    if feed is None:
        raise NotFound(f"there is no feed “{slug[:80]}”; /feeds.json lists them all")
    return _named(feed, parse(_pairs(request), feed.query, _version(request)))


def _named(feed: Feed, query: Query) -> Wanted:
    return Wanted(Request(query, feed), f"/feeds/{feed.slug}", feed.query, feed.slug)


def named_requests(feeds: Iterable[Feed], base: URL | None) -> list[Request]:
    """The named feeds as ``/feeds/SLUG.ics`` asks for them."""
    return [_named(feed, feed.query).sourced(base) for feed in feeds]


def _version(request: web.Request) -> str:
    return request.app[keys.SETTINGS].ll2_url.name


def _id(request: web.Request, kind: str) -> int:
    text = request.match_info["id"]
    if len(text) > 10 or int(text) > HIGHEST_ID:
        raise NotFound(f"there is no {kind} {text[:80]}")
    return int(text)


def _pairs(request: web.Request) -> list[tuple[str, str]]:
    text = request.rel_url.raw_query_string
    if len(text) > LONGEST_QUERY:
        takes = f"at most {LONGEST_QUERY} characters"
        raise QueryError(f"the query is too long: {takes}", "", text[:80], takes)
    return parse_qsl(text, keep_blank_values=True, errors="replace")


async def feed_list(request: web.Request) -> web.Response:
    """``/feeds.json``: the named feeds."""
    base = request.app[keys.SETTINGS].public_url or request.url.origin()
    listed = [
        {
            "slug": feed.slug,
            "name": feed.name,
            "description": feed.description,
            "color": feed.color,
            "section": feed.section,
            "collection": feed.query.scope.name,
            "filters": {clause.name: clause.text() for clause in feed.query.clauses},
            "options": dict(feed.query.options.pairs()),
            "url": f"{str(base).rstrip('/')}/feeds/{feed.slug}.ics",
        }
        for feed in request.app[keys.FEEDS].values()
    ]
    body = json.dumps({"count": len(listed), "feeds": listed}, ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": "public, max-age=300", "ETag": tag}
    if known_tag(request, (tag,)):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": TYPES["json"]})


async def robots(request: web.Request) -> web.Response:
    """``/robots.txt``: Google's calendar once obeyed it, and failed where there was none."""
    return web.Response(
        text="User-agent: *\nAllow: /\n", headers={"Cache-Control": "max-age=86400"}
    )

"""The addresses of feeds: what is asked for -> what is published."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from aiohttp import web
from cachetools import LRUCache
from yarl import URL

from calfeed import feeds as named
from calfeed.errors import SHOWN, NotFound, QueryError
from calfeed.events.filters import Clause
from calfeed.feeds import Feed
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import FeedRequest
from calfeed.query.query import LONGEST_QUERY, Query, View, parse
from calfeed.web import keys
from calfeed.web.conditional import held_tag, respond
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

    request: FeedRequest
    address: str
    within: Query
    stem: str

    def sourced(self, base: URL | None) -> FeedRequest:
        """The request with the feed's own address."""
        return self.request.at(base, self.address, self.within)


def setup(app: web.Application) -> None:
    """Add the routes."""
    form = r".{form:ics|json}"
    app.router.add_get("/events" + form, _handler(_list(View.ALL, "events")))
    app.router.add_get("/events/upcoming" + form, _handler(_list(View.UPCOMING, "upcoming")))
    app.router.add_get("/events/previous" + form, _handler(_list(View.PREVIOUS, "previous")))
    app.router.add_get("/events/{id:[0-9]+}" + form, _handler(_event))
    app.router.add_get("/agencies/{id:[0-9]+}" + form, _handler(_agency))
    app.router.add_get("/feeds/{slug}" + form, _handler(_feed))
    app.router.add_get("/feeds.json", feed_list)
    app.router.add_get("/robots.txt", robots)


def _handler(want: Callable[[web.Request], Wanted]) -> Handler:
    understood: LRUCache[str, tuple[FeedRequest, Form, str]] = LRUCache(MOST_ADDRESSES)

    def understand(request: web.Request) -> tuple[FeedRequest, Form, str]:
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
        feed, result = await request.app[keys.PUBLISHER].publish(asked, form)
        return await respond(
            request, feed, result, content_type=TYPES[form], filename=filename,
            fresh_for=request.app[keys.SETTINGS].fresh_for,
        )  # fmt: skip

    return handle


def _list(view: View, stem: str) -> Callable[[web.Request], Wanted]:
    address = "/events" if view is View.ALL else f"/events/{view}"

    def want(request: web.Request) -> Wanted:
        return Wanted(FeedRequest(parse(query_pairs(request), view)), address, Query(view), stem)

    return want


def _event(request: web.Request) -> Wanted:
    event_id = _id(request, "event")
    base = Query(clauses=(Clause("id", (event_id,)),))
    query = parse(query_pairs(request), within=base)
    return Wanted(FeedRequest(query, single=True), f"/events/{event_id}", base, f"event-{event_id}")


def _agency(request: web.Request) -> Wanted:
    agency_id = _id(request, "agency")
    base = named.for_agency(agency_id)
    query = parse(query_pairs(request), within=base)
    return Wanted(FeedRequest(query), f"/agencies/{agency_id}", base, f"agency-{agency_id}")


def _feed(request: web.Request) -> Wanted:
    slug = request.match_info["slug"]
    feed = request.app[keys.FEEDS].get(slug)
    if feed is None:
        raise NotFound(f"there is no feed “{slug[:SHOWN]}”; /feeds.json lists them all")
    return _named(feed, parse(query_pairs(request), within=feed.query))


def _named(feed: Feed, query: Query) -> Wanted:
    return Wanted(FeedRequest(query, feed), f"/feeds/{feed.slug}", feed.query, feed.slug)


def named_requests(feeds: Iterable[Feed], base: URL | None) -> list[FeedRequest]:
    """The named feeds as ``/feeds/SLUG.ics`` asks for them."""
    return [_named(feed, feed.query).sourced(base) for feed in feeds]


def _id(request: web.Request, kind: str) -> int:
    text = request.match_info["id"]
    if len(text) > 10 or int(text) > HIGHEST_ID:
        raise NotFound(f"there is no {kind} {text[:SHOWN]}")
    return int(text)


def query_pairs(request: web.Request) -> list[tuple[str, str]]:
    """The parameters of a request's query string, in their order, repeated ones too."""
    text = request.rel_url.raw_query_string
    if len(text) > LONGEST_QUERY:
        takes = f"at most {LONGEST_QUERY} characters"
        raise QueryError(f"the query is too long: {takes}", "", text[:SHOWN], takes)
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
            "filters": {clause.name: clause.text() for clause in feed.query.clauses},
            "options": dict(feed.query.options.pairs()),
            "url": f"{str(base).rstrip('/')}/feeds/{feed.slug}.ics",
        }
        for feed in request.app[keys.FEEDS].values()
    ]
    body = json.dumps({"count": len(listed), "feeds": listed}, ensure_ascii=False).encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": "public, max-age=300", "ETag": f'"{tag}"'}
    if held_tag(request, (tag,)):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": TYPES["json"]})


async def robots(request: web.Request) -> web.Response:
    """``/robots.txt``: Google's calendar once obeyed it, and failed where there was none."""
    return web.Response(
        text="User-agent: *\nAllow: /\n", headers={"Cache-Control": "max-age=86400"}
    )

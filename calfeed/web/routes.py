"""The addresses of feeds: what is asked for -> what is published."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from aiohttp import web
from yarl import URL

from calfeed.catalog import SCOPES
from calfeed.errors import SHOWN, NotFound, QueryError
from calfeed.feeds import Feed, for_agency
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import FeedRequest
from calfeed.query.collection import Scope
from calfeed.query.filter import Clause
from calfeed.query.parse import LONGEST_QUERY, parse
from calfeed.query.query import Query, View
from calfeed.web import keys
from calfeed.web.conditional import held_tag, respond
from calfeed.web.problem import Handler

TYPES: dict[Form, str] = {
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
HIGHEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Resource:
    """What lies at a path, in whatever form: the query that a request's own parameters narrow, and
    the file's name without its ending. ``single`` says that it is one entry, which must exist."""

    path: str
    base: Query
    stem: str
    feed: Feed | None = None
    single: bool = False

    def feed_request(self, query: Query, public_url: URL | None) -> FeedRequest:
        """The request for this resource, narrowed to a query."""
        request = FeedRequest(query, self.feed, single=self.single)
        return request.at(public_url, self.path, self.base)


def setup(app: web.Application) -> None:
    """Add the routes."""
    form = r".{form:ics|json}"
    for scope in SCOPES.values():
        for view in View:
            resource = _list(scope, view)
            app.router.add_get(resource.path + form, _handler(_always(resource)))
        if len(scope.collections) == 1:
            app.router.add_get(f"/{scope.name}/{{id}}{form}", _handler(_single(scope)))
    app.router.add_get("/agencies/{id:[0-9]+}" + form, _handler(_agency))
    app.router.add_get("/feeds/{slug}" + form, _handler(_feed))
    app.router.add_get("/feeds.json", feed_list)
    app.router.add_get("/robots.txt", robots)


def _handler(find: Callable[[web.Request], Resource]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        settings = request.app[keys.SETTINGS]
        resource = find(request)
        query = parse(query_pairs(request), resource.base, settings.ll2_url.name)
        form: Form = "json" if request.match_info["form"] == "json" else "ics"
        feed_request = resource.feed_request(query, settings.public_url if form == "ics" else None)
        publisher = request.app[keys.PUBLISHER]
        warm = publisher.has(feed_request, form)
        feed, result = await publisher.publish(feed_request, form)
        outgoing = request.app[keys.OUTGOING]
        if not warm:
            outgoing.admit(feed)
        return await respond(
            request, feed, result, outgoing, content_type=TYPES[form],
            filename=f"{resource.stem}.{form}", fresh_for=settings.fresh_for,
        )  # fmt: skip

    return handle


def _always(resource: Resource) -> Callable[[web.Request], Resource]:
    return lambda request: resource


def _list(scope: Scope, view: View) -> Resource:
    base = Query.everything(scope, view)
    if view is View.ALL:
        return Resource(f"/{scope.name}", base, scope.name)
    return Resource(f"/{scope.name}/{view}", base, f"{view}-{scope.name}")


def _single(scope: Scope) -> Callable[[web.Request], Resource]:
    (collection,) = scope.collections

    def find(request: web.Request) -> Resource:
        text = request.match_info["id"]
        try:
            record_id = collection.read_id(text)
        except ValueError as error:
            raise NotFound(f"there is no {collection.noun} “{text[:SHOWN]}”") from error
        base = Query(scope, clauses=(Clause("id", (record_id,)),))
        stem = f"{collection.noun}-{record_id}"
        return Resource(f"/{scope.name}/{record_id}", base, stem, single=True)

    return find


def _agency(request: web.Request) -> Resource:
    text = request.match_info["id"]
    if len(text) > 10 or int(text) > HIGHEST_ID:
        raise NotFound(f"there is no agency {text[:SHOWN]}")
    return Resource(f"/agencies/{int(text)}", for_agency(int(text)), f"agency-{int(text)}")


def _feed(request: web.Request) -> Resource:
    slug = request.match_info["slug"]
    feed = request.app[keys.FEEDS].get(slug)
    if feed is None:
        raise NotFound(f"there is no feed “{slug[:SHOWN]}”; /feeds.json lists them all")
    return _named(feed)


def _named(feed: Feed) -> Resource:
    return Resource(f"/feeds/{feed.slug}", feed.query, feed.slug, feed)


def named_requests(feeds: Iterable[Feed], base: URL | None) -> list[FeedRequest]:
    """The named feeds as ``/feeds/SLUG.ics`` asks for them."""
    return [_named(feed).feed_request(feed.query, base) for feed in feeds]


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
    feeds = [_listed(feed, str(base).rstrip("/")) for feed in request.app[keys.FEEDS].values()]
    body = json.dumps({"count": len(feeds), "feeds": feeds}, ensure_ascii=False).encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": "public, max-age=300", "ETag": f'"{tag}"'}
    if held_tag(request, (tag,)):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": TYPES["json"]})


def _listed(feed: Feed, base: str) -> dict[str, object]:
    """A feed as its file has it: filters of calfeed's own stand among the options there."""
    rows = feed.query.scope.filters
    filters = {clause.name: clause.text() for clause in feed.query.clauses}
    own = {name: filters.pop(name) for name in list(filters) if rows[name].own}
    return {
        "slug": feed.slug,
        "name": feed.name,
        "description": feed.description,
        "color": feed.color,
        "section": feed.section,
        "collection": feed.query.scope.name,
        "filters": filters,
        "options": own | dict(feed.query.options.pairs()),
        "url": f"{base}/feeds/{feed.slug}.ics",
    }


async def robots(request: web.Request) -> web.Response:
    """``/robots.txt``: Google's calendar once obeyed it, and failed where there was none."""
    return web.Response(
        text="User-agent: *\nAllow: /\n", headers={"Cache-Control": "max-age=86400"}
    )

"""The page and what it fetches: rendered in a thread of its own, cached while it stays true."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from markupsafe import Markup

from calfeed.catalog import ALL
from calfeed.errors import SHOWN, NoData, NotFound, QueryError
from calfeed.feeds import Feed
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish.select import Selector
from calfeed.query.parse import LONGEST_QUERY
from calfeed.query.query import Query, View
from calfeed.web.page.builder import Built, build
from calfeed.web.page.cards import Card
from calfeed.web.page.facets import as_json
from calfeed.web.page.form import FRESH, Choice, read
from calfeed.web.page.overview import Overview, make_overview, overview_key

WAIT = 3.0
"""Seconds the page waits for the first data; then it shows what it has without."""
MOST_BODIES = 150
"""How many bodies are cached; each is some 30 kB at most, compressed."""
MOST_ADDRESSES = 8
"""For how many of the service's own addresses the parts that all pages share are kept."""
MOST_PLACED = 30_000
LEVEL = 6

_AHEAD = Query(ALL, View.UPCOMING)
"""Can be answered once what is ahead is kept; its snapshots hold all that is there by then."""


@dataclass(frozen=True, slots=True)
class RenderedBody:
    """A body in gzip; ``etag`` is opaque and without quotes. ``live``: it shows data, so caches may
    keep it for a while."""

    gzipped: bytes
    etag: str
    status: HTTPStatus = HTTPStatus.OK
    live: bool = True

    @classmethod
    def of(cls, text: str, status: HTTPStatus = HTTPStatus.OK, live: bool = True) -> "RenderedBody":
        """The body of that text."""
        body = text.encode()
        etag = hashlib.sha256(body).hexdigest()[:32]
        return cls(gzip.compress(body, LEVEL, mtime=0), etag, status, live)


PageRequest = tuple[str, str, str]
"""What to render: ``page``, ``build`` or ``choices``; the query; the service's own address."""


class Pages:
    """Renders the page, and what its builder fetches.

    One thread does it, so that nobody else waits, and what is made of the data once (the overview,
    where entries lie) needs no lock.
    """

    def __init__(self, repository: Repository, feeds: Mapping[str, Feed], static: str) -> None:
        self._repository = repository
        self._feeds = feeds
        self._static = static
        self._selector = Selector(MOST_PLACED)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="page")
        self._key: tuple[object, ...] = ()
        self._overview = Overview(cards=())
        self._shared: dict[str, tuple[Markup, Markup]] = {}
        self._bodies: dict[PageRequest, RenderedBody] = {}

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def page(self, query: str, base: str) -> RenderedBody:
        """The page with what its address chooses; a choice that cannot be read is said on it."""
        return await self._body(("page", query, base))

    async def build(self, query: str, base: str) -> RenderedBody:
        """What the page says of a choice, as JSON.

        Raises:
            QueryError: a parameter is unknown, or its value is none that it takes.
            NotFound: there is no such named feed.
        """
        return await self._body(("build", query, base))

    async def choices(self) -> RenderedBody:
        """All that can be chosen, with counts, as JSON.

        Raises:
            NoData: nothing is kept, and Launch Library did not answer in time.
        """
        if isinstance(await self._result(), str):
            await self._repository.get(FRESH)  # says why, and when to come back
        return await self._body(("choices", "", ""))

    async def _body(self, request: PageRequest) -> RenderedBody:
        result = await self._result()
        key = (result,) if isinstance(result, str) else overview_key(result)
        if key == self._key and (body := self._bodies.get(request)):
            return body
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._render, request, result, key)

    async def _result(self) -> Result | str:
        """Everything that is kept; where nothing is, why."""
        try:
            return await asyncio.wait_for(self._repository.get(_AHEAD), WAIT)
        except TimeoutError:
            return "Launch Library has not answered yet."
        except NoData as error:
            return f"{str(error)[:1].upper()}{str(error)[1:]}."

    def _render(
        self, request: PageRequest, result: Result | str, key: tuple[object, ...]
    ) -> RenderedBody:
        if key != self._key:
            self._begin(result, key)
        body = self._bodies.get(request)
        if body is None:
            kind, query, base = request
            body = _RENDERERS[kind](self, query, base)
            self._cache(request, body)
        return body

    def _begin(self, result: Result | str, key: tuple[object, ...]) -> None:
        """With the next data, or minute."""
        if isinstance(result, str):
            self._overview = Overview(tuple(map(Card, self._feeds.values())), missing=result)
        else:
            recent = self._repository.pending(FRESH) is None
            self._overview = make_overview(
                result, self._feeds.values(), self._selector, recent=recent
            )
        self._shared.clear()
        self._bodies.clear()
        self._key = key

    def _cache(self, request: PageRequest, body: RenderedBody) -> None:
        if body.status == HTTPStatus.OK:
            self._bodies[request] = body
        while len(self._bodies) > MOST_BODIES:
            del self._bodies[next(iter(self._bodies))]

    def _page(self, query: str, base: str) -> RenderedBody:
        from calfeed.web.page import render  # not at the start: jinja2 takes 70 ms and 3 MB

        status, fault = HTTPStatus.OK, ""
        try:
            choice = self._read(query)
        except (QueryError, NotFound) as error:
            status, fault, choice = HTTPStatus(error.status), str(error), Choice(FRESH, given=False)
        if base not in self._shared:
            if len(self._shared) >= MOST_ADDRESSES:
                self._shared.clear()
            self._shared[base] = render.shared(self._overview, self._feeds, base)
        text = render.page(
            overview=self._overview, shared=self._shared[base], choice=choice,
            built=self._built(choice, base), fault=fault, static=self._static,
        )  # fmt: skip
        return RenderedBody.of(text, status, self._overview.result is not None)

    def _build(self, query: str, base: str) -> RenderedBody:
        choice = self._read(query)
        return RenderedBody.of(_dump(self._built(choice, base).as_json(choice)))

    def _choices(self, query: str, base: str) -> RenderedBody:
        return RenderedBody.of(_dump(as_json(self._overview.facets)))

    def _read(self, query: str) -> Choice:
        if len(query) > LONGEST_QUERY:
            takes = f"at most {LONGEST_QUERY} characters"
            raise QueryError(f"the choice is too long: {takes}", "", query[:SHOWN], takes)
        return read(parse_qsl(query, keep_blank_values=True, errors="replace"), self._feeds)

    def _built(self, choice: Choice, base: str) -> Built:
        pending = self._repository.pending(choice.query)
        return build(choice, self._feeds, self._overview, base, self._selector, pending)


_RENDERERS: dict[str, Callable[[Pages, str, str], RenderedBody]] = {
    "page": Pages._page,
    "build": Pages._build,
    "choices": Pages._choices,
}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

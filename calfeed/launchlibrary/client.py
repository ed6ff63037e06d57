"""The calls to Launch Library: one request function, and paging over it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

import aiohttp
from yarl import URL

from calfeed import __version__
from calfeed.errors import MissingUpstream, Throttled, UpstreamError
from calfeed.events.model import Event
from calfeed.launchlibrary.budget import Budget, Purpose
from calfeed.launchlibrary.page import (
    PAGE,
    Answer,
    Page,
    believable,
    decode,
    read_event,
    read_page,
)
from calfeed.launchlibrary.question import Question
from calfeed.launchlibrary.throttle import check
from calfeed.query.query import View

log = logging.getLogger(__name__)

MOST_PAGES = 300
MOST_BYTES = 32_000_000
"""The largest answer that is read, unpacked. A full detailed page takes 1 to 2 MB."""
TIMEOUT = aiohttp.ClientTimeout(total=90, sock_connect=10, sock_read=60)
"""Large detailed pages take tens of seconds on a bad day."""
UNCOUNTED = aiohttp.ClientTimeout(total=5)
"""Nothing may wait long for what only refines the budget."""

_EVENTS = {"2.3.0": "events/", "2.2.0": "event/"}
"""How each version spells the path of the lists."""
_VIEWS = {View.ALL: "", View.UPCOMING: "upcoming/", View.PREVIOUS: "previous/"}


class LaunchLibrary:
    """The API at one base URL; the version is the last part of its path.

    Every counted call is taken from the budget first, by what it is for. ``counted`` is told
    how each ended.
    """

    def __init__(
        self,
        base: URL,
        session: aiohttp.ClientSession,
        budget: Budget,
        *,
        token: str | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        counted: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._base = base
        self._events = _EVENTS[base.name]
        self._session = session
        self._budget = budget
        self._timeout = timeout
        self._counted = counted
        self._headers = {
            "User-Agent": f"calfeed/{__version__}",
            "Accept": "application/json",
            "Connection": "close",  # one that was kept may be dead by the next round
        }
        if token:
            self._headers["Authorization"] = f"Token {token}"

    async def fetch(self, question: Question, purpose: Purpose) -> Answer:
        """All events a question means, from as many calls as it has pages. None for an unknown id.

        Raises:
            UpstreamError: a page did not come; what came before it is dropped.
        """
        if question.event_id is not None:
            return await self._fetch_one(question.event_id, purpose)
        found: dict[int, Event] = {}
        ids: set[int] = set()
        async for page in self.pages(question.view, question.params, purpose=purpose):
            ids.update(page.ids)
            for event in page.events:  # rows shift between pages while data changes
                found.setdefault(event.id, event)
        if ids and not found:
            raise UpstreamError("Launch Library answered with events of which none can be read")
        return Answer(frozenset(ids), tuple(found.values()))

    async def _fetch_one(self, event_id: int, purpose: Purpose) -> Answer:
        path = f"{self._events}{event_id}/"
        try:
            body = await self._request(path, [("mode", "detailed")], purpose)
        except MissingUpstream:
            return Answer(frozenset(), ())
        event = await asyncio.to_thread(read_event, body)
        if event.id != event_id:
            raise UpstreamError(f"asked for event {event_id}, got {event.id}")
        return Answer(frozenset((event.id,)), (event,))

    async def pages(
        self,
        view: View = View.ALL,
        params: Sequence[tuple[str, str]] = (),
        *,
        ordering: str = "-date",
        mode: str = "detailed",
        offset: int = 0,
        expected: int = 0,
        purpose: Purpose = Purpose.ASKED,
    ) -> AsyncIterator[Page]:
        """The pages of a list from ``offset`` to its end, one call each.

        ``expected`` is how many events it had when it was last looked at. Where it has become
        shorter meanwhile, rows have moved up past the page's start, and are asked for once more.

        Raises:
            UpstreamError: a page did not come, or the list is far shorter than expected.
        """
        fixed = [("mode", mode), ("ordering", ordering), ("limit", str(PAGE))]
        for _ in range(MOST_PAGES):
            asked = [*params, *fixed, ("offset", str(offset))]
            body = await self._request(self._events + _VIEWS[view], asked, purpose)
            page = await asyncio.to_thread(read_page, body)
            shorter, expected = expected - page.count, page.count
            if not believable(shorter, expected + shorter):
                raise UpstreamError(
                    f"a list of {page.count} events, where {expected + shorter} are known"
                )
            if offset and shorter > 0:
                offset = max(0, offset - shorter)
                continue
            offset += page.size
            if not page.size and offset < page.count:
                raise UpstreamError(f"the list ended after {offset} of {page.count} events")
            yield replace(page, end=offset)
            if offset >= page.count:
                return
        raise UpstreamError(f"more than {MOST_PAGES} pages")

    async def calls_left(self) -> int | None:
        """How many calls ``/api-throttle/`` says are left; None where it does not say. It costs
        none. Its ``ident`` may be the key itself, so nothing of the answer is logged."""
        answer = decode(await self._get("api-throttle/", [], UNCOUNTED))
        if isinstance(answer, list) and answer:
            answer = answer[0]
        if not isinstance(answer, dict):
            return None
        limit, used = answer.get("your_request_limit"), answer.get("current_use")
        if not isinstance(limit, int) or not isinstance(used, int):
            return None
        return max(0, limit - used)

    async def _request(self, path: str, params: list[tuple[str, str]], purpose: Purpose) -> bytes:
        """Make one counted call. The only place where a counted call can be made, or fail."""
        try:
            await self._budget.spend(purpose)
            body = await self._get(path, params, self._timeout)
        except UpstreamError as error:
            self._counted(error.outcome)
            if isinstance(error, Throttled):
                await self._budget.block(error.retry_after)
            raise
        self._counted("ok")
        return body

    async def _get(
        self, path: str, params: list[tuple[str, str]], limits: aiohttp.ClientTimeout
    ) -> bytes:
        url = (self._base / path).with_query(params)
        loop = asyncio.get_running_loop()
        began = loop.time()
        outcome = "failed"
        try:
            async with self._session.get(
                url,
                headers=self._headers,
                allow_redirects=False,
                timeout=limits,
                middlewares=(_once,),
            ) as response:
                outcome = str(response.status)
                body = await _read(response)
                check(response.status, response.headers, body)
                return body
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            outcome = type(error).__name__
            raise UpstreamError(f"no answer from Launch Library: {outcome}") from error
        finally:
            log.info("upstream %s %s in %.2f s", url.path_qs, outcome, loop.time() - began)


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking again when a connection is dropped: no budget would know of it."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError("the connection was dropped") from error


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise UpstreamError(f"an answer of more than {MOST_BYTES} bytes")
    return bytes(body)

"""The calls to Launch Library: one request function, and paging over it."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import aiohttp
from pydantic import ValidationError
from yarl import URL

from calfeed import __version__
from calfeed.errors import MissingUpstream, Throttled, UpstreamError
from calfeed.event import Event
from calfeed.launchlibrary.payload import from_record
from calfeed.launchlibrary.question import Question
from calfeed.query import View

log = logging.getLogger(__name__)

PAGE = 100
"""Launch Library's largest page."""
MOST_PAGES = 300
MOST_BYTES = 32_000_000
"""The largest answer that is read, unpacked. A full detailed page takes 1 to 2 MB."""
TIMEOUT = aiohttp.ClientTimeout(total=90, sock_connect=10, sock_read=60)
"""Large detailed pages take tens of seconds on a bad day."""
UNSAID_WAIT = 600.0
"""Seconds to wait after a 429 that names no time."""

_EVENTS = {"2.3.0": "events/", "2.2.0": "event/"}
"""How each version spells the path of the lists."""
_VIEWS = {View.ALL: "", View.UPCOMING: "upcoming/", View.PREVIOUS: "previous/"}


class Budget(Protocol):
    """Who allows calls; see :mod:`calfeed.budget`."""

    async def spend(self, *, urgent: bool) -> None:
        """Take one call; raises BudgetSpent where none may be made."""

    async def block(self, seconds: float) -> None:
        """Allow no call for so long."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: ``count`` is the whole list's length, ``ids`` every id on the page,
    ``events`` those records that could be read."""

    count: int
    size: int
    ids: tuple[int, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole list: every id on it, and those events that could be read."""

    ids: frozenset[int]
    events: tuple[Event, ...]


class LaunchLibrary:
    """The API at one base URL; the version is the last part of its path.

    ``urgent`` calls are those somebody waits for.
    """

    def __init__(
        self,
        base: URL,
        session: aiohttp.ClientSession,
        budget: Budget,
        *,
        token: str | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._base = base
        self._events = _EVENTS[base.name]
        self._session = session
        self._budget = budget
        self._timeout = timeout
        self._headers = {
            "User-Agent": f"calfeed/{__version__}",
            "Accept": "application/json",
        }
        if token:
            self._headers["Authorization"] = f"Token {token}"

    async def fetch(self, question: Question, *, urgent: bool) -> Answer:
        """All events a question means, from as many calls as it has pages. None for an unknown id.

        Raises:
            UpstreamError: a page did not come; what came before it is dropped.
        """
        if question.event_id is not None:
            return await self._fetch_one(question.event_id, urgent=urgent)
        found: dict[int, Event] = {}
        ids: set[int] = set()
        async for page in self.pages(question.view, question.params, urgent=urgent):
            ids.update(page.ids)
            for event in page.events:  # rows shift between pages while data changes
                found.setdefault(event.id, event)
        return Answer(frozenset(ids), tuple(found.values()))

    async def _fetch_one(self, event_id: int, *, urgent: bool) -> Answer:
        path = f"{self._events}{event_id}/"
        try:
            body = await self._request(path, [("mode", "detailed")], urgent=urgent)
        except MissingUpstream:
            return Answer(frozenset(), ())
        try:
            event = await asyncio.to_thread(lambda: from_record(_decode(body)))
        except ValidationError as error:
            raise UpstreamError(f"event {event_id} came malformed: {_faults(error)}") from error
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
        urgent: bool = False,
    ) -> AsyncIterator[Page]:
        """The pages of a list from ``offset`` to its end, one call each."""
        fixed = [("mode", mode), ("ordering", ordering), ("limit", str(PAGE))]
        for _ in range(MOST_PAGES):
            asked = [*params, *fixed, ("offset", str(offset))]
            body = await self._request(self._events + _VIEWS[view], asked, urgent=urgent)
            page = await asyncio.to_thread(_page, body)
            offset += page.size
            if not page.size and offset < page.count:
                raise UpstreamError(f"the list ended after {offset} of {page.count} events")
            yield page
            if offset >= page.count:
                return
        raise UpstreamError(f"more than {MOST_PAGES} pages")

    async def throttle(self) -> object:
        """What ``/api-throttle/`` says of the calls used so far. Costs no call."""
        return await asyncio.to_thread(_decode, await self._get("api-throttle/", []))

    async def _request(self, path: str, params: list[tuple[str, str]], *, urgent: bool) -> bytes:
        """Make one counted call. The only place where a counted call can be made, or fail."""
        await self._budget.spend(urgent=urgent)
        try:
            return await self._get(path, params)
        except Throttled as error:
            await self._budget.block(error.retry_after)
            raise

    async def _get(self, path: str, params: list[tuple[str, str]]) -> bytes:
        url = (self._base / path).with_query(params)
        loop = asyncio.get_running_loop()
        began = loop.time()
        outcome = "failed"
        try:
            async with self._session.get(
                url, headers=self._headers, allow_redirects=False, timeout=self._timeout
            ) as response:
                outcome = str(response.status)
                body = await _read(response)
                _check(response, body)
                return body
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            outcome = type(error).__name__
            raise UpstreamError(f"no answer from Launch Library: {outcome}") from error
        finally:
            log.info("upstream %s %s in %.2f s", url.path_qs, outcome, loop.time() - began)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise UpstreamError(f"an answer of more than {MOST_BYTES} bytes")
    return bytes(body)


def _check(response: aiohttp.ClientResponse, body: bytes) -> None:
    if response.status == HTTPStatus.OK:
        return
    if response.status == HTTPStatus.NOT_FOUND:
        raise MissingUpstream("Launch Library knows no such thing")
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _wait(response.headers.get("Retry-After", ""), body)
        raise Throttled(f"Launch Library asks to wait {wait:.0f} s", wait)
    raise UpstreamError(f"Launch Library answered {response.status}")


def _wait(header: str, body: bytes) -> float:
    """How long a 429 asks to wait: it says so in a header, in a sentence, or not at all."""
    said = re.fullmatch("[0-9]{1,6}", header.strip(), re.ASCII)
    said = said or re.search(r"(?<=in )[0-9]{1,6}(?= sec)", body[:1000].decode(errors="replace"))
    return max(1.0, float(said[0])) if said else UNSAID_WAIT


def _decode(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UpstreamError("Launch Library answered with something that is no JSON") from error


def _page(body: bytes) -> Page:
    answer = _decode(body)
    if not isinstance(answer, dict):
        raise UpstreamError("Launch Library answered with something that is no list of events")
    count, results = answer.get("count"), answer.get("results")
    if not isinstance(count, int) or isinstance(count, bool) or not isinstance(results, list):
        raise UpstreamError("Launch Library answered with a list without count or results")
    if count < 0 or len(results) > count or len(results) > 10 * PAGE:
        raise UpstreamError(f"Launch Library answered {len(results)} events of {count}")
    events = _events(results)
    if results and not events:
        raise UpstreamError("Launch Library answered with events of which none can be read")
    return Page(count, len(results), tuple(_ids(results)), tuple(events))


def _ids(records: list[object]) -> list[int]:
    found = (record.get("id") for record in records if isinstance(record, dict))
    return [one for one in found if isinstance(one, int)]


def _events(records: list[object]) -> list[Event]:
    events = []
    for record in records:
        try:
            events.append(from_record(record))
        except ValidationError as error:
            found = record.get("id") if isinstance(record, dict) else None
            log.warning("skipped a malformed record (id %.20r): %s", found, _faults(error))
    return events


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'record'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    )[:300]

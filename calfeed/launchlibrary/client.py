"""The calls to Launch Library: pages of its lists, and the one request function below them."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import aiohttp
from yarl import URL

from calfeed import __version__
from calfeed.errors import Overloaded, Throttled, UpstreamError
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.page import PAGE, Page, decode, read_page
from calfeed.launchlibrary.throttle import http_date, raise_for_status
from calfeed.query.collection import Collection, R
from calfeed.record import Id

log = logging.getLogger(__name__)

Params = Sequence[tuple[str, str]]

MOST_BYTES = 32_000_000
"""The largest answer that is read, unpacked. A full detailed page takes 2 to 4 MB."""
SMALLEST_PAGE = 25
"""A page is made no smaller than this, however much it is too much for Launch Library."""
SMALLER_FOR = timedelta(hours=1)
"""How long pages stay as small as they had to be."""
TIMEOUT = aiohttp.ClientTimeout(total=90, sock_connect=10, sock_read=60)
"""Large detailed pages take tens of seconds on a bad day."""
UNCOUNTED = aiohttp.ClientTimeout(total=5)
"""Nothing may wait long for what only refines the budget."""
AN_HOUR = 3600


class Allowance(NamedTuple):
    """How many calls an hour Launch Library allows us, and how many of them are used."""

    limit: int
    used: int


class LaunchLibrary:
    """The API at one base URL; the version is the last part of its path.

    Every counted call is taken from the budget first. ``counted`` is told how each ended.
    """

    def __init__(
        self,
        base: URL,
        session: aiohttp.ClientSession,
        budget: Budget,
        *,
        clock: Callable[[], datetime],
        token: str | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        most_bytes: int = MOST_BYTES,
        counted: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._base = base
        self._session = session
        self._budget = budget
        self._clock = clock
        self._timeout = timeout
        self._most_bytes = most_bytes
        self._counted = counted
        self._limits: dict[str, tuple[int, datetime]] = {}
        self._headers = {
            "User-Agent": f"calfeed/{__version__}",
            "Accept": "application/json",
            "Connection": "close",  # one that was kept may be dead by the next round
        }
        if token:
            self._headers["Authorization"] = f"Token {token}"

    async def page(
        self, collection: Collection[R], params: Params = (), *, ordering: str, offset: int = 0
    ) -> Page[R]:
        """One page of a list of detailed records. One that is too much for Launch Library is asked
        for again, half as large.

        Raises:
            UpstreamError: it did not come.
        """
        limit = self._limit(collection)
        try:
            return await self._page(collection, params, ordering, limit, offset)
        except Overloaded as error:
            if limit <= SMALLEST_PAGE:
                raise
            limit = max(SMALLEST_PAGE, limit // 2)
            log.info("%s; asking for %d at once", error, limit)
            self._limits[collection.name] = limit, self._clock() + SMALLER_FOR
            return await self._page(collection, params, ordering, limit, offset)

    async def by_ids(self, collection: Collection[R], ids: Iterable[Id]) -> Page[R]:
        """Those records of some that Launch Library knows, in one call.

        Raises:
            UpstreamError: they did not come.
        """
        wanted = sorted(map(str, ids))
        params = [("id", ",".join(wanted))]
        return await self._page(collection, params, "", PAGE, 0)

    def _limit(self, collection: Collection[R]) -> int:
        limit, until = self._limits.get(collection.name, (PAGE, self._clock()))
        return limit if until > self._clock() else PAGE

    async def _page(
        self, collection: Collection[R], params: Params, ordering: str, limit: int, offset: int
    ) -> Page[R]:
        body, sent_at = await self.raw_page(
            collection, params, ordering=ordering, limit=limit, offset=offset
        )
        return replace(await asyncio.to_thread(read_page, body, collection), sent_at=sent_at)

    async def raw_page(
        self, collection: Collection[R], params: Params, *,
        ordering: str, limit: int = PAGE, offset: int = 0,
    ) -> tuple[bytes, datetime | None]:  # fmt: skip
        """The bytes of one page of detailed records, and the time that the answer itself says it
        was made at. It is asked for once, however large it is.

        Raises:
            UpstreamError: it did not come.
        """
        given = [*params, ("mode", "detailed"), ("limit", str(limit))]
        given += [("ordering", ordering)] if ordering else []
        given += [("offset", str(offset))] if offset else []
        return await self._request(collection.paths[self._base.name], given)

    async def calls_left(self) -> int | None:
        """How many calls ``/api-throttle/`` says are left in the hour; None where it says nothing
        that makes sense.

        Raises:
            UpstreamError: it did not answer.
        """
        allowance = await self.allowance()
        return max(0, allowance.limit - allowance.used) if allowance else None

    async def allowance(self) -> Allowance | None:
        """What ``/api-throttle/`` says; None where that makes no sense. It costs no call. Its
        ``ident`` may be the key itself, so nothing of the answer is logged.

        Raises:
            UpstreamError: it did not answer.
        """
        answer = decode((await self._get("api-throttle/", [], UNCOUNTED))[0])
        if isinstance(answer, list) and answer:
            answer = answer[0]
        if not isinstance(answer, dict):
            return None
        limit, used = answer.get("your_request_limit"), answer.get("current_use")
        hour = answer.get("limit_frequency_secs", AN_HOUR)
        if type(limit) is not int or type(used) is not int or hour != AN_HOUR:
            return None
        return Allowance(limit, used) if limit > 0 and used >= 0 else None

    async def _request(self, path: str, params: Params) -> tuple[bytes, datetime | None]:
        """Make one counted call. The only place where a counted call can be made, or fail."""
        try:
            await self._budget.spend()
            answer = await self._get(path, params, self._timeout)
        except UpstreamError as error:
            self._counted(error.outcome)
            if isinstance(error, Throttled):
                await self._budget.block(error.retry_after)
            raise
        self._counted("ok")
        return answer

    async def _get(
        self, path: str, params: Params, limits: aiohttp.ClientTimeout
    ) -> tuple[bytes, datetime | None]:
        url = (self._base / path).with_query(list(params))
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
                body = await _read(response, self._most_bytes)
                raise_for_status(response.status, response.headers, body)
                return body, http_date(response.headers.get("Date", ""))
        except aiohttp.ConnectionTimeoutError as error:
            outcome = type(error).__name__
            raise UpstreamError(f"no answer from Launch Library: {outcome}") from error
        except TimeoutError as error:
            outcome = type(error).__name__
            raise Overloaded("Launch Library did not answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            outcome = type(error).__name__
            raise UpstreamError(f"no answer from Launch Library: {outcome}") from error
        except asyncio.CancelledError:  # by us: the service ends, or another process refreshes
            outcome = "broken off"
            raise
        finally:
            log.info("upstream %.300s %s in %.2f s", url.path_qs, outcome, loop.time() - began)


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


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > most:
            raise UpstreamError(f"an answer of more than {most} bytes")
    return bytes(body)

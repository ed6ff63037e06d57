"""Feed responses sent again as they are, for one second and as long as no data is taken in.

So a feed that is asked for again and again costs what a file costs: a look-up, and a write to the
socket. Within a second all header fields stay the same, ``Age`` and ``Date`` included.
"""

from collections.abc import Callable, Hashable
from functools import cached_property
from operator import attrgetter

from aiohttp import HttpVersion11, hdrs, web
from cachetools import LRUCache

from calfeed.web.conditional import FeedResponse
from calfeed.web.problem import Handler

MOST_BYTES = 26_000_000
"""How much memory responses may take: less than rendered feeds, whose bytes they share."""
OVERHEAD = 3000
"""What a response takes beside its body and its key."""
DECIDING = (hdrs.HOST, hdrs.ACCEPT_ENCODING, hdrs.IF_NONE_MATCH, hdrs.IF_MODIFIED_SINCE)
"""The request's fields on which a feed's response depends."""
JOINED = 262_144
"""Up to so many bytes, copying them behind the head is cheaper than a second write; larger bodies
are too large for every slow client to have a copy."""

Key = tuple[str, ...]


class Replay(web.StreamResponse):
    """A response that was sent before. It has no state: one object answers many requests."""

    def __init__(self, response: FeedResponse, key: Key) -> None:
        super().__init__(status=response.status, reason=response.reason)
        self._response = response
        self._sent = response.body if isinstance(response.body, bytes) else b""
        self.content_length = len(self._sent)
        self.freshness = response.freshness
        self.size = OVERHEAD + len(self._sent) + sum(map(len, key))

    @property
    def ready(self) -> bool:
        """Whether the response has been given all its header fields, as it is when it is sent."""
        return self._response.prepared

    @cached_property
    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        lines += map(": ".join, self._response.headers.items())
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    @property
    def keep_alive(self) -> bool:
        """Only requests that keep their connection are answered this way."""
        return True

    async def prepare(self, request: web.BaseRequest) -> None:
        """Send all of it."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has gone")
        if len(self._sent) <= JOINED:
            transport.write(self._head + self._sent)
            await request.writer.drain()
            return
        with self._response.sending():
            transport.write(self._head)
            transport.write(self._sent)
            await request.writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to send."""


class ResponseCache:
    """Responses by request, for one moment.

    ``moment`` tells one second and one state of the data from every other.
    """

    def __init__(self, moment: Callable[[], Hashable]) -> None:
        self._now = moment
        self._moment: Hashable = None
        self._responses: LRUCache[Key, Replay] = LRUCache(MOST_BYTES, attrgetter("size"))

    @web.middleware
    async def replay(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send the response to an equal request of the same moment, if there was one."""
        key = _key(request)
        if key is None:
            return await handler(request)
        moment = self._now()
        if moment != self._moment:
            self._responses.clear()
            self._moment = moment
        before = self._responses.get(key)
        if before is not None and before.ready:
            return before
        response = await handler(request)
        if isinstance(response, FeedResponse) and response.freshness != "miss":
            self._store(key, moment, Replay(response, key))
        return response

    def _store(self, key: Key, moment: Hashable, replay: Replay) -> None:
        """Unless the moment passed while the response was made."""
        if moment == self._moment == self._now() and replay.size <= MOST_BYTES:
            self._responses[key] = replay


def _key(request: web.Request) -> Key | None:
    """What decides on a feed's response; None where the request is no plain one for it."""
    if request.method != "GET" or request.version != HttpVersion11 or not request.keep_alive:
        return None
    values = request.headers.getall
    return (request.raw_path, *("\n".join(values(name, ())) for name in DECIDING))

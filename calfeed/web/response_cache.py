"""Answers that are sent again as they are, for as long as the data stays the same.

The same request for the same data has the same answer, but for how old that is, and that is the
same for all. So a feed that was asked for before costs what a file costs: a look-up, and a write to
the socket.
"""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from time import perf_counter

from aiohttp import HttpVersion11, hdrs, web

from calfeed.mirror.replica import Replica
from calfeed.publish.publisher import RenderedFeed
from calfeed.web.observe import Observer, Seen
from calfeed.web.problem import Handler

MOST_BYTES = 34_000_000
"""How much may be held by answers. Less than finished feeds may take: then those who were answered
last are held by both, and nothing is held by answers alone."""
DECIDING = (hdrs.HOST, hdrs.ACCEPT_ENCODING, hdrs.IF_NONE_MATCH, hdrs.IF_MODIFIED_SINCE)
"""The request's fields on which a feed's answer depends."""
DATED = frozenset({"date", "age", "cache-status"})
"""The answer's fields that change with every second, for all feeds alike."""
JOINED = 262_144
"""Up to so many bytes, copying them behind the head is cheaper than a second write; larger bodies
are too large for every slow client to have a copy."""
LONGEST_KEY = 1000
"""How many characters of a request may decide: nobody's need more, and all are kept."""
OVERHEAD = 3000
"""What an answer takes beside the feed."""
SECOND = timedelta(seconds=1)

SAME_FOR_ALL = web.RequestKey("same for all", RenderedFeed)
"""Set by a handler whose answer is this feed, out of a complete copy."""
_AS: web.RequestKey[tuple[Hashable, object]] = web.RequestKey("remembered as", tuple)


class Second:
    """What answers say of the present second: the lines of its DATED fields. They are ``known``
    once one answer was made in it."""

    def __init__(self, now: datetime) -> None:
        self._since = self._until = now
        self.known = False
        self.lines = b""

    def holds(self, now: datetime) -> bool:
        """Whether it is not over; otherwise the next begins."""
        if self._since <= now < self._until:
            return True
        self._since = now.replace(microsecond=0)
        self._until = self._since + SECOND
        self.known = False
        return False


class Ready(web.StreamResponse):
    """An answer whose bytes are all there. It has no state: one object answers many requests."""

    def __init__(self, response: web.Response, seen: Seen, finished: RenderedFeed, second: Second):
        super().__init__(status=response.status, reason=response.reason)
        fields = [field for field in response.headers.items() if field[0].lower() not in DATED]
        lines = [f"HTTP/1.1 {response.status} {response.reason}", *map(": ".join, fields)]
        self._head = ("\r\n".join(lines) + "\r\n").encode()
        self._sent = response.body if isinstance(response.body, bytes) else b""
        self._second = second
        self.seen = seen
        self.valid = finished.valid
        self.size = OVERHEAD + (finished.weight if self._sent else 0)

    @property
    def keep_alive(self) -> bool:
        """Only such requests are answered this way."""
        return True

    async def prepare(self, request: web.BaseRequest) -> None:
        """Send all of it."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has gone")
        if len(self._sent) <= JOINED:
            transport.write(b"".join((self._head, self._second.lines, self._sent)))
        else:
            transport.write(self._head + self._second.lines)
            transport.write(self._sent)
        await request.writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to send."""


class ResponseCache:
    """Answers by what was asked. They are opened with the application."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._answers: dict[Hashable, Ready] = {}
        self._bytes = 0
        self._cache: str | None = None
        self._applied = -1
        self._second = Second(clock())
        self._moment = object()

    def open(self, replica: Replica, observer: Observer) -> None:
        """Begin to answer, as long as what is on the shelf stays the same."""
        self._replica = replica
        self._observer = observer

    @property
    def count(self) -> int:
        """How many are held."""
        return len(self._answers)

    @web.middleware
    async def again(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer at once what was just answered."""
        began, key = perf_counter(), _key(request)
        if key is None:
            return await handler(request)
        known = self._find(key)
        if known is not None:
            self._observer.saw(request, known.seen, perf_counter() - began)
            return known
        moment = self._moment
        response = await handler(request)
        if SAME_FOR_ALL in request:
            request[_AS] = key, moment
        return response

    async def remember(self, request: web.Request, response: web.StreamResponse) -> None:
        """Keep what is about to be sent, with all the header fields that it was given; unless the
        data changed, or the second passed, while it was made."""
        if _AS not in request or not isinstance(response, web.Response):
            return
        key, moment = request[_AS]
        if moment is not self._moment or len(str(key)) > LONGEST_KEY:
            return
        seen = Seen.of(request, response)
        if seen.cache != self._cache:
            self._forget()
            self._cache = seen.cache
        self._keep(key, Ready(response, seen, request[SAME_FOR_ALL], self._second))
        dated = [field for field in response.headers.items() if field[0].lower() in DATED]
        self._second.lines = ("\r\n".join(map(": ".join, dated)) + "\r\n\r\n").encode()
        self._second.known = True

    def _keep(self, key: Hashable, answer: Ready) -> None:
        """The oldest go where there is no room."""
        before = self._answers.pop(key, None)
        self._bytes += answer.size - (before.size if before else 0)
        self._answers[key] = answer
        while self._bytes > MOST_BYTES:
            self._bytes -= self._answers.pop(next(iter(self._answers))).size

    def _find(self, key: Hashable) -> Ready | None:
        now, applied = self._clock(), self._replica.applied
        if applied != self._applied:
            self._forget()
            self._applied = applied
            self._moment = object()
        if not self._second.holds(now):
            self._moment = object()
        known = self._answers.get(key) if self._second.known else None
        return known if known is not None and known.valid.at(now) else None

    def _forget(self) -> None:
        self._answers.clear()
        self._bytes = 0


RESPONSE_CACHE = web.AppKey("answers", ResponseCache)


def _key(request: web.Request) -> Hashable:
    """What decides on a feed's answer; None where it is no plain request for one."""
    if request.method != "GET" or request.version != HttpVersion11 or not request.keep_alive:
        return None
    values = request.headers.getall
    host, codings, tags, since = DECIDING
    return (
        request.raw_path,
        tuple(values(host, ())),
        tuple(values(codings, ())),
        tuple(values(tags, ())),
        tuple(values(since, ())),
    )

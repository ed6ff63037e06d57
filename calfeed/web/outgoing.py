"""How much of large feeds may be on its way at a time.

A client that reads slowly keeps its response in memory. A feed that is cached is in memory anyway,
however many read it; others are bounded here, or some dozens of slow readers, each with options of
its own, would hold hundreds of megabytes.
"""

from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

from aiohttp import web

from calfeed.errors import Busy

T = TypeVar("T", bound=web.StreamResponse)

MOST_BYTES = 24_000_000
LARGE = 500_000
"""Smaller feeds are not counted."""
BUSY_SECONDS = 60


class Outgoing:
    """Counts the bytes of large feeds from when they are rendered until they are sent."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._bytes = 0

    async def send(self, request: web.Request, answering: Coroutine[None, None, T], size: int) -> T:
        """Make and send the response of a feed of some size.

        Raises:
            Busy: others are on their way, and with this one it would be too much.
        """
        if self._bytes and self._bytes + size > self._most:
            answering.close()
            detail = f"many large feeds are being sent; try again in {BUSY_SECONDS} seconds"
            raise Busy(detail, BUSY_SECONDS)
        self._bytes += size
        try:
            response = await answering
            with suppress(ConnectionError):  # the client has gone: aiohttp takes note of that
                await response.prepare(request)
                await response.write_eof()
            return response
        finally:
            self._bytes -= size

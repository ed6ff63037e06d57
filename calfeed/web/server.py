"""Runs the application on a socket, and limits what clients can hold open."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress

from aiohttp import web, web_response
from aiohttp.http_exceptions import HttpProcessingError

from calfeed.errors import ListenError
from calfeed.web import process

EVERYWHERE = ("127.0.0.1", "0.0.0.0", "::", "::1")  # noqa: S104  compared, not bound
"""Addresses that a browser on this machine reaches as localhost."""
LAST_REQUESTS = 12.0
"""Seconds that requests have to finish once the service is told to stop; none waits for data longer
than ten. aiohttp waits for this twice, and platforms often kill a process after thirty."""
LONGEST_LINE = 32_768
"""More than aiohttp's 8,190, so that a query that is far too long is refused in words."""

KEEP_ALIVE = 75.0
"""Seconds after which a connection is closed that sends no complete request. Longer than proxies
keep theirs, so that the proxy is the one that closes."""
BACKLOG = 1024
"""How many connections may wait to be accepted: more than aiohttp's 128, because calendar apps poll
on the hour."""
STALLED_AFTER = 60.0
"""Seconds after which a client is dropped that reads nothing of a long response."""


def run(app: web.Application, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM, then finish the running requests. Port 0 is any free port.

    Raises:
        ListenError: the address is in use, or does not belong to this machine.
    """
    web_response.SERVER_SOFTWARE = "calfeed"  # type: ignore[attr-defined]  # no versions in answers
    with _listen(host, port) as listening:
        give_up_stalled(listening)
        _runner()(_serve(app, listening, host))


def _runner() -> Callable[[Coroutine[None, None, None]], None]:
    """uvloop's, where it is installed: it serves half as many requests again."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run
    return uvloop.run


def _listen(host: str, port: int) -> socket.socket:
    """The first thing to be opened, because a port in use is the most frequent failure."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = (
        host == "::" and socket.has_dualstack_ipv6()
    )  # IPv4 too, which "all addresses" is taken to mean
    try:
        return socket.create_server(
            (host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both
        )
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0]
        raise ListenError(f"cannot listen on {host}, port {port}: {why}") from error


async def _serve(app: web.Application, listening: socket.socket, host: str) -> None:
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=KEEP_ALIVE, max_line_size=LONGEST_LINE,
        handler_cancellation=True, shutdown_timeout=LAST_REQUESTS, logger=_logger(),
    )  # fmt: skip
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.set_default_executor(process.workers())
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        with suppress(NotImplementedError):  # on Windows Ctrl+C ends asyncio.run instead
            loop.add_signal_handler(number, stop.set)
    try:
        await runner.setup()
        gc.freeze()  # what exists by now stays to the end
        await web.SockSite(runner, listening, backlog=BACKLOG).start()
        local = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
        address = f"http://{local}:{listening.getsockname()[1]}"
        print(f"calfeed serves on {address}", file=sys.stderr, flush=True)
        await stop.wait()
    finally:
        for number in signals:  # a second signal ends the process at once
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
        await runner.cleanup()


def give_up_stalled(listening: socket.socket, seconds: float = STALLED_AFTER) -> None:
    """Let the kernel end a connection whose client stops reading (Linux; RFC 5482).

    Nothing else would: a client that acknowledges but reads nothing keeps its response in memory
    for ever. Connections inherit the option from the socket that accepts them.
    """
    if sys.platform == "linux":
        milliseconds = int(seconds * 1000)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


class _Brief(logging.Filter):
    """Logs a request that is not HTTP as one line: anybody can send those, and aiohttp's tracebacks
    would fill the disk."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See logging.Filter."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            record.msg, record.args = "malformed request: %s", (type(error).__name__,)
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.exc_info = record.exc_text = None
        return True


def _logger() -> logging.Logger:
    log = logging.getLogger("calfeed.http")
    log.addFilter(_Brief())
    return log

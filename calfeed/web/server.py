"""Runs the application on a socket, and bounds what clients can hold on to."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress

from aiohttp import web, web_response
from aiohttp.http_exceptions import HttpProcessingError

from calfeed.errors import ListenError

EVERYWHERE = ("127.0.0.1", "0.0.0.0", "::", "::1")  # noqa: S104  compared, not bound
"""What a person on this machine reaches as localhost."""
LAST_REQUESTS = 12.0
"""Seconds that requests have to end once the service is told to stop: they wait for data no longer
than ten. aiohttp counts it twice, and platforms often kill after thirty."""
LONGEST_LINE = 32_768
"""More than aiohttp's 8,190: a query that is far too long is refused in words."""

KEEP_ALIVE = 75.0
"""Seconds after which a connection ends that sends no whole request: at the start, or between two.
Longer than proxies keep theirs, so that it is the proxy that closes."""
BACKLOG = 1024
"""How many connections may wait to be accepted: more than aiohttp's 128, for calendar apps poll at
the full hour."""
MOST_OPEN_FILES = 65_536
STALLED_AFTER = 60.0
"""Seconds after which a client is given up that takes nothing of a long answer."""


def run(app: web.Application, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; running requests are finished first. Port 0 is any free one.

    Raises:
        ListenError: the address is taken, or is none of this machine's.
    """
    _allow_many_connections()
    web_response.SERVER_SOFTWARE = "calfeed"  # type: ignore[attr-defined]  # no versions in answers
    with _listen(host, port) as listening:
        give_up_stalled(listening)
        _runner()(_serve(app, listening, host))


def _runner() -> Callable[[Coroutine[None, None, None]], None]:
    """uvloop's where it is installed: it answers half as many requests again."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run
    return uvloop.run


def _listen(host: str, port: int) -> socket.socket:
    """Before anything else is opened or asked: the port is what most often stands in the way."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()  # all of IPv4 too, as people expect
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
    signals = (signal.SIGINT, signal.SIGTERM)
    for one in signals:
        with suppress(NotImplementedError):  # on Windows Ctrl+C ends asyncio.run instead
            loop.add_signal_handler(one, stop.set)
    try:
        await runner.setup()
        await web.SockSite(runner, listening, backlog=BACKLOG).start()
        local = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
        said = f"calfeed serves on http://{local}:{listening.getsockname()[1]}"
        print(said, file=sys.stderr, flush=True)
        await stop.wait()
    finally:
        for one in signals:  # a second one ends it at once
            with suppress(NotImplementedError):
                loop.remove_signal_handler(one)
        await runner.cleanup()


def give_up_stalled(listening: socket.socket, seconds: float = STALLED_AFTER) -> None:
    """Let the kernel end a connection whose client stops reading (Linux; RFC 5482).

    Nothing else would: a client that acknowledges and reads nothing keeps its answer in memory
    for ever. Connections inherit it from the socket that accepts them.
    """
    if sys.platform == "linux":
        milliseconds = int(seconds * 1000)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def _allow_many_connections() -> None:
    """Raise the limit of open files, often 1,024, as far as this process may."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Brief(logging.Filter):
    """Makes one line of a request that is no HTTP: anybody can send those, and aiohttp's traceback
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

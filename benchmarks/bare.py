"""The yardstick: a bare aiohttp handler that returns bytes it was given.

Run as ``python -m benchmarks.bare`` with its answers on standard input: a JSON list of
``[path, status, {header: value}, file of the body]``; prints its port.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.Response]]


def handler(status: int, headers: dict[str, str], body: bytes) -> Handler:
    """Answers with these bytes."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def main() -> None:
    """Serve until killed."""
    app = web.Application()
    for path, status, headers, name in json.load(sys.stdin):
        app.router.add_get(path, handler(status, headers, Path(name).read_bytes()))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())

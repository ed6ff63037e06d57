"""The yardstick: a bare aiohttp handler that returns bytes it was given.

Run as ``python -m benchmarks.bare BODY_FILE GZIP_FILE``; prints its port.
"""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

try:
    import uvloop
except ImportError:
    uvloop = None

TYPE = "text/calendar; charset=utf-8"


async def main() -> None:
    """Serve until killed."""
    body, packed = (Path(name).read_bytes() for name in sys.argv[1:3])

    async def feed(request: web.Request) -> web.Response:
        headers = {"Content-Type": TYPE, "ETag": '"x"', "Cache-Control": "public, max-age=900"}
        if request.headers.get("If-None-Match") == '"x"':
            return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=body, headers=headers)

    app = web.Application()
    app.router.add_get("/feed.ics", feed)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if uvloop and "--uvloop" in sys.argv:
        uvloop.run(main())
    else:
        asyncio.run(main())

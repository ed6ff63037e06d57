"""Run the fake by hand: `python -m tests.fake --port 9000`."""

import argparse
import asyncio
import contextlib

from .contents import utc_now
from .records import make_events
from .server import FakeLaunchLibrary


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is any free one")
    parser.add_argument("--events", type=int, default=1071, help="how many there are")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--calls-per-hour", type=int, help="without: no limit")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--older", action="store_true", help="know only the older filters")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    events = make_events(arguments.events, now=utc_now(), seed=arguments.seed)
    async with FakeLaunchLibrary(
        events,
        older=arguments.older,
        calls_per_hour=arguments.calls_per_hour,
        port=arguments.port,
    ) as ll:
        ll.delay = arguments.delay
        print(ll.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))

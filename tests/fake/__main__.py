"""Run the fake by hand: `python -m tests.fake --port 9000`."""

import argparse
import asyncio
import contextlib

from .contents import utc_now
from .records import make_events, many_launches
from .server import FakeLaunchLibrary

EPILOG = """\
It serves /2.3.0/events/ and /2.3.0/launches/ (2.2.0: /event/ and /launch/), each with upcoming/,
previous/ and {id}/, in the modes list, normal and detailed, and /api-throttle/; for example
/2.3.0/launches/upcoming/?mode=detailed&limit=100&lsp__id=121. Point calfeed at it with
CALFEED_LL2_URL.
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fake",
        description="A fake Launch Library 2 with made-up events and launches.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 is any free one")
    add("--events", type=int, default=1071, help="how many there are (1071)")
    add("--launches", type=int, default=7954, help="how many there are (7954)")
    add("--seed", type=int, default=0, help="which ones")
    add(
        "--calls-per-hour",
        "--throttle",
        type=int,
        metavar="CALLS",
        help="refuse more than this in any hour; without: no limit",
    )
    add("--delay", type=float, default=0.0, help="seconds before each answer")
    add("--older", action="store_true", help="know only the older filters")
    add("--shuffle-ties", type=int, metavar="SEED", help="lose rows between pages that tie")
    add("--events-by-id", action="store_true", help="let events be ordered by id")
    add("--deaf-to", default="", metavar="NAMES", help="parameters to ignore, comma separated")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    now, seed = utc_now(), arguments.seed
    async with FakeLaunchLibrary(
        make_events(arguments.events, now=now, seed=seed),
        many_launches(arguments.launches, now=now, seed=seed),
        older=arguments.older,
        calls_per_hour=arguments.calls_per_hour,
        port=arguments.port,
    ) as ll:
        ll.delay = arguments.delay
        ll.shuffle_ties = arguments.shuffle_ties
        ll.events_by_id = arguments.events_by_id
        ll.deaf_to = tuple(filter(None, arguments.deaf_to.split(",")))
        print(ll.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))

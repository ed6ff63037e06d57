"""``calfeed serve``: what it does."""

import gc
import logging
import sys

from aiohttp import web

from calfeed import feeds, settings
from calfeed.mirror.result import Sample
from calfeed.web import server
from calfeed.web.app import init_app
from calfeed.web.observe import EachLineStamped


def run(host: str, port: int, sample: Sample) -> None:
    """Serve until told to stop."""
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(EachLineStamped("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[told])
    for costly in ("logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks"):
        setattr(logging, costly, False)  # none of it is in the lines, and each costs time
    chosen = settings.load()
    service = init_app(chosen, feeds.load(chosen.feeds_dir), sample)
    if sample != "never":
        logging.getLogger("calfeed").warning("sample data: %s", sample)
    service.on_startup.append(_settle)
    server.run(service, host, port)


async def _settle(app: web.Application) -> None:
    """From now on there is garbage. What is there already stays to the end: looking through that
    would hold up all requests for 25 ms each time."""
    gc.freeze()
    gc.enable()

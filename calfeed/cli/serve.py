"""``calfeed serve``: what it does."""

import logging
import sys

from calfeed import feeds, settings
from calfeed.mirror.result import Sample
from calfeed.web import server
from calfeed.web.app import init_app


def run(host: str, port: int, sample: Sample) -> None:
    """Serve until told to stop."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    for costly in ("logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks"):
        setattr(logging, costly, False)  # not in the log lines, and each takes time
    chosen = settings.load()
    service = init_app(chosen, feeds.load(chosen.feeds_dir, chosen.ll2_url.name), sample)
    if sample != "never":
        logging.getLogger("calfeed").warning("sample data: %s", sample)
    server.run(service, host, port)

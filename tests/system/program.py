"""The service as ``calfeed serve`` runs it, but for its clock, which lies in a file.

``python -m tests.system.program CLOCK_FILE``; all else comes from the environment.
"""

import logging
import sys
from pathlib import Path

from calfeed import feeds, settings
from calfeed.web import server
from calfeed.web.app import init_app
from tests.system.clock import SharedClock

TICK = 0.002
"""Seconds between looks at whether a round is due, in which a minute or two may pass."""
WAIT = 0.05

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    chosen = settings.load()
    clock = SharedClock(Path(sys.argv[1]), watched=True)
    app = init_app(chosen, feeds.load(chosen.feeds_dir), clock=clock, wait=WAIT, tick=TICK)
    server.run(app, "127.0.0.1", 0)

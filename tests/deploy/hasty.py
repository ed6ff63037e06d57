"""``calfeed serve``, but no request waits for data that is not there yet.

``python -m tests.deploy.hasty serve --port PORT``; all else comes from the environment.
"""

import sys

from calfeed import feeds, settings
from calfeed.web import server
from calfeed.web.app import init_app

if __name__ == "__main__":
    chosen = settings.load()
    app = init_app(chosen, feeds.load(chosen.feeds_dir), wait=0.0)
    server.run(app, "127.0.0.1", int(sys.argv[-1]))

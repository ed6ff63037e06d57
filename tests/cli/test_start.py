"""What a start does without: it is to be quick, and to take little memory."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from calfeed.settings import PREFIX
from tests.support.needs import ROOT

LATER = {"jinja2", "redis", "rich", "segno"}
"""What is imported only when it is needed."""


def test_serving_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    clean = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    env = {**clean, "PYTHONPATH": str(ROOT), "CALFEED_CACHE_URL": "sqlite:///x.sqlite3"}
    command = [sys.executable, "-X", "importtime", "-m", "calfeed", "serve", "--port", "0"]
    imported: set[str] = set()
    with subprocess.Popen(
        [*command, "--sample", "always"], cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if found := re.fullmatch(r"import time:.*\|\s+([\w.]+)\n", line):
                imported.add(found[1].partition(".")[0])
            if "calfeed serves on" in line:
                process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert {"aiohttp", "icalendar", "typer"} <= imported
    assert imported & LATER == set()

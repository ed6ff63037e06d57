"""What a start does without: it is to be quick, and to take little memory."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web

from calfeed.cli import main
from calfeed.cli import serve as serving
from tests.support.needs import ROOT

LATER = {"jinja2", "redis", "rich", "segno"}
"""What is imported only when it is needed."""

START = """
import sys
from calfeed.cli import main
from calfeed.web import server
server.run = lambda app, host, port: print(*sys.modules)
main(["serve", "--port", "0"])
"""


def test_serving_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CALFEED_CACHE_URL": "sqlite:"}
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert {"aiohttp", "icalendar", "typer"} <= imported
    assert imported & LATER == set()


def test_the_garbage_collector_is_off_only_while_a_command_starts() -> None:
    for arguments in (["--version"], ["serve", "--port", "none"]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert gc.isenabled()


async def test_the_garbage_collector_is_on_once_the_service_has_started() -> None:
    gc.disable()
    try:
        await serving._settle(web.Application())
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()

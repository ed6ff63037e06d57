"""Commands run in this process."""

import os
from pathlib import Path

import pytest

from calfeed.cli.main import main
from calfeed.settings import PREFIX
from tests.cli.commands import Ran, Run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process, in an empty folder and an empty environment."""
    for name in [name for name in os.environ if name.startswith(PREFIX) or name == "PORT"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CALFEED_CACHE_URL", "memory://")
    monkeypatch.chdir(tmp_path)

    def running(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, *capfd.readouterr())

    return running

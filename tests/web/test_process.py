"""What a service sets up in its process, seen from outside it."""

import os
import sys
from pathlib import Path

import pytest

from calfeed.web import process
from tests.support.process import serving


def nicenesses(pid: int) -> dict[str, int]:
    """How nice the threads of a process are, by their names."""
    found = {}
    for folder in Path(f"/proc/{pid}/task").iterdir():
        name, _, rest = (folder / "stat").read_text(encoding="ascii").rpartition(")")
        found[f"{name.partition('(')[2]} {folder.name}"] = int(rest.split()[16])
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_threads_stand_back_behind_the_event_loop(tmp_path: Path) -> None:
    with serving(tmp_path, "--sample", "always") as service:
        assert service.get("/qr.svg?path=feeds/nasa.ics")  # drawn in a thread
        pid = service.process.pid
        found = nicenesses(pid)
    own = os.nice(0)
    assert [value - own for name, value in found.items() if name.endswith(f" {pid}")] == [0]
    assert min(own + process.NICENESS, 19) in found.values()

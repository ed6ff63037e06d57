"""What stands in deploy/, run or checked by the programs that it is for."""

import os
import shutil
from pathlib import Path

from tests.support.needs import ROOT, missing

DEPLOY = ROOT / "deploy"
PACKAGES = {
    "nginx": "nginx-light",
    "openssl": "openssl",
    "promtool": "prometheus",
    "systemd-analyze": "systemd",
}
"""Debian's package that brings each program."""


def program(name: str) -> Path:
    """Where a program is; without it the test ends here. Debian hides servers from PATH."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        missing(f"{name} is not here: apt install {PACKAGES[name]}")
    return Path(found)

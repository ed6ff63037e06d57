"""The tools that some tests run besides Python: where there is none, the test is skipped.

With ``CALFEED_CI=1`` a missing tool is a failure, so that nothing is skipped unnoticed there.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / ".venv-clients" / "bin"
ICAL_JS = ROOT / "tests" / "parsers" / "node_modules" / "ical.js"

HOW = {
    "node": "install Node.js 18 or newer",
    "npm": "install npm",
    "gcc": "install gcc",
    "libical": "apt install libical-dev",
    "ical.js": "run: make tools",
    "vdirsyncer": "run: make tools",
    "khal": "run: make tools",
    "thunderbird": "apt install thunderbird (Debian's; a snap sees no folder of ours)",
}
"""What to do to have each."""


def needs(tool: str) -> Path:
    """Where a tool is; without it the test ends here."""
    found = _find(tool)
    if found is None:
        missing(f"{tool} is not here: {HOW[tool]}")
    return found


def missing(why: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be skipped."""
    if os.environ.get("CALFEED_CI") == "1":
        pytest.fail(why)
    pytest.skip(why)


def _find(tool: str) -> Path | None:
    if tool == "libical":
        header = Path("/usr/include/libical/ical.h")
        return header if header.exists() else None
    if tool == "ical.js":
        return ICAL_JS if ICAL_JS.exists() else None
    if tool in ("vdirsyncer", "khal"):
        program = CLIENTS / tool
        return program if program.exists() else None
    if tool == "thunderbird":
        program = Path("/usr/lib/thunderbird/thunderbird")
        return program if program.exists() else None
    path = shutil.which(tool)
    return Path(path) if path else None

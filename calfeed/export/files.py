"""Files that are written whole or not at all, and only when their bytes change."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal

Change = Literal["new", "changed", "unchanged"]


def compare(path: Path, body: bytes) -> Change:
    """What writing these bytes would make of a file."""
    try:
        return "unchanged" if path.read_bytes() == body else "changed"
    except FileNotFoundError:
        return "new"


def put(path: Path, body: bytes) -> Change:
    """Write a file: beside it first, then in its place, so that nobody ever reads half of it.

    One that holds these bytes already is not touched. A link stays a link.
    """
    change = compare(path, body)
    if change == "unchanged":
        return change
    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # as the umask has it
        with open(opened, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return change

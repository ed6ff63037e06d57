"""A clock that two processes share and a test moves: it lies in a file."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SIZE = 8


class SharedClock:
    """Stands still until it is moved; every process that opened the file sees it at once."""

    def __init__(self, path: Path, begin: datetime | None = None) -> None:
        if begin is not None:
            path.write_bytes(struct.pack("d", begin.timestamp()))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    def __call__(self) -> datetime:
        (seconds,) = struct.unpack("d", self._memory[:_SIZE])
        return datetime.fromtimestamp(seconds, UTC)

    def ahead(self, by: timedelta) -> None:
        """Move it."""
        self._memory[:_SIZE] = struct.pack("d", (self() + by).timestamp())

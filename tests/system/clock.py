"""A clock that two processes share and a test moves: it lies in a file."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FORM = struct.Struct("dQ")


class SharedClock:
    """Stands still until it is moved; every process that opened the file sees it at once.

    It counts how often the process that is ``watched`` has looked at it, so that the one that
    moves it can wait for that.
    """

    def __init__(self, path: Path, begin: datetime | None = None, *, watched: bool = False) -> None:
        if begin is not None:
            path.write_bytes(_FORM.pack(begin.timestamp(), 0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _FORM.size)
        self._watched = watched

    def __call__(self) -> datetime:
        seconds, looks = _FORM.unpack(self._memory[:])
        if self._watched:
            self._memory[8:] = struct.pack("Q", looks + 1)
        return datetime.fromtimestamp(seconds, UTC)

    @property
    def looks(self) -> int:
        """How often the watched process has looked."""
        looks: int = _FORM.unpack(self._memory[:])[1]
        return looks

    def ahead(self, by: timedelta) -> None:
        """Move it."""
        self._memory[:8] = struct.pack("d", (self() + by).timestamp())

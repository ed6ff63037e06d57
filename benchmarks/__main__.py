"""``python -m benchmarks``: measure everything and print the table."""

import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import data, inside, outside, warm

COUNT = 1071


def main() -> None:
    """Measure and print; a row at a time on standard error, the table at the end."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "calfeed.sqlite3"
        asyncio.run(data.fill(store, COUNT))
        rows: list[warm.Row] = []
        print("calfeed: measuring inside one process", file=sys.stderr)
        rows += inside.rows()
        print("calfeed: measuring whole processes", file=sys.stderr)
        rows += outside.rows(store)
        print("calfeed: measuring warm feeds", file=sys.stderr)
        rows += asyncio.run(warm.measure(store))
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores()} cores\n")
    print("| measured | result | aim |\n| --- | --- | --- |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def cores() -> int:
    """How many processors this process may use."""

    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    main()

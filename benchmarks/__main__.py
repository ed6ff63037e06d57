"""``python -m benchmarks``: measure, and print the table; with ``--keep`` into the README too."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import data, growth, inside, outside, several, warm
from benchmarks.warm import Row

COUNT = 1071
README = Path(__file__).with_name("README.md")
MARKS = "<!-- the last run -->\n", "<!-- end of the last run -->\n"
PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "inside": lambda store: inside.rows(),
    "outside": outside.rows,
    "warm": lambda store: asyncio.run(warm.measure(store)),
    "several": several.rows,
    "growth": growth.rows,
}
"""What can be measured alone."""


def main() -> None:
    """Measure what was asked for, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all without any")
    parser.add_argument("--keep", action="store_true", help="write the table to the README")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose of {', '.join(PARTS)}")
    began = time.monotonic()
    rows = measured(asked.parts or list(PARTS))
    text = "\n".join(table(rows, time.monotonic() - began))
    print(text)
    if asked.keep:
        keep(text)


def measured(parts: list[str]) -> list[Row]:
    """The rows of these parts; says on standard error how far it is."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "calfeed.sqlite3"
        asyncio.run(data.fill(store, COUNT))
        for part in parts:
            print(f"calfeed: measuring {part}", file=sys.stderr)
            for row in PARTS[part](store):
                print("   " + ": ".join(row[:2]), file=sys.stderr)
                rows.append(row)
    return rows


def table(rows: list[Row], seconds: float) -> Iterator[str]:
    """In Markdown, with the machine."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield f"{day}, {machine()}, {python}, {COUNT} events, {seconds / 60:.0f} minutes"
    yield ""
    yield "| measured | result | aim |"
    yield "| --- | --- | --- |"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def machine() -> str:
    """Processor, how many cores this process may use, and system."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{[*names, platform.machine()][0]}, {cores} cores, {platform.system()}"


def keep(text: str) -> None:
    """Replace the last run's table in the README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    README.write_text(f"{before}{MARKS[0]}\n{text}\n\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

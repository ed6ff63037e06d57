"""``python -m benchmarks``: measure, and print the table; with ``--keep`` into the README too."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import data, front, hostile, inside, outside, probing, several, warm
from benchmarks.measure import HEAD, Measure, Row, World, rows
from calfeed.store.sqlite import SqliteStore

README = Path(__file__).with_name("README.md")
MARKS = "<!-- the last run -->\n", "<!-- end of the last run -->\n"
PARTS: dict[str, Sequence[Measure]] = {
    part.__name__.rpartition(".")[2]: part.MEASURES
    for part in (inside, outside, probing, warm, front, several, hostile)
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
    found = measured(asked.parts or list(PARTS))
    text = "\n".join(table(found, time.monotonic() - began))
    print(text)
    if asked.keep:
        keep(text)


def measured(parts: list[str]) -> list[Row]:
    """The rows of these parts."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        worlds = [World(size, outside.store_of(Path(folder), size)) for size in data.SIZES]
        for world in worlds:
            asyncio.run(data.fill(SqliteStore(world.store, data.UPSTREAM), world.size))
        few, everything = worlds
        for part in parts:
            print(f"calfeed: measuring {part}", file=sys.stderr)
            found += rows(PARTS[part], (few, everything))
    return found


def table(found: list[Row], seconds: float) -> Iterator[str]:
    """In Markdown, with the machine."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield f"{day}, {machine()}, {python}, {seconds / 60:.0f} minutes"
    yield ""
    yield "| " + " | ".join(HEAD) + " |"
    yield "|" + " --- |" * len(HEAD)
    for row in found:
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

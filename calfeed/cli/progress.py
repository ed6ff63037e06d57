"""What an export says: a progress bar and a table on a terminal, plain lines elsewhere."""

import logging
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from calfeed.export.run import FileState, Outcome
from calfeed.mirror.progress import Progress as Fetched
from calfeed.text import clean_line

STYLES: dict[FileState, str] = {
    "new": "green",
    "changed": "yellow",
    "unchanged": "dim",
    "failed": "bold red",
}


class ProgressReport(logging.Handler):
    """Tells on stderr what is going on; log messages too, above the bar where there is one."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.addFilter(
            lambda record: record.name != "calfeed.mirror.scheduler"
        )  # the export says it itself
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._live = sys.stderr.isatty()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task("Asking Launch Library", total=None)

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        if self._live:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._bar.stop()
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """A line of the log."""
        self.say(record.getMessage())

    def say(self, message: str) -> None:
        """A line of our own."""
        self._console.print(Text(f"calfeed: {clean_line(message)}"))

    def fetched(self, fetched: Fetched) -> None:
        """How far fetching has come."""
        if self._live:
            self._bar.update(self._task, description=f"Fetching {fetched.collection}",
                             completed=fetched.records, total=fetched.of, refresh=True)  # fmt: skip
        else:
            self.say(f"{fetched.records} of {fetched.of} {fetched.collection} fetched")

    def writing(self, done: int, of: int) -> None:
        """How far writing has come."""
        if self._live:
            self._bar.update(self._task, description="Writing calendars", completed=done, total=of)


def summarize(outcomes: Sequence[Outcome], folder: Path, *, check: bool) -> None:
    """What became of every file, on stdout; what is wrong with some, on stderr."""
    if sys.stdout.isatty():
        Console(highlight=False).print(_table(outcomes))
    else:
        for one in outcomes:
            print(_line(one))
    counted = Counter(one.state for one in outcomes)
    counts = ", ".join(f"{counted[state]} {state}" for state in STYLES if counted[state])
    print(f"{folder}: {counts}" + ("; nothing was written" if check else ""), flush=True)
    for one in outcomes:
        if one.too_large:
            said = f"{one.path} has {_size(one.size)}: Google is reported to refuse over 1 MB"
            print(f"calfeed: {said}", file=sys.stderr)
    if failed := [one for one in outcomes if one.state == "failed"]:
        said = ", ".join(one.path for one in failed)
        print(f"calfeed: failed, what was there stays: {clean_line(said)}", file=sys.stderr)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("File", overflow="fold")
    table.add_column("Events", justify="right")
    table.add_column("Size", justify="right", no_wrap=True)
    table.add_column("State", overflow="fold")
    for one in outcomes:
        events = "" if one.events is None else str(one.events)
        state = f"{one.state}: {clean_line(one.error)}" if one.error else one.state
        size = Text(_size(one.size) if one.size else "", "yellow" if one.too_large else "")
        table.add_row(Text(one.path), events, size, Text(state, STYLES[one.state]))
    return table


def _line(one: Outcome) -> str:
    """For example ``changed    feeds/nasa.ics  54 events, 61234 bytes``."""
    if one.state == "failed":
        told = clean_line(one.error)
    else:
        told = "" if one.events is None else f"{one.events} events, "
        told += f"{one.size} bytes"
    return f"{one.state:<9}  {one.path}  {told}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1e3:.1f} kB"

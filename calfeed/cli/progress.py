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
        for outcome in outcomes:
            print(_line(outcome))
    counted = Counter(outcome.state for outcome in outcomes)
    counts = ", ".join(f"{counted[state]} {state}" for state in STYLES if counted[state])
    print(f"{folder}: {counts}" + ("; nothing was written" if check else ""), flush=True)
    for outcome in outcomes:
        if outcome.too_large:
            large = f"{outcome.path} has {_size(outcome.size)}"
            print(f"calfeed: {large}: Google is reported to refuse over 1 MB", file=sys.stderr)
    if failed := ", ".join(outcome.path for outcome in outcomes if outcome.state == "failed"):
        print(f"calfeed: failed, what was there stays: {clean_line(failed)}", file=sys.stderr)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("File", overflow="fold")
    table.add_column("Events", justify="right")
    table.add_column("Size", justify="right", no_wrap=True)
    table.add_column("State", overflow="fold")
    for outcome in outcomes:
        events = "" if outcome.events is None else str(outcome.events)
        state = Text(outcome.state, STYLES[outcome.state])
        if outcome.error:
            state.append(f": {clean_line(outcome.error)}")
        size = Text(_size(outcome.size) if outcome.size else "")
        size.style = "yellow" if outcome.too_large else ""
        table.add_row(Text(outcome.path), events, size, state)
    return table


def _line(outcome: Outcome) -> str:
    """For example ``changed    feeds/nasa.ics  54 events, 61234 bytes``."""
    if outcome.state == "failed":
        about = clean_line(outcome.error)
    else:
        events = "" if outcome.events is None else f"{outcome.events} events, "
        about = f"{events}{outcome.size} bytes"
    return f"{outcome.state:<9}  {outcome.path}  {about}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1e3:.1f} kB"

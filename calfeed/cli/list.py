"""``calfeed feeds``, and ``launches``, ``events`` and ``all``: what they do."""

import asyncio
import logging
import sys
from urllib.parse import parse_qsl

from rich.console import Console
from rich.table import Table
from rich.text import Text

from calfeed import feeds, settings
from calfeed.entry import Display
from calfeed.mirror.result import Sample
from calfeed.publish.fragments import Form
from calfeed.publish.layout import Placed
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.publish.select import Selector
from calfeed.query.collection import Scope
from calfeed.query.parse import parse
from calfeed.query.query import Query
from calfeed.runtime import open_runtime
from calfeed.settings import Settings


def print_feeds() -> None:
    """Print the named feeds as a table."""
    table = Table("Slug", "Name", "Of", "Filters", box=None, pad_edge=False)
    chosen = settings.load()
    for feed in feeds.load(chosen.feeds_dir, chosen.ll2_url.name).values():
        query = feed.query
        table.add_row(feed.slug, Text(feed.name), query.scope.name, Text(query.text()))
    _console().print(table)


def print_entries(scope: Scope, query: str, form: Form | None, sample: Sample) -> None:
    """Print the entries that a query string matches, as a table unless a form is given."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_worth_telling)
    logging.basicConfig(level=logging.WARNING, format="calfeed: %(message)s", handlers=[handler])
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    chosen = settings.load()
    parsed = parse(pairs, Query.everything(scope), chosen.ll2_url.name)
    asyncio.run(_print_query(chosen, parsed, form, sample))


def _worth_telling(record: logging.LogRecord) -> bool:
    """Our own warnings, but for what the error says itself."""
    return record.name.startswith("calfeed.") and record.name not in _SAID


_SAID = ("calfeed.mirror.repository", "calfeed.mirror.scheduler")


async def _print_query(chosen: Settings, query: Query, form: Form | None, sample: Sample) -> None:
    async with open_runtime(chosen, sample, keep_current=False) as runtime:
        repository = runtime.repository
        if sample != "always":
            await runtime.scheduler.once()
        if form:
            feed, _ = await Publisher(repository).publish(FeedRequest(query), form)
            sys.stdout.buffer.write(feed.body)
            sys.stdout.buffer.flush()
            return
        result = await repository.get(query)
        _print(Selector().select(result), query.scope.name, result.sample)


def _print(entries: list[Placed], plural: str, sample: bool) -> None:
    table = Table("Id", "When (UTC)", "Type", "Name", "Where", box=None, pad_edge=False)
    for placed in entries:
        entry = placed.collection.entry(placed.record, Display())
        assert entry is not None  # noqa: S101  it has a span
        span = placed.span
        when = f"{span.start:%Y-%m-%d %H:%M}" if span.timed else f"{span.start:%Y-%m-%d}"
        if span.label:
            when += f" ({span.label})"
        kind = entry.categories[0] if entry.categories else ""
        table.add_row(str(entry.id), when, *map(Text, (kind, entry.name, entry.location)))
    console = _console()
    if entries:
        console.print(table)
    noun = "entries" if plural == "all" else plural
    print(f"{len(entries)} {noun}" + (" (sample data)" if sample else ""), file=sys.stderr)


def _console() -> Console:
    """As wide as the terminal; into a file or a pipe, a line for each row."""
    return Console(width=None if sys.stdout.isatty() else 250)

"""``calfeed feeds`` and ``calfeed events``: what they do."""

import asyncio
import logging
import sys
from urllib.parse import parse_qsl

from rich.console import Console
from rich.table import Table
from rich.text import Text

from calfeed import feeds, settings
from calfeed.mirror.result import Sample
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.publish.select import Shown, select
from calfeed.query.query import Query, parse
from calfeed.runtime import open_runtime


def print_feeds() -> None:
    """Print the named feeds as a table."""
    table = Table("Slug", "Name", "Filters", box=None, pad_edge=False)
    for feed in feeds.load(settings.load().feeds_dir).values():
        table.add_row(feed.slug, Text(feed.name), Text(feed.query.text()))
    _console().print(table)


def print_events(query: str, form: Form | None, sample: Sample) -> None:
    """Print the events that a query string matches, as a table unless a form is given."""
    told = logging.StreamHandler(sys.stderr)
    told.addFilter(_worth_telling)
    logging.basicConfig(level=logging.WARNING, format="calfeed: %(message)s", handlers=[told])
    asked = parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
    asyncio.run(_events(asked, form, sample))


def _worth_telling(record: logging.LogRecord) -> bool:
    """Our own warnings, but for what the error says itself."""
    return record.name.startswith("calfeed.") and record.name not in _SAID


_SAID = ("calfeed.mirror.repository", "calfeed.mirror.scheduler")


async def _events(query: Query, form: Form | None, sample: Sample) -> None:
    async with open_runtime(settings.load(), sample, keep_current=False) as parts:
        repository = parts.repository
        if sample != "always":
            await parts.scheduler.once()
        if form:
            feed, _ = await Publisher(repository).publish(FeedRequest(query), form)
            sys.stdout.buffer.write(feed.body)
            sys.stdout.buffer.flush()
            return
        kept = await repository.answer(query)
        _print(select(kept.events, query, kept.now), kept.sample)


def _print(shown: list[Shown], sample: bool) -> None:
    table = Table("Id", "When (UTC)", "Type", "Event", "Where", box=None, pad_edge=False)
    for one in shown:
        event, where = one.event, one.span
        when = f"{where.start:%Y-%m-%d %H:%M}" if where.timed else f"{where.start:%Y-%m-%d}"
        if where.label:
            when += f" ({where.label})"
        kind = event.type.name if event.type else ""
        table.add_row(str(event.id), when, *map(Text, (kind, event.name, event.location)))
    console = _console()
    if shown:
        console.print(table)
    print(f"{len(shown)} events" + (" (sample data)" if sample else ""), file=sys.stderr)


def _console() -> Console:
    """As wide as the terminal; into a file or a pipe, a line for each row."""
    return Console(width=None if sys.stdout.isatty() else 250)

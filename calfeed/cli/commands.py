"""What each command takes and does."""

import asyncio
import logging
import re
import sys
from typing import Annotated
from urllib.parse import parse_qsl

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from calfeed import __version__, feeds, settings
from calfeed.assemble import open_parts
from calfeed.cli.export import export
from calfeed.kept import Sample
from calfeed.pieces import Form
from calfeed.publish import Publisher, Request
from calfeed.query import Query, parse
from calfeed.select import Shown, select
from calfeed.web import server
from calfeed.web.app import init_app

app = typer.Typer(
    name="calfeed",
    help="Spaceflight events from Launch Library 2 as calendar feeds.\n\n"
    "Start with: calfeed serve --sample fallback",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


SampleWhen = Annotated[
    Sample,
    typer.Option(
        help="Answer from the few real events in the package: always (no network), or as a "
        "fallback while nothing is kept and Launch Library has never answered."
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"calfeed {__version__}")
        raise typer.Exit


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", str(text)) or int(text) > 65535:
        raise typer.BadParameter(f"{text!r} is no port, a whole number from 0 to 65535")
    return int(text)


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(parser=_port, metavar="PORT", envvar="PORT", help="Port.")
    ] = 8080,
    sample: SampleWhen = "never",
) -> None:
    """Serve the feeds and the web page.

    For example: calfeed serve --port 8080 --sample fallback
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    for costly in ("logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks"):
        setattr(logging, costly, False)  # none of it is in the lines, and each costs time
    chosen = settings.load()
    service = init_app(chosen, feeds.load(chosen.feeds_dir), sample)
    if sample != "never":
        logging.getLogger("calfeed").warning("sample data: %s", sample)
    server.run(service, host, port)


app.command("export")(export)


@app.command("feeds")
def list_feeds() -> None:
    """List the named feeds: slug, name and filters."""
    table = Table("Slug", "Name", "Filters", box=None, pad_edge=False)
    for feed in feeds.load(settings.load().feeds_dir).values():
        table.add_row(feed.slug, Text(feed.name), Text(feed.query.text()))
    _console().print(table)


@app.command()
def events(
    query: Annotated[
        str, typer.Argument(help="A query string, such as 'agency__ids=44&past=30d'.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="Print a calendar.")] = False,
    sample: SampleWhen = "never",
) -> None:
    """Print the events that a query string matches, as a table.

    For example: calfeed events 'type__ids=3&future=60d'
    """
    if as_json and as_ics:
        raise typer.BadParameter("--json and --ics exclude each other")
    told = logging.StreamHandler(sys.stderr)
    told.addFilter(_worth_telling)
    logging.basicConfig(level=logging.WARNING, format="calfeed: %(message)s", handlers=[told])
    asked = parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
    form: Form | None = "json" if as_json else "ics" if as_ics else None
    asyncio.run(_events(asked, form, sample))


def _worth_telling(record: logging.LogRecord) -> bool:
    """Our own warnings, but for what the error says itself."""
    return record.name.startswith("calfeed.") and record.name not in _SAID


_SAID = ("calfeed.library", "calfeed.keeper")


async def _events(query: Query, form: Form | None, sample: Sample) -> None:
    async with open_parts(settings.load(), sample, keep_current=False) as parts:
        library = parts.library
        if sample != "always":
            await parts.keeper.once()
        if form:
            feed = await Publisher(library).publish(Request(query), form)
            sys.stdout.buffer.write(feed.body)
            sys.stdout.buffer.flush()
            return
        kept = await library.answer(query)
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

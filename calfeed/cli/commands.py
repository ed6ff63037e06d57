"""What each command takes. What it does is in a module of its own, which is imported only when the
command runs: importing all of them takes longer than most commands do."""

import re
from typing import Annotated

import typer

from calfeed import __version__
from calfeed.cli.export_options import export
from calfeed.mirror.result import Sample

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
    from calfeed.cli.serve import run

    run(host, port, sample)


app.command("export")(export)


@app.command("feeds")
def list_feeds() -> None:
    """List the named feeds: slug, name and filters."""
    from calfeed.cli.list import print_feeds

    print_feeds()


Query = Annotated[str, typer.Argument(help="A query string, such as 'agency__ids=44&past=30d'.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsIcs = Annotated[bool, typer.Option("--ics", help="Print a calendar.")]


def _print(scope: str, query: str, as_json: bool, as_ics: bool, sample: Sample) -> None:
    if as_json and as_ics:
        raise typer.BadParameter("--json and --ics exclude each other")
    from calfeed.catalog import SCOPES
    from calfeed.cli.list import print_entries

    print_entries(SCOPES[scope], query, "json" if as_json else "ics" if as_ics else None, sample)


@app.command()
def events(
    query: Query = "", as_json: AsJson = False, as_ics: AsIcs = False, sample: SampleWhen = "never"
) -> None:
    """Print the events that a query string matches, as a table.

    For example: calfeed events 'type__ids=3&future=60d'
    """
    _print("events", query, as_json, as_ics, sample)


@app.command("all")
def everything(
    query: Query = "", as_json: AsJson = False, as_ics: AsIcs = False, sample: SampleWhen = "never"
) -> None:
    """Print the launches and events that a query string matches, as a table.

    For example: calfeed all 'agency__ids=121&future=30d'
    """
    _print("all", query, as_json, as_ics, sample)

"""What each command takes. What it does is in a module of its own, which is imported only when the
command runs: importing all of them takes longer than most commands do."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from calfeed import __version__, settings
from calfeed.mirror.result import Sample

app = typer.Typer(
    name="calfeed",
    help="Spaceflight launches and events from Launch Library 2 as calendar feeds.\n\n"
    "Start with: calfeed serve --sample fallback",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"calfeed {__version__}")
        raise typer.Exit


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", str(text)) or int(text) > 65535:
        raise typer.BadParameter(f"{text!r} is no port, a whole number from 0 to 65535")
    return int(text)


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
]
Host = Annotated[str, typer.Option(help="Address to listen on; :: is all, IPv4 and IPv6.")]
Port = Annotated[int, typer.Option(parser=_port, metavar="PORT", envvar="PORT", help="Port.")]
SampleWhen = Annotated[
    Sample,
    typer.Option(
        help="Answer from the few real launches and events in the package: always (no network),"
        " or as a fallback while nothing is kept and Launch Library has never answered."
    ),
]
Slugs = Annotated[
    list[str] | None,
    typer.Argument(metavar="FEED", help="Named feeds; all of them where none is given."),
]
Output = Annotated[
    Path, typer.Option(metavar="DIR", help="The folder to write into.", file_okay=False)
]
Queries = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=QUERY",
        help="A calendar of your own besides, as feeds/NAME.ics; of events, unless QUERY begins"
        " with launches? or all?. May be repeated.",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where the folder will be served: makes the subscribe links. Default: "
        "CALFEED_PUBLIC_URL, else none.",
    ),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Write nothing and say what would change; exit status 1 where something would.",
    ),
]
ExportSampleWhen = Annotated[
    Sample,
    typer.Option(
        help="Export the few real launches and events in the package: always (no network),"
        " or as a fallback where nothing is kept and Launch Library does not answer."
    ),
]
QueryString = Annotated[
    str, typer.Argument(help="A query string, such as 'agency__ids=44&past=30d'.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsIcs = Annotated[bool, typer.Option("--ics", help="Print a calendar.")]


@app.callback()
def program(version: Version = False) -> None:
    """Before any command, warn of variables that have no effect."""
    for warning in settings.unknown_variables():
        print(f"calfeed: {warning}", file=sys.stderr)


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8080, sample: SampleWhen = "never") -> None:
    """Serve the feeds and the web page.

    For example: calfeed serve --port 8080 --sample fallback
    """
    from calfeed.web import process

    process.prepare()  # before most of what it affects is imported
    from calfeed.cli.serve import run

    run(host, port, sample)


@app.command()
def export(
    feed: Slugs = None,
    output: Output = Path("public"),
    query: Queries = None,
    base_url: BaseUrl = None,
    check: Check = False,
    sample: ExportSampleWhen = "never",
) -> None:
    """Write .ics files and an index.html into a folder, for any static host.

    For example: calfeed export nasa launches --base-url https://example.org/space

    Only files whose bytes change are written, and none is ever deleted.
    """
    from calfeed.cli.export import run

    run(feed or (), output, query or (), base_url, check=check, sample=sample)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look at what Launch Library does, and say what calfeed does about it.

    It makes five of the hour's calls at most, and writes no records.

    Exit status 1: something keeps feeds from being current.
    """
    from calfeed.cli.doctor import run

    run(as_json)


@app.command()
def feeds() -> None:
    """List the named feeds: slug, name, what they are of, and filters."""
    from calfeed.cli.list import print_feeds

    print_feeds()


def _add_list_command(scope: str, entries: str, example: str) -> None:
    """Add the command that prints the entries of a scope."""

    @app.command(
        scope,
        help=f"Print the {entries} that a query string matches, as a table.\n\n"
        f"For example: calfeed {scope} '{example}'",
    )
    def print_scope(
        query: QueryString = "",
        as_json: AsJson = False,
        as_ics: AsIcs = False,
        sample: SampleWhen = "never",
    ) -> None:
        if as_json and as_ics:
            raise typer.BadParameter("--json and --ics exclude each other")
        from calfeed.catalog import SCOPES
        from calfeed.cli.list import print_entries

        print_entries(
            SCOPES[scope], query, "json" if as_json else "ics" if as_ics else None, sample
        )


_add_list_command("events", "events", "type__ids=3&past=30d")
_add_list_command("launches", "launches", "country=us&past=30d&future=30d")
_add_list_command("all", "launches and events", "agency__ids=121&past=30d&future=30d")

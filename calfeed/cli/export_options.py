"""``calfeed export``: its options."""

from pathlib import Path
from typing import Annotated

import typer

from calfeed.mirror.result import Sample

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
        help="A calendar of your own besides, as feeds/NAME.ics; may be repeated.",
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
SampleWhen = Annotated[
    Sample,
    typer.Option(
        help="Export the few real events in the package: always (no network), or as a "
        "fallback where nothing is kept and Launch Library does not answer."
    ),
]


def export(
    feed: Slugs = None,
    output: Output = Path("public"),
    query: Queries = None,
    base_url: BaseUrl = None,
    check: Check = False,
    sample: SampleWhen = "never",
) -> None:
    """Write .ics files and an index.html into a folder, for any static host.

    For example: calfeed export nasa spacewalks --base-url https://example.org/space

    Only files whose bytes change are written, and none is ever deleted.
    """
    from calfeed.cli.export import run

    run(feed or (), output, query or (), base_url, check=check, sample=sample)

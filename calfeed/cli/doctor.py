"""``calfeed doctor``: what it does."""

import asyncio
import json
import logging
import sys
from collections import Counter
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from calfeed import __version__, settings
from calfeed.catalog import COLLECTIONS
from calfeed.checkup.finding import Checkup, Verdict, several
from calfeed.checkup.run import MOST_CALLS, check
from calfeed.runtime import open_client, utcnow
from calfeed.settings import Settings
from calfeed.text import clean_line

STYLES: dict[Verdict, str] = {"ok": "green", "note": "yellow", "problem": "bold red"}
_SILENT = logging.NullHandler()
"""What the client logs, the findings say too."""
WIDTH = 110
"""Of the table where it does not go to a terminal."""


def run(as_json: bool) -> None:
    """Look at Launch Library, and print what was found; exit status 1 where that is a problem."""
    chosen = settings.load()
    logging.getLogger("calfeed.launchlibrary").addHandler(_SILENT)
    checkup = asyncio.run(_check(chosen))
    if as_json:
        print(json.dumps(_as_json(checkup, chosen), ensure_ascii=False, indent=2))
    else:
        _print(checkup)
    if not checkup.healthy:
        raise typer.Exit(1)


async def _check(chosen: Settings) -> Checkup:
    async with open_client(chosen) as (api, budget):
        if sys.stderr.isatty():
            said = f"calfeed: asking Launch Library, {MOST_CALLS} calls at most …"
            print(said, file=sys.stderr)
        return await check(
            api, budget, COLLECTIONS.values(),
            url=chosen.ll2_url, with_key=chosen.token is not None, clock=utcnow,
        )  # fmt: skip


def _as_json(checkup: Checkup, chosen: Settings) -> dict[str, object]:
    return {
        "calfeed": __version__,
        "launch_library": str(chosen.ll2_url),
        "healthy": checkup.healthy,
        "calls": checkup.calls,
        "findings": [asdict(finding) for finding in checkup.findings],
    }


def _print(checkup: Checkup) -> None:
    table = Table("", "About", "Launch Library", "calfeed", box=None, pad_edge=False)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for finding in checkup.findings:
        verdict = Text("OK" if finding.verdict == "ok" else finding.verdict)
        verdict.stylize(STYLES[finding.verdict])
        words = (finding.about, finding.found, finding.calfeed)
        table.add_row(verdict, *(Text(clean_line(word)) for word in words))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)
    counted = Counter(finding.verdict for finding in checkup.findings)
    said = f"{several(counted['problem'], 'problem')}, {several(counted['note'], 'note')}"
    print(f"{said}; {several(checkup.calls, 'call')} used", file=sys.stderr)

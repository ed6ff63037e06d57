"""``calfeed export``: what it does."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer
from yarl import URL

from calfeed import feeds, settings
from calfeed.cli.progress import ProgressReport, summarize
from calfeed.errors import SHOWN
from calfeed.export.run import Export, Outcome, Target, bring_up_to_date
from calfeed.export.wanted import Wanted, choose
from calfeed.mirror.result import Sample
from calfeed.runtime import open_runtime
from calfeed.settings import Settings


def run(
    slugs: Sequence[str],
    output: Path,
    queries: Sequence[str],
    base_url: str | None,
    *,
    check: bool,
    sample: Sample,
) -> None:
    """Write the calendars, and report what became of each."""
    chosen = settings.load()
    wanted = choose(
        feeds.load(chosen.feeds_dir, chosen.ll2_url.name), slugs, queries, chosen.ll2_url.name
    )
    target = Target(output, _base(base_url, chosen), check, keep_real=sample == "fallback")
    outcomes = asyncio.run(_export(chosen, wanted, target, sample))
    summarize(outcomes, output, check=check)
    states = {outcome.state for outcome in outcomes}
    if "failed" in states or (check and states != {"unchanged"}):
        raise typer.Exit(1)


def _base(given: str | None, chosen: Settings) -> str | None:
    if given is None:
        return str(chosen.public_url).rstrip("/") if chosen.public_url else None
    with suppress(ValueError):
        url = URL(given)
        plain = not (url.query_string or url.fragment or url.user or url.password)
        if url.scheme in ("http", "https") and url.host and plain:
            return str(url).rstrip("/")
    raise typer.BadParameter(
        f"{given[:SHOWN]!r} cannot be used: it takes an http(s) URL without a query",
        param_hint="--base-url",
    )


async def _export(
    chosen: Settings, wanted: list[Wanted], target: Target, sample: Sample
) -> list[Outcome]:
    with ProgressReport() as report:
        if sample != "always":
            async with open_runtime(chosen, keep_current=False, report=report.fetched) as runtime:
                trouble = await bring_up_to_date(runtime)
                if trouble:
                    report.say(trouble)
                if sample == "never" or not runtime.replica.empty:
                    return await _write(Export(runtime, target, trouble), wanted, report)
        report.say("sample data: a few real launches and events of the past, to look around with")
        async with open_runtime(chosen, "always", keep_current=False) as runtime:
            return await _write(Export(runtime, target), wanted, report)


async def _write(export: Export, wanted: list[Wanted], report: ProgressReport) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for calendar in wanted:
        report.writing(len(outcomes), len(wanted))
        outcomes.append(await export.write(calendar))
    if any(outcome.state != "failed" for outcome in outcomes):
        outcomes.append(export.write_page())
    if export.trouble and export.as_of:
        report.say(f"exported from the copy of {export.as_of:%Y-%m-%d %H:%M} UTC")
    return outcomes

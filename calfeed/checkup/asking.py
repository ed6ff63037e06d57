"""Findings about how a collection can be asked: orderings and filters. Pure."""

from collections.abc import Iterator
from typing import Any

from calfeed.checkup.answer import Answer
from calfeed.checkup.finding import Finding, Verdict, listed, several
from calfeed.checkup.probe import Probe, heeded, lacking
from calfeed.launchlibrary.page import PAGE

ORDERINGS = {
    "id": (
        "Where more records share a date than fit on a page, pages through them by id.",
        "Where more records share a date than fit on a page, pages up to five times through them.",
    ),
    "last_updated": (
        "Takes in with one call what changed, most of the time.",
        "Reads all pages of what changed, in whatever order they come.",
    ),
    "date": (
        "Fills itself from the latest date down, a page with each call.",
        "Pages through everything, up to five times; what is deleted of the past stays in feeds.",
    ),
}
"""What an ordering is by -> what calfeed does where it is offered, and where it is ignored."""


def look_at_order(answer: Answer[Any]) -> Finding:
    """Whether an ordering is offered."""
    collection, ordering = answer.collection, answer.ordering
    by = ordering.removeprefix("-")
    by = "date" if by == collection.date_field else by
    offered, ignored = ORDERINGS[by]
    about = f"{collection.name}: order"
    if answer.ordered is None:
        found = f"too few records to tell whether ordering={ordering} is offered"
        return Finding("note", about, found, "Checks each page for the order it comes in.")
    if answer.ordered:
        return Finding("ok", about, f"ordering={ordering} is offered", offered)
    verdict: Verdict = "problem" if by == "date" else "note"
    return Finding(verdict, about, f"ordering={ordering} is ignored", ignored)


def look_at_filters(
    probe: Probe[Any], answer: Answer[Any], total: int, by_change: bool | None
) -> Iterator[Finding]:
    """Which filters are known. ``by_change`` says whether the newest changes can be asked for
    first."""
    about = f"{probe.collection.name}: filters"
    found = heeded(probe, answer, total)
    known = [name for name, state in found.items() if state == "known"]
    unclear = [name for name, state in found.items() if state == "unclear"]
    if known:
        yield Finding("ok", about, f"known: {listed(known)}", "Asks for what it needs, no more.")
    if unclear:
        said = f"unclear whether known: {listed(unclear)}"
        yield Finding("note", about, said, "Checks what it gets against what it asked for.")
    if ignored := [name for name, state in found.items() if state == "ignored"]:
        yield from _ignored(about, ignored, total, by_change)
    if missing := lacking(probe, answer):
        said = f"asked for by their ids, {missing} of {len(probe.passing)} did not come"
        advice = "Believes nothing to be gone on such an answer; what is gone may stay in feeds."
        yield Finding("note", about, said, advice)


def _ignored(about: str, names: list[str], total: int, by_change: bool | None) -> Iterator[Finding]:
    if "id" in names:
        advice = "Cannot make sure that a record is gone, so what is deleted stays in feeds."
        yield Finding("problem", about, "ignored: id", advice)
    if "last_updated__gte" in names:
        if by_change is False:
            calls = several(-(-total // PAGE), "call")
            advice = f"Reads everything to find what changed, which takes {calls} each time."
            yield Finding("problem", about, "ignored: last_updated__gte, and its order", advice)
        else:
            advice = "Asks for the newest changes first, and stops where it knows them."
            yield Finding("note", about, "ignored: last_updated__gte", advice)
    if dates := [name for name in names if name not in ("id", "last_updated__gte")]:
        advice = (
            "Takes more calls to fill itself, and misses deletions: such entries stay in feeds."
        )
        yield Finding("problem", about, f"ignored: {listed(dates)}", advice)

"""Findings about the records of one collection. Pure."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Any
from zoneinfo import available_timezones

from calfeed.checkup.answer import Answer, inside
from calfeed.checkup.finding import Finding, listed, several
from calfeed.errors import UpstreamError
from calfeed.launches.entry import DOUBTS, FLOWN, GO, OUTCOMES
from calfeed.launchlibrary.page import PAGE
from calfeed.span import PRECISIONS

SLOW = 20.0
"""Seconds that a page takes on a bad day."""
STATUSES: frozenset[object] = frozenset({GO, *FLOWN, *DOUBTS, *OUTCOMES})
DETAILED = {"events": "agencies", "launches": "updates"}
"""Collection -> what its records have in ``mode=detailed`` only."""


def look_at_page(
    answer: Answer[Any], too_much: UpstreamError | None, calls: int
) -> Iterator[Finding]:
    """How large it is and how long it took. ``too_much`` is what became of a full page where this
    is a smaller one; ``calls`` an hour are to be made."""
    name, page = answer.collection.name, answer.page
    if not page.count:
        advice = "Does not believe an empty list, and keeps what it has."
        yield Finding("problem", name, f"a list without any {name}", advice)
        return
    seconds, size = answer.received.seconds, len(answer.received.body) / 1e6
    took = f"a detailed page of {page.size} took {seconds:.1f} s and {size:.1f} MB"
    whole = min(answer.limit, page.count)
    needed = -(-page.count // max(1, page.size if page.size < whole else answer.limit))
    hours = -(-needed * 2 // calls) if needed > calls else 1
    fill = f"{several(needed, 'call')}, within {several(hours, 'hour')}"
    found = f"{page.count:,} in all; {took}"
    if too_much:
        found = f"{page.count:,} in all; a page of {PAGE} did not come ({too_much}), but {took}"
        yield Finding("note", name, found, "Asks for half as much where a page is too much.")
    elif page.size < whole:
        found += f", though {answer.limit} were asked for"
        yield Finding("note", name, found, f"Fills itself with small pages: {fill}.")
    elif seconds >= SLOW:
        advice = "Waits up to 90 s, and asks for half as much where a page is too much."
        yield Finding("note", name, found, advice)
    else:
        yield Finding("ok", name, found, f"Fills itself the first time with {fill}.")


def look_at_records(answer: Answer[Any]) -> Iterator[Finding]:
    """Whether they are whole, and can be read."""
    yield from _detail(answer)
    yield _unread(answer)


def _detail(answer: Answer[Any]) -> Iterator[Finding]:
    name = answer.collection.name
    key = DETAILED.get(name)
    if key and not any(key in record for record in answer.raw):
        found = f"mode=detailed is ignored: no record has {key}"
        advice = "Has less to show and to filter by: feeds of agencies, for example, lack entries."
        yield Finding("problem", f"{name}: detail", found, advice)


def _unread(answer: Answer[Any]) -> Finding:
    about, page = f"{answer.collection.name}: records", answer.page
    bad = page.size - len(page.records)
    if not bad:
        return Finding("ok", about, f"all {page.size} can be read", "Takes in every one.")
    ids = [str(key) for key in page.ids if key in page.unread]
    which = f" ({listed(ids)})" if ids else ""
    advice = "Keeps the last good version where it has one, and asks again every hour."
    return Finding("note", about, f"{bad} of {page.size} cannot be read{which}", advice)


def look_at_words(answers: Iterable[Answer[Any]]) -> Iterator[Finding]:
    """Whether calfeed knows all of a collection's precisions, statuses and time zones."""
    answers = list(answers)
    raw = [(a.collection, record) for a in answers for record in a.raw]
    about = f"{answers[0].collection.name}: vocabulary"
    precisions = [inside(r, f"{c.date_field}_precision") for c, r in raw]
    unknown = {
        "precision": (
            _unknown(precisions, PRECISIONS), "Shows such a date as a day, without a time."),
        "status": (
            _unknown((inside(r, "status") for _, r in raw), STATUSES),
            "Shows such a launch as tentative, with the status in no title."),
        "time zone": (
            _zones(inside(r, "pad", "location", "timezone_name") for _, r in raw),
            "Shows times there in UTC only."),
    }  # fmt: skip
    for word, (values, advice) in unknown.items():
        if values:
            yield Finding("note", about, f"unknown {word}: {listed(values)}", advice)
    if not any(values for values, _ in unknown.values()):
        words = "precisions, statuses and time zones" if _has_status(raw) else "precisions"
        yield Finding("ok", about, f"all {words} are known", "Shows each date as it is meant.")


def _has_status(raw: list[tuple[Any, Any]]) -> bool:
    return any("status" in record for _, record in raw)


def _unknown(values: Iterable[object], known: Container[object]) -> list[str]:
    """Those things with id and name whose id is not known."""
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, dict) and value.get("id") not in known:
            found[f"{value.get('id')!r:.20} “{value.get('name')!s:.40}”"] = None
        elif value is not None and not isinstance(value, dict):
            found[f"{value!r:.40}"] = None
    return list(found)


def _zones(values: Iterable[object]) -> list[str]:
    there = {value for value in values if isinstance(value, str)}
    return sorted(f"“{name:.40}”" for name in there - available_timezones())


def look_at_ties(answer: Answer[Any]) -> Finding:
    """How many records of a page share their date with others."""
    collection = answer.collection
    dates = Counter(at for record in answer.page.records if (at := collection.date(record)))
    shared = sum(count for count in dates.values() if count > 1)
    about = f"{collection.name}: same date"
    if not shared:
        return Finding("ok", about, f"none of {answer.page.size}", "Has nothing to mind there.")
    (date, most), *_ = dates.most_common(1)
    found = f"{shared} of {answer.page.size} share it, {most} have {date:%Y-%m-%d %H:%M}"
    if most >= PAGE:
        advice = "Pages through those by their ids, until all are there."
        return Finding("note", about, found, advice)
    advice = "Begins each page at the date where the last ended, so that none is lost."
    return Finding("ok", about, found, advice)

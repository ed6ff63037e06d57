"""How the dates of 333 launches really moved, replayed: each stays one entry of a calendar.

``net-history.csv`` has the facts, from Launch Library 2 by The Space Devs: all 1,416 changes of
date, precision, status and name that the next hundred launches saw in 221 days of 2026. An empty
cell says that nothing changed there.
"""

import csv
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from calfeed.entry import WORDING_SINCE, Display, Entry
from calfeed.ics import vcalendar, vevent
from calfeed.launches import LAUNCHES
from calfeed.launches.model import Launch
from tests.fake import launch
from tests.support import judges

HISTORY = Path(__file__).parents[1] / "recorded" / "net-history.csv"
PRECISIONS = {"SEC": 0, "MIN": 1, "HR": 2, "DAY": 5, "WK": 6, "M": 7, "Q1": 8, "Q2": 9, "Q3": 10,
              "Q4": 11, "H1": 12, "H2": 13, "Y": 14}  # fmt: skip
STATUSES = {"Go": 1, "TBD": 2, "Success": 3, "Failure": 4, "Hold": 5, "In Flight": 6, "TBC": 8}
LATER = timedelta(days=3650)
"""Changes are told as if they came ten years later: SEQUENCE hides what is older than the wording
of entries."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def history() -> tuple[Launch, ...]:
    """All versions of all launches, in the order in which they were seen."""
    with HISTORY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    latest: dict[str, dict[str, str]] = {}
    found = []
    for row in rows:
        told = latest.setdefault(row["launch"], {})
        told |= {key: value for key, value in row.items() if value}
        record = launch(
            f"{int(row['launch']):08d}-0000-4000-8000-000000000000",
            told["name"],
            net=moment(told["net"]),
            net_precision=PRECISIONS[told["precision"]],
            status=STATUSES[told["status"]],
            last_updated=moment(told["last_updated"]) + LATER,
        )
        found.append(LAUNCHES.read(record))
    return tuple(found)


@cache
def versions() -> dict[str, list[tuple[Launch, Entry]]]:
    """The versions of each launch with their entries."""
    found: dict[str, list[tuple[Launch, Entry]]] = {}
    for known in history():
        entry = LAUNCHES.entry(known, Display())
        assert entry is not None
        found.setdefault(known.id, []).append((known, entry))
    return found


def prop(entry: Entry, name: str) -> judges.Prop:
    """A property of the entry as it stands in a calendar."""
    lines = vevent.render(entry).join(entry.span)
    calendar = judges.read(b"BEGIN:VCALENDAR\r\n" + lines + b"END:VCALENDAR\r\n")
    (found,) = calendar.inner[0].all(name)
    return found


def test_the_history_is_whole() -> None:
    assert len(history()) == 1416
    assert len(versions()) == 333
    renamed = [of for of in versions().values() if len({known.name for known, _ in of}) > 1]
    assert len(renamed) == 78


def test_each_launch_is_one_entry_whatever_changes() -> None:
    uids = {known_id: {entry.uid for _, entry in of} for known_id, of in versions().items()}
    assert all(len(found) == 1 for found in uids.values())
    assert len(set.union(*uids.values())) == len(uids)


def test_the_sequence_grows_with_every_change() -> None:
    for of in versions().values():
        counts = [int(prop(entry, "SEQUENCE").value) for _, entry in of]
        assert counts == sorted(set(counts))
        changed = [entry.last_modified for _, entry in of]
        assert changed == sorted(set(changed))
        assert changed[0] > WORDING_SINCE


def test_the_start_is_a_date_where_no_time_is_known() -> None:
    turned = 0
    for of in versions().values():
        kinds = [prop(entry, "DTSTART").params.get("VALUE") for _, entry in of]
        assert kinds == [None if (known.net_precision or 0) <= 2 else "DATE" for known, _ in of]
        turned += sum(one != other for one, other in pairwise(kinds))
        for known, entry in of:
            assert isinstance(entry.span.start, datetime) is entry.span.timed
            start = known.net if entry.span.timed else known.net and known.net.date()
            assert entry.span.start == start
    assert turned == 154


def test_a_coarse_date_says_so_in_the_title() -> None:
    coarse = 0
    for of in versions().values():
        for known, entry in of:
            if (known.net_precision or 0) > 5:
                assert entry.summary == f"{known.name} ({entry.span.label})"
                assert entry.status in ("TENTATIVE", "CONFIRMED")
                coarse += 1
    assert coarse == 353


def test_every_parser_sees_each_launch_once_and_as_it_is_at_last() -> None:
    last = [of[-1][1] for of in versions().values()]
    head = vcalendar.Head("History", "What changed.", "navy", WORDING_SINCE + LATER)
    body = b"".join(
        vcalendar.render(head, [vevent.render(entry).join(entry.span) for entry in last])
    )
    assert judges.faults(body) == []
    wanted = {entry.uid: (entry.span.start, entry.span.end, entry.summary) for entry in last}
    for parse in judges.PARSERS.values():
        read = {uid: (one.start, one.end, one.summary) for uid, one in parse(body).items()}
        assert read == wanted

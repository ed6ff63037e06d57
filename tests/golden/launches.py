"""Golden feeds of launches: each recording, each status, each precision, and some oddities."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from calfeed.record import Move
from tests.fake.launches.parts import status as status_of
from tests.golden.recipe import RECORDED, Golden, Record

PLACE = RECORDED / "launches"
STATUSES = (*range(1, 10), 77)
"""Those that are known, and one that is not."""
PRECISIONS = (*range(17), 99, None)


def recorded(name: str, /, **changes: Any) -> list[Record]:
    """The launches of an answer, with some of their members changed."""
    answer = json.loads((PLACE / f"{name}.json").read_text(encoding="utf-8"))
    records = answer.get("results", [answer])
    return [record | changes for record in records]


def crewed(**changes: Any) -> list[Record]:
    """The launch of which the oddities are made."""
    return recorded("2.3.0-crewed-weather-40", **changes)


def numbered(records: list[Record], number: int) -> list[Record]:
    """The same as other launches."""
    return [
        record | {"id": f"{number:08d}{record['id'][8:]}", "slug": f"launch-{number}"}
        for record in records
    ]


def every_status() -> list[Record]:
    return [
        record
        for number in STATUSES
        for record in numbered(crewed(status=status_of(number)), number)
    ]


def every_precision(**changes: Any) -> list[Record]:
    """At the last of a month, where coarse dates mostly stand."""
    found = []
    for number, known in enumerate(PRECISIONS):
        precision = None if known is None else {"id": known}
        changed: Record = {
            "net": "2026-12-31T21:00:00Z",
            "net_precision": precision,
            "vid_urls": [],
        }
        found += numbered(crewed(**changed | changes), number)
    return found


def from_the_moon() -> list[Record]:
    (record,) = recorded("2.3.0-hour-and-window")
    body = {"id": 2, "name": "Moon"}
    location = record["pad"]["location"] | {"name": "Mare Tranquillitatis", "celestial_body": body}
    return [record | {"pad": record["pad"] | {"location": location}}]


def golden(records: Callable[[], list[Record]], query: str = "", **rest: Any) -> Golden:
    return Golden(records, f"past=all&{query}".rstrip("&"), scope="launches", **rest)


def moves(*given_up: tuple[str, int | None, str]) -> tuple[Move, ...]:
    """Dates that were given up, their precisions, and when that was noticed."""
    return tuple(
        Move(
            date=datetime.fromisoformat(date),
            precision=precision,
            noticed_at=datetime.fromisoformat(noticed),
        )
        for date, precision, noticed in given_up
    )


LAUNCHES: dict[str, Golden] = {
    f"launch-recorded-{path.stem}": golden(partial(recorded, path.stem))
    for path in sorted(PLACE.glob("*.json"))
}
LAUNCHES |= {
    "launch-every-status": golden(every_status),
    "launch-every-status-of-a-month": golden(
        lambda: [
            record | {"net": "2026-12-31T00:00:00Z", "net_precision": {"id": 7}}
            for record in every_status()
        ]
    ),
    "launch-every-precision": golden(every_precision),
    "launch-every-precision-span": golden(every_precision, "coarse=span"),
    "launch-every-precision-at-midnight": golden(
        partial(every_precision, net="2026-12-31T00:00:00Z")
    ),
    "launch-until-the-window-closes": golden(
        partial(recorded, "2.3.0-hour-and-window"), "length=window"
    ),
    "launch-from-the-webcast-on": golden(crewed, "start=webcast&alarm=PT1H"),
    "launch-from-the-moon": golden(from_the_moon),
    "launch-moved": golden(
        crewed,
        moves=moves(
            ("2026-09-15T00:00:00Z", 7, "2026-06-02T10:00:00Z"),
            ("2026-09-12T19:40:00Z", 1, "2026-08-20T08:15:00Z"),
            ("2026-12-31T00:00:00Z", 11, "2026-09-01T08:15:00Z"),
        ),
    ),
    "launch-bare": golden(
        lambda: [
            {
                "id": "a3c9c47e-976e-40a5-8889-30c407131e3a",
                "name": "Nothing else is known",
                "net": "2026-12-31T23:30:00+02:00",
            }
        ]
    ),
}
"""By the name of the file."""

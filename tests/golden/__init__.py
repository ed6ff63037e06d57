"""Golden feeds: one oddity each, from the records of tests/recorded to the bytes in `NAME.ics`.

To regenerate them on purpose, and then read the difference as a subscriber would:

    python -m tests.golden && git diff tests/golden

Whoever changes the wording of an event raises `calfeed.entry.WORDING_SINCE` as well.
"""

import json
from pathlib import Path
from typing import Any

from tests.golden.launches import LAUNCHES
from tests.golden.recipe import PLACE, RECORDED, Golden, Record


def recorded(name: str, /, **changes: Any) -> Record:
    """An event as Launch Library answered it, with some of its members changed."""
    record: Record = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return record | changes


def docking(**changes: Any) -> Record:
    """The event of which the oddities are made."""
    return recorded("2.3.0-1183", **changes)


def dated(date: str, precision: int, **changes: Any) -> Record:
    """The same, at a date that is known to some precision and to no webcast."""
    return docking(date=date, date_precision={"id": precision}, vid_urls=[], **changes)


_YEAR_END = "2026-12-31T00:00:00Z"
_WELCOME = "Добро пожаловать на борт 🚀🧑‍🚀 – 国際宇宙ステーション"

EVENTS: dict[str, Golden] = {
    "recorded-1183": Golden(lambda: [docking()]),
    "recorded-948-hour-and-unofficial": Golden(lambda: [recorded("2.3.0-948")]),
    "recorded-309-list-mode-no-precision": Golden(lambda: [recorded("2.3.0-309")]),
    "recorded-1185-of-2.2.0": Golden(lambda: [recorded("2.2.0-1185")]),
    "recorded-352-ampersand": Golden(lambda: [recorded("2.3.0-352")]),
    "all-in-order": Golden(
        lambda: [recorded(path.stem) for path in sorted(RECORDED.glob("*.json"))],
        source="https://calfeed.example/events.ics?agency__ids=44,63",
    ),
    "month-mark": Golden(lambda: [dated("2027-02-28T00:00:00Z", 7)]),
    "month-span": Golden(lambda: [dated("2027-02-28T00:00:00Z", 7)], "coarse=span"),
    "week-span-over-new-year": Golden(lambda: [dated(_YEAR_END, 6)], "coarse=span"),
    "quarter-span": Golden(lambda: [dated("2026-09-30T00:00:00Z", 10)], "coarse=span"),
    "fiscal-year-span": Golden(lambda: [dated("2026-10-01T00:00:00Z", 15)], "coarse=span"),
    "decade-mark": Golden(lambda: [dated("2029-12-31T00:00:00Z", 16)]),
    "morning-of-two-days": Golden(lambda: [dated(_YEAR_END, 3, duration="P1DT1H")]),
    "unknown-precision": Golden(lambda: [dated("2026-12-31T18:30:00Z", 99)]),
    "start-webcast": Golden(lambda: [docking()], "start=webcast"),
    "alarms": Golden(lambda: [docking(duration=None)], "alarm=PT10M,P1D&length=PT30M"),
    "lang-ru": Golden(lambda: [docking()], "lang=ru"),
    "bare": Golden(
        lambda: [
            {"id": 7, "name": "Nothing else is known", "date": "2026-12-31T23:30:00+02:00"},
        ]
    ),
    "empty": Golden(lambda: []),
    "unicode-folding": Golden(
        lambda: [docking(name=_WELCOME * 6, location=_WELCOME * 2, description=_WELCOME * 20)],
        "name=" + "Ü" * 90,
    ),
    "category-commas": Golden(
        lambda: [docking(program=[{"id": 1, "name": "Moon, Mars; and \\ beyond"}])]
    ),
    "breakout": Golden(
        lambda: [
            docking(
                name="a\r\nBEGIN:VEVENT\u2028UID:1\x00",
                location='\\NASA; "C:\\new", ^n',
                description="one\u2029END:VEVENT\x85END:VCALENDAR\x0b\x1c\x7f\ufeff\ud800",
            )
        ]
    ),
    "sample": Golden(lambda: [docking()], name="Spaceflight events (sample data)"),
}
"""By the name of the file."""

GOLDEN = EVENTS | LAUNCHES


def path(name: str) -> Path:
    return PLACE / f"{name}.ics"

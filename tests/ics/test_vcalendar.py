"""A calendar's head comes out as icalendar writes it, byte for byte."""

from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.ics.vcalendar import Head, render
from calfeed.text import clean

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SOURCE = "https://calendar.example/feeds/nasa.ics?name=a,b;c&search=%22x%22"
EVENT = b"BEGIN:VEVENT\r\nSUMMARY:x\r\nUID:1\r\nEND:VEVENT\r\n"
texts = st.text(max_size=90).map(clean).filter(lambda text: text and "\\N" not in text)


@given(texts, texts, st.sampled_from(["steelblue", "red"]), st.sampled_from([None, SOURCE]))
def test_it_is_what_icalendar_writes(name: str, about: str, color: str, source: str | None) -> None:
    for events in ([], [EVENT]):
        body = render(Head(name, about, color, WHEN, source), events)
        assert icalendar.Calendar.from_ical(body).to_ical() == body


@pytest.mark.parametrize("events", [[], [EVENT], [EVENT, EVENT]])
def test_what_it_holds(events: list[bytes]) -> None:
    body = render(Head("A, B", "C", "steelblue", WHEN), events)
    assert body.count(EVENT) == len(events)
    assert body.count(b"BEGIN:VTIMEZONE") == (not events)
    assert b"\r\nNAME:A\\, B\r\nX-WR-CALNAME:A\\, B\r\nCOLOR:steelblue\r\n" in body
    assert b"\r\nX-APPLE-CALENDAR-COLOR:#4682B4\r\nX-PUBLISHED-TTL:PT1H\r\n" in body

"""A VEVENT cut around its times: put together, it is what icalendar writes of the whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar.prop import vDDDTypes, vDuration, vText

from calfeed.entry import WORDING_SINCE, Display, Entry, Place, uid
from calfeed.events import EVENTS
from calfeed.events.payload import from_record
from calfeed.ics import vcalendar, vevent
from calfeed.span import Span
from tests.fake import make_events
from tests.support import judges

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HEAD = vcalendar.Head("x", "y", "tan", WORDING_SINCE)
HOUR = timedelta(hours=1)
ALL_DAY = Span(date(2026, 3, 1), date(2026, 3, 2), timed=False)
BARE = Entry("event", 7, uid("event", 7), "Landing", "Landing", ALL_DAY, "TENTATIVE", "Credit")
FULL = replace(
    BARE,
    summary="DTSTART:, DTEND; TRIGGER: " + "Добро пожаловать 🚀 " * 9,
    description="One\nBEGIN:VALARM\nDTSTART;VALUE=DATE:20260101\nEND:VEVENT\n" + "é" * 200,
    location="Pad 1; here, there",
    place=Place("Pad 1; here, \"there\"", 28.5618571, -80.577366),
    categories=("Launch", "DTSTART"),
)  # fmt: skip
ENTRIES = [
    BARE,
    FULL,
    *(
        entry
        for record in make_events(30, now=NOW)
        if (entry := EVENTS.entry(from_record(record), Display()))
    ),
]

moments = st.integers(0, 1100 * 365 * 86_400).map(
    lambda seconds: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
lengths = st.timedeltas(timedelta(seconds=1), timedelta(days=3000)).map(
    lambda length: timedelta(seconds=max(1, length // timedelta(seconds=1)))
)
timed = st.builds(
    lambda start, length, exact: Span(start, start + length, True, exact),
    moments, lengths, st.booleans(),
)  # fmt: skip
all_day = st.builds(
    lambda start, days: Span(start.date(), start.date() + timedelta(days=days), False),
    moments, st.integers(1, 3660),
)  # fmt: skip
alarms = st.lists(st.integers(0, 366 * 86_400), max_size=3, unique=True).map(
    lambda seconds: [timedelta(seconds=n) for n in sorted(seconds, reverse=True)]
)


def whole(entry: Entry, span: Span, leads: Sequence[timedelta]) -> bytes:
    """The component as icalendar writes it: read, its times changed, its reminders added."""
    event = icalendar.Event.from_ical(vevent.render(entry).join(entry.span))
    assert isinstance(event, icalendar.Event)
    for name, moment in (("DTSTART", span.start), ("DTEND", span.end)):
        del event[name]
        event.add(name, vDDDTypes(moment))
    for lead in leads if span.timed else ():
        alarm = icalendar.Alarm()
        alarm.add("action", vText("DISPLAY"))
        alarm.add("description", vText(entry.summary))
        alarm.add("trigger", vDuration(-lead))
        event.add_component(alarm)
    body: bytes = event.to_ical()
    return body


@given(st.sampled_from(ENTRIES), timed | all_day, alarms)
@example(FULL, Span(NOW, NOW + HOUR, True), [HOUR, HOUR / 2])
@example(FULL, Span(date(33, 1, 1), date(9998, 12, 31), False), [])
def test_the_parts_put_together_are_the_whole(
    entry: Entry, span: Span, leads: list[timedelta]
) -> None:
    body = vevent.render(entry).join(span, leads)
    assert body == whole(entry, span, leads)
    assert body == vevent.render(replace(entry, span=span)).join(span, leads)
    assert judges.faults(b"".join(vcalendar.render(HEAD, [body]))) == []
    (event,) = judges.read(b"".join(vcalendar.render(HEAD, [body]))).components("VEVENT")
    assert [p.text for p in event.all("SUMMARY")] == [entry.summary]
    assert len(event.components("VALARM")) == (len(leads) if span.timed else 0)


@pytest.mark.parametrize("entry", ENTRIES[:2], ids=["bare", "full"])
def test_what_is_read_and_written_again_is_the_same(entry: Entry) -> None:
    body = vevent.render(entry).join(entry.span)
    assert icalendar.Event.from_ical(body).to_ical() == body
    assert body.count(b"\r\nDTSTART") == body.count(b"\r\nDTEND") == 1


@pytest.mark.parametrize(
    ("lead", "trigger"),
    [
        (timedelta(0), b"P0D"),
        (HOUR, b"-PT1H"),
        (timedelta(hours=1, seconds=1), b"-PT1H0M1S"),  # by the grammar never PT1H1S
        (timedelta(days=1, minutes=10), b"-P1DT10M"),
    ],
)
def test_reminders_by_the_grammar(lead: timedelta, trigger: bytes) -> None:
    body = vevent.render(BARE).join(Span(NOW, NOW + HOUR, True), [lead])
    assert body.endswith(b"TRIGGER:" + trigger + b"\r\nEND:VALARM\r\nEND:VEVENT\r\n")


@given(st.integers(0, 366 * 86_400).map(lambda n: timedelta(seconds=n)))
def test_reminders_are_written_as_icalendar_does(lead: timedelta) -> None:
    body = vevent.render(BARE).join(Span(NOW, NOW + HOUR, True), [lead])
    trigger: bytes = vDuration(-lead).to_ical()  # type: ignore[no-untyped-call]
    assert body.endswith(b"TRIGGER:" + trigger + b"\r\nEND:VALARM\r\nEND:VEVENT\r\n")


def test_the_size_is_that_of_the_bytes() -> None:
    parts = vevent.render(FULL)
    assert parts.join(FULL.span) is parts.whole
    assert parts.size == len(parts.whole + parts.alarm)
    moved = vevent.render(FULL, ALL_DAY)
    assert moved.whole == parts.join(ALL_DAY)
    assert moved.join(FULL.span) == parts.whole

"""An event in the calendar: how long it lasts, and what it is shown with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from calfeed.entry import Display, uid
from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.record import Agency, InfoUrl, Move, Named, VidUrl
from calfeed.span import Span

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DATE = datetime(2026, 7, 6, 12, tzinfo=UTC)


def event(**changes: Any) -> Event:
    facts: dict[str, Any] = {"id": 7, "name": "Docking", "date": DATE, "date_precision": 0}
    return Event(**(facts | changes))


def test_without_a_date_there_is_no_entry() -> None:
    for display in (Display(), Display(coarse="span", window=True)):
        undated = event(date=None)
        assert EVENTS.span(undated, display) is None
        assert EVENTS.entry(undated, display) is None


@pytest.mark.parametrize(
    ("duration", "display", "lasts"),
    [
        (None, Display(), HOUR),
        (None, Display(length=3 * HOUR), 3 * HOUR),
        (None, Display(window=True), HOUR),
        (2 * HOUR, Display(), 2 * HOUR),
        (2 * HOUR, Display(length=3 * HOUR), 2 * HOUR),
        (2 * DAY, Display(length=3 * HOUR, window=True), 2 * DAY),
    ],
)
def test_length_stands_for_a_duration_that_is_unknown(
    duration: timedelta | None, display: Display, lasts: timedelta
) -> None:
    known = event(duration=duration)
    assert EVENTS.span(known, display) == Span(DATE, DATE + lasts, timed=True, exact=True)
    whole_days = EVENTS.span(event(duration=duration, date_precision=5), display)
    days = max(1, -(-lasts // DAY))
    assert whole_days == Span(date(2026, 7, 6), date(2026, 7, 6) + days * DAY, timed=False)


def test_a_start_at_the_webcast_keeps_the_duration_or_else_the_end() -> None:
    video = VidUrl(url="https://v.example/", official=True, start_time=DATE - HOUR)
    display = Display(start="webcast", length=3 * HOUR)
    unknown = EVENTS.span(event(vid_urls=(video,)), display)
    assert unknown == Span(DATE - HOUR, DATE + 3 * HOUR, timed=True, exact=True)
    known = EVENTS.span(event(vid_urls=(video,), duration=2 * HOUR), display)
    assert known == Span(DATE - HOUR, DATE + HOUR, timed=True, exact=True)
    assert EVENTS.span(event(vid_urls=(video,)), Display()) == Span(DATE, DATE + HOUR, True, True)


def test_what_is_shown() -> None:
    moves = (Move(date=DATE - DAY, precision=0, noticed_at=DATE - 2 * DAY),)
    video = VidUrl(url="https://v.example/")
    known = event(
        date_precision=7, location="ISS", image="https://i.example/a.png", moves=moves,
        vid_urls=(video,), info_urls=(InfoUrl(url="https://p.example/"),),
        type=Named(id=2, name="Docking"), agencies=(Agency(id=44, name="NASA"),),
        program=(Named(id=17, name="ISS, and more"),),
    )  # fmt: skip
    entry = EVENTS.entry(known, Display())
    assert entry
    assert (entry.kind, entry.id, entry.uid) == ("event", 7, uid("event", 7))
    assert (entry.name, entry.summary) == ("Docking", "Docking (July 2026)")
    assert (entry.status, entry.location) == ("TENTATIVE", "ISS")
    assert (entry.url, entry.webcasts, entry.image) == (video.url, (video,), known.image)
    assert entry.categories == ("Docking", "NASA", "ISS and more")
    assert (entry.place, entry.moves) == (None, moves)


def test_ids_of_events_in_addresses() -> None:
    assert EVENTS.read_id("0007") == 7
    for text in ("", "-1", "x", "1.5", "2147483648", "00000000-0000-0000-0000-000000000007"):
        with pytest.raises(ValueError, match=r".*"):
            EVENTS.read_id(text)

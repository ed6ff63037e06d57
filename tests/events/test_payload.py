"""Upstream records -> events: what was recorded, and what must not do harm."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calfeed.entry import Display
from calfeed.events import EVENTS
from calfeed.events.model import Event, EventLaunch
from calfeed.events.payload import from_record
from calfeed.record import Agency, InfoUrl, Named, Update, VidUrl
from calfeed.span import Span
from tests.fake import as_220, as_mode, event, make_events, update, vid_url

RECORDED = Path(__file__).parents[1] / "recorded"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LAUNCH = EventLaunch(id="a3c9c47e-976e-40a5-8889-30c407131e3a", name="Soyuz 2.1a | Soyuz MS-27")
ROSCOSMOS = Agency(id=63, name="Russian Federal Space Agency (ROSCOSMOS)", abbrev="RFSA")
ROSCOSMOS_TV = "Роскосмос ТВ"  # noqa: RUF001  Cyrillic letters that look Latin
STATION = Named(id=17, name="International Space Station")


def recorded(name: str) -> Event:
    return from_record(json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8")))


def where(event: Event) -> Span | None:
    return EVENTS.span(event, Display())


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_1183_known_to_the_second_with_three_webcasts() -> None:
    one = recorded("2.3.0-1183")
    assert where(one) == Span(
        utc(2025, 4, 8, 9, 3, 56), utc(2025, 4, 8, 9, 59, 19), timed=True, exact=True
    )
    assert [(v.priority, v.publisher, v.language, v.official) for v in one.vid_urls] == [
        (8, "NASA", "en", True),
        (9, ROSCOSMOS_TV, "ru", True),
        (10, "NASA", "en", True),
    ]
    assert one.vid_urls[0] == VidUrl(
        url="https://www.youtube.com/watch?v=b7Kk4r9DomA",
        priority=8,
        title="NASA Astronaut Jonny Kim Soyuz MS-27 Docking",
        publisher="NASA",
        official=True,
        language="en",
        start_time=utc(2025, 4, 8, 8, 13, 27),
        end_time=utc(2025, 4, 8, 9, 8, 50),
    )
    assert (one.agencies, one.launches) == ((ROSCOSMOS,), (LAUNCH,))
    assert one.program == (Named(id=8, name="Soyuz"), STATION)
    assert one.spacestations == (Named(id=4, name="International Space Station"),)
    assert (one.type, one.expeditions) == (Named(id=2, name="Docking"), ())
    assert one.updates[0] == Update(
        comment="NASA's webcast is now live", created_on=utc(2025, 4, 8, 8, 13)
    )
    stamps = [update.created_on for update in one.updates]
    assert len(stamps) == 3
    assert stamps == sorted(stamps, reverse=True)
    assert one.last_updated == utc(2025, 4, 8, 9, 10, 26)


def test_948_known_to_the_hour_is_timed_and_not_exact() -> None:
    begin = utc(2024, 2, 26, 17)
    end = begin + timedelta(hours=2, minutes=43, seconds=23)
    assert where(recorded("2.3.0-948")) == Span(begin, end, timed=True)


def test_309_without_precision_is_timed_and_exact() -> None:
    one = recorded("2.3.0-309")
    begin = utc(2021, 7, 4, 0, 11)
    assert where(one) == Span(begin, begin + timedelta(hours=1), timed=True, exact=True)
    link = "https://spacenews.com/astronauts-complete-first-chinese-space-station-spacewalk/"
    title = "First spacewalk from China's new station"
    assert one.info_urls == (InfoUrl(url=link, priority=10, title=title),)


def test_1185_of_the_older_version() -> None:
    one = recorded("2.2.0-1185")
    link = "https://plus.nasa.gov/scheduled-video/soyuz-ms-27-hatch-opening/"
    assert where(one) == Span(
        utc(2025, 4, 8, 11, 20), utc(2025, 4, 8, 12, 20), timed=True, exact=True
    )
    assert [(video.url, video.official) for video in one.vid_urls] == [(link, True)]
    assert one.image is not None
    assert one.image.endswith("/soyuz_ms_in_orb_image_20240313130407.jpeg")
    nasa = Agency(id=44, name="National Aeronautics and Space Administration", abbrev="NASA")
    assert (one.agencies, one.launches) == ((nasa, ROSCOSMOS), (LAUNCH,))
    assert (one.program, one.expeditions) == ((STATION,), (Named(id=160, name="Expedition 72"),))


def test_352_is_read() -> None:
    one = recorded("2.3.0-352")
    assert (one.id, one.name) == (352, "HTV-X1 Release & Reentry")


def test_both_versions_give_the_same_event() -> None:
    records = make_events(60, now=NOW)
    known = [from_record(record) for record in records]
    assert [from_record(as_220(record)) for record in records] == known
    assert [EVENTS.model.validate_json(EVENTS.model.dump_json(event)) for event in known] == known


def test_a_list_tells_less_of_the_same_event() -> None:
    parts = ("agencies", "program", "launches", "expeditions", "spacestations")
    less: dict[str, Any] = {**dict.fromkeys((*parts, "updates"), ()), "last_updated": None}
    for record in make_events(60, now=NOW):
        listed = from_record(as_mode(record, "list"))
        assert listed == replace(from_record(record), **less)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("PT55M23S", timedelta(minutes=55, seconds=23)),
        ("P1DT2H", timedelta(hours=26)),
        (None, None),
        ("PT0S", None),
        ("-PT1H", None),
        ("P-1D", None),
        ("banana", None),
        (3600, None),
        ("P999999999D", None),
    ],
)
def test_a_duration_is_positive_or_unknown(given: object, read: timedelta | None) -> None:
    assert from_record(event(1, duration=given)).duration == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-07-06T09:00:00Z", utc(2026, 7, 6, 9)),
        ("2026-07-06T09:00:00.987654Z", utc(2026, 7, 6, 9)),
        ("2026-07-06T09:00:00+02:00", utc(2026, 7, 6, 7)),
        ("2026-07-06T09:00:00", utc(2026, 7, 6, 9)),
        ("2026-07-06", utc(2026, 7, 6)),
    ],
)
def test_dates_are_utc_in_whole_seconds(given: str, read: datetime) -> None:
    one = from_record(event(1, date=given))
    assert one.date == read
    assert one.date.tzinfo is UTC


def test_text_is_made_safe() -> None:
    one = from_record(
        event(
            1,
            name=" A\r\nBEGIN:VEVENT\u2028\ud800\x07 ",
            location="Here\x00\x85there",
            description="One\r\n\u2029two\ud83d",
            agencies=[{"id": 5, "name": "X\nY", "abbrev": "\u2028"}],
        )
    )
    assert (one.name, one.location) == ("A BEGIN:VEVENT \ufffd", "Here there")
    assert one.description == "One\n\ntwo\ufffd"
    assert one.agencies == (Agency(id=5, name="X Y", abbrev=""),)
    assert from_record(event(7, name=" \n")).name == "Event 7"


def test_only_web_links_get_in() -> None:
    bad = ["javascript:alert(1)", "ftp://e.example/", "data:text/html,x", "//e.example", "x"]
    one = from_record(
        event(1, vid_urls=[*bad, "https://e.example/v"], info_urls=[*bad, "http://e.example/i"])
        | {"image": {"image_url": bad[0]}, "video_url": bad[1], "news_url": bad[2]}
        | {"feature_image": bad[0]}
    )
    assert [video.url for video in one.vid_urls] == ["https://e.example/v"]
    assert [page.url for page in one.info_urls] == ["http://e.example/i"]
    assert one.image is None


def test_webcasts_by_priority_and_each_once() -> None:
    one = from_record(
        event(
            1,
            vid_urls=[
                vid_url("https://e.example/c", priority=10, language=None, type=None),
                vid_url("https://e.example/b", priority=None, publisher=None, type=3),
                vid_url("https://e.example/a", priority=1, title="first"),
                vid_url("https://e.example/a", priority=0, title="again"),
            ],
        )
        | {"video_url": "https://e.example/z"}
    )
    told = [(v.url[-1], v.priority, v.official, v.publisher, v.language) for v in one.vid_urls]
    assert told == [
        ("a", 1, True, "NASA", "en"),
        ("b", 10, False, "videos.example", "en"),
        ("c", 10, None, "NASA", ""),
        ("z", 10, None, "", ""),
    ]
    assert one.vid_urls[0].title == "first"


def test_the_latest_three_updates_wherever_they_stand() -> None:
    days = [update(n, f"day {n}", created_on=utc(2026, 1, n)) for n in (1, 4, 2, 3)]
    empty = [update(5, None, created_on=utc(2026, 1, 5)), update(6, " ", created_on="banana")]
    told = from_record(event(1, updates=[*days, *empty])).updates
    assert told == tuple(Update(comment=f"day {n}", created_on=utc(2026, 1, n)) for n in (4, 3, 2))

"""A launch in the calendar: its title, its status, its place, its span, its links."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from calfeed.entry import WORDING_SINCE, Display, Entry, Place
from calfeed.launches import LAUNCHES
from calfeed.span import Span
from tests.fake import launch, mission, pad, vid_url

ID = "10000000-0000-4000-8000-000000000001"
NAME = "Falcon 9 Block 5 | Crew-9"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


NET = utc(2026, 11, 18, 14, 0, 30)


def entry(display: Display | None = None, **changes: Any) -> Entry:
    shown = LAUNCHES.entry(LAUNCHES.read(launch(ID, NAME, **changes)), display or Display())
    assert shown is not None
    return shown


LABELS = {
    0: "", 1: "", 2: "", 3: " (morning)", 4: " (afternoon)", 5: "",
    6: " (week of 16 November 2026)", 7: " (November 2026)", 8: " (Q1 2026)", 9: " (Q2 2026)",
    10: " (Q3 2026)", 11: " (Q4 2026)", 12: " (H1 2026)", 13: " (H2 2026)", 14: " (2026)",
    15: " (FY 2027)", 16: " (2020s)", 99: "", None: "",
}  # fmt: skip
"""Precision -> what the title says of the date."""
DAY_OR_FINER = {0, 1, 2, 3, 4, 5, 99, None}
TIMED = {0, 1, 2, None}
REMARKS = {4: " (failure)", 5: " (on hold)", 7: " (partial failure)"}
DOUBTS = {2: " (TBD)", 8: " (TBC)"}


@pytest.mark.parametrize("precision", LABELS)
@pytest.mark.parametrize("status", [*range(1, 10), 77, None])
def test_every_status_at_every_precision(status: int | None, precision: int | None) -> None:
    known = {"id": precision, "name": "New"} if precision == 99 else precision
    shown = entry(net=NET, status=status, net_precision=known)
    remark = REMARKS.get(status or 0, "")
    if precision in DAY_OR_FINER:
        remark += DOUBTS.get(status or 0, "")
    assert shown.summary == NAME + LABELS[precision] + remark
    sure = status in (3, 4, 6, 7, 9) or (status == 1 and precision in TIMED)
    assert shown.status == ("CONFIRMED" if sure else "TENTATIVE")
    assert (shown.name, shown.kind, shown.id) == (NAME, "launch", ID)
    assert shown.span.timed is (precision in TIMED)


def test_without_a_precision_midnight_is_no_time() -> None:
    shown = entry(net="2026-11-18T00:00:00Z", net_precision=None)
    assert shown.span == Span(date(2026, 11, 18), date(2026, 11, 19), timed=False)
    assert shown.status == "TENTATIVE"
    hour = entry(net="2026-11-18T00:00:00Z", net_precision=2)
    assert hour.span == Span(utc(2026, 11, 18), utc(2026, 11, 18, 1), timed=True)
    assert hour.status == "CONFIRMED"


@pytest.mark.parametrize(
    ("length", "closes", "lasts"),
    [
        (Display(), 4 * HOUR, HOUR),
        (Display(length=2 * HOUR), 4 * HOUR, 2 * HOUR),
        (Display(window=True), 4 * HOUR, 4 * HOUR),
        (Display(window=True), HOUR, HOUR),
        (Display(window=True), timedelta(minutes=20), HOUR),
        (Display(window=True), timedelta(0), HOUR),
        (Display(window=True), -HOUR, HOUR),
        (Display(window=True), 30 * DAY, 30 * DAY),
        (Display(window=True), 100 * DAY, HOUR),
    ],
)
def test_how_long_it_lasts(length: Display, closes: timedelta, lasts: timedelta) -> None:
    for precision in (0, 1, 2):
        shown = entry(length, net=NET, net_precision=precision, window_end=NET + closes)
        assert (shown.span.start, shown.span.end) == (NET, NET + lasts)


def test_a_window_is_no_length_where_only_the_day_is_known() -> None:
    shown = entry(Display(window=True), net=NET, net_precision=5, window_end=NET + 3 * DAY)
    assert shown.span == Span(date(2026, 11, 18), date(2026, 11, 19), timed=False)


def test_an_unknown_window() -> None:
    shown = entry(Display(window=True), net=NET, window_end=None)
    assert shown.span.end == NET + HOUR


@pytest.mark.parametrize("window", [False, True])
def test_beginning_with_the_webcast(window: bool) -> None:
    videos = [
        vid_url("https://v.example/1", type=3, start_time=NET - 2 * HOUR),
        vid_url("https://v.example/2", type=1, start_time=NET - HOUR),
    ]
    display = Display(start="webcast", window=window)
    shown = entry(display, net=NET, vid_urls=videos, window_end=NET + 4 * HOUR)
    ends = NET + (4 * HOUR if window else HOUR)
    assert (shown.span.start, shown.span.end) == (NET - HOUR, ends)
    month = entry(display, net=NET, vid_urls=videos, net_precision=7)
    assert month.span.start == date(2026, 11, 18)


def test_coarse_dates() -> None:
    placed = Display(coarse="span")
    assert entry(placed, net="2026-11-30T00:00:00Z", net_precision=7).span == Span(
        date(2026, 11, 1), date(2026, 12, 1), timed=False, coarse=True, label="November 2026"
    )
    hidden = LAUNCHES.read(launch(ID, net=NET, net_precision=7))
    assert LAUNCHES.entry(hidden, Display(coarse="hide")) is None


def test_where_it_starts() -> None:
    where = "Space Launch Complex 40, Cape Canaveral SFS, FL, USA"
    shown = entry(pad=80)
    assert shown.location == where
    assert shown.place == Place(where, 28.561941, -80.577357)
    near_zero = pad(80, latitude=0.00009, longitude=-154.0000004)
    assert entry(pad=near_zero).place == Place(where, 0, -154)
    assert entry(pad=pad(80, latitude="28.5", longitude="-80.6")).place == Place(where, 28.5, -80.6)


@pytest.mark.parametrize(
    "unknown",
    [
        pad(80, on=901),
        pad(80, latitude=0, longitude=0),
        pad(80, latitude="0.0", longitude="0"),
        pad(80, latitude=None),
        pad(80, longitude="west"),
        pad(80, latitude=90.5),
        pad(80, longitude=-180.5),
    ],
)
def test_a_place_that_is_not_on_earth_or_not_known(unknown: dict[str, Any]) -> None:
    shown = entry(pad=unknown)
    assert shown.place is None
    assert shown.location.startswith("Space Launch Complex 40, ")


def test_what_is_missing_of_a_place() -> None:
    assert (entry(pad=None).location, entry(pad=None).place) == ("", None)
    site = entry(pad=pad(210))
    assert site.location == "Mahia Peninsula, New Zealand"
    assert site.place is not None
    assert site.place.title == site.location
    alone = entry(pad=pad(80, location=None))
    assert alone.location == "Space Launch Complex 40"
    assert alone.place is not None


def test_categories() -> None:
    shown = entry(program=[25, 5], mission=mission("x", type="Communications"))
    assert shown.categories == ("Launch", "SpaceX", "Communications", "Low Earth Orbit",
                                "Starlink", "Commercial Crew Program")  # fmt: skip
    unknown = mission("x", type="Unknown", orbit_id=25)
    assert entry(mission=unknown, launch_service_provider=None).categories == ("Launch",)


def test_links() -> None:
    videos = [
        vid_url("https://v.example/stream", type=3, priority=1),
        vid_url("https://v.example/ru", type=1, priority=9, language="ru"),
        vid_url("https://v.example/en", type=1, priority=10),
    ]
    assert entry(vid_urls=videos).url == "https://v.example/ru"
    assert entry(Display(lang=("en",)), vid_urls=videos).url == "https://v.example/en"
    assert [video.url[-2:] for video in entry(vid_urls=videos).webcasts] == ["am", "ru", "en"]
    assert entry(info_urls=["https://p.example/"]).url == "https://p.example/"
    assert entry().url is None


def test_when_it_last_changed() -> None:
    assert entry(last_updated="2024-01-01T00:00:00Z").last_modified == WORDING_SINCE
    later = WORDING_SINCE + DAY
    assert entry(last_updated=later).last_modified == later


def test_a_uid_comes_of_the_launch_alone() -> None:
    first = entry(net=NET)
    moved = entry(net="2027-12-31T00:00:00Z", net_precision=14, status=2, rocket=522, slug="other",
                  pad=235, mission="Else")  # fmt: skip
    assert first.uid == moved.uid == "2f86a5d3-0359-5132-9878-166a85da3ec2"
    renamed = LAUNCHES.entry(LAUNCHES.read(launch(ID.upper(), "Other | Name")), Display())
    assert renamed is not None
    assert renamed.uid == first.uid
    other = LAUNCHES.entry(LAUNCHES.read(launch(ID.replace("1", "2"), NAME)), Display())
    assert other is not None
    assert other.uid != first.uid

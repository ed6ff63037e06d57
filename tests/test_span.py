"""date + precision + length -> the span in the calendar, and a start at the webcast's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.record import UNKNOWN_PRECISION, VidUrl
from calfeed.span import PRECISIONS, Span, from_webcast, precision, span

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def where(
    at: datetime, precision_id: int | None, coarse: str = "mark", length: timedelta = HOUR
) -> Span | None:
    return span(at, precision(at, precision_id), coarse=coarse, length=length)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def all_day(first: date, last: date, label: str) -> Span:
    """An entry from its first to its last day."""
    return Span(first, last + DAY, timed=False, label=label)


def coarse(first: date, last: date, label: str) -> Span:
    """The same, of which not even the day is known."""
    return Span(first, last + DAY, timed=False, coarse=True, label=label)


@pytest.mark.parametrize(("precision", "exact"), [(0, True), (1, True), (2, False), (None, True)])
def test_second_minute_hour_and_none_with_a_time_are_timed(
    precision: int | None, exact: bool
) -> None:
    at = utc(2026, 7, 6, 9, 3, 56)
    assert where(at, precision) == Span(at, at + HOUR, True, exact)
    assert where(at, precision, length=2 * DAY) == Span(at, at + 2 * DAY, True, exact)


@pytest.mark.parametrize("precision", [0, 1])
def test_midnight_is_a_time_where_it_is_known(precision: int) -> None:
    at = utc(2026, 7, 6)
    assert where(at, precision) == Span(at, at + HOUR, True, True)


@pytest.mark.parametrize(
    ("precision", "label"),
    [
        (3, "morning"),
        (4, "afternoon"),
        (5, ""),
        (None, ""),
        (17, ""),
        (9999, ""),
        (UNKNOWN_PRECISION, ""),
    ],
)
def test_day_and_what_is_not_in_the_table_are_all_day(precision: int | None, label: str) -> None:
    day = date(2026, 7, 6)
    assert where(utc(2026, 7, 6), precision) == all_day(day, day, label)
    if precision is not None:
        assert where(utc(2026, 7, 6, 23, 59), precision, "hide") == all_day(day, day, label)


@pytest.mark.parametrize(
    ("precision", "at", "label", "first", "last"),
    [
        (6, date(2026, 7, 12), "week of 6 July 2026", date(2026, 7, 6), date(2026, 7, 12)),
        (6, date(2026, 7, 6), "week of 6 July 2026", date(2026, 7, 6), date(2026, 7, 12)),
        (6, date(2027, 1, 3), "week of 28 December 2026", date(2026, 12, 28), date(2027, 1, 3)),
        (6, date(2026, 12, 30), "week of 28 December 2026", date(2026, 12, 28), date(2027, 1, 3)),
        (7, date(2026, 7, 31), "July 2026", date(2026, 7, 1), date(2026, 7, 31)),
        (7, date(2028, 2, 1), "February 2028", date(2028, 2, 1), date(2028, 2, 29)),
        (7, date(2026, 12, 31), "December 2026", date(2026, 12, 1), date(2026, 12, 31)),
        (8, date(2026, 3, 31), "Q1 2026", date(2026, 1, 1), date(2026, 3, 31)),
        (9, date(2026, 6, 30), "Q2 2026", date(2026, 4, 1), date(2026, 6, 30)),
        (10, date(2026, 9, 30), "Q3 2026", date(2026, 7, 1), date(2026, 9, 30)),
        (11, date(2026, 12, 31), "Q4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        (11, date(2026, 10, 31), "Q4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        (12, date(2027, 6, 30), "H1 2027", date(2027, 1, 1), date(2027, 6, 30)),
        (13, date(2027, 12, 31), "H2 2027", date(2027, 7, 1), date(2027, 12, 31)),
        (14, date(2027, 12, 31), "2027", date(2027, 1, 1), date(2027, 12, 31)),
        (15, date(2027, 9, 30), "FY 2027", date(2026, 10, 1), date(2027, 9, 30)),
        (15, date(2026, 10, 1), "FY 2027", date(2026, 10, 1), date(2027, 9, 30)),
        (15, date(2026, 12, 31), "FY 2027", date(2026, 10, 1), date(2027, 9, 30)),
        (15, date(2027, 1, 1), "FY 2027", date(2026, 10, 1), date(2027, 9, 30)),
        (16, date(2029, 12, 31), "2020s", date(2020, 1, 1), date(2029, 12, 31)),
        (16, date(2030, 1, 1), "2030s", date(2030, 1, 1), date(2039, 12, 31)),
    ],
)
def test_week_and_coarser(precision: int, at: date, label: str, first: date, last: date) -> None:
    moment = utc(at.year, at.month, at.day)
    assert where(moment, precision) == coarse(at, at, label)
    assert where(moment, precision, length=9 * DAY) == coarse(at, at, label)
    assert where(moment, precision, "span") == coarse(first, last, label)
    assert where(moment, precision, "hide") is None


def test_the_table_has_all_seventeen() -> None:
    names = """Second Minute Hour Morning Afternoon Day Week Month Quarter_1 Quarter_2 Quarter_3
        Quarter_4 Half_1 Half_2 Year Fiscal_Year Decade"""
    assert {key: row.name for key, row in PRECISIONS.items()} == {
        key: name.replace("_", " ") for key, name in enumerate(names.split())
    }


@pytest.mark.parametrize(
    ("length", "days"),
    [
        (HOUR, 1),
        (timedelta(seconds=1), 1),
        (DAY, 1),
        (DAY + timedelta(seconds=1), 2),
        (timedelta(days=2, hours=12), 3),
    ],
)
def test_all_day_takes_whole_days_with_an_exclusive_end(length: timedelta, days: int) -> None:
    found = where(utc(2026, 12, 31), 5, length=length)
    assert found == Span(date(2026, 12, 31), date(2026, 12, 31) + days * DAY, timed=False)


AT = utc(2026, 7, 6, 12)


def webcast(before: timedelta, official: bool | None = True) -> VidUrl:
    link = f"https://v.example/{before.total_seconds()}"
    return VidUrl(url=link, official=official, start_time=AT - before)


@pytest.mark.parametrize(
    ("videos", "begin"),
    [
        ((), AT),
        ((webcast(HOUR),), AT - HOUR),
        ((webcast(HOUR), webcast(2 * HOUR)), AT - 2 * HOUR),
        ((webcast(DAY),), AT - DAY),
        ((webcast(DAY + timedelta(seconds=1)),), AT),
        ((webcast(2 * DAY), webcast(HOUR)), AT - HOUR),
        ((webcast(HOUR, official=False),), AT),
        ((webcast(HOUR, official=None),), AT),
        ((webcast(-HOUR),), AT),
        ((webcast(timedelta(0)),), AT),
        ((VidUrl(url="https://v.example/", official=True),), AT),
    ],
)
@pytest.mark.parametrize("precision", [0, 1, 2, None])
def test_start_at_the_webcast(
    videos: tuple[VidUrl, ...], begin: datetime, precision: int | None
) -> None:
    by_date = where(AT, precision, length=3 * HOUR)
    assert by_date == Span(AT, AT + 3 * HOUR, True, precision != 2)
    assert from_webcast(by_date, videos, None) == replace(by_date, start=begin)
    end = begin + HOUR if begin != AT else by_date.end
    assert from_webcast(by_date, videos, HOUR) == replace(by_date, start=begin, end=end)


def test_a_webcast_moves_no_all_day_entry() -> None:
    videos = (VidUrl(url="https://v.example/", start_time=AT - DAY, official=True),)
    for whole in (where(AT, 5), where(AT, 7), where(AT, 7, "span")):
        assert whole
        assert from_webcast(whole, videos, HOUR) == whole


def test_dates_stand_for_their_midnights_in_utc() -> None:
    start, end = utc(2026, 7, 6), utc(2026, 7, 8)
    assert Span(start.date(), end.date(), timed=False).moments() == (start, end)
    assert Span(start, end, timed=True).moments() == (start, end)


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.none() | st.integers(-1, 20),
    st.sampled_from(["mark", "span", "hide"]),
    st.timedeltas(timedelta(seconds=1), timedelta(days=36525)),
)
def test_every_entry_ends_after_its_start_and_holds_its_date(
    at: datetime, precision: int | None, coarse: str, length: timedelta
) -> None:
    found = where(at, precision, coarse, length)
    if found is None:
        assert coarse == "hide"
        return
    assert found.start < found.end
    if coarse != "span" or precision not in range(8, 14):  # the id alone names quarter and half
        assert found.start <= (at if found.timed else at.date()) < found.end
        start, end = found.moments()
        assert start <= at < end

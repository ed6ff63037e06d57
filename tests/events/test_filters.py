"""What the filters mean: compared with the fake Launch Library's own account of them."""

from datetime import UTC, datetime
from functools import cache
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from calfeed.events.filters import FILTERS, parse_moment
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.query.query import View, parse
from tests.fake import Record, as_mode, event, make_events
from tests.fake import filters as fake

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@cache
def records() -> list[Record]:
    return make_events(300, now=NOW)


@cache
def events() -> list[Event]:
    return [from_record(record) for record in records()]


def ours(text: str, view: View = View.ALL) -> list[int]:
    asked = parse(parse_qsl(text), view)
    return [one.id for one in events() if asked.choose([one], NOW)]


def theirs(text: str, *, older: bool = False) -> list[int]:
    return [one["id"] for one in fake.select(records(), MultiDict(parse_qsl(text)), older=older)]


LAUNCHES = [one["launches"][0]["id"] for one in records() if one["launches"]]
SOME = [
    "agency__ids=44",
    "agency__ids=44,63,999",
    "agency__ids=999",
    "date__gt=2024-01-01",
    "date__gte=2024-01-01T00:00:00Z&date__lt=2025-01-01",
    "date__lte=2024-01-01T12:30",
    "date__gt=2025-12-31T23:59:59-05:00",
    "date__gt=2025-12-31T23:59:59%2B02:00",
    "date__gte=0001-01-01",
    "date__lt=9999-12-31T23:59:59Z",
    "day=1",
    "day=29,30,31",
    "month=2",
    "month=12,1&day=31",
    "year=2026,2027",
    "year=2020&month=6&type__ids=2,8,4",
    "expedition__ids=160,161",
    f"id={records()[0]['id']},{records()[7]['id']}",
    "id=0",
    "last_updated__gte=2024-01-01",
    "last_updated__lte=2023-06-01T00:00:00Z&last_updated__gte=2022-01-01",
    f"launch__ids={LAUNCHES[0]}",
    f"launch__ids={LAUNCHES[0].upper()},{LAUNCHES[1]}",
    "launch__ids=00000000-0000-0000-0000-000000000000",
    "program=17",
    "program=17&program=8",
    "program__ids=1,25",
    "program=17&program__ids=8",
    "search=soyuz",
    "search=SOYUZ ms",
    "search=docking,soyuz",
    "search=étoile",
    "search=прогресс",
    "search=こうのとり",
    "search=“pathfinder”;",
    "search=nothing-like-that",
    f"slug={records()[3]['slug']}",
    f"slug={records()[3]['slug'].upper()}",
    "spacestation__ids=4",
    "spacestation__ids=4,18",
    "type=2",
    "type=2&type__ids=2,3",
    "type=2&type__ids=3",
    "type__ids=2,3,24",
    "agency__ids=121&program=1&search=starship&date__gte=2020-01-01",
]


@pytest.mark.parametrize("text", SOME)
def test_a_filter_means_what_launch_library_means(text: str) -> None:
    assert ours(text) == theirs(text)


def test_the_queries_above_use_every_filter() -> None:
    used = {name for text in SOME for name, _ in parse_qsl(text)}
    assert set(FILTERS) - used == {"date__gt__lt", "hide_recent_previous", "video_url"}


def test_the_old_spelling_of_earlier_than() -> None:
    at = next(one.date for one in events() if one.date)
    text = f"date__gt__lt={at:%Y-%m-%dT%H:%M:%SZ}"
    assert ours(text) == theirs(text, older=True)


def test_a_list_of_programs_may_be_joined_by_commas_too() -> None:
    assert ours("program=17,8") == theirs("program__ids=17,8")


def test_a_list_of_types_may_be_given_by_its_short_name_too() -> None:
    assert ours("type=2,8") == theirs("type__ids=2,8")


@pytest.mark.parametrize("compare", ["gt", "gte", "lt", "lte"])
def test_dates_compare_to_the_second(compare: str) -> None:
    at = next(one.date for one in events() if one.date and one.date.second)
    for text in (f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y-%m-%d}"):
        assert ours(f"date__{compare}={text}") == theirs(f"date__{compare}={text}")


def test_a_video_link() -> None:
    links = [video["url"] for record in records() for video in record["vid_urls"]][:3]
    for text in (links[0], ",".join(links)):
        wanted = MultiDict([("video_url", text)])
        asked = parse([("video_url", text)])
        found = [one.id for one in events() if asked.choose([one], NOW)]
        assert found == [one["id"] for one in fake.select(records(), wanted, older=False)]


@pytest.mark.parametrize("hidden", ["true", "false", "True"])
def test_the_views(hidden: str) -> None:
    text = f"hide_recent_previous={hidden}"
    wanted = fake.upcoming(records(), MultiDict(parse_qsl(text)), NOW)
    assert ours(text, View.UPCOMING) == [one["id"] for one in wanted]
    assert ours("", View.PREVIOUS) == [one["id"] for one in fake.previous(records(), NOW)]
    assert ours("") == [one["id"] for one in records()]


NUMBERS = {
    "agency__ids": [44, 63, 27, 121, 5], "day": [1, 15, 31], "month": [1, 6, 12],
    "year": [2019, 2024, 2026, 2027], "type__ids": [2, 3, 7, 30], "program__ids": [1, 8, 17, 25],
    "expedition__ids": [160, 163], "spacestation__ids": [4, 18],
}  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(list(NUMBERS)), st.sets(st.integers(0, 4), min_size=1)),
    st.dictionaries(
        st.sampled_from(["date__gt", "date__gte", "date__lt", "date__lte", "last_updated__gte"]),
        st.datetimes(datetime(2017, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
            lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"
        ),
        max_size=2,
    ),
    st.sampled_from(["", "&search=soyuz", "&search=s,t"]),
)
def test_filters_together(lists: dict[str, set[int]], dates: dict[str, str], search: str) -> None:
    pairs = [
        (name, ",".join(str(NUMBERS[name][n % len(NUMBERS[name])]) for n in picked))
        for name, picked in lists.items()
    ]
    text = "&".join(f"{name}={value}" for name, value in [*pairs, *dates.items()]) + search
    assert ours(text) == theirs(text)


def test_what_an_undetailed_event_does_not_tell_lets_it_through() -> None:
    listed = from_record(as_mode(event(1, agencies=[63], type=2), "normal"))
    assert not listed.detailed
    for name in ("agency__ids", "program", "program__ids", "spacestation__ids", "expedition__ids"):
        asked = parse([(name, "44")])
        assert asked.needs_detail
        assert asked.choose([listed], NOW)
    asked = parse([("type", "3")])
    assert not asked.needs_detail
    assert not asked.choose([listed], NOW)


def test_choosing_is_matching_each_in_the_order_given() -> None:
    for text in SOME:
        for view in View:
            asked = parse(parse_qsl(text), view)
            wanted = [one for one in reversed(events()) if asked.choose([one], NOW)]
            assert asked.choose(reversed(events()), NOW) == wanted


def test_a_video_link_is_found_as_launch_library_spells_it() -> None:
    known = from_record(event(1, vid_urls=["HTTPS://Videos.example/é"]))
    assert parse([("video_url", "HTTPS://Videos.example/é")]).choose([known], NOW)
    assert parse([("video_url", known.vid_urls[0].url)]).choose([known], NOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-07-01T12:30", datetime(2026, 7, 1, 12, 30, tzinfo=UTC)),
        ("2026-07-01 12:30:15", datetime(2026, 7, 1, 12, 30, 15, tzinfo=UTC)),
        ("2026-07-01T12:30:15.999Z", datetime(2026, 7, 1, 12, 30, 15, tzinfo=UTC)),
        ("2026-07-01t12:30:15,5z", datetime(2026, 7, 1, 12, 30, 15, tzinfo=UTC)),
        ("2026-07-01T12:30:15+02:00", datetime(2026, 7, 1, 10, 30, 15, tzinfo=UTC)),
        ("2026-07-01T12:30:15 02:00", datetime(2026, 7, 1, 10, 30, 15, tzinfo=UTC)),
        ("2026-07-01T12:30:15 0200", datetime(2026, 7, 1, 10, 30, 15, tzinfo=UTC)),
        ("2026-07-01 12:30 02:00", datetime(2026, 7, 1, 10, 30, tzinfo=UTC)),
        ("2026-07-01 12:30 02", datetime(2026, 7, 1, 10, 30, tzinfo=UTC)),
        ("2026-07-01T12:30:15-0330", datetime(2026, 7, 1, 16, 0, 15, tzinfo=UTC)),
        ("2026-01-01T00:00:00.5 01:00", datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_moments_in_every_spelling(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment
    assert parse([("date__gt", text)]).clauses[0].values == (moment,)
    assert parse(parse_qsl(parse([("date__gt", text)]).text())) == parse([("date__gt", text)])


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-07", "20260701", "2026-7-1", "2026-07-01T", "2026-07-01T12", "12:30",
     "2026-07-01Z", "2026-07-01 02:00 02:00 02:00", "2026-07-01T24:30", "2026-07-01T12:60",
     "2026-07-01T12:30+25:00", "0000-01-01", "0001-01-01T00:00:00+01:00", "1751328000",
     "9999-12-31T23:59:59-01:00", "2026-W27-1", "٢٣٢٣-٣٣-٣٣", "2026-07-01\n", "now"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".|^$"):
        parse_moment(text)

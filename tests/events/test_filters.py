"""What the filters mean: compared with the fake Launch Library's own account of them."""

from datetime import UTC, datetime
from functools import cache
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from calfeed.events import EVENTS
from calfeed.events.filters import FILTERS
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.publish.matching import matching
from calfeed.query.kinds import parse_moment
from calfeed.query.parse import parse
from calfeed.query.query import Query, View
from tests.fake import Record, event, make_events
from tests.fake import filters as fake
from tests.support import calendars

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@cache
def records() -> list[Record]:
    return make_events(300, now=NOW)


@cache
def events() -> list[Event]:
    return [from_record(record) for record in records()]


def passing(query: Query, *events: Event) -> list[int]:
    """The ids of those that a query lets through, in the order given."""
    found = matching(calendars.snapshot(EVENTS, events), query, NOW)
    ids = {event.id for event in found}
    return [event.id for event in events if event.id in ids]


def ours(text: str, view: View = View.ALL) -> list[int]:
    return passing(calendars.query(text, view), *events())


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
    assert set(FILTERS) - used == {"date__gt__lt", "exclude", "hide_recent_previous", "video_url"}


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
        wanted = fake.select(records(), MultiDict([("video_url", text)]), older=False)
        asked = parse([("video_url", text)], calendars.query())
        assert passing(asked, *events()) == [record["id"] for record in wanted]


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


def test_an_event_whose_name_has_an_excluded_word_is_left_out() -> None:
    words = ("ms", "étoile", "no such word")
    for text in (*words, ",".join(words), "MS, Étoile"):
        wanted = [word.strip().lower() for word in text.split(",")]
        names = {event.id: event.name.lower() for event in events()}
        left = [id for id, name in names.items() if not any(word in name for word in wanted)]
        assert ours(f"exclude={text}") == left
    assert 0 < len(ours(f"exclude={words[0]}")) < len(events())


def test_a_video_link_is_found_as_launch_library_spells_it() -> None:
    known = from_record(event(1, vid_urls=["HTTPS://Videos.example/é"]))
    for link in ("HTTPS://Videos.example/é", known.vid_urls[0].url):
        assert passing(parse([("video_url", link)], calendars.query()), known) == [1]


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
    asked = parse([("date__gt", text)], calendars.query())
    assert asked.clauses[0].values == (moment,)
    assert calendars.query(asked.text()) == asked


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

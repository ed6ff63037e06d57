"""What is asked of Launch Library: enough for the query, in words every deployment reads."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from multidict import MultiDict

from calfeed.events.payload import from_record
from calfeed.launchlibrary.question import Question, from_query
from calfeed.query.query import View, parse
from tests.fake import filters as fake
from tests.fake import make_events

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
RECORDS = make_events(120, now=NOW)
LAUNCH = "a3c9c47e-976e-40a5-8889-30c407131e3a"


def ask(text: str, view: View = View.ALL) -> Question:
    return from_query(parse(parse_qsl(text), view))


def test_nothing_asked_is_everything() -> None:
    assert ask("") == Question() == Question(View.ALL, (), None)
    assert ask("past=90d&coarse=hide&limit=5&ordering=-date&name=x") == Question()


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("agency__ids=63,44", (("agency__ids", "44,63"),)),
        ("program=17,8", (("program", "8"), ("program", "17"))),
        ("program__ids=17,8", (("program", "8"), ("program", "17"))),
        ("type=2", (("type__ids", "2"),)),
        ("type__ids=8&type=2", (("type", "2"), ("type__ids", "8"))),
        ("search=soyuz,Docking", (("search", "docking soyuz"),)),
        ("slug=soyuz-ms-27-docking", (("slug", "soyuz-ms-27-docking"),)),
        ("day=2,1&month=3&year=2026", (("day", "1,2"), ("month", "3"), ("year", "2026"))),
        ("date__gt=2026-01-01", (("date__gt", "2026-01-01T00:00:00Z"),)),
        ("date__gte=2026-01-01T01:00%2B01:00", (("date__gte", "2026-01-01T00:00:00Z"),)),
        ("date__lte=2026-01-01", (("date__lte", "2026-01-01T00:00:00Z"),)),
        ("date__lt=2026-01-01", (("date__lte", "2025-12-31T23:59:59Z"),)),
        ("date__gt__lt=2026-01-01", (("date__lte", "2025-12-31T23:59:59Z"),)),
        ("date__lt=0001-01-01", (("date__lte", "0001-01-01T00:00:00Z"),)),
        ("date__lt=2026-01-01&date__lte=2027-01-01", (("date__lte", "2025-12-31T23:59:59Z"),)),
        ("last_updated__gte=2026-01-01", (("last_updated__gte", "2026-01-01T00:00:00Z"),)),
        (f"launch__ids={LAUNCH.upper()}", (("launch__ids", LAUNCH),)),
        ("video_url=https://V.example/é", (("video_url", "https://V.example/é"),)),
        ("id=3,1", (("id", "1,3"),)),
    ],
)
def test_filters_are_asked_as_every_deployment_reads_them(
    text: str, params: tuple[tuple[str, str], ...]
) -> None:
    assert ask(text) == Question(View.ALL, params)


def test_one_event_is_asked_by_its_own_address() -> None:
    assert ask("id=1183") == ask("id=1183&past=1d") == Question(event_id=1183)
    assert ask("id=1183").key == "event 1183"
    assert ask("id=1183&type=2") == Question(params=(("id", "1183"), ("type__ids", "2")))
    assert ask("id=1183", View.UPCOMING) == Question(View.UPCOMING, (("id", "1183"),))


def test_hiding_recent_ones_is_decided_here() -> None:
    assert ask("hide_recent_previous=true", View.UPCOMING) == Question(View.UPCOMING)


def test_equal_questions_have_one_key() -> None:
    assert ask("id=2,1&day=1").key == ask("day=1&id=1&id=2").key == "all day=1&id=1,2"
    assert ask("day=1", View.PREVIOUS).key == "previous day=1"
    keys = [ask(text).key for text in ("", "program=8,17", "program=8", "search=a b", "search=ab")]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("older", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "agency__ids=44,63&type__ids=2,3",
        "program=17,8",
        "program=17&program__ids=8",
        "program__ids=1,25&spacestation__ids=4",
        "type=2&type__ids=2,3",
        "expedition__ids=160,161",
        "date__lt=2024-01-01&date__lte=2023-01-01",
        "date__lte=2024-01-01&date__lt=2023-01-01",
        "date__gt__lt=2023-06-01&date__lt=2024-06-01&date__gte=2020-01-01",
        "date__gt=2025-12-31T23:59:59%2B02:00",
        "search=Soyuz,docking",
        "search=прогресс",
        "year=2024,2025&month=1,2,3&day=1,2,3,4,5,6,7",
        "last_updated__gte=2025-01-01&last_updated__lte=2026-01-01",
    ],
)
def test_the_answer_holds_all_that_the_query_means(text: str, older: bool) -> None:
    asked = parse(parse_qsl(text))
    wanted = {one.id for one in map(from_record, RECORDS) if asked.choose([one], NOW)}
    answer = fake.select(RECORDS, MultiDict(from_query(asked).params), older=older)
    assert wanted <= {record["id"] for record in answer}


def test_a_feed_narrowed_by_the_same_filter_is_answered_in_full() -> None:
    feed = parse([("program", "17"), ("type__ids", "2,3")])
    asked = parse([("program__ids", "8"), ("type", "3")], View.ALL, feed)
    wanted = {one.id for one in map(from_record, RECORDS) if asked.choose([one], NOW)}
    answer = {one["id"] for one in fake.select(RECORDS, MultiDict(from_query(asked).params),
                                               older=False)}  # fmt: skip
    both = [
        fake.select(RECORDS, MultiDict(parse_qsl(text)), older=False)
        for text in ("program__ids=17&type__ids=2,3", "program__ids=8&type__ids=3")
    ]
    ids = [{record["id"] for record in part} for part in both]
    assert wanted == ids[0] & ids[1]
    assert wanted <= answer

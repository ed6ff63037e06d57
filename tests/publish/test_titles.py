"""What a feed without a file is called, and what it says of itself."""

from urllib.parse import parse_qsl

import pytest

from calfeed.events.model import Agency, Event, Named
from calfeed.publish.titles import LONGEST, describe_query, name_query
from calfeed.query import query
from calfeed.query.query import View

EVENTS = [
    Event(
        id=1,
        name="Docking",
        type=Named(id=2, name="Docking"),
        agencies=(
            Agency(id=44, name="National Aeronautics and Space Administration", abbrev="NASA"),
            Agency(id=121, name="SpaceX", abbrev="SpX"),
            Agency(id=9, name="", abbrev=""),
        ),
        program=(Named(id=17, name="International Space Station"),),
        spacestations=(Named(id=4, name="International Space Station"),),
    )
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "Spaceflight events"),
        ("agency__ids=44", "Spaceflight events: NASA"),
        ("agency__ids=121,44", "Spaceflight events: NASA, SpaceX"),
        ("agency__ids=44,999,1000", "Spaceflight events: NASA, agency 999, 1000"),
        ("agency__ids=9", "Spaceflight events: agency 9"),
        ("type=2&search=Soyuz", "Spaceflight events: “soyuz”; Docking"),
        ("program=17", "Spaceflight events: International Space Station"),
        ("day=1,2&year=2026", "Spaceflight events: day 1, 2; year 2026"),
        ("date__gte=2026-01-01", "Spaceflight events: from 2026-01-01 00:00 UTC"),
        ("search=so%C2%9By%EF%BB%BFuz", "Spaceflight events: “soyuz”"),
    ],
)
def test_names(text: str, name: str) -> None:
    asked = query.parse(parse_qsl(text))
    assert name_query(asked, EVENTS) == name
    assert describe_query(asked, EVENTS) in (f"{name}.", f"{name}: all of them.")


def test_the_description_tells_of_the_options_too() -> None:
    asked = query.parse([("agency__ids", "44"), ("past", "90d"), ("webcast", "official")])
    assert describe_query(asked, EVENTS) == (
        "Spaceflight events: NASA; 90 days back; with an official webcast."
    )


def test_upcoming_without_the_last_day() -> None:
    asked = query.parse([("hide_recent_previous", "true")], View.UPCOMING)
    assert name_query(asked, []) == "Upcoming spaceflight events: without the last 24 hours"


def test_a_long_name_is_cut() -> None:
    asked = query.parse([("id", ",".join(map(str, range(100))))])
    assert len(name_query(asked, [])) == LONGEST
    assert name_query(asked, []).endswith("…")


def test_the_first_event_by_id_that_has_a_name_gives_it() -> None:
    named = {5: "Later", 3: "First", 1: "", 4: "Other"}
    events = [Event(id=n, name="x", type=Named(id=2, name=name)) for n, name in named.items()]
    events.append(Event(id=2, name="x", type=Named(id=7, name="Another type")))
    assert name_query(query.parse([("type__ids", "2")]), events) == "Spaceflight events: First"
    assert name_query(query.parse([("id", "2")]), events) == "Spaceflight events: event 2"

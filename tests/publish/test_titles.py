"""What a feed without a file is called, and what it says of itself."""

from datetime import UTC, datetime

import pytest

from calfeed.catalog import ALL
from calfeed.events import EVENTS as COLLECTION
from calfeed.events.model import Event
from calfeed.publish.titles import LONGEST, Title, title
from calfeed.query.query import View
from calfeed.record import Agency, Named
from tests.support import calendars

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


def titled(text: str, *events: Event, view: View = View.ALL) -> Title:
    made = calendars.snapshot(COLLECTION, events or EVENTS)
    return title(calendars.query(text, view), [made])


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
        ("exclude=oneweb,starlink", "Spaceflight events: without oneweb, starlink"),
    ],
)
def test_names(text: str, name: str) -> None:
    made = titled(text)
    assert made.name == name
    assert made.description in (f"{name}.", f"{name}: all of them.")


def test_the_description_tells_of_the_options_too() -> None:
    made = titled("agency__ids=44&past=90d&webcast=official")
    assert made.description == "Spaceflight events: NASA; 90 days back; with an official webcast."


def test_upcoming_without_the_last_day() -> None:
    made = titled("hide_recent_previous=true", view=View.UPCOMING)
    assert made.name == "Upcoming spaceflight events: without the last 24 hours"


def test_a_long_name_is_cut() -> None:
    made = titled("id=" + ",".join(map(str, range(100))))
    assert len(made.name) == LONGEST
    assert made.name.endswith("…")
    assert made.description.endswith("98, 99.")


def test_in_a_calendar_of_all_an_id_may_be_anybodys() -> None:
    launch = "84be462c-9c2e-4d83-b3b4-b3dd9d1f7c1a"
    asked = calendars.query(f"id=7,{launch}", scope=ALL)
    assert title(asked, []).name == f"Spaceflight: id {launch}, 7"


def test_the_latest_event_that_has_a_name_gives_it() -> None:
    def of(day: int, kind: Named) -> Event:
        return Event(id=day, name="x", date=datetime(2026, 3, day, tzinfo=UTC), type=kind)

    named = {5: "", 3: "Earlier", 1: "First", 4: "Last"}
    events = [of(day, Named(id=2, name=name)) for day, name in named.items()]
    events.append(of(6, Named(id=7, name="Another type")))
    assert titled("type__ids=2", *events).name == "Spaceflight events: Last"
    assert titled("id=2", *events).name == "Spaceflight events: event 2"

"""The small set of real events and launches in the package."""

from datetime import UTC, datetime

import pytest

from calfeed import sample
from calfeed.events import EVENTS
from calfeed.launches import LAUNCHES
from calfeed.query.query import View
from tests.support import calendars


def ids(text: str, view: View = View.ALL) -> list[int]:
    asked = calendars.query(text, view)
    events = sample.records(EVENTS)
    return [entry.record.id for entry in calendars.select(asked, sample.NOW, *events)]


def test_events_of_both_versions_each_once_and_whole() -> None:
    found = sample.records(EVENTS)
    assert len(found) == len({one.id for one in found}) == 14
    assert {352, 948, 1183, 1185, 309} <= {one.id for one in found}
    assert all(one.name and one.type and one.date and one.last_updated for one in found)
    assert sample.records(EVENTS) is found


def test_its_clock_stands_amid_the_events() -> None:
    assert datetime(2021, 7, 4, tzinfo=UTC) == sample.NOW
    assert len(ids("")) == 14
    assert ids("", View.UPCOMING) == [308, 309, 948, 1183, 1185, 352]
    assert ids("hide_recent_previous=true", View.UPCOMING) == [309, 948, 1183, 1185, 352]
    assert ids("", View.PREVIOUS) == [302, 264, 303, 265, 304, 305, 262, 266, 308]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("past=90d&future=90d", [302, 264, 303, 265, 304, 305, 262, 266, 308, 309]),
        ("past=1d&future=0d", [308, 309]),
        ("agency__ids=63", [266, 1183, 1185]),
        ("agency__ids=63&type__ids=2", [266, 1183]),
        ("search=eva", [264, 265, 305, 309]),
        ("program=17&year=2025", [1183, 1185]),
        ("webcast=official&year=2025,2026", [1183, 1185, 352]),
        ("limit=2&ordering=-date", [1185, 352]),
    ],
)
def test_it_has_something_to_show(text: str, found: list[int]) -> None:
    assert ids(text) == found


def launches(text: str, view: View = View.ALL) -> list[str]:
    asked = calendars.query(text, view, scope="launches")
    found = calendars.select(asked, sample.NOW, *sample.records(LAUNCHES))
    return [entry.record.name.partition(" | ")[2] for entry in found]


def test_launches_of_both_versions_each_once_and_whole() -> None:
    found = sample.records(LAUNCHES)
    assert len(found) == len({launch.id for launch in found}) == 12
    assert all(launch.net and launch.status and launch.pad for launch in found)
    assert all(launch.mission and launch.mission.description for launch in found)
    belong = {launch.id for event in sample.records(EVENTS) for launch in event.launches}
    assert belong & {launch.id for launch in found}


@pytest.mark.parametrize(
    ("text", "view", "found"),
    [
        ("", View.PREVIOUS, ["Progress MS-17 (78P)"]),
        ("year=2026&month=9", View.UPCOMING,
         ["Demo Flight", "Owl Around The World (StriX Launch 11)"]),
        ("past=90d&future=90d", View.ALL, ["Progress MS-17 (78P)"]),
        ("is_crewed=true", View.ALL, ["Artemis II"]),
        ("include_suborbital=false&search=starship", View.ALL, []),
        ("search=starship", View.ALL, ["Flight 13"]),
        ("country=nz", View.ALL, ["LOXSAT 1", "Owl Around The World (StriX Launch 11)"]),
        ("status=5", View.ALL, ["Demo Flight"]),
        ("coarse=hide&country=jp", View.ALL, []),
        ("agency__ids=44", View.ALL, ["Artemis II"]),
        ("near=45.9,63.6", View.ALL, ["Progress MS-17 (78P)", "Soyuz MS-27"]),
    ],
)  # fmt: skip
def test_launches_to_show(text: str, view: View, found: list[str]) -> None:
    assert launches(text, view) == found

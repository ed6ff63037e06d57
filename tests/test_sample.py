"""The small set of real events in the package."""

from datetime import UTC, datetime

import pytest

from calfeed import sample
from calfeed.query.query import View
from tests.support import calendars


def ids(text: str, view: View = View.ALL) -> list[int]:
    asked = calendars.query(text, view)
    return [entry.record.id for entry in calendars.select(asked, sample.NOW, *sample.events())]


def test_events_of_both_versions_each_once_and_whole() -> None:
    found = sample.events()
    assert len(found) == len({one.id for one in found}) == 14
    assert {352, 948, 1183, 1185, 309} <= {one.id for one in found}
    assert all(one.name and one.type and one.date and one.last_updated for one in found)
    assert sample.events() is found


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

"""The golden feeds of tests/golden, byte by byte.

To regenerate them on purpose, and then read the difference as a subscriber would:

    python -m tests.golden && git diff tests/golden
"""

import pytest

from tests.golden import GOLDEN, path
from tests.golden.recipe import PLACE
from tests.support import judges


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_golden_feeds(name: str) -> None:
    assert GOLDEN[name].render() == path(name).read_bytes()


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_golden_feeds_pass_every_judge(name: str) -> None:
    body = path(name).read_bytes()
    assert judges.faults(body) == []
    read = {judge: parse(body) for judge, parse in judges.PARSERS.items()}
    assert read["vobject"] == read["ical"]
    assert read["icalendar"] == read["ical"]
    assert len(read["ical"]) == body.count(b"BEGIN:VEVENT\r\n")


def test_there_is_no_golden_feed_without_a_recipe() -> None:
    assert {one.stem for one in PLACE.glob("*.ics")} == set(GOLDEN)

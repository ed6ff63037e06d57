"""How the dates of real launches moved, as the mirror remembers it and a calendar tells it."""

from datetime import datetime

from calfeed.entry import Display
from calfeed.launches import LAUNCHES
from calfeed.launches.model import Launch
from calfeed.mirror.moves import carry_moves
from tests.launches.test_net_history import history


def replayed() -> dict[str, list[Launch]]:
    """The versions of each launch as they are kept, with their moves."""
    found: dict[str, list[Launch]] = {}
    for launch in history():
        kept = found.setdefault(launch.id, [])
        if kept:
            assert launch.last_updated
            launch = carry_moves(LAUNCHES, kept[-1], launch, launch.last_updated)
        kept.append(launch)
    return found


def test_moves_are_dates_that_the_launch_had_before() -> None:
    moved = 0
    for versions in replayed().values():
        had: set[datetime | None] = set()
        for launch in versions:
            assert {move.date for move in launch.moves} <= had
            assert len(launch.moves) <= 10
            had.add(launch.net)
        moved += bool(versions[-1].moves)
    assert moved == 224


def test_a_calendar_says_how_often_it_moved() -> None:
    for versions in replayed().values():
        for launch in versions:
            entry = LAUNCHES.entry(launch, Display())
            assert entry is not None
            assert entry.moves == launch.moves
            times = {0: "", 1: "\nMoved once since "}.get(
                len(launch.moves), f"\nMoved {len(launch.moves)} times since "
            )
            assert times in entry.description
            assert ("\nMoved " in entry.description) is bool(launch.moves)
            assert entry.description.count(", then ") == max(0, len(launch.moves) - 1)

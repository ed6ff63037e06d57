"""What holds for every test: hypothesis draws the same examples on every run, and not too many."""

from collections.abc import Generator

import pytest
from hypothesis import settings

LONGEST = "tests/system/"
"""Begun first, so that the other processors have something to do until its end."""

settings.register_profile(
    "calfeed", derandomize=True, database=None, deadline=None, max_examples=60
)
settings.load_profile("calfeed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """With ``-n auto`` one more than there are processors: a third of the time, tests wait for
    other programs."""
    return (yield) + 1

"""The exception tree and the statuses it owns."""

import inspect
import re

import pytest

from calfeed import errors
from calfeed.errors import CalfeedError

CLASSES = {name: one for name, one in inspect.getmembers(errors, inspect.isclass)
           if issubclass(one, CalfeedError) and one is not CalfeedError}  # fmt: skip


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    drawn = dict(re.findall(r"── (\w+) *(\d{3})?", errors.__doc__ or ""))
    assert set(drawn) == set(CLASSES)
    told = {name: int(status) for name, status in drawn.items() if status}
    assert told == {name: CLASSES[name].status.value for name in told}


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_has_a_status_and_a_title(name: str) -> None:
    assert 400 <= CLASSES[name].status < 600
    assert CLASSES[name].title

"""Durations, as people and Launch Library write them."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed import duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P90D", timedelta(days=90)),
        ("90d", timedelta(days=90)),
        ("90D", timedelta(days=90)),
        ("12h", timedelta(hours=12)),
        ("2w", timedelta(weeks=2)),
        ("P2W", timedelta(weeks=2)),
        ("30m", timedelta(minutes=30)),
        ("45s", timedelta(seconds=45)),
        ("1.5h", timedelta(minutes=90)),
        ("PT1,5H", timedelta(minutes=90)),
        ("PT55M23S", timedelta(minutes=55, seconds=23)),
        ("P0DT00H45M00S", timedelta(minutes=45)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("pt1h", timedelta(hours=1)),
        ("PT0S", timedelta(0)),
        ("PT0.9S", timedelta(0)),
        ("P36525D", duration.LONGEST),
    ],
)
def test_both_spellings_are_read(text: str, length: timedelta) -> None:
    assert duration.parse(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "90",
        "d",
        "P",
        "PT",
        "P1DT",
        "T1H",
        "P1Y",
        "P1M",
        "P1W2D",
        "-P1D",
        "P-1D",
        "PT1H\n",
        " 90d",
        "1h30m",
        "1 h",
        "٣d",
        "P٣D",
        "36526d",
        "P36525DT1S",
        "999999999w",
        "9" * 400 + "d",
        "1e3d",
        "nan",
        "infd",
        "P90D\0",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration|too long|century"):
        duration.parse(text)


def test_what_is_taken_is_said_in_words_and_every_example_is_taken() -> None:
    """P1M and P1Y are ISO 8601 durations too: the form alone does not say why they are refused."""
    words, _, examples = duration.TAKES.partition(":")
    assert words == "weeks, days, hours or minutes, not months or years"
    found = re.findall(r"\b\w*[0-9]\w*\b", examples.replace("ISO 8601", ""))
    assert found == ["P90D", "PT30M", "90d", "12h", "30m", "2w"]
    for example in found:
        assert duration.parse(example)


@given(st.text(alphabet="PTWDHMS0123456789.,wdhms -+", max_size=14))
def test_nothing_but_value_error_comes_of_any_text(text: str) -> None:
    try:
        length = duration.parse(text)
    except ValueError:
        return
    assert timedelta(0) <= length <= duration.LONGEST
    assert length.microseconds == 0


@given(st.integers(0, 36525 * 86400))
def test_what_is_rendered_reads_back(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert duration.parse(duration.render(length)) == length


@pytest.mark.parametrize(
    ("length", "iso", "words"),
    [
        (timedelta(0), "PT0S", "0 minutes"),
        (timedelta(days=90), "P90D", "90 days"),
        (timedelta(hours=1), "PT1H", "1 hour"),
        (timedelta(minutes=90), "PT1H30M", "1 hour 30 minutes"),
        (timedelta(days=1, seconds=1), "P1DT1S", "1 day 1 second"),
    ],
)
def test_the_canonical_form_and_the_words(length: timedelta, iso: str, words: str) -> None:
    assert (duration.render(length), duration.words(length)) == (iso, words)

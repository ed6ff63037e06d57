"""Content lines come out as icalendar writes them, byte for byte."""

from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentline
from icalendar.prop import vText

from calfeed.ics.contentline import fold, parameters, text
from calfeed.text import clean

ESCAPES = st.sampled_from(["\\", "^", ";", ",", "\n", "\\n", "é", "🚀", "x" * 73, "’", " "])
texts = st.lists(st.one_of(ESCAPES, st.text(max_size=40)), max_size=12).map("".join).map(clean)


@given(texts.filter(lambda value: "\\N" not in value))  # for icalendar, that is a line's end
def test_a_text_is_escaped_and_folded_as_icalendar_does(value: str) -> None:
    escaped = vText(value).to_ical().decode()
    assert text(value) == escaped
    line = f"DESCRIPTION:{escaped}"
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    assert fold(line) == folded + b"\r\n"


def test_a_backslash_before_an_n_stays() -> None:
    assert text("\\NASA") == "\\\\NASA"


@given(texts)
def test_what_is_folded_unfolds_to_what_it_was(value: str) -> None:
    line = f"SUMMARY:{text(value)}"
    folded = fold(line)
    assert folded.replace(b"\r\n ", b"").decode() == line + "\r\n"
    assert all(len(piece) <= 75 for piece in folded.split(b"\r\n"))
    assert all(piece.decode() is not None for piece in folded.split(b"\r\n"))


def test_parameters_stand_in_order_of_name_and_are_quoted_where_they_must_be() -> None:
    values = {"VALUE": "URI", "LABEL": "NASA: live", "LANGUAGE": "en"}
    assert parameters(values) == ';LABEL="NASA: live";LANGUAGE=en;VALUE=URI'
    assert parameters({}) == ""

"""Text and links from upstream, made safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from calfeed.text import LONGEST_LINK, Line, Link, Text, clean, clean_line, clean_link

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
"""Lone surrogates, noncharacters and control characters too."""
LINE_ENDS = ["\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_end_of_a_line_is_a_newline(end: str) -> None:
    assert clean(f"a{end}b") == "a\nb"
    assert clean_line(f"a{end}b") == "a b"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("", ""),
        (" \t\n ", ""),
        ("  a\tb\n\nc  ", "a\tb\n\nc"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("\ufeffa\ufffe\uffff", "a"),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("Роскосмос 天宫 🚀 «é»", "Роскосмос 天宫 🚀 «é»"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_a_text_keeps_what_every_parser_takes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_line_is_one_line_with_single_blanks() -> None:
    assert clean_line("  a \t b\r\n\r\nc\u00a0d ") == "a b c d"


@given(ANY_TEXT)
def test_clean_leaves_nothing_that_ends_a_line_or_cannot_be_encoded(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.encode().decode().splitlines()) <= cleaned.count("\n") + 1
    assert all(c in "\t\n" or ord(c) >= 0x20 for c in cleaned)
    assert clean(cleaned) == cleaned
    line = clean_line(text)
    assert line.splitlines() == ([line] if line else [])
    assert clean_line(line) == line


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://www.youtube.com/watch?v=b7Kk4r9DomA", None),
        ("http://example.org", None),
        ("http://example.org:8080/a?b=c#d", None),
        ("https://example.org/a,b;c", None),
        ("https://example.org/%C3%A9", None),
        (" https://example.org/ \n", "https://example.org/"),
        ("HTTPS://Example.org/A", "https://example.org/A"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ('https://example.org/"<a>"', "https://example.org/%22%3Ca%3E%22"),
    ],
)
def test_a_web_link_stays(text: str, link: str | None) -> None:
    assert clean_link(text) == (link or text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "//example.org/a",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "ftp://example.org/a",
        "data:text/html,hello",
        "mailto:a@example.org",
        "webcal://example.org/a.ics",
        "https://",
        "https:///path",
        "https:example.org",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org/a b",
        "https://example.org/a\r\nX-EVIL:1",
        "https://example.org/a\u2028b",
        "https://example.org/\x00",
        "https://example.org/\ud800",
        "https://exa mple.org/",
        "http://[::1",
        "https://example.org/" + "a" * LONGEST_LINK,
    ],
)
def test_what_is_no_web_link_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clean_link(text)


@given(st.one_of(ANY_TEXT, ANY_TEXT.map("https://".__add__), ANY_TEXT.map("http://a.b/".__add__)))
def test_a_link_that_is_taken_is_plain_ascii_and_stays_itself(text: str) -> None:
    try:
        link = clean_link(text)
    except ValueError:
        return
    assert link.startswith(("http://", "https://"))
    assert link.isascii()
    assert link.isprintable()
    assert not set(link) & set(' "<>\\^`{|}')
    assert clean_link(link) == link


def test_the_types_clean_before_pydantic_looks() -> None:
    assert TypeAdapter(Text).validate_python("a\ud800\u2028b") == "a\ufffd\nb"
    assert TypeAdapter(Line).validate_python("a\ud800\u2028b") == "a\ufffd b"
    with pytest.raises(ValidationError):
        TypeAdapter(Link).validate_python("javascript:alert(1)")
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(5)

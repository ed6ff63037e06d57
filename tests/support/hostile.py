"""Texts that want to break out of a calendar, links, moments: whatever upstream may write."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from calfeed.entry import WORDING_SINCE, Display, Entry
from calfeed.ics import vcalendar, vevent
from calfeed.record import VidUrl
from calfeed.text import clean, clean_line
from tests.support import judges

NASTY = (
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\n", "\u2028BEGIN:VALARM", "\u2029X:1", "\x85",
    "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x00", "\x07", "\x7f", "\x9b", "\ufeff",
    "\ufffe", "\ud800", "\udfff", "\\", "\\\\", "\\n", "\\N", "\\,", "\\;", '"', "'", "^", "^n",
    "^'", "’", ";", ",", ":", "=", ";VALUE=TEXT:", "%0D%0A", "\t", " ", "   ", "\n", "\r", "\n ",
    "\r\n\t", "\u200f", "\u202e", "\u200d", "\u00a0", "\u3000", "שלום", "مرحبا", "🧑‍🚀", "🇷🇺",
    "e\u0301", "Ü", "国際宇宙ステーション", "\U0010ffff", "\ufdd0", "BEGIN:VCALENDAR", "-//", "<b>",
    "&amp;", "é" * 80, "🚀" * 30, "x" * 300, "\\" * 80, "," * 80,
)  # fmt: skip
texts = st.one_of(
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), max_size=8).map("".join),
    st.text(st.characters(), max_size=200),
)
names = texts.map(lambda text: text + "name")
links = st.one_of(
    st.text("abc/?#;,:=&%'()*~[]-._+!$@", max_size=120).map("https://h.example/".__add__),
    st.sampled_from(["http://h", "https://h.example:8080?" + "q" * 1970, "HTTPS://Ü.example/é"]),
)
bad_links = st.sampled_from(
    ["javascript:alert(1)", "https://h/a\r\nX:1", "https://h/\u2028", "https://a b", "", "//h"]
)
moments = st.integers(0, 1100 * 365 * 86400).map(
    lambda seconds: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
lengths = st.integers(1, 36525 * 86400).map(lambda seconds: timedelta(seconds=seconds))
leads = st.integers(0, 366 * 86400).map(lambda seconds: timedelta(seconds=seconds))
maybe_moments = st.none() | moments
displays = st.builds(
    Display,
    coarse=st.sampled_from(["mark", "span", "hide"]),
    start=st.sampled_from(["date", "webcast"]),
    length=st.integers(1, 366 * 86400).map(lambda seconds: timedelta(seconds=seconds)),
    window=st.booleans(),
    alarm=st.lists(leads, max_size=3, unique=True).map(tuple),
    lang=st.lists(st.sampled_from(["en", "ru", "pt-br"]), max_size=2).map(tuple),
)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, max_size=3).map(tuple)


videos = st.builds(
    VidUrl,
    url=links,
    title=texts,
    publisher=texts,
    official=st.sampled_from([True, False, None]),
    language=st.one_of(texts, st.sampled_from(["en", "ru"])),
    start_time=maybe_moments,
    end_time=maybe_moments,
)

stamps = moments.map(lambda moment: moment.isoformat())
things = st.fixed_dictionaries({"id": st.integers(0, 9), "name": texts})
many = settings(max_examples=120)


def check(chosen: list[Entry | None], display: Display, name: str) -> None:
    """Render them into one feed, and hear every judge on it."""
    entries = [entry for entry in chosen if entry]
    head = vcalendar.Head(clean_line(name), clean(name), "tan", WORDING_SINCE)
    body = b"".join(
        vcalendar.render(head, [vevent.render(e).join(e.span, display.alarm) for e in entries])
    )
    again = b"".join(
        vcalendar.render(head, [vevent.render(e).join(e.span, display.alarm) for e in entries])
    )
    assert body == again
    assert judges.faults(body) == []
    wanted = {
        entry.uid: judges.Entry(
            entry.span.start, entry.span.end, entry.summary, entry.description, entry.location
        )
        for entry in entries
    }
    for parse in judges.PARSERS.values():
        assert parse(body) == wanted
    for entry in judges.read(body).components("VEVENT"):
        check_entry(entry, wanted[entry.all("UID")[0].value])


def check_entry(entry: judges.Component, wanted: judges.Entry) -> None:
    assert wanted.end > wanted.start
    assert 0 < len(wanted.summary) <= 255
    assert [prop.text for prop in entry.all("SUMMARY")] == [wanted.summary]
    assert [prop.text for prop in entry.all("DESCRIPTION")] == [wanted.description]
    assert [prop.text for prop in entry.all("LOCATION")] == [wanted.location] * bool(
        wanted.location
    )
    for prop in entry.all("URL") + entry.all("CONFERENCE") + entry.all("IMAGE"):
        assert prop.value.isascii()
        assert prop.value.startswith(("http://", "https://"))
    for prop in entry.all("GEO"):
        assert re.fullmatch(r"-?\d+\.\d+;-?\d+\.\d+", prop.value, re.ASCII)
    for prop in entry.all("X-APPLE-STRUCTURED-LOCATION"):
        assert re.fullmatch(r"geo:-?\d+\.\d+,-?\d+\.\d+", prop.value, re.ASCII)
    for alarm in entry.inner:
        assert [prop.name for prop in alarm.props] == ["ACTION", "DESCRIPTION", "TRIGGER"]

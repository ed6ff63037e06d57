"""The judges find what they are there to find."""

from collections.abc import Callable

import pytest

from tests.golden import path
from tests.support import judges

GOOD = path("recorded-1183").read_bytes()


def swap(old: str, new: str) -> Callable[[], bytes]:
    def spoil() -> bytes:
        assert old.encode() in GOOD
        return GOOD.replace(old.encode(), new.encode())

    return spoil


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (swap("CLASS:PUBLIC\r\n", "CLASS:PUBLIC\n"), "bare CR or LF"),
        (swap("END:VCALENDAR\r\n", "END:VCALENDAR"), "the last line has no CRLF"),
        (swap("\r\n ", ""), "octets"),
        (swap("CLASS:PUBLIC", "CLASS:PUB\u2028LIC"), "str.splitlines()"),
        (swap("CLASS:PUBLIC", "CLASS:PUB\x00LIC"), "control character"),
        (swap("CLASS:PUBLIC", "CLASS:PUB\x9fLIC"), "control character"),
        (swap("CLASS:PUBLIC", "\r\nCLASS:PUBLIC"), "blank"),
        (swap("CLASS:PUBLIC", "CLASS:"), "CLASS is empty"),
        (swap("REFRESH-INTERVAL;VALUE=DURATION", "REFRESH-INTERVAL"), "REFRESH-INTERVAL names"),
        (swap("DTSTART:", "DTSTART;TZID=UTC:"), "DTSTART has a TZID"),
        (swap('LABEL="NASA', 'LABEL="NA\\SA'), "some reader takes amiss"),
        (swap("UID:", "X-UID:"), "UID"),
        (lambda: GOOD.replace("«".encode(), b"\xc2\r\n \xab"), "cuts a character"),
    ],
)  # fmt: skip
def test_a_spoilt_feed_has_a_fault(spoil: Callable[[], bytes], fault: str) -> None:
    assert judges.faults(GOOD) == []
    assert any(fault in found for found in judges.faults(spoil()))


def test_a_repeated_event_is_a_fault() -> None:
    begin, end = GOOD.index(b"BEGIN:VEVENT"), GOOD.index(b"END:VCALENDAR")
    twice = GOOD[:end] + GOOD[begin:]
    assert judges.faults(twice) == ["not one UID of its own for each event"]


@pytest.mark.parametrize("value", ["\\x", "\\:", "\\"])
def test_an_escape_that_does_not_exist(value: str) -> None:
    with pytest.raises(KeyError):
        judges.unescape(value)

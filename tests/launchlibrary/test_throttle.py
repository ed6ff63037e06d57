"""What a refusal says: the error it means, and how long to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.errors import MissingUpstream, Throttled, UpstreamError
from calfeed.launchlibrary.throttle import LONGEST_WAIT, UNSAID_WAIT, raise_for_status

SENT = "Tue, 10 Mar 2026 12:00:00 GMT"
SENTENCE = b'{"detail": "Request was throttled. Expected available in 120 seconds."}'


def wait(retry_after: str, date: str = SENT, body: bytes = SENTENCE) -> float:
    """How long a 429 asks to wait."""
    with pytest.raises(Throttled) as refused:
        raise_for_status(429, {"Retry-After": retry_after, "Date": date}, body)
    assert str(refused.value) == f"Launch Library asks to wait {refused.value.retry_after:.0f} s"
    return refused.value.retry_after


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("77", 77),
        (" 77 ", 77),
        ("0", 1),
        ("999999", LONGEST_WAIT),
        ("Tue, 10 Mar 2026 12:30:00 GMT", 1800),
        ("Tuesday, 10-Mar-26 12:30:00 GMT", 1800),
        ("Tue Mar 10 12:30:00 2026", 1800),
        ("Wed, 10 Mar 2027 12:00:00 GMT", LONGEST_WAIT),
    ],
)
def test_seconds_and_all_three_forms_of_a_date_are_read(retry_after: str, seconds: float) -> None:
    assert wait(retry_after) == seconds
    assert wait(retry_after, body=b"") == seconds


@pytest.mark.parametrize(
    "retry_after",
    [
        "",
        "-5",
        "1.5",
        "٣",
        "soon",
        SENT,
        "Tue, 10 Mar 2026 11:59:59 GMT",
        "Tue, 10 Mar 2026 25:00:00 GMT",
        "Tue, 10 Mar 99999999999 12:00:00 GMT",
        "Tue, 10 Mar 2027 12:00:00 +99999999999",
    ],
)
def test_a_date_in_the_past_and_nonsense_leave_it_to_the_sentence(retry_after: str) -> None:
    assert wait(retry_after) == 120
    assert wait(retry_after, body=b"<h1>Too many</h1>") == UNSAID_WAIT


def test_a_date_counts_from_the_answers_own_and_from_no_other_clock() -> None:
    assert wait("Tue, 10 Mar 2026 12:30:00 GMT", date="Tue, 10 Mar 2026 12:29:00 GMT") == 60
    for unknown in ("", "today"):
        assert wait("Fri, 10 Mar 2090 12:30:00 GMT", date=unknown) == 120


@given(st.text(), st.text(alphabet="TueMar, 0123456789:+-GMTZ\n"), st.binary())
def test_whatever_it_says_the_wait_is_one_that_can_be_kept(
    retry_after: str, date: str, body: bytes
) -> None:
    assert 1 <= wait(retry_after, date, body) <= LONGEST_WAIT
    assert 1 <= wait(date, retry_after, body) <= LONGEST_WAIT


def test_other_answers() -> None:
    raise_for_status(200, {}, b"")
    with pytest.raises(MissingUpstream):
        raise_for_status(404, {}, b"")
    for status in (204, 302, 400, 401, 500, 503):
        with pytest.raises(UpstreamError, match=f"answered {status}"):
            raise_for_status(status, {}, b"")

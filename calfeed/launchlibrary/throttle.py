"""An answer that is no 200 -> the error it means, and how long a 429 asks to wait. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from calfeed.errors import Forbidden, MissingUpstream, Overloaded, Throttled, UpstreamError

LONGEST_WAIT = 21_600.0
"""Seconds a 429 can stop all calls for at most: its window is an hour."""
UNSAID_WAIT = 600.0
"""Seconds to wait after a 429 that names no time."""


def raise_for_status(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Let an answer pass only where it is one.

    Raises:
        UpstreamError: it is a refusal.
    """
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.NOT_FOUND:
        raise MissingUpstream("Launch Library knows no such thing")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        said, named_in = _wait(headers, body)
        wait = min(max(1.0, said), LONGEST_WAIT)
        raise Throttled(f"Launch Library asks to wait {wait:.0f} s", wait, named_in)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Forbidden(f"Launch Library answered {status}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Overloaded(f"Launch Library answered {status}")
    raise UpstreamError(f"Launch Library answered {status}")


def _wait(headers: Mapping[str, str], body: bytes) -> tuple[float, str]:
    """How long a 429 asks to wait, and where it says so."""
    header = headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,6}", header, re.ASCII):
        return float(header), "header"
    if (left := _until(header, headers.get("Date", ""))) > 0:
        return left, "header"
    if found := re.search(r"in ([0-9]{1,6}) sec", body[:1000].decode(errors="replace")):
        return float(found[1]), "sentence"
    return UNSAID_WAIT, ""


def _until(header: str, date: str) -> float:
    """Seconds from an answer's own date to another one (RFC 9110 10.2.3); 0 where one is none.

    Both are told by the same clock, so it does not matter what ours shows.
    """
    until, sent = http_date(header), http_date(date)
    return (until - sent).total_seconds() if until and sent else 0.0


def http_date(text: str) -> datetime | None:
    """A date as HTTP writes it (RFC 9110 5.6.7); None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # the form without a zone

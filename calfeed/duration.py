"""Durations as people and Launch Library write them: ISO 8601, or short like ``90d``."""

import re
from datetime import timedelta

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TAKES = (
    "weeks, days, hours or minutes, not months or years:"
    " ISO 8601 such as P90D or PT30M, or short such as 90d, 12h, 30m, 2w"
)
"""What :func:`parse` accepts, in words for people."""

LONGEST = timedelta(days=36525)
"""A century. Anything longer is a mistake, and would run out of the calendar."""

_NUMBER = r"([0-9]{1,9}(?:[.,][0-9]{1,6})?)"
_ISO = re.compile(
    rf"P(?:{_NUMBER}W|(?:{_NUMBER}D)?(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)",
    re.ASCII | re.IGNORECASE,
)
_SHORT = re.compile(rf"{_NUMBER}([wdhms])", re.ASCII | re.IGNORECASE)
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def parse(text: str) -> timedelta:
    """Read a duration; whole seconds, zero allowed.

    Years and months are refused, for they have no fixed length.

    Raises:
        ValueError: it is not a duration, is negative, or is longer than :data:`LONGEST`.
    """
    if short := _SHORT.fullmatch(text):
        numbers = {_UNITS[short[2].lower()]: short[1]}
    elif (iso := _ISO.fullmatch(text)) and any(iso.groups()):
        numbers = dict(zip(_UNITS.values(), iso.groups(), strict=True))
    else:
        raise ValueError(f"not a duration: {text!r}")
    given = {unit: float(n.replace(",", ".")) for unit, n in numbers.items() if n}
    try:
        length = timedelta(**given)
    except OverflowError as error:
        raise ValueError(f"too long: {text!r}") from error
    if length > LONGEST:
        raise ValueError(f"longer than a century: {text!r}")
    return length // SECOND * SECOND


def render(length: timedelta) -> str:
    """Write a duration as ISO 8601 in its one canonical form, for example ``P1DT2H``."""
    seconds = int(length.total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = "".join(f"{n}{u}" for n, u in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    if not days and not clock:
        return "PT0S"
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def words(length: timedelta) -> str:
    """Write a duration for a reader, for example ``90 days`` or ``1 hour 30 minutes``."""
    seconds = int(length.total_seconds())
    parts = []
    for name, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        n, seconds = divmod(seconds, size)
        if n:
            parts.append(f"{n} {name}" + ("s" if n > 1 else ""))
    return " ".join(parts) or "0 minutes"

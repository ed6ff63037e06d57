"""When many launches are: a history from 1957 on, and what is ahead with its placeholders.

What is ahead is mixed as it was in August 2026. Of the next hundred, 16 are known to the day or
finer, 25 to the month, 22 to quarter or half and 37 to the year; of 360 ahead some 260 share the
last day of the year.
"""

import calendar
import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

FIRST = datetime(1957, 10, 4, 19, 28, 34, tzinfo=UTC)
SHARES = ((0.043, 1), (0.077, 2), (0.105, 3), (0.128, 4), (0.147, 5))
"""How much of the past lies within so many years: 330 of 7,600 within one, and so on."""
TIMED, MONTHS, QUARTERS = 16, 15, 7
"""Of 360 ahead: known to the day or finer, and to a month or quarter before the year's last."""
AT_YEAR_END = 262
LATE_PRECISIONS = (14,) * 15 + (11, 11, 11, 13, 13, 13) + (7,) * 4
"""Precisions of what stands on the last day of a year."""
FINE = (0, 1, 1, 1, 1, 2, 2, 2, 5)


class When(NamedTuple):
    """A NET and how precisely it is known (None: nobody says)."""

    net: datetime
    precision: int | None


def past(n: int, now: datetime, rng: random.Random) -> list[When]:
    """Give n dates before now, earliest first, more and more of them towards it."""
    whens = []
    for index in range(n):
        share = (index + 0.5) / n
        first, last = _years(share, now)
        net = first + (last - first) * rng.random()
        net = net.replace(microsecond=0, second=rng.choice((0, net.second)))
        old = net.year < 2018
        precision = rng.choice((None, None, None, 1, 5)) if old else rng.choice((0, 0, 1, 1, 2))
        whens.append(When(_midnight(net) if precision == 5 else net, precision))
    return sorted(whens, key=lambda when: when.net)


def _years(share: float, now: datetime) -> tuple[datetime, datetime]:
    """Give between which moments a date lies that comes at this share of the past, backwards."""
    before = now
    for upto, years in SHARES:
        after = now - timedelta(days=365 * years)
        if share < upto:
            return after, before - timedelta(minutes=90)
        before = after
    return FIRST, before


def ahead(n: int, now: datetime, rng: random.Random) -> list[When]:
    """Give n dates after now, earliest first; those that tie in a random order."""
    year = (now + timedelta(days=15)).year
    ends = [end for month in range(1, 12) if (end := month_end(year, month)) > now]
    quarters = [end for end in ends if end.month in (3, 6, 9)]
    last = month_end(year, 12)
    whens = []
    for index in range(n):
        place = (index + 0.5) * 360 / n
        if place < TIMED:
            whens.append(_timed(now, rng))
        elif place < TIMED + MONTHS:
            whens.append(When(rng.choice(ends or [last]), 7))
        elif place < TIMED + MONTHS + QUARTERS:
            whens.append(_quarter(rng.choice(quarters or [last]), rng))
        elif place < TIMED + MONTHS + QUARTERS + AT_YEAR_END:
            whens.append(When(last, rng.choice(LATE_PRECISIONS)))
        else:
            whens.append(_later(year, rng))
    rng.shuffle(whens)
    return sorted(whens, key=lambda when: when.net)


def _timed(now: datetime, rng: random.Random) -> When:
    precision = rng.choice(FINE)
    net = now + timedelta(seconds=rng.randrange(1800, 25 * 86_400))
    if precision == 5:
        return When(_midnight(net + timedelta(days=1)), precision)
    if precision == 2:
        return When(net.replace(minute=0, second=0) + timedelta(hours=1), precision)
    return When(net if precision == 0 else net.replace(second=0), precision)


def _quarter(end: datetime, rng: random.Random) -> When:
    if end.month == 6 and rng.random() < 0.5:
        return When(end, 12)
    return When(end, 7 + end.month // 3)


def _later(year: int, rng: random.Random) -> When:
    year += rng.choice((1, 1, 1, 2, 3))
    month = rng.choice((*range(1, 13), 12, 12, 12))
    if month == 12:
        return When(month_end(year, 12), rng.choice(LATE_PRECISIONS))
    if month % 3 == 0:
        return _quarter(month_end(year, month), rng)
    return When(month_end(year, month), 7)


def month_end(year: int, month: int) -> datetime:
    """Give midnight of the last day of a month."""
    return datetime(year, month, calendar.monthrange(year, month)[1], tzinfo=UTC)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0)


def window(when: When, rng: random.Random) -> tuple[datetime, datetime]:
    """Give start and end of a window around NET: none for a coarse date, an instant at times."""
    if when.precision not in (0, 1, 2) or rng.random() < 0.3:
        return when.net, when.net
    before = 0 if rng.random() < 0.17 else rng.randrange(1, 60)
    after = rng.randrange(0 if before else 1, 180)
    return when.net - timedelta(minutes=before), when.net + timedelta(minutes=after)

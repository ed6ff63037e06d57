"""How many calls an hour somebody has: a rolling window, as REST framework's throttles keep it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
UNLIMITED = 1_000_000


@dataclass
class Throttle:
    """The served calls of the last hour, per IP or key."""

    limit: int | None = None
    """Calls an hour for everybody not in `limits`; None is without limit."""
    limits: dict[str, int] = field(default_factory=dict)
    """Calls an hour of single keys or IPs."""
    count_refused: bool = False
    """Whether a refused call counts as well."""
    served: dict[str, list[datetime]] = field(default_factory=dict)

    def of(self, ident: str) -> int | None:
        """The limit of somebody."""
        return self.limits.get(ident, self.limit)

    def use(self, ident: str, now: datetime) -> int:
        """The calls of the last hour."""
        recent = [at for at in self.served.get(ident, []) if at > now - HOUR]
        self.served[ident] = recent
        return len(recent)

    def wait(self, ident: str, now: datetime) -> int:
        """Seconds until the next call is free; 0 is at once."""
        limit = self.of(ident)
        used = self.use(ident, now)
        if limit is None or used < limit:
            return 0
        if limit <= 0:
            return int(HOUR.total_seconds())
        return math.ceil((self.served[ident][used - limit] + HOUR - now).total_seconds())

    def call(self, ident: str, now: datetime) -> int:
        """Count a call and give 0, or refuse it and give the seconds to wait."""
        seconds = self.wait(ident, now)
        if not seconds or self.count_refused:
            self.served.setdefault(ident, []).append(now)
        return seconds

    def answer(self, ident: str, now: datetime) -> dict[str, int | str]:
        """What /api-throttle/ says."""
        limit = self.of(ident)
        return {
            "your_request_limit": UNLIMITED if limit is None else limit,
            "limit_frequency_secs": int(HOUR.total_seconds()),
            "current_use": self.use(ident, now),
            "next_use_secs": self.wait(ident, now),
            "ident": ident,
        }


def busiest_hour(times: Iterable[datetime]) -> int:
    """Count the calls of that rolling hour which has the most."""
    ordered = sorted(times)
    most = first = 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most

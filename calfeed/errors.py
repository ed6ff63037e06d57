"""The exception tree; each class owns the HTTP status it is answered with.

::

    CalfeedError
    ├── SettingsError            a setting cannot be used; stops the start
    ├── FeedFileError            a file of feeds/ cannot be used; stops the start
    ├── ListenError              the service cannot listen at its address; stops the start
    ├── QueryError         400   a parameter is unknown or its value does not parse
    ├── NotFound           404   no such feed, agency or entry
    ├── Unavailable        503   not now, but later
    │   ├── NoData         503   nothing is kept and Launch Library did not answer
    │   └── Busy           503   too many feeds are being rendered for the first time
    ├── StoreError               the place where data is kept cannot be used
    │   ├── StoreReplaced        it was emptied, or made anew, since it was read
    │   └── LeaseLost            another process has the right to refresh by now
    └── UpstreamError            one call to Launch Library failed
        ├── Overloaded           it took too long, or answered 5xx
        ├── MissingUpstream      it answered 404
        ├── Forbidden            it answered 401 or 403
        ├── Throttled            it answered 429
        └── BudgetSpent          the call was not made: the hour's calls are used up
"""

from http import HTTPStatus
from typing import ClassVar, Self

SHOWN = 80
"""How many characters of a given value a message repeats."""


class CalfeedError(Exception):
    """The root of everything that calfeed raises on purpose."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    title: ClassVar[str] = "Internal error"


class SettingsError(CalfeedError):
    """A setting cannot be used. The message names the variable, the value and what it takes."""


class FeedFileError(CalfeedError):
    """A feed file cannot be used. The message names the file and the fault."""


class ListenError(CalfeedError):
    """The service cannot listen at its address. The message names it and the reason."""


class QueryError(CalfeedError):
    """A query parameter is unknown or its value does not parse.

    ``parameter`` and ``value`` are as they were given, ``takes`` says what is allowed,
    ``nearest`` is the known name closest to an unknown one.
    """

    status = HTTPStatus.BAD_REQUEST
    title = "Bad query"

    def __init__(
        self, detail: str, parameter: str, value: str, takes: str, nearest: str | None = None
    ) -> None:
        super().__init__(detail)
        self.parameter = parameter
        self.value = value
        self.takes = takes
        self.nearest = nearest

    @classmethod
    def unreadable(cls, name: str, value: str, takes: str) -> Self:
        """For a value that does not parse. The message repeats the beginning of a long one."""
        value = value[:SHOWN]
        said = f"“{name}={value}” cannot be read: “{name}” takes {takes}"
        return cls(said, name, value, takes)


class NotFound(CalfeedError):
    """There is no such feed or event (any more)."""

    status = HTTPStatus.NOT_FOUND
    title = "Not found"


class Unavailable(CalfeedError):
    """There is no answer now; ``retry_after`` is when there may be one, in seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Unavailable"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NoData(Unavailable):
    """Nothing is kept that answers this, and Launch Library did not answer either."""

    title = "No data yet"


class Busy(Unavailable):
    """Too many feeds are being rendered for the first time, or sent."""

    title = "Busy"


class StoreError(CalfeedError):
    """The place where data is kept cannot be read or written."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Store unavailable"


class StoreReplaced(StoreError):
    """The store was emptied, or made anew, since it was read. Nothing was written."""


class LeaseLost(StoreError):
    """Another process has the right to refresh by now. Nothing was written."""


class UpstreamError(CalfeedError):
    """One call to Launch Library failed: no answer, a refusal, or one that cannot be read."""

    status = HTTPStatus.BAD_GATEWAY
    title = "Launch Library did not answer"
    outcome: ClassVar[str] = "error"


class Overloaded(UpstreamError):
    """Launch Library took too long, or answered 5xx: perhaps less at once is not too much."""


class MissingUpstream(UpstreamError):
    """Launch Library answered 404."""

    outcome = "missing"


class Forbidden(UpstreamError):
    """Launch Library answered 401 or 403: it does not accept the key, or this address."""


class Throttled(UpstreamError):
    """Launch Library answered 429; ``retry_after`` is the waiting time it named, in seconds, and
    ``named_in`` says where it did so: in a ``header``, in a ``sentence``, or nowhere (empty)."""

    outcome = "throttled"

    def __init__(self, detail: str, retry_after: float, named_in: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.named_in = named_in


class BudgetSpent(UpstreamError):
    """The call was not made; ``retry_after`` is when the next one may be, in seconds."""

    outcome = "unasked"

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

"""What is asked of Launch Library: the part of a query that it can filter by itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from calfeed.query.filter import Clause
from calfeed.query.query import Query, View

SECOND = timedelta(seconds=1)
_FIRST = datetime.min.replace(tzinfo=UTC)
LOCAL_ONLY = frozenset({"hide_recent_previous"})
"""Decided here: what is asked without it holds all that is asked with it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One list of events, by its parameters in canonical order; or one event, by its id.

    The answer may hold more than the query wants (a deployment ignores a filter it does not know),
    never less: the query's own clauses are applied to it again.
    """

    view: View = View.ALL
    params: tuple[tuple[str, str], ...] = ()
    event_id: int | None = None

    @property
    def key(self) -> str:
        """A text that is equal for equal questions."""
        if self.event_id is not None:
            return f"event {self.event_id}"
        return f"{self.view} {urlencode(self.params, safe=',:')}"


def from_query(query: Query) -> Question:
    """The question whose answer holds every event the query means."""
    if query.view is View.ALL and len(query.clauses) == 1 and query.clauses[0].name == "id":
        ids = query.clauses[0].values
        if len(ids) == 1 and isinstance(ids[0], int):
            return Question(event_id=ids[0])
    params: dict[str, list[tuple[str, str]]] = {}
    for clause in query.clauses:
        pairs = _params(clause)
        if pairs:
            params.setdefault(pairs[0][0], pairs)
    return Question(query.view, tuple(pair for pairs in params.values() for pair in pairs))


def _params(clause: Clause) -> list[tuple[str, str]]:
    """As every deployment reads it.

    Lists are joined by commas except ``program``, which is repeated; "earlier than" has two
    spellings of which a deployment knows one, so a second less with ``date__lte`` stands for it.
    """
    if clause.name in LOCAL_ONLY:
        return []
    if clause.name in ("date__lt", "date__gt__lt"):
        moment = clause.values[0]
        assert isinstance(moment, datetime)  # noqa: S101  the filter's own parser made it
        until = max(moment, _FIRST + SECOND) - SECOND
        return [("date__lte", Clause("date__lte", (until,)).text())]
    if clause.name == "program":
        return [("program", str(value)) for value in clause.values]
    return [(clause.name, clause.text())]

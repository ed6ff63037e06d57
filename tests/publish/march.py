"""Events of one month, for tests of what a calendar shows."""

from datetime import UTC, datetime

from calfeed.events.model import Event
from calfeed.publish.layout import Placed
from calfeed.query.query import View
from tests.support import calendars

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def at(day: int, hour: int = 0, **known: object) -> Event:
    """An event of March 2026, known to the second, with its day as id."""
    start = datetime(2026, 3, day, hour, tzinfo=UTC)
    facts = {"id": day, "name": "x", "date": start, "date_precision": 0, **known}
    return Event(**facts)  # type: ignore[arg-type]


def shown(events: list[Event], text: str = "", view: View = View.ALL) -> list[Placed]:
    return calendars.select(calendars.query(text, view), NOW, *events)


def ids(events: list[Event], text: str = "", view: View = View.ALL) -> list[int]:
    return [entry.record.id for entry in shown(events, text, view)]

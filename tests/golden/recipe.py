"""How a golden feed is made: records, a query, and the bytes they must give."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from calfeed.entry import WORDING_SINCE, last_modified
from calfeed.ics import vcalendar
from calfeed.publish.select import Selector
from calfeed.publish.titles import title
from calfeed.record import Move
from tests.support import calendars

PLACE = Path(__file__).parent
RECORDED = PLACE.parent / "recorded"
NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)

Record = dict[str, Any]


@dataclass(frozen=True)
class Golden:
    """The records of a feed, the query that shows them, and the rest of its head."""

    records: Callable[[], list[Record]]
    query: str = ""
    name: str = ""
    source: str | None = None
    scope: str = "events"
    moves: tuple[Move, ...] = ()

    def render(self) -> bytes:
        asked = calendars.query(self.query, scope=self.scope)
        read = asked.scope.collections[0].read
        records = [replace(read(record), moves=self.moves) for record in self.records()]
        result = calendars.result(asked, NOW, *records)
        entries = Selector().select(result)
        named = title(asked, result.snapshots)
        changed = [last_modified(entry.record.last_updated) for entry in entries]
        head = vcalendar.Head(
            name=self.name or asked.options.name or named.name,
            description=named.description,
            color="steelblue",
            last_modified=max(changed, default=WORDING_SINCE),
            source=self.source,
        )
        display = asked.options.display
        return b"".join(
            vcalendar.render(head, [calendars.render(entry, display) for entry in entries])
        )

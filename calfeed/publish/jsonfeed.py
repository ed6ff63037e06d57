"""An event as JSON: what the calendar shows, and what it was made from."""

from datetime import date, datetime
from typing import Any

from calfeed import duration
from calfeed.ics import vevent
from calfeed.ics.description import describe
from calfeed.publish.select import Shown


def as_json(one: Shown, lang: tuple[str, ...] = ()) -> dict[str, Any]:
    """The members have the names of the calendar's properties, and ``event`` Launch Library's."""
    event, where = one.event, one.span
    return {
        "id": event.id,
        "uid": vevent.uid(event.id),
        "summary": vevent.summary(event, where),
        "start": _when(where.start),
        "end": _when(where.end),
        "all_day": not where.timed,
        "known": where.label or None,
        "status": "CONFIRMED" if where.confirmed else "TENTATIVE",
        "location": event.location or None,
        "url": vevent.link(event, lang),
        "categories": vevent.categories(event),
        "description": describe(event),
        "event": _event(one),
    }


def _event(one: Shown) -> dict[str, Any]:
    event = one.event
    record = event.model_dump(mode="json", exclude={"id", "detailed", "update"})
    record["duration"] = duration.render(event.duration) if event.duration else None
    record["last_update"] = event.update.comment if event.update else None
    return record


def _when(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()

"""What an address means: by the fake's own account of Launch Library's filters, and for the rest by
what calfeed promises, reckoned again out of the records as upstream has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from math import acos, cos, degrees, radians, sin
from typing import Any

from multidict import MultiDict

from calfeed.catalog import COLLECTIONS
from tests.fake import Record, filters
from tests.fake.launches import filters as launch_filters

DAY = timedelta(days=1)
KM_OF_A_DEGREE = 6371.0 * radians(1)
DATES = {"events": "date", "launches": "net"}
OWN = {"agency__ids", "exclude", "near", "country"}
"""Filters of launches that the fake does not have; of events only ``exclude``."""
SPARED = {"include_suborbital", "hide_recent_previous"}
"""Filters that leave the entries of other collections alone."""
TIMES = ("date__", "net__", "window_start__", "window_end__", "last_updated__")
NAMED = {"year", "month", "day", "id", "launch__ids", "launch_designator", "slug"}
OPTIONS = {"past", "future", "webcast", "limit", "offset", "ordering"}


@dataclass(frozen=True)
class Asked:
    """A query to a scope: its view, its filters, and those options that choose among entries."""

    scope: str
    view: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def past(self) -> timedelta | None:
        """How far back it looks, asked for or not."""
        if "past" in self.options:
            return _length(self.options["past"])
        by_default = self.scope != "events" and self.view != "upcoming"
        said = any(name in NAMED or name.startswith(TIMES) for name in self.filters)
        return 365 * DAY if by_default and not said else None


@dataclass(frozen=True)
class Upstream:
    """All that the fake holds."""

    events: list[Record]
    launches: list[Record]
    now: datetime

    def ids(self, asked: Asked, shown: list[dict[str, Any]]) -> list[int | str]:
        """What a calendar shows, in its order. ``shown`` is all there is, as JSON has it."""
        records = self._filtered(asked)
        wanted = asked.options.get("webcast", "any")
        first, last = self._window(asked)
        entries = [
            entry
            for entry in shown
            if entry["id"] in records
            and _has_webcast(records[entry["id"]], wanted)
            and (first is None or _moment(entry["end"]) > first)
            and (last is None or _moment(entry["start"]) < last)
        ]
        left = _cut([records[entry["id"]] for entry in entries], asked)
        return [entry["id"] for entry in entries if entry["id"] in left]

    def _filtered(self, asked: Asked) -> dict[int | str, Record]:
        names = DATES if asked.scope == "all" else (asked.scope,)
        return {record["id"]: record for name in names for record in self._of(name, asked)}

    def _of(self, name: str, asked: Asked) -> list[Record]:
        own = dict(_as_own(name, asked.filters))
        known = COLLECTIONS[name].filters
        if any(key not in known and key not in SPARED for key in own):
            return []
        records = self.events if name == "events" else self.launches
        mine = {key: text for key, text in own.items() if _is_calfeeds(name, key)}
        records = [r for r in records if all(_passes(r, *one) for one in mine.items())]
        query = MultiDict((k, v) for k, v in own.items() if k in known and k not in mine)
        if "id" in query:
            query["id"] = ",".join(_ids_of(name, query["id"]))
            if not query["id"]:
                return []
        if name == "events":
            found = filters.select(records, query, older=False)
        else:
            found = launch_filters.select(records, query, older=False, version="2.3.0")
        if asked.view == "upcoming":
            return filters.upcoming(found, MultiDict(own), self.now, DATES[name])
        return filters.previous(found, self.now, DATES[name]) if asked.view else found

    def _window(self, asked: Asked) -> tuple[datetime | None, datetime | None]:
        midnight = datetime.combine(self.now.date(), time(), UTC)
        first = None if asked.past is None else midnight - asked.past
        ahead = _length(asked.options["future"]) if "future" in asked.options else None
        return first, None if ahead is None else midnight + DAY + ahead


def _as_own(name: str, given: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Filters by date under the collection's own names."""
    for key, text in given.items():
        first, mark, rest = key.partition("__")
        dated = first in DATES.values() and mark
        yield (f"{DATES[name]}__{rest}" if dated else key), text


def _ids_of(name: str, text: str) -> list[str]:
    return [id for id in text.split(",") if ("-" in id) == (name == "launches")]


def _is_calfeeds(name: str, key: str) -> bool:
    return key == "exclude" or (name == "launches" and key in OWN)


def _passes(record: Record, name: str, text: str) -> bool:
    """Whether a record passes one of calfeed's own filters."""
    if name == "exclude":
        return not any(word.lower() in record["name"].lower() for word in text.split(","))
    if name == "agency__ids":
        of = [record["launch_service_provider"], *((record["mission"] or {}).get("agencies") or [])]
        return any(agency and str(agency["id"]) in text.split(",") for agency in of)
    pad = record["pad"]
    if name == "country":
        of = [place.get("country") for place in (pad, (pad or {}).get("location")) if place]
        return any(one and one["alpha_2_code"] in text.upper().split(",") for one in of)
    return bool(pad) and _distance(pad, *map(float, text.split(",")))


def _distance(pad: Record, latitude: float, longitude: float, most: float = 300.0) -> bool:
    """By the spherical law of cosines."""
    if (pad["location"] or {}).get("celestial_body", {}).get("id", 1) != 1:
        return False
    a, b = radians(latitude), radians(float(pad["latitude"]))
    across = cos(a) * cos(b) * cos(radians(float(pad["longitude"]) - longitude))
    return degrees(acos(max(-1.0, min(1.0, sin(a) * sin(b) + across)))) * KM_OF_A_DEGREE <= most


def _has_webcast(record: Record, wanted: str) -> bool:
    if wanted == "official":
        return any(v["type"] and v["type"]["id"] == 1 for v in record["vid_urls"])
    return wanted == "any" or bool(record["vid_urls"])


def _cut(records: list[Record], asked: Asked) -> set[int | str]:
    """``offset`` and ``limit`` count in the order of ``ordering``."""
    ordering = asked.options.get("ordering", "-date" if asked.view == "previous" else "date")
    field = ordering.removeprefix("-")

    def rank(record: Record) -> Any:
        kind = "events" if isinstance(record["id"], int) else "launches"
        value = record[DATES[kind] if field in DATES.values() else field]
        return (kind if field == "id" else "", value, kind, record["id"])

    ordered = sorted(records, key=rank, reverse=ordering.startswith("-"))
    offset = int(asked.options.get("offset", 0))
    limit = int(asked.options.get("limit", len(ordered)))
    return {record["id"] for record in ordered[offset : offset + limit]}


def _length(text: str) -> timedelta | None:
    return None if text == "all" else int(text.removesuffix("d")) * DAY


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

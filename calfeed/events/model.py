"""The event as calfeed knows it, whatever version of the API it came from.

The names are Launch Library's. Values are frozen, collections are tuples, datetimes are aware
and in UTC with whole seconds.

They are pydantic's dataclasses with slots: all of Launch Library's events are kept in memory, and
as models they take three times as much of it.
"""

import dataclasses
from collections.abc import Mapping, Set
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from calfeed.text import Line, Link, Text

Moment = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""In Python's own UTC: pydantic's, on what lives to the end of the program, can crash it there."""


_CONFIG = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Named:
    """Anything Launch Library knows by number and name: an event type, a program, a station."""

    id: int
    name: Line


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Agency(Named):
    """An agency; ``abbrev`` is its short name (``NASA``), empty where there is none."""

    abbrev: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Launch:
    """A launch an event belongs to; ``id`` is a UUID as text."""

    id: Line
    name: Line


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class VidUrl:
    """A webcast, or a recording of one. A smaller ``priority`` is better.

    ``official`` is None where Launch Library does not say. ``language`` is a code like ``en``.
    """

    url: Link
    priority: int = 10
    title: Line = ""
    publisher: Line = ""
    official: bool | None = None
    language: Line = ""
    start_time: Moment | None = None
    end_time: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class InfoUrl:
    """A page about the event. A smaller ``priority`` is better."""

    url: Link
    priority: int = 10
    title: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Update:
    """What somebody wrote when changing the event."""

    comment: Text
    created_on: Moment


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Event:
    """One event.

    ``detailed`` is False where the answer did not carry agencies and the like at all, so that
    nothing can be said of them.
    ``date_precision`` is the id of Launch Library's table (see :mod:`calfeed.span`), None where
    it gives none, and :data:`UNKNOWN_PRECISION` where it gives one that cannot be read.
    ``duration`` is None where it is missing, unreadable or not positive.
    ``vid_urls`` and ``info_urls`` are best first.
    ``update`` is the latest of Launch Library's ``updates``.

    It has those methods of a pydantic model that are used, under their names.
    """

    id: int
    name: Annotated[Line, Field(min_length=1)]
    slug: Line = ""
    type: Named | None = None
    date: Moment | None = None
    date_precision: int | None = None
    duration: timedelta | None = None
    location: Line = ""
    description: Text = ""
    image: Link | None = None
    vid_urls: tuple[VidUrl, ...] = ()
    info_urls: tuple[InfoUrl, ...] = ()
    agencies: tuple[Agency, ...] = ()
    program: tuple[Named, ...] = ()
    launches: tuple[Launch, ...] = ()
    expeditions: tuple[Named, ...] = ()
    spacestations: tuple[Named, ...] = ()
    update: Update | None = None
    last_updated: Moment | None = None
    detailed: bool = True

    @staticmethod
    def model_validate(value: object) -> "Event":
        """An event from its fields."""
        return _EVENTS.validate_python(value)

    @staticmethod
    def model_validate_json(text: str | bytes) -> "Event":
        """An event from its JSON."""
        return _EVENTS.validate_json(text)

    @staticmethod
    def model_json_schema(
        mode: Literal["validation", "serialization"] = "validation", *, ref_template: str
    ) -> dict[str, Any]:
        """What the JSON is like."""
        return _EVENTS.json_schema(mode=mode, ref_template=ref_template)

    def model_copy(self, *, update: Mapping[str, Any]) -> "Event":
        """The event with some fields changed."""
        return dataclasses.replace(self, **update)

    def model_dump(
        self, mode: Literal["json", "python"] = "python", *, exclude: Set[str] = frozenset()
    ) -> dict[str, Any]:
        """The fields."""
        fields: dict[str, Any] = _EVENTS.dump_python(self, mode=mode, exclude=set(exclude))
        return fields

    def model_dump_json(self) -> str:
        """The JSON."""
        return _EVENTS.dump_json(self).decode()


_EVENTS = TypeAdapter(Event)

UNKNOWN_PRECISION = -1
"""Stands for a ``date_precision`` that is there but cannot be read."""

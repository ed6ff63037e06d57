"""The event as calfeed knows it, whatever version of the API it came from.

The names are Launch Library's. Values are frozen, collections are tuples, datetimes are aware
and in UTC with whole seconds.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from calfeed.text import Line, Link, Text

Moment = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""In Python's own UTC: pydantic's, on what lives to the end of the program, can crash it there."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(_Value):
    """Anything Launch Library knows by number and name: an event type, a program, a station."""

    id: int
    name: Line


class Agency(Named):
    """An agency; ``abbrev`` is its short name (``NASA``), empty where there is none."""

    abbrev: Line = ""


class Launch(_Value):
    """A launch an event belongs to; ``id`` is a UUID as text."""

    id: Line
    name: Line


class VidUrl(_Value):
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


class InfoUrl(_Value):
    """A page about the event. A smaller ``priority`` is better."""

    url: Link
    priority: int = 10
    title: Line = ""


class Update(_Value):
    """What somebody wrote when changing the event."""

    comment: Text
    created_on: Moment


class Event(_Value):
    """One event.

    ``detailed`` is False where the answer did not carry agencies and the like at all, so that
    nothing can be said of them.
    ``date_precision`` is the id of Launch Library's table (see :mod:`calfeed.when`), None where
    it gives none, and :data:`UNKNOWN_PRECISION` where it gives one that cannot be read.
    ``duration`` is None where it is missing, unreadable or not positive.
    ``vid_urls`` and ``info_urls`` are best first.
    ``update`` is the latest of Launch Library's ``updates``.
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


UNKNOWN_PRECISION = -1
"""Stands for a ``date_precision`` that is there but cannot be read."""

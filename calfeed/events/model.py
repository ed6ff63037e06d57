"""The event as calfeed knows it, whatever version of the API it came from."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from calfeed.record import CONFIG, Agency, InfoUrl, Moment, Move, Named, Update, VidUrl
from calfeed.text import Line, Link, Text


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class EventLaunch:
    """A launch that an event belongs to; ``id`` is a UUID as text."""

    id: Line
    name: Line


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Event:
    """One event.

    ``date_precision`` is the id of Launch Library's table (see :mod:`calfeed.span`), None where
    it gives none, and ``UNKNOWN_PRECISION`` where it gives one that cannot be read.
    ``duration`` is None where it is missing, unreadable or not positive.
    ``vid_urls`` and ``info_urls`` are best first, ``updates`` the last three, latest first.
    ``moves`` are calfeed's own: the dates it had before, oldest first.
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
    launches: tuple[EventLaunch, ...] = ()
    expeditions: tuple[Named, ...] = ()
    spacestations: tuple[Named, ...] = ()
    updates: tuple[Update, ...] = ()
    last_updated: Moment | None = None
    moves: tuple[Move, ...] = ()


EVENT = TypeAdapter(Event)
"""The stored form."""

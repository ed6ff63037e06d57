"""What the records of every collection are made of: names, agencies, webcasts, pages, updates.

The names are Launch Library's. Values are frozen, collections are tuples, datetimes are aware
and in UTC with whole seconds.

They are pydantic's dataclasses with slots: all of Launch Library is kept in memory, and models
would take three times as much of it.
"""

from datetime import UTC, datetime
from typing import Annotated, Protocol

from pydantic import AfterValidator, ConfigDict
from pydantic.dataclasses import dataclass

from calfeed.text import Line, Link, Text

Id = int | str
"""A number (events), or a UUID in lower case (launches)."""

Moment = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""In Python's own UTC: values with pydantic's, alive when the interpreter exits, can crash it."""

UNKNOWN_PRECISION = -1
"""Stands for a precision that is there but cannot be read."""

CONFIG = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Named:
    """Anything Launch Library knows by number and name: an event type, a program, a station."""

    id: int
    name: Line


class Labelled(Protocol):
    """What a filter takes, and its name for people."""

    @property
    def id(self) -> Id: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Label:
    """A value that has no number: a country's code, or an orbit's name, which is its own label."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Agency(Named):
    """An agency; ``abbrev`` is its short name (``NASA``), empty where there is none."""

    abbrev: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
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


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class InfoUrl:
    """A page about the subject. A smaller ``priority`` is better."""

    url: Link
    priority: int = 10
    title: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Update:
    """What somebody wrote when changing the record."""

    comment: Text
    created_on: Moment


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Move:
    """A date that was given up: the date, its precision (an id of Launch Library's table, see
    :mod:`calfeed.span`), and when calfeed noticed that another had taken its place."""

    date: Moment
    precision: int | None
    noticed_at: Moment


class Record(Protocol):
    """What the mirror needs of a record, whatever its collection.

    The date and its precision stand under the collection's own names (``date`` and
    ``date_precision``, ``net`` and ``net_precision``); ``moves`` are those that calfeed noticed,
    oldest first, and no part of what Launch Library said.
    """

    @property
    def id(self) -> Id: ...  # noqa: D102
    @property
    def last_updated(self) -> datetime | None: ...  # noqa: D102
    @property
    def moves(self) -> tuple[Move, ...]: ...  # noqa: D102

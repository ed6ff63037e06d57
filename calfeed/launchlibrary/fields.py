"""What the fields of Launch Library's answers are like, in both versions of the API.

What a record cannot be without must be right, else it is malformed. Any other part that cannot be
read is left out: an event with a broken video link is still an event.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
)

from calfeed import duration
from calfeed.record import UNKNOWN_PRECISION, Agency, InfoUrl, Named, Update, VidUrl
from calfeed.text import Line, Link, Text

log = logging.getLogger(__name__)

OFFICIAL = 1
"""The id of the type "Official Webcast"."""
LATEST_UPDATES = 3

T = TypeVar("T")


def _or_none(value: Any, read: Callable[[Any], T]) -> T | None:
    try:
        return read(value)
    except (ValidationError, ValueError):
        return None


def _utc(moment: datetime) -> datetime:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1900 <= moment.year <= 2999:
        raise ValueError("not a date of spaceflight")
    return moment.astimezone(UTC).replace(microsecond=0)


def _text_only(value: object) -> object:
    if not isinstance(value, str) or value[4:5] != "-":  # pydantic reads digits as seconds
        raise ValueError("not an ISO 8601 text")
    return value


def _duration(value: object) -> timedelta | None:
    try:
        return (duration.parse(value) if isinstance(value, str) else None) or None
    except ValueError:
        log.info("a duration that cannot be read: %.80r", value)
        return None


def _precision(value: object) -> int | None:
    if value is None:
        return None
    number = value.get("id") if isinstance(value, dict) else None
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**31
    return number if whole else UNKNOWN_PRECISION


RawMoment = Annotated[datetime, BeforeValidator(_text_only), AfterValidator(_utc)]
RawId = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
PrecisionId = Annotated[int | None, BeforeValidator(_precision)]
"""The id of a precision; None where there is none, ``UNKNOWN_PRECISION`` where it is unreadable."""
Duration = Annotated[timedelta | None, BeforeValidator(_duration)]
"""None where it is missing, zero, negative or unreadable."""
Maybe = Annotated[T | None, WrapValidator(_or_none)]
"""The value, or None where it is not there or cannot be read."""
Some = Annotated[tuple[Maybe[T], ...] | None, WrapValidator(_or_none)]
"""Those items of a list that can be read; None where it is no list."""


class Raw(BaseModel):
    """Built when the first answer comes: a start with a full store needs none."""

    model_config = ConfigDict(defer_build=True)


class RawNamed(Raw):
    """Anything with an id and a name; agencies have a short one too."""

    id: RawId
    name: Line
    abbrev: Maybe[Line] = None


class _Type(Raw):
    id: RawId


class _Language(Raw):
    code: Line


class RawVidUrl(Raw):
    """A webcast."""

    url: Link
    priority: Maybe[int] = None
    title: Maybe[Line] = None
    publisher: Maybe[Line] = None
    source: Maybe[Line] = None
    type: Maybe[_Type] = None
    language: Maybe[_Language] = None
    start_time: Maybe[RawMoment] = None
    end_time: Maybe[RawMoment] = None


class RawInfoUrl(Raw):
    """A page."""

    url: Link
    priority: Maybe[int] = None
    title: Maybe[Line] = None


class RawImage(Raw):
    """An image as 2.3.0 has it."""

    image_url: Link


class RawUpdate(Raw):
    """What somebody wrote."""

    comment: Text
    created_on: RawMoment


def readable(items: tuple[T | None, ...] | None) -> tuple[T, ...]:
    """The items of a list that could be read."""
    return tuple(item for item in items or () if item is not None)


def named(raw: RawNamed | None) -> Named | None:
    """The thing of that name."""
    return Named(id=raw.id, name=raw.name) if raw else None


def all_named(items: tuple[RawNamed | None, ...] | None) -> tuple[Named, ...]:
    """The things of those names."""
    return tuple(Named(id=raw.id, name=raw.name) for raw in readable(items))


def agencies(items: tuple[RawNamed | None, ...] | None) -> tuple[Agency, ...]:
    """The agencies."""
    return tuple(map(agency, readable(items)))


def agency(raw: RawNamed) -> Agency:
    """The agency."""
    return Agency(id=raw.id, name=raw.name, abbrev=raw.abbrev or "")


def vid_urls(items: Iterable[RawVidUrl], single: str | None = None) -> tuple[VidUrl, ...]:
    """Best first. The ``single`` link of 2.2.0's events joins unless it is in the list too."""
    videos = {
        raw.url: VidUrl(
            url=raw.url,
            priority=10 if raw.priority is None else raw.priority,
            title=raw.title or "",
            publisher=raw.publisher or raw.source or "",
            official=raw.type.id == OFFICIAL if raw.type else None,
            language=raw.language.code.lower() if raw.language else "",
            start_time=raw.start_time,
            end_time=raw.end_time,
        )
        for raw in reversed(tuple(items))
    }
    if single:
        videos.setdefault(single, VidUrl(url=single))
    return tuple(sorted(videos.values(), key=lambda video: (video.priority, video.url)))


def info_urls(items: Iterable[RawInfoUrl], single: str | None = None) -> tuple[InfoUrl, ...]:
    """Best first. The ``single`` link of 2.2.0's events joins unless it is in the list too."""
    pages = {
        raw.url: InfoUrl(
            url=raw.url,
            priority=10 if raw.priority is None else raw.priority,
            title=raw.title or "",
        )
        for raw in reversed(tuple(items))
    }
    if single:
        pages.setdefault(single, InfoUrl(url=single))
    return tuple(sorted(pages.values(), key=lambda page: (page.priority, page.url)))


def updates(items: tuple[RawUpdate | None, ...] | None) -> tuple[Update, ...]:
    """The last three, latest first; upstream's list is in no order that can be relied on."""
    comments = [
        Update(comment=raw.comment, created_on=raw.created_on)
        for raw in readable(items)
        if raw.comment
    ]
    comments.sort(key=lambda update: update.created_on, reverse=True)
    return tuple(comments[:LATEST_UPDATES])

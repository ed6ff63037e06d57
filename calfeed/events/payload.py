"""What Launch Library answers -> events. One model reads both versions of the API.

What an event cannot be without (id, name, date) must be right, else the record is malformed. Any
other part that cannot be read is left out, for an event with a broken video link is still an event.
"""

import logging
from collections.abc import Callable
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
from calfeed.events.model import (
    UNKNOWN_PRECISION,
    Agency,
    Event,
    InfoUrl,
    Launch,
    Named,
    Update,
    VidUrl,
)
from calfeed.text import Line, Link, Text

log = logging.getLogger(__name__)

OFFICIAL = 1
"""The id of the type "Official Webcast"."""

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
    found = value.get("id") if isinstance(value, dict) else None
    known = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31
    return found if known else UNKNOWN_PRECISION


Moment = Annotated[datetime, BeforeValidator(_text_only), AfterValidator(_utc)]
Id = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
Maybe = Annotated[T | None, WrapValidator(_or_none)]
"""The value, or None where it is not there or cannot be read."""
Some = Annotated[tuple[Maybe[T], ...] | None, WrapValidator(_or_none)]
"""Those items of a list that can be read; None where it is no list."""


class _Record(BaseModel):
    """Built when the first answer comes: a start with a full store needs none."""

    model_config = ConfigDict(defer_build=True)


class _Named(_Record):
    id: Id
    name: Line
    abbrev: Maybe[Line] = None


class _Launch(_Record):
    id: Line
    name: Line


class _VidUrl(_Record):
    url: Link
    priority: Maybe[int] = None
    title: Maybe[Line] = None
    publisher: Maybe[Line] = None
    source: Maybe[Line] = None
    type: Maybe["_Type"] = None
    language: Maybe["_Language"] = None
    start_time: Maybe[Moment] = None
    end_time: Maybe[Moment] = None


class _Type(_Record):
    id: Id


class _Language(_Record):
    code: Line


class _InfoUrl(_Record):
    url: Link
    priority: Maybe[int] = None
    title: Maybe[Line] = None


class _Image(_Record):
    image_url: Link


class _Update(_Record):
    comment: Text
    created_on: Moment


class _Event(_Record):
    id: Id
    name: Line
    date: Moment | None
    slug: Maybe[Line] = None
    type: Maybe[_Named] = None
    date_precision: Annotated[int | None, BeforeValidator(_precision)] = None
    duration: Annotated[timedelta | None, BeforeValidator(_duration)] = None
    location: Maybe[Line] = None
    description: Maybe[Text] = None
    image: Maybe[_Image] = None
    feature_image: Maybe[Link] = None
    vid_urls: Some[_VidUrl] = None
    video_url: Maybe[Link] = None
    info_urls: Some[_InfoUrl] = None
    news_url: Maybe[Link] = None
    agencies: Some[_Named] = None
    program: Some[_Named] = None
    launches: Some[_Launch] = None
    expeditions: Some[_Named] = None
    spacestations: Some[_Named] = None
    updates: Some[_Update] = None
    last_updated: Maybe[Moment] = None


def from_record(record: object) -> Event:
    """One record of a list, or the answer of an event's own page.

    Raises:
        ValueError: it is malformed: no object, or without a usable id, name or date.
    """
    raw = _Event.model_validate(record)
    return Event(
        id=raw.id,
        name=raw.name or f"Event {raw.id}",
        slug=raw.slug or "",
        type=_named(raw.type),
        date=raw.date,
        date_precision=raw.date_precision,
        duration=raw.duration,
        location=raw.location or "",
        description=raw.description or "",
        image=(raw.image and raw.image.image_url) or raw.feature_image,
        vid_urls=_vid_urls(raw),
        info_urls=_info_urls(raw),
        agencies=tuple(
            Agency(id=one.id, name=one.name, abbrev=one.abbrev or "") for one in _read(raw.agencies)
        ),
        program=_all_named(raw.program),
        launches=tuple(Launch(id=one.id, name=one.name) for one in _read(raw.launches)),
        expeditions=_all_named(raw.expeditions),
        spacestations=_all_named(raw.spacestations),
        update=_latest(raw.updates),
        last_updated=raw.last_updated,
        detailed="agencies" in raw.model_fields_set,
    )


def _read(items: tuple[T | None, ...] | None) -> tuple[T, ...]:
    return tuple(item for item in items or () if item is not None)


def _named(raw: _Named | None) -> Named | None:
    return Named(id=raw.id, name=raw.name) if raw else None


def _all_named(items: tuple[_Named | None, ...] | None) -> tuple[Named, ...]:
    return tuple(Named(id=one.id, name=one.name) for one in _read(items))


def _vid_urls(raw: _Event) -> tuple[VidUrl, ...]:
    """Best first. The single ``video_url`` of 2.2.0 joins unless it stands in the list too."""
    videos = {
        one.url: VidUrl(
            url=one.url,
            priority=10 if one.priority is None else one.priority,
            title=one.title or "",
            publisher=one.publisher or one.source or "",
            official=one.type.id == OFFICIAL if one.type else None,
            language=one.language.code.lower() if one.language else "",
            start_time=one.start_time,
            end_time=one.end_time,
        )
        for one in reversed(_read(raw.vid_urls))
    }
    if raw.video_url:
        videos.setdefault(raw.video_url, VidUrl(url=raw.video_url))
    return tuple(sorted(videos.values(), key=lambda video: (video.priority, video.url)))


def _info_urls(raw: _Event) -> tuple[InfoUrl, ...]:
    pages = {
        one.url: InfoUrl(
            url=one.url,
            priority=10 if one.priority is None else one.priority,
            title=one.title or "",
        )
        for one in reversed(_read(raw.info_urls))
    }
    if raw.news_url:
        pages.setdefault(raw.news_url, InfoUrl(url=raw.news_url))
    return tuple(sorted(pages.values(), key=lambda page: (page.priority, page.url)))


def _latest(updates: tuple[_Update | None, ...] | None) -> Update | None:
    """The list is in no order that can be relied on."""
    readable = [
        Update(comment=one.comment, created_on=one.created_on)
        for one in _read(updates)
        if one.comment
    ]
    return max(readable, key=lambda update: update.created_on, default=None)

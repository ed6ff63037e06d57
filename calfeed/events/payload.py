"""What Launch Library answers -> events. One model reads both versions of the API.

An event cannot be without a usable id, name and date (which may be null).
"""

from calfeed.events.model import Event, EventLaunch
from calfeed.launchlibrary import fields
from calfeed.launchlibrary.fields import (
    Duration,
    Maybe,
    PrecisionId,
    Raw,
    RawId,
    RawImage,
    RawInfoUrl,
    RawMoment,
    RawNamed,
    RawUpdate,
    RawVidUrl,
    Some,
    readable,
)
from calfeed.text import Line, Link, Text


class _Launch(Raw):
    id: Line
    name: Line


class _Event(Raw):
    id: RawId
    name: Line
    date: RawMoment | None
    slug: Maybe[Line] = None
    type: Maybe[RawNamed] = None
    date_precision: PrecisionId = None
    duration: Duration = None
    location: Maybe[Line] = None
    description: Maybe[Text] = None
    image: Maybe[RawImage] = None
    feature_image: Maybe[Link] = None
    vid_urls: Some[RawVidUrl] = None
    video_url: Maybe[Link] = None
    info_urls: Some[RawInfoUrl] = None
    news_url: Maybe[Link] = None
    agencies: Some[RawNamed] = None
    program: Some[RawNamed] = None
    launches: Some[_Launch] = None
    expeditions: Some[RawNamed] = None
    spacestations: Some[RawNamed] = None
    updates: Some[RawUpdate] = None
    last_updated: Maybe[RawMoment] = None


def from_record(record: object) -> Event:
    """One record of a list.

    Raises:
        ValueError: it is malformed: no object, or without a usable id, name or date.
    """
    raw = _Event.model_validate(record)
    return Event(
        id=raw.id,
        name=raw.name or f"Event {raw.id}",
        slug=raw.slug or "",
        type=fields.named(raw.type),
        date=raw.date,
        date_precision=raw.date_precision,
        duration=raw.duration,
        location=raw.location or "",
        description=raw.description or "",
        image=(raw.image and raw.image.image_url) or raw.feature_image,
        vid_urls=fields.vid_urls(readable(raw.vid_urls), raw.video_url),
        info_urls=fields.info_urls(readable(raw.info_urls), raw.news_url),
        agencies=fields.agencies(raw.agencies),
        program=fields.all_named(raw.program),
        launches=tuple(EventLaunch(id=raw.id, name=raw.name) for raw in readable(raw.launches)),
        expeditions=fields.all_named(raw.expeditions),
        spacestations=fields.all_named(raw.spacestations),
        updates=fields.updates(raw.updates),
        last_updated=raw.last_updated,
    )

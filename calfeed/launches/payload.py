"""What Launch Library answers -> launches. One model reads both versions of the API.

A launch cannot be without a usable id, name and NET (which may be null).
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from calfeed.launches.model import Launch, Provider
from calfeed.launches.payload_parts import (
    Count,
    RawMission,
    RawPad,
    RawProvider,
    RawRocket,
    booster,
    configuration,
    mission,
    pad,
    spacecraft,
)
from calfeed.launchlibrary import fields
from calfeed.launchlibrary.fields import (
    Maybe,
    PrecisionId,
    Raw,
    RawImage,
    RawInfoUrl,
    RawMoment,
    RawNamed,
    RawUpdate,
    RawVidUrl,
    Some,
    readable,
)
from calfeed.query.kinds import parse_uuid
from calfeed.text import Line, Link

Uuid = Annotated[str, AfterValidator(parse_uuid)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class _Counters(Raw):
    orbital_launch_attempt_count: Maybe[Count] = None
    orbital_launch_attempt_count_year: Maybe[Count] = None
    location_launch_attempt_count: Maybe[Count] = None
    location_launch_attempt_count_year: Maybe[Count] = None
    pad_launch_attempt_count: Maybe[Count] = None
    pad_launch_attempt_count_year: Maybe[Count] = None
    agency_launch_attempt_count: Maybe[Count] = None
    agency_launch_attempt_count_year: Maybe[Count] = None


class _Launch(_Counters):
    id: Uuid
    name: Line
    net: RawMoment | None
    slug: Maybe[Line] = None
    launch_designator: Maybe[Line] = None
    status: Maybe[RawNamed] = None
    net_precision: PrecisionId = None
    window_start: Maybe[RawMoment] = None
    window_end: Maybe[RawMoment] = None
    image: Maybe[RawImage | Link] = None
    probability: Maybe[Percent] = None
    weather_concerns: Maybe[Line] = None
    failreason: Maybe[Line] = None
    launch_service_provider: Maybe[RawProvider] = None
    rocket: Maybe[RawRocket] = None
    mission: Maybe[RawMission] = None
    pad: Maybe[RawPad] = None
    program: Some[RawNamed] = None
    vid_urls: Some[RawVidUrl] = None
    vidURLs: Some[RawVidUrl] = None  # noqa: N815  the name of it in 2.2.0
    info_urls: Some[RawInfoUrl] = None
    infoURLs: Some[RawInfoUrl] = None  # noqa: N815  the same
    updates: Some[RawUpdate] = None
    last_updated: Maybe[RawMoment] = None


def from_record(record: object) -> Launch:
    """One record of a list.

    Raises:
        ValueError: it is malformed: no object, or without a usable id, name or NET.
    """
    raw = _Launch.model_validate(record)
    rocket = raw.rocket or RawRocket()
    return Launch(
        id=raw.id,
        name=raw.name or f"Launch {raw.id}",
        slug=raw.slug or "",
        launch_designator=raw.launch_designator or "",
        status=fields.named(raw.status),
        net=raw.net,
        net_precision=raw.net_precision,
        window_start=raw.window_start,
        window_end=raw.window_end,
        image=raw.image.image_url if isinstance(raw.image, RawImage) else raw.image,
        probability=raw.probability,
        weather_concerns=raw.weather_concerns or "",
        failreason=raw.failreason or "",
        launch_service_provider=_provider(raw),
        configuration=configuration(rocket.configuration) if rocket.configuration else None,
        launcher_stage=tuple(map(booster, readable(rocket.launcher_stage))),
        spacecraft_stage=tuple(map(spacecraft, readable(rocket.spacecraft_stage))),
        mission=mission(raw.mission) if raw.mission else None,
        pad=pad(raw.pad) if raw.pad else None,
        program=fields.all_named(raw.program),
        **raw.model_dump(include=set(_Counters.model_fields)),
        vid_urls=fields.vid_urls(readable(raw.vid_urls or raw.vidURLs)),
        info_urls=fields.info_urls(readable(raw.info_urls or raw.infoURLs)),
        updates=fields.updates(raw.updates),
        last_updated=raw.last_updated,
    )


def _provider(launch: _Launch) -> Provider | None:
    """Where only the parent's name is said, another part of the launch may tell its id."""
    raw = launch.launch_service_provider
    if raw is None:
        return None
    told = [raw.parent] if isinstance(raw.parent, RawNamed) else _other_agencies(launch)
    parent = raw.parent.name if isinstance(raw.parent, RawNamed) else raw.parent or ""
    parent_id = next((agency.id for agency in told if agency.name == parent), None)
    agency = fields.agency(raw)
    return Provider(
        id=agency.id, name=agency.name, abbrev=agency.abbrev, parent=parent, parent_id=parent_id
    )


def _other_agencies(launch: _Launch) -> list[RawNamed]:
    agencies = list(readable(launch.mission.agencies)) if launch.mission else []
    configuration = launch.rocket and launch.rocket.configuration
    if configuration and configuration.manufacturer:
        agencies.append(configuration.manufacturer)
    return agencies

"""A launch -> its entry in the calendar."""

from datetime import timedelta

from calfeed import entry as entries
from calfeed.duration import HOUR
from calfeed.entry import Display, Entry, Place
from calfeed.launches.description import describe, orbit_and_type
from calfeed.launches.model import Launch, Pad
from calfeed.launches.place import on_earth
from calfeed.span import Shape, Span, precision

GO, TBD, FAILURE, ON_HOLD, PARTIAL_FAILURE, TBC = 1, 2, 4, 5, 7, 8
FLOWN = frozenset({3, 4, 6, 7, 9})
"""Statuses of what has left the pad: successful, failed, in flight, partly failed, deployed."""
DOUBTS = {TBD: "TBD", TBC: "TBC"}
"""What a title says of a date that looks certain and is not."""
OUTCOMES = {ON_HOLD: "on hold", FAILURE: "failure", PARTIAL_FAILURE: "partial failure"}
"""What a title says whatever is known of the date."""
UNKNOWN_PAD = "Unknown Pad"
LONGEST_WINDOW = timedelta(days=60)
"""A longer window says nothing about how long an entry lasts."""


def launch_span(launch: Launch, display: Display) -> Span | None:
    """Where a launch lies in the calendar; None where it has no place there."""
    return entries.entry_span(
        launch.net,
        launch.net_precision,
        display,
        length=_lasts(launch, display),
        webcasts=launch.vid_urls,
    )


def _lasts(launch: Launch, display: Display) -> timedelta:
    """Until its window closes, where that is asked for; an hour where that would be shorter, or far
    too long."""
    if not display.window or launch.net is None or launch.window_end is None:
        return display.length
    if precision(launch.net, launch.net_precision).shape is not Shape.TIMED:
        return display.length
    length = launch.window_end - launch.net
    return length if HOUR < length <= LONGEST_WINDOW else HOUR


def launch_entry(launch: Launch, display: Display) -> Entry | None:
    """A launch as the calendar shows it; None where it has no place there."""
    span = launch_span(launch, display)
    if span is None:
        return None
    webcast = entries.best_webcast(launch.vid_urls, display.lang)
    page = launch.info_urls[0].url if launch.info_urls else None
    return Entry(
        kind="launch",
        id=launch.id,
        uid=entries.uid("launch", launch.id),
        name=launch.name,
        summary=entries.summary(launch.name, span.label, _remark(launch, span)),
        span=span,
        status=_status(launch, span),
        description=describe(launch),
        location=_where(launch.pad) if launch.pad else "",
        place=_place(launch.pad) if launch.pad else None,
        url=webcast.url if webcast else page,
        webcasts=launch.vid_urls,
        categories=entries.categories(_categories(launch)),
        image=launch.image,
        last_modified=entries.last_modified(launch.last_updated),
        moves=launch.moves,
    )


def _remark(launch: Launch, span: Span) -> str:
    status = launch.status.id if launch.status else 0
    return OUTCOMES.get(status, "") or ("" if span.coarse else DOUBTS.get(status, ""))


def _status(launch: Launch, span: Span) -> str:
    """RFC 5545's. Never CANCELLED: Launch Library has no such thing."""
    status = launch.status.id if launch.status else 0
    certain = status in FLOWN or (status == GO and span.timed)
    return "CONFIRMED" if certain else "TENTATIVE"


def _where(pad: Pad) -> str:
    names = [pad.name if pad.name != UNKNOWN_PAD else "", pad.location.name if pad.location else ""]
    return ", ".join(name for name in names if name)


def _place(pad: Pad) -> Place | None:
    point = on_earth(pad)
    return Place(_where(pad) or pad.name, *point) if point else None


def _categories(launch: Launch) -> list[str]:
    provider = launch.launch_service_provider
    names = [provider.name] if provider else []
    return ["Launch", *names, *orbit_and_type(launch), *(named.name for named in launch.program)]

"""An event -> its entry in the calendar."""

from collections.abc import Iterator

from calfeed import description as lines
from calfeed import entry as entries
from calfeed.entry import Display, Entry
from calfeed.events.model import Event
from calfeed.span import Span


def event_span(event: Event, display: Display) -> Span | None:
    """Where an event lies in the calendar; None where it has no place there."""
    return entries.entry_span(
        event.date,
        event.date_precision,
        display,
        length=event.duration or display.length,
        webcasts=event.vid_urls,
        duration=event.duration,
    )


def event_entry(event: Event, display: Display) -> Entry | None:
    """An event as the calendar shows it; None where it has no place there."""
    span = event_span(event, display)
    if span is None:
        return None
    webcast = entries.best_webcast(event.vid_urls, display.lang)
    page = event.info_urls[0].url if event.info_urls else None
    names = [event.type.name] if event.type else []
    names += [named.name for named in (*event.agencies, *event.program)]
    return Entry(
        kind="event",
        id=event.id,
        uid=entries.uid("event", event.id),
        name=event.name,
        summary=entries.summary(event.name, span.label),
        span=span,
        status="CONFIRMED" if span.exact else "TENTATIVE",
        description=describe(event),
        location=event.location,
        url=webcast.url if webcast else page,
        webcasts=event.vid_urls,
        categories=entries.categories(names),
        image=event.image,
        last_modified=entries.last_modified(event.last_updated),
        moves=event.moves,
    )


def describe(event: Event) -> str:
    """The description, its webcasts, its pages, who and what it belongs to, and its last change."""
    return lines.paragraphs(
        [event.description] if event.description else [],
        map(lines.webcast, event.vid_urls),
        map(lines.page, event.info_urls),
        _facts(event),
        [lines.CREDIT],
    )


def _facts(event: Event) -> Iterator[str]:
    yield from lines.fact("Type", "Types", (event.type.name,) if event.type else ())
    yield from lines.fact("Agency", "Agencies", map(lines.agency, event.agencies))
    yield from lines.fact("Program", "Programs", (program.name for program in event.program))
    yield from lines.fact("Launch", "Launches", (launch.name for launch in event.launches))
    yield from lines.updates(event.updates)
    yield from lines.moves(event.moves)

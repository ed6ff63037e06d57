"""What a calendar says of itself: its name, what is in it, its colour, its address. Pure."""

from collections.abc import Iterable
from operator import attrgetter

from calfeed import description
from calfeed.entry import last_modified
from calfeed.feeds import COLOR, Feed
from calfeed.ics import vcalendar
from calfeed.mirror.result import Result
from calfeed.publish.layout import Placed
from calfeed.publish.titles import title

CREDIT = f"{description.CREDIT}, https://thespacedevs.com"


def head(
    result: Result, entries: Iterable[Placed], feed: Feed | None, source: str | None
) -> vcalendar.Head:
    """The head of a calendar of these entries; ``feed`` is the named feed that was asked for, if
    only narrowed."""
    query = result.query
    named = title(query, result.snapshots)
    name = query.options.name or (feed.name if feed else named.name)
    about = [feed.description] if feed else []
    if feed is None or query != feed.query:
        about.append(named.description)
    updated = map(attrgetter("record.last_updated"), entries)
    return vcalendar.Head(
        name=f"{name} (sample data)" if result.sample else name,
        description=" ".join([*about, CREDIT]),
        color=feed.color if feed else COLOR,
        last_modified=last_modified(max(filter(None, updated), default=None)),
        source=source,
    )

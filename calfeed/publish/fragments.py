"""Each event rendered once for a set of display options: the pieces that feeds are made of."""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from cachetools import LRUCache

from calfeed.events.model import Event
from calfeed.ics import vevent
from calfeed.publish.jsonfeed import as_json
from calfeed.publish.select import Shown
from calfeed.query.options import Display

Form = Literal["ics", "json"]

SLICE = 0.003
"""Seconds of rendering after which others get their turn in the event loop."""
MOST_BYTES = 20_000_000
"""How much is kept. All events take 2 MB in one form, ten times as many would take 18."""
OVERHEAD = 400
"""What a piece takes beside its bytes, and a shelf beside its pieces."""


@dataclass(slots=True)
class _Shelf:
    """All pieces of one form for one set of options, by the event's id; what they take."""

    fragments: dict[int, tuple[Event, bytes]] = field(default_factory=dict)
    size: int = OVERHEAD

    def piece(self, one: Shown, display: Display, form: Form) -> bytes:
        """An event's bytes, rendered where they are not here yet."""
        known = self.fragments.get(one.event.id)
        if known and known[0] is one.event:
            return known[1]
        piece = _RENDER[form](one, display)
        self.fragments[one.event.id] = (one.event, piece)
        self.size += len(piece) - len(known[1]) if known else len(piece) + OVERHEAD
        return piece


class FragmentCache:
    """Rendered events, bounded by bytes. A changed event is a new object, and rendered anew.

    What was not used for longest goes first, a whole shelf at a time: to look up a feed's shelf is
    much less work than to look up each of its pieces by all the options.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._shelves: LRUCache[tuple[Display, Form], _Shelf] = LRUCache(
            most_bytes, getsizeof=lambda replica: replica.size
        )

    async def render(
        self, shown: Iterable[Shown], display: Display, form: Form = "ics"
    ) -> list[bytes]:
        """The events' bytes. Others get their turn in between: a large feed holds up nobody."""
        clock = asyncio.get_running_loop().time
        turn_ends = clock() + SLICE
        replica = self._shelves.setdefault((display, form), _Shelf())
        fragments = []
        try:
            for one in shown:
                fragments.append(replica.piece(one, display, form))
                if clock() > turn_ends:
                    await asyncio.sleep(0)
                    turn_ends = clock() + SLICE
        finally:
            self._put(display, form, replica)
        return fragments

    def _put(self, display: Display, form: Form, replica: _Shelf) -> None:
        """Take account of what a shelf has grown to. One larger than all that may be kept goes."""
        self._shelves.pop((display, form), None)
        if replica.size <= self._shelves.maxsize:
            self._shelves[display, form] = replica


def _ics(one: Shown, display: Display) -> bytes:
    return vevent.render(one.event, one.span, display)


def _json(one: Shown, display: Display) -> bytes:
    return json.dumps(
        as_json(one, display.lang), ensure_ascii=False, separators=(",", ":")
    ).encode()


_RENDER: dict[Form, Callable[[Shown, Display], bytes]] = {"ics": _ics, "json": _json}

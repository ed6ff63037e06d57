"""Each event rendered once for a set of display options: the pieces that feeds are made of."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Literal

from cachetools import LRUCache

from calfeed.event import Event
from calfeed.ics import vevent
from calfeed.options import Display
from calfeed.select import Shown
from calfeed.shown import as_json

Form = Literal["ics", "json"]

SLICE = 0.004
"""Seconds of rendering after which others get their turn in the event loop."""
MOST_BYTES = 12_000_000
"""How much is kept. All of Launch Library's events take 1.5 MB in one form."""
OVERHEAD = 400
"""What a piece takes beside its bytes."""


class Pieces:
    """Rendered events, bounded by bytes. A changed event is a new object, and rendered anew."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._pieces: LRUCache[tuple[int, Display, Form], tuple[Event, bytes]] = LRUCache(
            most_bytes, getsizeof=lambda piece: len(piece[1]) + OVERHEAD
        )

    async def render(
        self, shown: Iterable[Shown], display: Display, form: Form = "ics"
    ) -> list[bytes]:
        """The events' bytes. Others get their turn in between: a large feed holds up nobody."""
        clock = asyncio.get_running_loop().time
        turn_ends = clock() + SLICE
        pieces = []
        for one in shown:
            pieces.append(self._piece(one, display, form))
            if clock() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = clock() + SLICE
        return pieces

    def _piece(self, one: Shown, display: Display, form: Form) -> bytes:
        key = (one.event.id, display, form)
        known = self._pieces.get(key)
        if known and known[0] is one.event:
            return known[1]
        piece = _RENDER[form](one, display)
        self._pieces[key] = (one.event, piece)
        return piece


def _ics(one: Shown, display: Display) -> bytes:
    return vevent.render(one.event, one.span, display)


def _json(one: Shown, display: Display) -> bytes:
    return json.dumps(
        as_json(one, display.lang), ensure_ascii=False, separators=(",", ":")
    ).encode()


_RENDER: dict[Form, Callable[[Shown, Display], bytes]] = {"ics": _ics, "json": _json}

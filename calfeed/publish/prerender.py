"""Feeds rendered before they are asked for: once new data has come, or a new day."""

import asyncio
import logging
from collections.abc import Iterable

from calfeed.errors import NotFound
from calfeed.mirror.replica import Replica
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import Publisher, Request

log = logging.getLogger(__name__)

BETWEEN = 30.0
"""Seconds after which it is looked whether time alone has changed what feeds show."""
AFTER_NEWS = 0.5
"""Seconds from one round to the next where news come one after the other."""
AFTER_START = 1.0
"""Seconds to leave to the first who ask, who wait for their own feeds."""


class Prerenderer:
    """Renders the named feeds, and those that were asked for lately, as soon as that is possible.

    Only out of a complete copy: it never makes anybody ask Launch Library.
    """

    def __init__(self, replica: Replica, publisher: Publisher, named: Iterable[Request]) -> None:
        self._replica = replica
        self._publisher = publisher
        self._named: dict[tuple[Request, Form], None] = {(one, "ics"): None for one in named}

    async def run(self) -> None:
        """Go on until cancelled."""
        await asyncio.sleep(AFTER_START)
        while True:
            applied = self._replica.applied
            try:
                await self.once()
            except Exception:  # a fault of ours, and no reason to leave the other feeds alone
                log.exception("rendering ahead failed")
            news = applied != self._replica.applied  # which came meanwhile
            await (asyncio.sleep(AFTER_NEWS) if news else self._replica.changed(BETWEEN))

    async def once(self) -> None:
        """Render what is not up to date. Requests get their turn in between."""
        for request, form in self._named | dict.fromkeys(self._publisher.lately):
            if not self._replica.complete:
                continue
            try:
                feed = await self._publisher.renew(request, form)
            except NotFound:  # a single event that is gone
                continue
            if feed.finished.pack or (request, form) in self._named:
                await self._publisher.packed(feed)
            await asyncio.sleep(0)

"""The named feeds, rendered as soon as new data or a new day changes them: nobody waits for it."""

import asyncio
import logging
from collections.abc import Sequence

from calfeed.mirror.repository import Repository
from calfeed.publish.publisher import FeedRequest, Publisher

log = logging.getLogger(__name__)

AFTER_START = 1.0
"""Seconds in which those who ask first get their own feeds before these."""
LOOK_EVERY = 30.0
"""Seconds after which to see whether time alone has changed what feeds show."""


async def keep_rendered(
    repository: Repository,
    publisher: Publisher,
    named: Sequence[FeedRequest],
    start: float = AFTER_START,
    look_every: float = LOOK_EVERY,
) -> None:
    """Render the named feeds with every change, until cancelled. Begin ``start`` seconds later."""
    await asyncio.sleep(start)
    while True:
        applied = repository.applied
        await render(repository, publisher, named)
        if repository.applied == applied:  # else there is a change to go on with already
            await repository.changed(look_every)


async def render(
    repository: Repository, publisher: Publisher, named: Sequence[FeedRequest]
) -> None:
    """Render and compress those that are out of date; requests get their turn in between. A feed
    whose data is not all there yet is left out until it is."""
    for request in named:
        if repository.covers(request.query):
            try:
                feed, _ = await publisher.publish(request, "ics")
                await feed.gzip()
            except Exception:  # a bug; those who ask for the feed are answered 500
                log.exception("rendering ahead failed")
        await asyncio.sleep(0)

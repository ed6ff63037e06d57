"""What happens inside one process: querying, rendering, rendering again after a change."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, cast
from urllib.parse import parse_qsl

from benchmarks.data import Size, datasets
from benchmarks.measure import Measure, World
from calfeed import feeds
from calfeed.catalog import SCOPES
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.query.parse import parse
from calfeed.query.query import Query, View

ROUNDS = 5
QUERIES = (
    ("upcoming", "", View.UPCOMING), ("past=90d", "past=90d", View.ALL),
    ("past=all", "past=all", View.ALL), ("search", "past=all&search=dragon", View.ALL),
    ("agency__ids", "past=all&agency__ids=44", View.ALL),
    ("exclude", "past=all&exclude=starlink", View.ALL),
    ("near", "past=all&near=28.5,-80.6", View.ALL), ("country", "past=all&country=US", View.ALL),
    ("…__icontains", "past=all&rocket__configuration__full_name__icontains=falcon", View.ALL),
    ("webcast=official", "past=all&webcast=official", View.ALL),
    ("limit", "past=all&limit=20", View.PREVIOUS),
    ("ordering and limit", "past=all&ordering=name&limit=20", View.ALL),
    ("year", "year=2020", View.ALL), ("coarse=span", "past=all&coarse=span", View.ALL),
)  # fmt: skip


def query(text: str, view: View = View.ALL) -> Query:
    """What ``/all`` is asked."""
    return parse(parse_qsl(text), Query.everything(SCOPES["all"], view))


EVERYTHING = FeedRequest(query("past=all"))


class Held:
    """Everything kept, and a publisher that answers out of it. Stands for a repository."""

    def __init__(self, size: Size) -> None:
        self.datasets = datasets(size)
        self.publisher = Publisher(cast(Repository, self))
        self._loop = asyncio.new_event_loop()

    async def get(self, asked: Query) -> Result:
        """What a repository would."""
        now = datetime.now(UTC)
        made = tuple(self.datasets[one.name].snapshot() for one in asked.scope.collections)
        return Result(asked, made, now, now, now, hit=True, stale=False, complete=True)

    def result(self, asked: Query) -> Result:
        """The same, at once."""
        return self._loop.run_until_complete(self.get(asked))

    def publish(self, request: FeedRequest) -> object:
        """A rendered feed."""
        # Not asyncio.run, which writes out the whole result in words for a comparison of its own.
        feed, _ = self._loop.run_until_complete(self.publisher.publish(request, "ics"))
        return feed

    def change(self, name: str) -> None:
        """The entry that comes next is renamed."""
        now = datetime.now(UTC)
        dataset: Any = self.datasets["events"]
        event = min((r for r in dataset.records.values() if r.date and r.date > now),
                    key=lambda event: event.date)  # fmt: skip
        dataset.apply({event.id: replace(event, name=name)})

    def __del__(self) -> None:
        self._loop.close()


@cache
def held(size: Size) -> Held:
    """One that everything was published of."""
    made = Held(size)
    made.publish(EVERYTHING)
    for request in named():
        made.publish(request)
    return made


def named() -> list[FeedRequest]:
    """The named feeds."""
    return [FeedRequest(feed.query, feed) for feed in feeds.load(None).values()]


def answering(asked: Query, world: World) -> float:
    """Milliseconds from a query to the entries a calendar shows, once it was asked before."""
    world_held = held(world.size)
    result, select = world_held.result(asked), world_held.publisher.selector.select
    select(result)
    return 1000 * statistics.median(timed(lambda: select(result)) for _ in range(40))


def first_render(world: World) -> float:
    """Milliseconds for a feed of everything, with nothing rendered before."""
    made = Held(world.size)
    return 1000 * timed(lambda: made.publish(EVERYTHING))


def after_change(world: World) -> float:
    """Milliseconds for the same after one entry has changed."""
    world_held, found = held(world.size), []
    for n in range(5):
        world_held.change(f"Changed {n}")
        found.append(timed(lambda: world_held.publish(EVERYTHING)))
    return 1000 * statistics.median(found)


def _named_after_change(world: World, *, concerned: bool) -> float:
    """Milliseconds for each named feed that a change concerns, or for each other one."""
    world_held, took = held(world.size), []
    for n in range(3):
        before = {request: world_held.publish(request) for request in named()}
        world_held.change(f"Changed {n}")
        for request, feed in before.items():
            began = time.perf_counter()
            again = world_held.publish(request)
            if (again is not feed) == concerned:
                took.append(time.perf_counter() - began)
    return 1000 * statistics.mean(took)


def timed(work: Callable[[], object]) -> float:
    """Seconds it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


MEASURES = (
    *(
        Measure(f"query: {name}", "ms", partial(answering, query(text, view)),
                "0.5" if name in ("upcoming", "past=90d") else "2", ROUNDS)
        for name, text, view in QUERIES
    ),
    Measure("first feed of everything", "ms", first_render),
    Measure("the same after one change", "ms", after_change, "1/100 of that"),
    Measure("a named feed that the change concerns", "ms",
            lambda world: _named_after_change(world, concerned=True)),
    Measure("a named feed that it does not concern", "ms",
            lambda world: _named_after_change(world, concerned=False), "next to nothing"),
)  # fmt: skip

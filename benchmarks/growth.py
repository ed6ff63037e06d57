"""From 1,000 events to 10,000: ten times the work, or less."""

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data, inside, outside
from benchmarks.service import calfeed, fetch, load
from benchmarks.warm import PATH, Row
from calfeed.events.model import Event
from tests.support.calendars import query

FEW, LOTS, ROUNDS = 1000, 10_000, 3


@dataclass(frozen=True, slots=True)
class World:
    """So many events, and a store that holds them."""

    events: tuple[Event, ...]
    store: Path


def rows(store: Path) -> list[Row]:
    """Each measure with few events and with many, in turn."""
    worlds = []
    for count in (FEW, LOTS):
        path = store.with_name(f"{count}.sqlite3")
        asyncio.run(data.fill(path, count))
        worlds.append(World(data.events(count), path))
    few, lots = worlds
    return [_row(name, unit, measure, few, lots) for (name, unit), measure in MEASURES.items()]


def _row(name: str, unit: str, measure: Callable[[World], float], few: World, lots: World) -> Row:
    pairs = [(measure(few), measure(lots)) for _ in range(ROUNDS)]
    ratio = statistics.median(many / one for one, many in pairs)
    one, many = (statistics.median(side) for side in zip(*pairs, strict=True))
    text = f"{ratio:.1f} times ({one:.3g} to {many:.3g} {unit})"
    return (f"10,000 events to 1,000: {name}", text, "10 or less")


def _query(world: World) -> float:
    return 1000 * inside.answering(inside.Held(world.events), query("past=3650d"))


def _warm(world: World) -> float:
    """Milliseconds of a 304."""
    with calfeed(world.store) as server:
        fetch(server, PATH)
        return 1000 / float(load(server, [(PATH, {"If-None-Match": "*"})])["rps"])


def _memory(world: World) -> float:
    with calfeed(world.store) as server:
        fetch(server, "/healthz")
        return server.memory()


MEASURES: dict[tuple[str, str], Callable[[World], float]] = {
    ("taking in events", "ms"): lambda w: 1000 * inside.timed(lambda: inside.Held(w.events)),
    ("a query", "ms"): _query,
    ("first feed of all", "ms"): lambda w: 1000 * inside.first_render(w.events),
    ("feed of all after one changed", "ms"): lambda w: 1000 * inside.after_change(w.events),
    ("warm feed, 304", "ms"): _warm,
    ("start to first feed", "s"): lambda w: outside.first_feed(w.store),
    ("longest wait of /healthz", "ms"): lambda w: 1000 * asyncio.run(outside.probe(w.store)),
    ("memory with the full copy", "MB"): _memory,
}

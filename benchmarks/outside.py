"""What is seen of the whole process: its start, its memory."""

import asyncio
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import data
from benchmarks.measure import Measure, World
from benchmarks.service import Server, Wanted, calfeed, fetch, load
from calfeed.store.redis import RedisStore
from tests.support import redis_server

FIRST = "/feeds/nasa.ics"
ROUNDS = 5
KINDS = (
    "/feeds/everything.ics?name={}",
    "/agencies/{1}.ics?past={0}d",
    "/all.ics?search=falcon&name={0}",
    "/launches/upcoming.ics?search=dragon&name={}",
    "/feeds/nasa.ics?lang=de&alarm=30m&past={}d",
    "/feeds/nasa.json?coarse=hide&name={}",
    "/launches.ics?lsp__id=121&past=all&name={0}",
    "/all/previous.ics?past={1}d&start=webcast&name={0}",
)
"""Addresses of feeds, by two numbers."""
OPTIONS = {
    "past": ("all", "365d", "90d"), "coarse": ("mark", "span", "hide"),
    "start": ("date", "webcast"), "lang": ("de", "en,ru", "fr,en"), "webcast": ("any", "yes"),
}  # fmt: skip


def start(world: World, *, uvloop: bool = True) -> float:
    """Seconds from the command to the first feed's last byte, out of SQLite."""
    return _first_feed(f"sqlite:///{world.store}", uvloop=uvloop)


def _first_feed(url: str, *, uvloop: bool = True) -> float:
    began = time.perf_counter()
    with calfeed(url, uvloop=uvloop) as server:
        fetch(server, FIRST)
        return time.perf_counter() - began


def start_from_redis(world: World) -> float:
    """The same out of Redis."""
    with redis_server.running() as redis:
        asyncio.run(data.fill(RedisStore(redis.url, data.UPSTREAM), world.size))
        return _first_feed(redis.url)


@contextmanager
def _filled(world: World, *, uvloop: bool = True) -> Iterator[Server]:
    with calfeed(f"sqlite:///{world.store}", uvloop=uvloop) as server:
        fetch(server, FIRST)
        time.sleep(3)  # the named feeds are rendered meanwhile
        yield server


def memory(world: World, *, uvloop: bool = True) -> float:
    """Resident memory with everything kept."""
    with _filled(world, uvloop=uvloop) as server:
        return server.memory()


def memory_after_feeds(world: World) -> float:
    """Resident memory after 1,000 different feeds and 200 random sets of options."""
    with _filled(world) as server:
        _many(server, 0)
        return server.memory()


def growth_after_more(world: World) -> float:
    """How much it grows with as many feeds more."""
    with _filled(world) as server:
        _many(server, 0)
        before = server.memory()
        _many(server, 1)
        return server.memory() - before


def rendered_again(world: World) -> float:
    """How often the feed of everything is rendered for twenty requests over three seconds."""
    with _filled(world) as server:
        before = _rendered(server)
        for _ in range(20):
            fetch(server, "/all.ics?past=all")
            time.sleep(0.15)
        return _rendered(server) - before


def _rendered(server: Server) -> float:
    found = re.search(rb'calfeed_feeds_rendered_total{form="ics"} (\S+)', fetch(server, "/metrics"))
    return float(found[1]) if found else 0.0


def _many(server: Server, time: int) -> None:
    chance = random.Random(time)
    start = 1000 * time
    paths = [KINDS[n % len(KINDS)].format(n, n % 90 + 1) for n in range(start, start + 1000)]
    for n in range(200):
        chosen = [f"{name}={chance.choice(values)}" for name, values in OPTIONS.items()]
        paths.append(f"/all.ics?length={start + n + 1}m&" + "&".join(chosen))
    wanted: Wanted = [(path, {"Accept-Encoding": "gzip"}) for path in paths]
    load(server, wanted, connections=2, once=True)


MEASURES = (
    Measure("start to first feed, SQLite", "s", start, "1.0", ROUNDS),
    Measure("the same without uvloop", "s", lambda w: start(w, uvloop=False), "", ROUNDS),
    Measure("start to first feed, Redis", "s", start_from_redis, "1.0"),
    Measure("memory with everything kept", "MB", memory, "180", 1),
    Measure("the same without uvloop", "MB", lambda w: memory(w, uvloop=False), "", 1),
    Measure("memory after 1,000 feeds and 200 sets of options", "MB", memory_after_feeds, "260", 1),
    Measure("growth with as many more", "MB", growth_after_more, "0", 1),
    Measure("renders of /all.ics?past=all for 20 requests", "", rendered_again, "1", 1),
)


def store_of(folder: Path, size: data.Size) -> Path:
    """A place for a size's store."""
    return folder / f"{size.events}-{size.launches}.sqlite3"

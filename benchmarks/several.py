"""Several processes on one store: cold feeds, how soon a change is everywhere, deaths."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import data
from benchmarks.front import front
from benchmarks.measure import Measure, World
from benchmarks.service import Server, Wanted, calfeed, fetch, load
from calfeed.events import EVENTS
from calfeed.mirror import stored
from calfeed.store import Changes, Store
from calfeed.store.redis import RedisStore
from calfeed.store.sqlite import SqliteStore
from tests.support import redis_server

SECONDS = 2.0
PATIENCE = 20.0
DEATHS = 6
GOOD = ("200", "304")
_names = count()


def side_by_side(world: World) -> float:
    """Cold feeds of two processes, to one's. The work is the servers', not the loads', so that two
    cores suffice."""
    url = f"sqlite:///{world.store}"
    with calfeed(url) as one, calfeed(url) as other, ThreadPoolExecutor(2) as both:
        _rate(one)
        _rate(other)
        return sum(both.map(_rate, (one, other))) / _rate(one)


def _rate(server: Server) -> float:
    wanted: Wanted = [(f"/feeds/everything.ics?name={next(_names)}", {}) for _ in range(4000)]
    answered: float = load(server, wanted, SECONDS, connections=2)["rps"]
    return answered


@contextmanager
def _copy(world: World) -> Iterator[Path]:
    """A store of one's own, for it is written to."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calfeed.sqlite3"
        asyncio.run(data.fill(SqliteStore(path, data.UPSTREAM), world.size))
        yield path


def spread_over_sqlite(world: World) -> float:
    """Seconds from the first process that shows a change to the last of three."""
    with _copy(world) as path:
        return _spread(f"sqlite:///{path}", SqliteStore(path, data.UPSTREAM), world)


def spread_over_redis(world: World) -> float:
    """The same over Redis."""
    with redis_server.running() as redis:
        asyncio.run(data.fill(RedisStore(redis.url, data.UPSTREAM), world.size))
        return _spread(redis.url, RedisStore(redis.url, data.UPSTREAM), world)


def _spread(url: str, store: Store, world: World) -> float:
    """One event is renamed in the store, as by the process that refreshes."""
    event = next(event for event in data.records(world.size)["events"] if event.date)
    with ExitStack() as processes:
        servers = [processes.enter_context(calfeed(url)) for _ in range(3)]
        path = f"/events/{event.id}.ics"
        for server in servers:
            fetch(server, path)
        asyncio.run(_write(store, replace(event, name="Renamed upstream")))
        seen: dict[int, float] = {}
        until = time.monotonic() + PATIENCE
        while len(seen) < len(servers) and time.monotonic() < until:
            for server in servers:
                if server.pid not in seen and b"Renamed upstream" in fetch(server, path):
                    seen[server.pid] = time.monotonic()
            time.sleep(0.02)
    return max(seen.values()) - min(seen.values()) if len(seen) == len(servers) else PATIENCE


async def _write(store: Store, event: object) -> None:
    await store.open()
    revision = await store.revision()
    bodies = stored.encode(EVENTS, {event.id: event})  # type: ignore[attr-defined, dict-item]
    await store.write(Changes(revision, {"events": bodies}))
    await store.close()


def failed_over_deaths(world: World) -> float:
    """Requests that failed through an nginx in front of two processes, of which each is killed
    again and again, every few seconds one."""
    url, failed = f"sqlite:///{world.store}", 0
    with ExitStack() as all_of_it, ThreadPoolExecutor(1) as beside:
        lives = [ExitStack(), ExitStack()]
        for life in lives:
            all_of_it.enter_context(life)
        servers = [life.enter_context(calfeed(url)) for life in lives]
        ports = [server.port for server in servers]
        nginx = all_of_it.enter_context(front(ports))
        for n in range(DEATHS):
            paths: Wanted = [(f"/agencies/{k % 300}.ics?past={n + 1}d", {}) for k in range(3000)]
            asked = beside.submit(load, nginx, paths, 3.0, 4, lossy=True)
            time.sleep(1)
            dying = n % 2
            lives[dying].close()
            port = ("--port", str(ports[dying]))
            lives[dying].enter_context(calfeed(url, *port))
            statuses = asked.result()["statuses"]
            failed += sum(many for status, many in statuses.items() if status not in GOOD)
    return failed


MEASURES = (
    Measure("two processes to one, cold feeds", "times", side_by_side, ""),
    Measure("a change in every process after the first, SQLite", "s", spread_over_sqlite, "2"),
    Measure("a change in every process after the first, Redis", "s", spread_over_redis, "2"),
    Measure(f"failed requests over {DEATHS} deaths", "", failed_over_deaths, "0", 1),
)

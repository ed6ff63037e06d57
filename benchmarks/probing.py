"""How long ``/healthz`` waits while the service is at other work."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp

from benchmarks.measure import Measure, World
from benchmarks.service import calfeed, fake_upstream

PROBE_EVERY = 0.005
COLD = ("/all.ics?past=all", "/all.ics?past=all&length=37m&start=webcast", "/all.json?past=all")
PAGES = ("/", "/?agency__ids=44&search=crew", "/build.json?agency__ids=121", "/choices.json",
         "/openapi.json")  # fmt: skip
UNKNOWN = ("/all.ics?past=all&agency__ids=99991&program=99992&launcher_config__id=99993"
           "&pad__ids=99994&location__ids=99995&lsp__id=99996",)  # fmt: skip
HARD = ("/all.ics?past=all&limit=9000&ordering=name", "/all.ics?past=all&offset=5&ordering=-id",
        "/all.ics?past=all&exclude=" + ",".join(f"word{n}" for n in range(100)))  # fmt: skip
Work = Callable[[aiohttp.ClientSession], Awaitable[None]]


def asking(*paths: str) -> Work:
    """The work of answering these, one after the other."""

    async def work(client: aiohttp.ClientSession) -> None:
        for path in paths:
            await read(client, path)

    return work


async def filling(client: aiohttp.ClientSession) -> None:
    """The work of fetching everything."""
    for _ in range(600):
        async with client.get("/status.json") as answer:
            if (await answer.json())["data"]["complete"]:
                return
        await asyncio.sleep(0.1)


async def read(client: aiohttp.ClientSession, path: str) -> None:
    """One answer, compressed."""
    async with client.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
        async for _ in answer.content.iter_any():
            pass


async def longest(base: str, work: Work) -> float:
    """Milliseconds of the longest wait of a probe while some work is done."""
    async with (
        aiohttp.ClientSession(base, auto_decompress=False) as probe,
        aiohttp.ClientSession(base, auto_decompress=False) as client,
    ):
        for _ in range(20):
            await read(probe, "/healthz")
        working = asyncio.ensure_future(work(client))
        waits = []
        while not working.done():
            began = time.perf_counter()
            await read(probe, "/healthz")
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(max(0.0, PROBE_EVERY - waits[-1]))
        await working
        return 1000 * max(waits)


def probe(world: World, work: Work) -> float:
    """The longest wait with everything kept."""
    with calfeed(f"sqlite:///{world.store}") as server:
        return asyncio.run(longest(server.base, work))


def probe_filling(world: World) -> float:
    """The longest wait while everything is fetched."""
    with fake_upstream(world.size) as url:
        allowed = "1000"
        with calfeed(
            "memory://", CALFEED_LL2_URL=url, CALFEED_LL2_CALLS_PER_HOUR=allowed
        ) as server:
            return asyncio.run(longest(server.base, filling))


MEASURES = (
    Measure("longest wait of /healthz: first feeds of everything", "ms",
            lambda world: probe(world, asking(*COLD)), "20"),
    Measure("longest wait of /healthz: the page, cold", "ms",
            lambda world: probe(world, asking(*PAGES)), "20"),
    Measure("longest wait of /healthz: ids that nobody has", "ms",
            lambda world: probe(world, asking(*UNKNOWN)), "20"),
    Measure("longest wait of /healthz: hard queries", "ms",
            lambda world: probe(world, asking(*HARD)), "20"),
    Measure("longest wait of /healthz: while filling", "ms", probe_filling, "20", 1),
)  # fmt: skip

"""What one sees of the whole process: its start, its memory, whether it answers meanwhile."""

import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

from benchmarks.service import Server, Wanted, calfeed, fetch, load
from benchmarks.warm import Row

PROBE_EVERY = 0.005
ROUNDS = 7
KINDS = (
    "/feeds/everything.ics?name={}",
    "/agencies/{1}.ics?past={0}d",
    "/events.ics?type__ids={1}&name={0}",
    "/events/upcoming.ics?search=dragon&name={}",
    "/feeds/nasa.ics?lang=de&alarm=30m&past={}d",
    "/feeds/nasa.json?coarse=hide&name={}",
    "/events/previous.ics?past={1}d&start=webcast&name={0}",
)
"""Addresses of feeds, by two numbers."""


def rows(store: Path) -> list[Row]:
    """Everything that needs a process of its own."""
    return [*starting(store), probing(store), *memory(store)]


def starting(store: Path) -> list[Row]:
    """From the command to the first feed, with a full store; and what importing takes of it."""
    firsts = statistics.median(first_feed(store) for _ in range(ROUNDS))
    imports = importing("calfeed.cli.main, calfeed.cli.serve")
    bare = importing("aiohttp.web")
    return [
        ("start to first feed, warm SQLite", f"{firsts:.2f} s", "0.5 s or less"),
        (
            "importing calfeed",
            f"{imports:.2f} s, of which aiohttp.web with the interpreter {bare:.2f} s",
            "",
        ),
    ]


def first_feed(store: Path) -> float:
    """Seconds from the command to the first feed."""
    began = time.perf_counter()
    with calfeed(store) as server:
        fetch(server, "/feeds/nasa.ics")
        return time.perf_counter() - began


def importing(modules: str) -> float:
    """Seconds for an interpreter to start, import and end."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def probing(store: Path) -> Row:
    """The longest wait of a probe while everything renders cold."""
    worst = [asyncio.run(probe(store)) for _ in range(ROUNDS)]
    low, middle, high = (1000 * of(worst) for of in (min, statistics.median, max))
    text = f"{middle:.0f} ms ({low:.0f} to {high:.0f})"
    return ("longest wait of /healthz while all renders cold", text, "20 ms or less")


async def probe(store: Path) -> float:
    """Seconds of the longest wait."""
    with calfeed(store) as server:
        base = f"http://127.0.0.1:{server.port}"
        async with aiohttp.ClientSession() as client:
            return await _longest(client, base)


async def _longest(client: aiohttp.ClientSession, base: str) -> float:
    for _ in range(20):
        async with client.get(f"{base}/healthz") as answer:
            await answer.read()
    cold = asyncio.create_task(_read(client, f"{base}/events.ics"))
    waits = []
    while not cold.done():
        began = time.perf_counter()
        await _read(client, f"{base}/healthz")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, PROBE_EVERY - waits[-1]))
    await cold
    return max(waits)


async def _read(client: aiohttp.ClientSession, url: str) -> None:
    async with client.get(url, headers={"Accept-Encoding": "identity"}) as answer:
        await answer.read()


def memory(store: Path) -> list[Row]:
    """Resident memory after the start, after 1,000 different feeds, and after 10,000 more."""
    with calfeed(store) as server:
        fetch(server, "/healthz")
        start = server.memory()
        feeds(server, 0, 1000)
        first = server.memory()
        feeds(server, 1000, 11_000)
        second = server.memory()
    return [
        ("memory after the start, full copy", f"{start:.0f} MB", ""),
        ("memory after 1,000 different feeds", f"{first:.0f} MB", "120 MB or less"),
        ("memory after 10,000 more", f"{second:.0f} MB", "no growth"),
    ]


def feeds(server: Server, start: int, end: int) -> None:
    """Ask for so many different feeds, large and small, in several forms and languages."""
    wanted: Wanted = [(KINDS[n % len(KINDS)].format(n, n % 90 + 1), {}) for n in range(start, end)]
    load(server, wanted, seconds=(end - start) / 150, connections=4)

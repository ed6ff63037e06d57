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


def rows(store: Path) -> list[Row]:
    """Everything that needs a process of its own."""
    return [*starting(store), asyncio.run(probing(store)), *memory(store)]


def starting(store: Path) -> list[Row]:
    """From the command to the first feed, with a full store; and what importing takes of it."""
    firsts = []
    for _ in range(5):
        began = time.perf_counter()
        with calfeed(store) as server:
            fetch(server, "/feeds/nasa.ics")
            firsts.append(time.perf_counter() - began)
    imports = importing("calfeed.cli.running, calfeed.cli.serving")
    bare = importing("aiohttp.web")
    return [
        ("start to first feed, warm SQLite", f"{statistics.median(firsts):.2f} s", "0.5 s or less"),
        (
            "importing calfeed",
            f"{imports:.2f} s, of which aiohttp.web with the interpreter {bare:.2f} s",
            "",
        ),
    ]


def importing(modules: str) -> float:
    """Seconds for an interpreter to start, import and end."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


async def probing(store: Path) -> Row:
    """The longest wait of a probe every 5 ms while everything renders cold."""
    worst = []
    for _ in range(5):
        with calfeed(store) as server:
            base = f"http://127.0.0.1:{server.port}"
            async with aiohttp.ClientSession() as client:
                worst.append(await _longest(client, base))
    low, middle, high = (1000 * of(worst) for of in (min, statistics.median, max))
    text = f"{middle:.0f} ms ({low:.0f} to {high:.0f})"
    return ("longest wait of /healthz while all renders cold", text, "20 ms or less")


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
    """Ask for so many different feeds."""
    wanted: Wanted = [(f"/feeds/everything.ics?name=feed{n}", {}) for n in range(start, end)]
    load(server, wanted, seconds=(end - start) / 250, connections=4)

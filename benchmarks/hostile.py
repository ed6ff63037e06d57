"""Sixty-four clients that wish the service ill, and a subscriber beside them.

The clients are a process of their own, ``python -m benchmarks.hostile PORT SECONDS``, which prints
what it was answered as JSON. It is nice, for in truth they would be other machines.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from contextlib import closing
from functools import cache

import aiohttp

from benchmarks.measure import Measure, World
from benchmarks.probing import read
from benchmarks.service import calfeed

CLIENTS = 64
SECONDS = 20.0
WARM = "/feeds/nasa.ics"
EVERY = 0.02


class Attack:
    """The clients, and what they were answered."""

    def __init__(self, port: int, seconds: float) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.until = time.monotonic() + seconds
        self.seen = {"200": 0, "503": 0, "other": 0, "without Retry-After": 0}

    @property
    def on(self) -> bool:
        """Whether it goes on."""
        return time.monotonic() < self.until

    async def run(self) -> None:
        """All of them at once."""
        kinds = (self.options, self.windows, self.half, self.slow)
        clients = [asyncio.ensure_future(kinds[n % len(kinds)](n)) for n in range(CLIENTS)]
        await asyncio.sleep(self.until - time.monotonic())
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    async def options(self, seed: int) -> None:
        """Ever new sets of options."""
        await self.ask(seed, "/all.ics?past=all&length={}m&alarm={}m&name={}")

    async def windows(self, seed: int) -> None:
        """Ever new windows."""
        await self.ask(seed, "/launches.ics?past={}d&future={}d&search=a&offset={}")

    async def ask(self, seed: int, form: str) -> None:
        """One after the other."""
        chance = random.Random(seed)
        async with aiohttp.ClientSession(self.base, auto_decompress=False) as client:
            while self.on:
                path = form.format(*(chance.randint(1, 20_000) for _ in range(3)))
                async with client.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
                    self.note(answer)
                    async for _ in answer.content.iter_any():
                        pass

    def note(self, answer: aiohttp.ClientResponse) -> None:
        """Count an answer."""
        status = str(answer.status)
        self.seen[status if status in self.seen else "other"] += 1
        if status == "503" and "Retry-After" not in answer.headers:
            self.seen["without Retry-After"] += 1

    async def half(self, seed: int) -> None:
        """Half a request, and nothing more for long."""
        while self.on:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            with closing(writer):
                writer.write(b"GET /all.ics?past=all HTTP/1.1\r\nHost: loc")
                await asyncio.sleep(5)

    async def slow(self, seed: int) -> None:
        """A large feed of its own, read at a kilobyte a second once it is cached."""
        while self.on:
            path = f"/all.ics?past=all&name={seed}-{random.random()}"
            async with aiohttp.ClientSession(self.base) as client, client.get(path) as answer:
                self.note(answer)
                await answer.read()
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1024)
            with closing(writer):
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                for _ in range(10):
                    if not await reader.read(1024):
                        break
                    await asyncio.sleep(1)


@cache
def attack(world: World) -> dict[str, float]:
    """What came of it."""
    with calfeed(f"sqlite:///{world.store}") as server:
        command = [sys.executable, "-m", "benchmarks.hostile", str(server.port), str(SECONDS)]
        asyncio.run(subscriber(server.base, 1.0))
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as clients:
            waits = sorted(asyncio.run(subscriber(server.base, SECONDS)))
            seen = json.loads(clients.communicate()[0])
        return {
            "p50": 1000 * waits[len(waits) // 2],
            "p99": 1000 * waits[int(len(waits) * 0.99)],
            "memory": server.memory(),
            "refused": seen["503"] / max(1, sum(seen.values())),
            "others": seen["other"] + seen["without Retry-After"],
        }


async def subscriber(base: str, seconds: float) -> list[float]:
    """Asks for a feed that is warm, again and again; how many seconds each answer took."""
    waits, until = [], time.monotonic() + seconds
    async with aiohttp.ClientSession(base, auto_decompress=False) as client:
        while time.monotonic() < until:
            began = time.perf_counter()
            await read(client, WARM)
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(EVERY)
    return waits


def main() -> None:
    """Be the clients."""
    os.nice(10)
    attack = Attack(int(sys.argv[1]), float(sys.argv[2]))
    asyncio.run(attack.run())
    print(json.dumps(attack.seen))


def _seen(name: str, unit: str, what: str, aim: str = "") -> Measure:
    return Measure(f"hostile load: {name}", unit, lambda world: attack(world)[what], aim, 1)


MEASURES = (
    _seen("a warm feed, median", "ms", "p50"),
    _seen("a warm feed, p99", "ms", "p99", "50"),
    _seen("memory after it", "MB", "memory", "260"),
    _seen("cold requests refused with 503", "of all", "refused"),
    _seen("other answers, or 503 without Retry-After", "", "others", "0"),
)

if __name__ == "__main__":
    main()

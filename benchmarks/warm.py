"""Warm feeds over keep-alive, against a bare handler that returns the same bytes."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks.measure import Measure, World
from benchmarks.service import Answer, Server, Wanted, bare, calfeed, fetch, load

ROUNDS = 5
PATH = "/feeds/everything.ics"
PLAIN = {"Accept-Encoding": "identity"}
PACKED = {"Accept-Encoding": "gzip"}
Fields = dict[str, str]


@contextmanager
def _both(world: World, fields: Fields, *, held: bool) -> Iterator[tuple[Server, Server, Fields]]:
    """The service, and the yardstick with its very answer, header fields included; and what to send
    to both: with ``held``, that the client has the feed."""
    with tempfile.TemporaryDirectory() as folder, calfeed(f"sqlite:///{world.store}") as ours:
        if held:
            tag = asyncio.run(_copied(ours, fields, Path(folder) / "first"))[2]["Etag"]
            fields = {**fields, "If-None-Match": tag}
        answer = asyncio.run(_copied(ours, fields, Path(folder) / "answer"))
        with bare([(PATH, *answer[1:])]) as yardstick:
            yield ours, yardstick, fields


async def _copied(server: Server, fields: Fields, file: Path) -> Answer:
    async with (
        aiohttp.ClientSession(server.base, auto_decompress=False) as client,
        client.get(PATH, headers=fields) as answer,
    ):
        file.write_bytes(await answer.read())
        kept = {k: v for k, v in answer.headers.items() if k not in ("Content-Length", "Date")}
        return PATH, answer.status, kept, str(file)


def to_bare(world: World, fields: Fields, what: str = "rps", *, held: bool = False) -> float:
    """Our rate, or p99, to the bare handler's."""
    with _both(world, fields, held=held) as (ours, yardstick, sent):
        wanted: Wanted = [(PATH, sent)]
        for server in (ours, yardstick):
            load(server, wanted, 0.5)
        mine: float = load(ours, wanted)[what]
        theirs: float = load(yardstick, wanted)[what]
        return mine / theirs


def round_robin(world: World) -> float:
    """The rate of 200 different small feeds in turn, to that of one of them."""
    start = "/agencies/44.ics?past=30d&name="
    with calfeed(f"sqlite:///{world.store}") as ours:
        several = [(f"{start}{n}", PACKED) for n in range(200)]
        load(ours, several, 2.0)
        ratio: float = load(ours, several)["rps"] / load(ours, several[:1])["rps"]
        return ratio


def large(world: World) -> float:
    """Milliseconds of ``/all.ics?past=all``, compressed, once it is warm."""
    with calfeed(f"sqlite:///{world.store}") as ours:
        fetch(ours, "/all.ics?past=all", PACKED)
        answered: float = load(ours, [("/all.ics?past=all", PACKED)], 2.0, 1)["p50"]
        return answered


MEASURES = (
    Measure("warm feed to a bare handler: 200", "times", partial(to_bare, fields=PLAIN),
            "0.95", ROUNDS),
    Measure("warm feed to a bare handler: 200, gzip", "times", partial(to_bare, fields=PACKED),
            "0.95", ROUNDS),
    Measure("warm feed to a bare handler: 304", "times",
            partial(to_bare, fields=PACKED, held=True), "0.95", ROUNDS),
    Measure("warm feed to a bare handler: 304, p99", "times",
            partial(to_bare, fields=PACKED, what="p99", held=True), "1.2", ROUNDS),
    Measure("200 small feeds in turn, to one", "times", round_robin, "0.9"),
    Measure("everything, warm, gzip", "ms", large),
)  # fmt: skip

"""Warm feeds over keep-alive, against a bare handler that returns the same bytes."""

import gzip
import statistics
import tempfile
from pathlib import Path

import aiohttp

from benchmarks.service import Server, Wanted, bare, calfeed, load

ROUNDS = 7
Row = tuple[str, str, str]
"""What was measured, the result, the aim."""


async def measure(store: Path, *words: str) -> list[Row]:
    """Requests per second and p99 as ratios to the bare handler's; many feeds to one feed's."""
    path = "/feeds/everything.ics"
    with tempfile.TemporaryDirectory() as folder, calfeed(store) as ours:
        url = f"http://127.0.0.1:{ours.port}{path}"
        plain_only = {"Accept-Encoding": "identity"}
        async with aiohttp.ClientSession() as client, client.get(url, headers=plain_only) as answer:
            body, etag = await answer.read(), answer.headers["ETag"]
        files = Path(folder) / "body", Path(folder) / "packed"
        files[0].write_bytes(body)
        files[1].write_bytes(gzip.compress(body, 6, mtime=0))
        kinds: dict[str, tuple[dict[str, str], dict[str, str]]] = {
            f"200, {len(body) // 1000} kB": ({}, {}),
            "200, gzip": ({"Accept-Encoding": "gzip"}, {"Accept-Encoding": "gzip"}),
            "304": ({"If-None-Match": etag}, {"If-None-Match": '"x"'}),
        }
        with bare(*files, "--uvloop", *words) as yardstick:
            rows = []
            for kind, (asked, same) in kinds.items():
                mine, theirs = [(path, asked)], [("/feed.ics", same)]
                rows += compare(f"warm feed, {kind}", ours, mine, yardstick, theirs)
        rows.append(many(ours, path))
        return rows


def compare(name: str, a: Server, ask_a: Wanted, b: Server, ask_b: Wanted) -> list[Row]:
    """Alternate between two servers; the ratios of each pair, and their median and spread."""
    load(a, ask_a, 0.5)
    load(b, ask_b, 0.5)
    pairs = [(load(a, ask_a), load(b, ask_b)) for _ in range(ROUNDS)]
    rates = [one["rps"] / other["rps"] for one, other in pairs]
    tails = [one["p99"] / other["p99"] for one, other in pairs]
    speeds = f"{_median(pairs, 0, 'rps'):.0f} to {_median(pairs, 1, 'rps'):.0f} per second"
    return [
        (name, f"{spread(rates)} of the bare handler ({speeds})", "0.95 or more"),
        (f"{name}: p99", f"{spread(tails)} times the bare handler's", "1.2 or less"),
    ]


def many(ours: Server, path: str) -> Row:
    """200 different feeds round robin, to one feed of like size."""
    one = [(f"{path}?past=90d&name=feed", {})]
    different = [(f"{path}?past=90d&name=feed{n}", {}) for n in range(200)]
    for wanted in (one, different):
        load(ours, wanted, 2.0)
    pairs = [(load(ours, different), load(ours, one)) for _ in range(ROUNDS)]
    rates = [several["rps"] / single["rps"] for several, single in pairs]
    return ("200 feeds round robin", f"{spread(rates)} of one feed's rate", "0.9 or more")


def spread(ratios: list[float]) -> str:
    """The median, with the least and the most."""
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _median(pairs: list[tuple[dict[str, float], dict[str, float]]], side: int, of: str) -> float:
    return statistics.median(pair[side][of] for pair in pairs)

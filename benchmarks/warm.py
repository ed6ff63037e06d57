"""Warm feeds over keep-alive, against a bare handler that returns the same bytes."""

import statistics
import tempfile
from pathlib import Path

import aiohttp

from benchmarks.service import Answer, Server, Wanted, bare, calfeed, fetch, load

ROUNDS = 11
PATH = "/feeds/everything.ics"
Pair = tuple[float, float]
"""The same measure of two sides, one right after the other."""
Row = tuple[str, str, str]
"""What was measured, the result, the aim."""


async def measure(store: Path) -> list[Row]:
    """Requests per second and p99 as ratios to the bare handler's; many feeds to one feed's."""
    with tempfile.TemporaryDirectory() as folder, calfeed(store) as ours:
        base = f"http://127.0.0.1:{ours.port}"
        async with aiohttp.ClientSession(base, auto_decompress=False) as client:
            plain = await copied(client, {"Accept-Encoding": "identity"}, Path(folder) / "plain")
            known = {"Accept-Encoding": "gzip", "If-None-Match": plain[2]["Etag"]}
            packed = await copied(client, {"Accept-Encoding": "gzip"}, Path(folder) / "packed")
            same = await copied(client, known, Path(folder) / "same")
        rows = []
        with bare([plain, packed, same]) as yardstick:
            for kind, fields, answer in (
                ("200", {"Accept-Encoding": "identity"}, plain),
                ("200, gzip", {"Accept-Encoding": "gzip"}, packed),
                ("304", known, same),
            ):
                name = f"warm feed, {kind}, {Path(answer[3]).stat().st_size / 1000:.0f} kB"
                rows += compare(name, ours, [(PATH, fields)], yardstick, [(answer[0], fields)])
        return [*rows, *many(ours, Path(folder))]


async def copied(client: aiohttp.ClientSession, fields: dict[str, str], file: Path) -> Answer:
    """Our own answer to a request, for the yardstick to give: the same bytes, fields included."""
    async with client.get(PATH, headers=fields) as answer:
        file.write_bytes(await answer.read())
        kept = {k: v for k, v in answer.headers.items() if k not in ("Content-Length", "Date")}
        return f"/{file.name}", answer.status, kept, str(file)


def compare(name: str, a: Server, ask_a: Wanted, b: Server, ask_b: Wanted) -> list[Row]:
    """Alternate between two servers."""
    load(a, ask_a, 0.5)
    load(b, ask_b, 0.5)
    pairs = [(load(a, ask_a), load(b, ask_b)) for _ in range(ROUNDS)]
    rates = [(one["rps"], other["rps"]) for one, other in pairs]
    tails = [(one["p99"], other["p99"]) for one, other in pairs]
    mine, theirs = medians(rates)
    speeds = f"{mine:.0f} to {theirs:.0f} per second"
    return [
        (name, f"{ratio(rates)} of the bare handler: {speeds}", "0.95 or more"),
        (f"{name}: p99", f"{ratio(tails)} times the bare handler's", "1.2 or less"),
    ]


def many(ours: Server, folder: Path) -> list[Row]:
    """200 different feeds round robin, to one of them; large ones, and those of one agency. And
    the same for a bare handler: it too finds 200 bodies in memory less quickly than one."""
    rows = []
    for kind, path in (("large", f"{PATH}?name="), ("small", "/agencies/44.ics?past=30d&name=")):
        file = folder / kind
        file.write_bytes(fetch(ours, f"{path}0"))
        with bare([(f"/{n}", 200, {}, str(file)) for n in range(200)]) as yardstick:
            mine, theirs = [], []
            for server, start in ((ours, path), (yardstick, "/")):
                load(server, [(f"{start}{n}", {}) for n in range(200)], 2.0)
            for _ in range(ROUNDS):
                mine.append(robin(ours, path))
                theirs.append(robin(yardstick, "/"))
        name = f"200 {kind} feeds ({file.stat().st_size / 1000:.0f} kB) round robin"
        text = f"{ratio(mine)} of one feed's rate; a bare handler's {ratio(theirs)}"
        rows.append((name, text, "0.9 or more"))
    return rows


def robin(server: Server, start: str) -> Pair:
    """The rate of 200 addresses, and one's."""
    several = load(server, [(f"{start}{n}", {}) for n in range(200)])
    return several["rps"], load(server, [(f"{start}0", {})])["rps"]


def medians(pairs: list[Pair]) -> Pair:
    """Each side's."""
    one, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    return one, other


def ratio(pairs: list[Pair]) -> str:
    """Of the medians; with the least and the most of what the pairs gave."""
    one, other = medians(pairs)
    each = [a / b for a, b in pairs]
    return f"{one / other:.2f} ({min(each):.2f} to {max(each):.2f})"


def spread(ratios: list[float], digits: int = 2) -> str:
    """The median, with the least and the most."""
    middle, low, high = (of(ratios) for of in (statistics.median, min, max))
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"

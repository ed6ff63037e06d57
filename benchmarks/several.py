"""Two processes on one store, to one: feeds that have to be put together for each request."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from benchmarks.service import Server, Wanted, calfeed, load
from benchmarks.warm import ROUNDS, Row, spread

SECONDS = 2.0


def rows(store: Path) -> list[Row]:
    """The work is the servers', not the loads', so that two cores suffice."""
    names = count()
    with calfeed(store) as one, calfeed(store) as other, ThreadPoolExecutor(2) as side_by_side:

        def rate(server: Server) -> float:
            wanted: Wanted = [
                (f"/feeds/everything.ics?name={next(names)}", {}) for _ in range(4000)
            ]
            answered: float = load(server, wanted, SECONDS, connections=2)["rps"]
            return answered

        rate(one)
        rate(other)
        ratios = []
        for _ in range(ROUNDS):
            alone = rate(one)
            together = sum(side_by_side.map(rate, (one, other)))
            ratios.append(together / alone)
    text = f"{spread(ratios)} times one process"
    return [("two processes on one store, cold feeds", text, "")]

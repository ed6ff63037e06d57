"""Measures: each is taken of few records and of all, in turn, round by round, side by side."""

import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import SIZES, Size

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class World:
    """So many records, and a SQLite store that holds them."""

    size: Size
    store: Path


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured of a world, in some unit, and what of all records is aimed at."""

    name: str
    unit: str
    of: Callable[[World], float]
    aim: str = ""
    rounds: int = ROUNDS


Row = tuple[str, str, str, str, str]
"""What was measured, of few, of all, the ratio, the aim."""
HEAD: Row = ("measured", f"{SIZES[0]} entries", f"{SIZES[1]} entries", "ratio", "aim")


def rows(measures: Sequence[Measure], worlds: tuple[World, World]) -> Iterator[Row]:
    """Take the measures; each is said on standard error as soon as it is there."""
    for measure in measures:
        pairs = [tuple(map(measure.of, worlds)) for _ in range(measure.rounds)]
        few, lots = ([pair[side] for pair in pairs] for side in (0, 1))
        middle = statistics.median(few)
        ratio = f"{statistics.median(lots) / middle:.1f}" if middle else ""
        row = (measure.name, said(few, measure.unit), said(lots, measure.unit), ratio, measure.aim)
        print("   " + " · ".join(row[:4]), file=sys.stderr)
        yield row


def said(values: Sequence[float], unit: str) -> str:
    """The median, with the least and the most where there are several."""
    middle, low, high = statistics.median(values), min(values), max(values)
    text = f"{middle:.3g}"
    if f"{low:.3g}" != f"{high:.3g}":
        text += f" ({low:.3g} to {high:.3g})"
    return f"{text} {unit}".strip()

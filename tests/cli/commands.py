"""A command that was run in this process: what it printed, and how it ended."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Ran:
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


def complaint(ran: Ran, status: int) -> str:
    """The one plain line of a command that failed."""
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.endswith("\n")
    line = ran.err[:-1]
    assert line.isprintable()
    assert line.startswith("calfeed: ")
    return line.removeprefix("calfeed: ")


def table(out: str) -> list[list[str]]:
    return [re.split("  +", line.strip()) for line in out.splitlines()]

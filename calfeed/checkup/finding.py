"""What was found out about Launch Library, a line each. Pure."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "problem"]
"""``problem``: something keeps feeds from being current, or complete."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``found`` says in a few words what Launch Library does there,
    ``calfeed`` in one sentence what calfeed does about it."""

    verdict: Verdict
    about: str
    found: str
    calfeed: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was found, with how many counted calls that took."""

    findings: tuple[Finding, ...]
    calls: int

    @property
    def healthy(self) -> bool:
        """Whether nothing keeps feeds from being current."""
        return all(finding.verdict != "problem" for finding in self.findings)


def several(count: int, noun: str) -> str:
    """For example ``1 call``, ``1,071 events``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def listed(items: list[str], most: int = 5) -> str:
    """For example ``7, 8 and 9``; of many, the first few."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)

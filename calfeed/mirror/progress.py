"""How far filling has come, for people. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calfeed.mirror.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Progress:
    """How many records of a collection are kept, ``of`` how many; among them are all that are dated
    after ``since``, which is None before the first page and once everything is kept."""

    collection: str
    records: int
    of: int
    since: datetime | None
    complete: bool

    @property
    def ratio(self) -> float:
        """How much of everything is kept, from 0 to 1."""
        return 1.0 if self.complete else min(1.0, self.records / self.of) if self.of else 0.0

    def __str__(self) -> str:
        if self.complete:
            return f"all {self.records} {self.collection} are kept"
        if self.since is None:
            return f"no {self.collection} are kept yet"
        return (
            f"{self.records} of {self.of} {self.collection} are kept,"
            f" back to {self.since.day} {self.since:%B %Y}"
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """What a query means is not all kept yet: how far the collections have come that it waits for,
    and in about how long it can be answered."""

    progress: tuple[Progress, ...]
    ready_in: timedelta

    def __str__(self) -> str:
        return "; ".join(map(str, self.progress))


def progress_of(dataset: Dataset[Any]) -> Progress:
    """How far a dataset is filled."""
    fill, records = dataset.state.fill, len(dataset.records)
    return Progress(
        dataset.collection.name, records, max(fill.count, records), fill.since, fill.complete
    )

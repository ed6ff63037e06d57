"""One answer of Launch Library, with what the mirror does not look at. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic

from calfeed.duration import SECOND
from calfeed.errors import UpstreamError
from calfeed.launchlibrary.page import Page, decode, read_page
from calfeed.query.collection import Collection, R

FEW = 3
"""Fewer different values than these show no order."""


@dataclass(frozen=True, slots=True)
class Received:
    """The bytes of an answer: when it was asked for and was there by our clock, how many seconds
    it took, and when it says itself that it was made."""

    body: bytes
    asked_at: datetime
    received_at: datetime
    seconds: float
    sent_at: datetime | None

    @property
    def skew(self) -> timedelta | None:
        """How far Launch Library's clock is ahead of ours; None where it names no time. HTTP
        counts whole seconds."""
        if self.sent_at is None:
            return None
        if self.sent_at < self.asked_at - SECOND:
            return self.sent_at - self.asked_at
        if self.sent_at > self.received_at + SECOND:
            return self.sent_at - self.received_at
        return timedelta()


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """One page: as it was asked for (``ordering``, ``limit``), as the mirror reads it (``page``),
    and each of its records as it came (``raw``)."""

    collection: Collection[R]
    ordering: str
    limit: int
    received: Received
    page: Page[R]
    raw: tuple[Mapping[str, Any], ...]

    @property
    def ordered(self) -> bool | None:
        """Whether the records come in the order that was asked for; None where there are too few
        to tell."""
        field = self.ordering.removeprefix("-")
        given = [value for r in self.page.records if (value := getattr(r, field)) is not None]
        if len(set(given)) < FEW:
            return None
        return given == sorted(given, reverse=self.ordering.startswith("-"))


Reply = Answer[Any] | UpstreamError
"""An answer, or why there is none."""


def read_answer(
    collection: Collection[R], ordering: str, limit: int, received: Received
) -> Answer[R]:
    """What was received, as an answer.

    Raises:
        UpstreamError: it is no list of the collection's records.
    """
    page = read_page(received.body, collection)
    whole = decode(received.body)
    results = whole["results"] if isinstance(whole, dict) else []
    raw = tuple(record for record in results if isinstance(record, dict))
    return Answer(collection, ordering, limit, received, page, raw)


def inside(record: Mapping[str, Any], *keys: str) -> object:
    """What lies so deep in a record; None where there is no such place."""
    found: object = record
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found

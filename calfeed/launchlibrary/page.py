"""The bytes of an answer -> one page of a list. Pure."""

import json
import logging
from dataclasses import dataclass

from pydantic import ValidationError

from calfeed.errors import UpstreamError
from calfeed.events.model import Event
from calfeed.events.payload import from_record

log = logging.getLogger(__name__)

PAGE = 100
"""Launch Library's largest page."""
MOST_MALFORMED = 10
"""How many records of which none can be read are malformed; more are a fault of the whole answer.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: ``count`` is the whole list's length, ``ids`` every id on the page,
    ``events`` those records that could be read, ``end`` the offset at which the next one starts."""

    count: int
    size: int
    ids: tuple[int, ...]
    events: tuple[Event, ...]
    end: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole list: every id on it, and those events that could be read."""

    ids: frozenset[int]
    events: tuple[Event, ...]


def read_page(body: bytes) -> Page:
    """Read one page of a list; malformed records are skipped and logged.

    Raises:
        UpstreamError: it is no list of events.
    """
    answer = decode(body)
    if not isinstance(answer, dict):
        raise UpstreamError("Launch Library answered with something that is no list of events")
    count, results = answer.get("count"), answer.get("results")
    if not isinstance(count, int) or isinstance(count, bool) or not isinstance(results, list):
        raise UpstreamError("Launch Library answered with a list without count or results")
    if count < 0 or len(results) > count or len(results) > 10 * PAGE:
        raise UpstreamError(f"Launch Library answered {len(results)} events of {count}")
    ids, events = tuple(_ids(results)), tuple(_events(results))
    if results and (not ids or (len(results) > MOST_MALFORMED and not events)):
        raise UpstreamError("Launch Library answered with events of which none can be read")
    return Page(count, len(results), ids, events)


def read_event(body: bytes) -> Event:
    """Read the answer of an event's own page.

    Raises:
        UpstreamError: it is malformed.
    """
    try:
        return from_record(decode(body))
    except ValidationError as error:
        raise UpstreamError(f"an event came malformed: {_faults(error)}") from error


def decode(body: bytes) -> object:
    """Read JSON.

    Raises:
        UpstreamError: it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UpstreamError("Launch Library answered with something that is no JSON") from error


def believable(gone: int, known: int) -> bool:
    """Whether so many events of those known can really have gone at once."""
    return gone <= max(5, known // 20)


def _ids(records: list[object]) -> list[int]:
    found = (record.get("id") for record in records if isinstance(record, dict))
    return [one for one in found if isinstance(one, int) and not isinstance(one, bool)]


def _events(records: list[object]) -> list[Event]:
    events = []
    for record in records:
        try:
            events.append(from_record(record))
        except ValidationError as error:
            found = record.get("id") if isinstance(record, dict) else None
            log.warning("skipped a malformed record (id %.20r): %s", found, _faults(error))
    return events


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'record'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    )[:300]

"""The bytes of an answer -> one page of a list. Pure."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from pydantic import ValidationError

from calfeed.errors import UpstreamError
from calfeed.query.collection import Collection, R
from calfeed.record import Id

log = logging.getLogger(__name__)

PAGE = 100
"""Launch Library's largest page."""
MOST_MALFORMED = 10
"""On a page of more records, if none can be read, the whole answer is at fault."""
_RESULTS = '"results":'
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list: ``count`` is the whole list's length, ``size`` the page's, ``ids`` every
    id on it that can be read, ``records`` those records that can; ``sent_at`` is the time that the
    answer itself says it was made at."""

    count: int
    size: int
    ids: tuple[Id, ...]
    records: tuple[R, ...]
    sent_at: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether the list is no longer than the page."""
        return self.count <= self.size

    @property
    def unread(self) -> frozenset[Id]:
        """The ids of those records that could not be read."""
        return frozenset(self.ids) - {record.id for record in self.records}

    @property
    def nameless(self) -> bool:
        """Whether the ids of some of its records cannot be read."""
        return len(set(self.ids)) < self.size


def read_page(body: bytes, collection: Collection[R]) -> Page[R]:
    """Read one page of a list; malformed records are skipped and logged.

    Raises:
        UpstreamError: it is no list of the collection's records.
    """
    answer = _decode_list(body)
    what = collection.name
    if not isinstance(answer, dict):
        raise UpstreamError(f"Launch Library answered with something that is no list of {what}")
    count, results = answer.get("count"), answer.get("results")
    if not isinstance(count, int) or isinstance(count, bool) or not isinstance(results, list):
        raise UpstreamError("Launch Library answered with a list without count or results")
    if count < 0 or len(results) > count or len(results) > 10 * PAGE:
        raise UpstreamError(f"Launch Library answered {len(results)} {what} of {count}")
    ids = tuple(_ids(results, collection))
    records = tuple(_records(results, collection))
    if results and (not ids or (len(results) > MOST_MALFORMED and not records)):
        raise UpstreamError(f"Launch Library answered with {what} of which none can be read")
    return Page(count, len(results), ids, records)


def decode(body: bytes) -> object:
    """Read JSON.

    Raises:
        UpstreamError: it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UpstreamError("Launch Library answered with something that is no JSON") from error


def _decode_list(body: bytes) -> object:
    """Read JSON record by record, where it is a list as Launch Library writes it: in one go, the
    megabytes of a detailed page would hold up all other threads for as long as they take."""
    try:
        text = body.decode()
        at = text.find(_RESULTS)
        if at < 0:
            return decode(body)
        start = text.index("[", at) + 1
        if text[at + len(_RESULTS) : start - 1].strip():
            return decode(body)
        results, end = _elements(text, start)
        head = json.loads(text[:start] + text[end:])
    except (ValueError, RecursionError):
        return decode(body)
    return head | {"results": results} if isinstance(head, dict) else head


def _elements(text: str, at: int) -> tuple[list[object], int]:
    """The elements of a JSON array that begins at a place, and where it ends."""
    found: list[object] = []
    decoder = json.JSONDecoder()
    at = _after_blanks(text, at)
    if text[at] == "]":
        return found, at
    while True:
        element, at = decoder.raw_decode(text, at)
        found.append(element)
        at = _after_blanks(text, at)
        if text[at] == "]":
            return found, at
        if text[at] != ",":
            raise ValueError("neither a comma nor the end of the list")
        at = _after_blanks(text, at + 1)


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _BLANKS:
        at += 1
    if at >= len(text):
        raise ValueError("the list does not end")
    return at


def _ids(records: list[object], collection: Collection[R]) -> Iterator[Id]:
    for record in records:
        found = record.get("id") if isinstance(record, dict) else None
        if isinstance(found, int | str) and not isinstance(found, bool):
            try:
                yield collection.read_id(str(found))
            except ValueError:
                continue


def _records(records: list[object], collection: Collection[R]) -> Iterator[R]:
    for record in records:
        try:
            yield collection.read(record)
        except ValidationError as error:
            found = record.get("id") if isinstance(record, dict) else None
            log.warning("skipped a malformed record (id %.40r): %s", found, _faults(error))


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'record'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    )[:300]

"""A collection's records and state <-> what a store holds of them. Pure."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from calfeed.mirror.dataset import Dataset
from calfeed.mirror.state import FillState, LastRound, State
from calfeed.query.collection import Collection, R
from calfeed.record import Id

log = logging.getLogger(__name__)

LAST_ROUND = "round"
"""The name of the note about the last round."""
READ_AT_ONCE = 200
"""So many records are read at a time: in between, others get their turn."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Slice(Generic[R]):
    """Some records as they were read; ``unreadable`` is how many could not be."""

    records: dict[Id, R | None]
    unreadable: int


def encode(collection: Collection[R], records: Mapping[Id, R | None]) -> dict[str, bytes | None]:
    """Records as a store holds them."""
    return {
        str(key): None if record is None else collection.model.dump_json(record)
        for key, record in records.items()
    }


def slices(bodies: Mapping[str, bytes | None]) -> Iterator[dict[str, bytes | None]]:
    """What a store holds, in parts that are quickly read."""
    rows = list(bodies.items())
    for start in range(0, len(rows), READ_AT_ONCE):
        yield dict(rows[start : start + READ_AT_ONCE])


def decode(collection: Collection[R], bodies: Mapping[str, bytes | None]) -> Slice[R]:
    """Records out of what a store holds; those that cannot be read are left out and counted."""
    records: dict[Id, R | None] = {}
    read = _reader(collection.model).validate_json
    unreadable = 0
    for text, body in bodies.items():
        try:
            key = collection.read_id(text)
            records[key] = None if body is None else read(body)
        except ValueError as error:
            log.warning("stored %s %.40s cannot be read: %.200s", collection.noun, text, error)
            unreadable += 1
    return Slice(records, unreadable)


@lru_cache
def _reader(model: TypeAdapter[Any]) -> SchemaValidator:
    """Checks and reads what a model wrote. It does not clean texts and links once more, which would
    take half the time of a start."""
    return SchemaValidator(_without_cleaning(model.core_schema), _use_prebuilt=False)


def _without_cleaning(schema: Any) -> Any:
    """Without the functions that run before a value is looked at; see :mod:`calfeed.text`."""
    if isinstance(schema, list | tuple):
        return type(schema)(map(_without_cleaning, schema))
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "function-before":
        return _without_cleaning(schema["schema"])
    return {name: _without_cleaning(part) for name, part in schema.items()}


def notes(collection: Collection[R], state: State, beside: State) -> dict[str, str | None]:
    """What a state says that another one does not, as notes."""
    return {
        f"{collection.name} {part.name}": getattr(state, part.name).model_dump_json(
            exclude_defaults=True
        )
        for part in fields(State)
        if getattr(state, part.name) is not getattr(beside, part.name)
    }


def state_from(
    dataset: Dataset[R], found: Mapping[str, str | None], *, everything: bool, damaged: bool
) -> State:
    """A collection's state, as notes changed it; ``everything``: these are all the notes.

    Where something was damaged, or one of the notes cannot be read, what is there stays in use,
    but everything is fetched again.
    """
    name, state = dataset.collection.name, State() if everything else dataset.state
    for part in fields(State):
        text = found.get(f"{name} {part.name}")
        if text is not None:
            read = _read(type(getattr(state, part.name)), text)
            damaged |= read is None and part.name != "reconcile"
            state = replace(state, **{part.name: read or type(getattr(state, part.name))()})
    damaged |= everything and f"{name} fill" not in found
    damaged |= state.fill.complete and state.changes.as_of is None
    if state.fill.complete and len(dataset.records) < state.fill.count // 2:
        return replace(state, fill=FillState())
    if damaged and dataset.records:
        return replace(state, fill=FillState(complete=True, again=True))
    return state


def fill_from(collection: Collection[R], found: Mapping[str, str | None]) -> FillState:
    """How much of a collection a store holds."""
    return _read(FillState, found.get(f"{collection.name} fill")) or FillState()


def last_round_from(found: Mapping[str, str | None]) -> LastRound | None:
    """The last round, as a note tells it."""
    return _read(LastRound, found.get(LAST_ROUND))


def _read(kind: type[M], text: str | None) -> M | None:
    if text is None:
        return None
    try:
        return kind.model_validate_json(text)
    except ValidationError:  # damaged, or of another version
        log.warning("stored %s cannot be read and begins anew", kind.__name__)
        return None


def lacking(dataset: Dataset[R], bodies: Iterable[str]) -> dict[Id, R | None]:
    """Our records that a store does not hold."""
    there = set(bodies)
    return {key: record for key, record in dataset.records.items() if str(key) not in there}

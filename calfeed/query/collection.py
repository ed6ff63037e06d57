"""What a collection is: everything that differs between events and launches, in one row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from calfeed.entry import Display, Entry
from calfeed.query.filter import Filter
from calfeed.record import Id, Named, Record
from calfeed.span import Span

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, eq=False)
class Collection(Generic[R]):
    """What Launch Library calls an endpoint: how it is asked, read, filtered and shown.

    A collection is known by its ``name``, which stands in addresses, in the store, in
    ``/status.json`` and in metrics.
    """

    name: str
    noun: str
    """One of them, in messages and as ``kind`` in JSON: ``launch``."""
    paths: Mapping[str, str]
    """API version -> path below the base URL, with a slash at its end."""
    date_field: str
    """The model's field, and the beginning of upstream's filters and ordering: ``net``."""
    orders_by_id: bool
    """Whether ``ordering=id`` is offered upstream for sure."""
    model: TypeAdapter[R]
    """The stored form."""
    read: Callable[[object], R]
    """One upstream record of any version -> the model; ValueError where it is malformed."""
    read_id: Callable[[str], Id]
    """An id in an address; ValueError where it is none."""
    filters: Mapping[str, Filter[R]]
    facets: Mapping[str, Callable[[R], Iterable[Named]]]
    """What the page offers to choose from: a filter's name -> what a record has of it."""
    span: Callable[[R, Display], Span | None]
    """Where a record lies in the calendar; None where it has no place. Cheap."""
    entry: Callable[[R, Display], Entry | None]
    """The one mapping into the calendar."""
    default_past: timedelta | None = None
    """How far back lists look where a query says nothing about time."""

    @cached_property
    def date(self) -> Callable[[R], datetime | None]:
        """A record's date."""
        return attrgetter(self.date_field)

    @cached_property
    def precision(self) -> Callable[[R], int | None]:
        """The precision of a record's date, by Launch Library's id."""
        return attrgetter(f"{self.date_field}_precision")


@dataclass(frozen=True)
class Scope:
    """What an address is about: one collection, or all of them in one calendar."""

    name: str
    """In addresses: ``events``, ``launches``, ``all``."""
    title: str = field(compare=False)
    """What an unnamed calendar of it is called: ``Spaceflight events``."""
    collections: tuple[Collection[Any], ...] = field(compare=False)

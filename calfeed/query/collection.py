"""What a collection is: everything that differs between events and launches, in one row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from calfeed.entry import Display, Entry
from calfeed.query.filter import Filter
from calfeed.query.kinds import Kind, Value
from calfeed.record import Id, Labelled, Record
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
    facets: Mapping[str, Callable[[R], Iterable[Labelled]]]
    """What the page offers to choose from: a filter's name -> what a record has of it."""
    span: Callable[[R, Display], Span | None]
    """Where a record lies in the calendar; None where it has no place. Cheap. A record that lasts
    longer than two months by itself tells so as its ``duration``."""
    entry: Callable[[R, Display], Entry | None]
    """The one mapping into the calendar."""

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
    """What an address is about: one collection, or all of them in one calendar.

    In a calendar of several, a filter keeps the entries that have it: one that only launches have
    leaves out every event. The date goes by the first collection's name there (``date__gte``), and
    the others' names for it (``net__gte``) mean the same.
    """

    name: str
    """In addresses: ``events``, ``launches``, ``all``."""
    title: str = field(compare=False)
    """What is in a calendar of it, as its name begins: ``Spaceflight events``."""
    collections: tuple[Collection[Any], ...] = field(compare=False)
    default_past: timedelta | None = field(default=None, compare=False)
    """How far back lists look where a query says nothing about time."""
    others: tuple[Collection[Any], ...] = field(default=(), compare=False)
    """The collections that are not in it, for what messages say of their filters."""

    @property
    def date_field(self) -> str:
        """How the date is called in filters and ordering."""
        return self.collections[0].date_field

    @cached_property
    def filters(self) -> Mapping[str, Filter[Any]]:
        """Every filter that can be asked for, by its name."""
        rows: dict[str, Filter[Any]] = {}
        for collection in self.collections:
            for name, row in collection.filters.items():
                row = self._as_date(collection, row)
                rows[name] = _either(rows[name], row) if name in rows else row
        return dict(sorted(rows.items()))

    def filter_of(self, collection: Collection[Any], name: str) -> Filter[Any] | None:
        """The collection's own filter of that name; None where it has none."""
        if name in collection.filters:
            return collection.filters[name]
        main, first = self.filters[name].same_as or name, f"{self.date_field}__"
        if not main.startswith(first):
            return None
        return collection.filters.get(f"{collection.date_field}__{main.removeprefix(first)}")

    def _as_date(self, collection: Collection[Any], row: Filter[Any]) -> Filter[Any]:
        own = f"{collection.date_field}__"
        if collection.date_field == self.date_field or not row.name.startswith(own):
            return row
        return replace(row, same_as=f"{self.date_field}__{row.name.removeprefix(own)}")


def _either(first: Filter[Any], second: Filter[Any]) -> Filter[Any]:
    """The filter of two collections whose values differ, as ids do: it reads both."""
    if first.kind == second.kind:
        return first

    def parse(text: str) -> Value:
        try:
            return first.kind.parse(text)
        except ValueError:
            return second.kind.parse(text)

    takes = f"{first.kind.takes}, or {second.kind.takes}"
    schema = {"anyOf": [dict(first.kind.schema), dict(second.kind.schema)]}
    kind = Kind(parse, takes, schema, first.kind.example)
    return replace(first, kind=kind, phrase=f"{first.name} {{}}")  # not "event": it may be a launch

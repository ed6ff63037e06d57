"""What a fake Launch Library holds, how it changes, and what it answers of it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiohttp import web

from . import filters, ordering, paging
from .launches import filters as launch_filters
from .launches import older as launch_older
from .launches import record as launch_record
from .older import as_220
from .one import as_mode
from .parts import Record, plain

Id = int | str
"""An event's integer, or a launch's UUID as a string."""


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


class Contents:
    """Events and launches, whole and detailed in the shape of 2.3.0, and how they are listed.

    All attributes may be changed at any time, and count from the next request on.
    """

    def __init__(
        self, events: Iterable[Record] = (), launches: Iterable[Record] = (), *, older: bool = False
    ) -> None:
        self.events: dict[int, Record] = {int(record["id"]): record for record in events}
        self.launches: dict[str, Record] = {str(record["id"]): record for record in launches}
        self.now: Callable[[], datetime] = utc_now
        self.older = older
        self.deaf_to: tuple[str, ...] = ()
        """Parameters that are ignored without a word, as some deployments do with what they do
        not know: filters, `ordering`, `mode`, even `limit`."""
        self.shuffle_ties: int | None = None
        """A seed: rows that tie come in another order with each request. None: in order of id."""
        self.events_by_id = False
        """Whether events can be ordered by id; where not, that ordering is ignored."""
        self.hidden: set[Id] = set()
        """Ids of rows that are there and yet in no answer."""
        self.lists_answered = 0

    def put(self, *records: Record) -> None:
        """Add events or launches, or replace those of the same id."""
        for record in records:
            if isinstance(record["id"], int):
                self.events[record["id"]] = record
            else:
                self.launches[str(record["id"])] = record

    def delete(self, *ids: Id) -> None:
        """Take events or launches away."""
        for id in ids:
            if isinstance(id, int):
                del self.events[id]
            else:
                del self.launches[id]

    def change(self, *ids: Id, **changes: Any) -> None:
        """Replace these keys of all of them; `last_updated` is a key like any other.

        A bulk edit is `change(*ids, last_updated=now)`: the same second for all.
        """
        new = {key: plain(value) for key, value in changes.items()}
        for id in ids:
            record = self.events[id] if isinstance(id, int) else self.launches[id]
            self.put(record | new)

    def hide(self, *ids: Id) -> None:
        """Leave these rows out of every answer until `show()`."""
        self.hidden |= set(ids)

    def show(self) -> None:
        """Show again what was hidden."""
        self.hidden.clear()

    def answer(self, request: web.Request) -> tuple[Any, int]:
        """Give payload and status for a request about events or launches."""
        version, endpoint = request.path.split("/")[1:3]
        view, _, rest = request.match_info["tail"].partition("/")
        if view not in ("", "upcoming", "previous"):
            view, rest = "", f"{view}/{rest}"
        list_of = self._launches if endpoint.startswith("launch") else self._events
        query = filters.without(request.query, self.deaf_to)
        try:
            found, order, form = list_of(query, version, view)
        except filters.BadValueError as bad:
            return {bad.key: [bad.complaint]}, 400
        if rest:
            return paging.single(found, rest.removesuffix("/"), query, form)
        self.lists_answered += 1
        return paging.page(order(found), request, query, form), 200

    def _events(
        self, query: filters.Query, version: str, view: str
    ) -> tuple[list[Record], ordering.Order, paging.Form]:
        records = self._viewed(self.events.values(), query, view, "date")
        found = filters.select(records, query, older=self.older)
        known = (*ordering.EVENT_ORDERINGS, *(["id"] if self.events_by_id else []))
        otherwise = "" if self.shuffle_ties is None else "date"
        old = version == "2.2.0"
        return (
            found,
            self._order(query, known, otherwise),
            lambda record, mode: as_mode(as_220(record) if old else record, mode),
        )

    def _launches(
        self, query: filters.Query, version: str, view: str
    ) -> tuple[list[Record], ordering.Order, paging.Form]:
        records = self._viewed(self.launches.values(), query, view, "net")
        found = launch_filters.select(records, query, older=self.older, version=version)
        otherwise = "-net" if view == "previous" else "net"
        order = self._order(query, ordering.LAUNCH_ORDERINGS, otherwise)
        form = launch_older.as_220 if version == "2.2.0" else launch_record.as_mode
        return found, order, form

    def _viewed(
        self, records: Iterable[Record], query: filters.Query, view: str, field: str
    ) -> list[Record]:
        there = [record for record in records if record["id"] not in self.hidden]
        if view == "upcoming":
            return filters.upcoming(there, query, self.now(), field)
        return filters.previous(there, self.now(), field) if view == "previous" else there

    def _order(
        self, query: filters.Query, known: tuple[str, ...], otherwise: str
    ) -> ordering.Order:
        given = filters.last(query, "ordering")
        sort = partial(ordering.ordered, ordering=given, known=known, otherwise=otherwise)
        if self.shuffle_ties is None:
            return lambda found: sort(ordering.by_id(found))
        seed, number = self.shuffle_ties, self.lists_answered
        return lambda found: sort(ordering.shuffled(found, seed, number))

"""Asks Launch Library what it does, with five counted calls at most."""

import asyncio
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yarl import URL

from calfeed.checkup.answer import Answer, Received, Reply, read_answer
from calfeed.checkup.asking import look_at_filters, look_at_order
from calfeed.checkup.finding import Checkup, Finding, several
from calfeed.checkup.probe import Probe, choose_probe
from calfeed.checkup.records import look_at_page, look_at_records, look_at_ties, look_at_words
from calfeed.checkup.service import Service, look_at_service
from calfeed.errors import BudgetSpent, Overloaded, UpstreamError
from calfeed.launchlibrary.budget import Budget
from calfeed.launchlibrary.client import Allowance, LaunchLibrary, Params
from calfeed.launchlibrary.page import PAGE
from calfeed.mirror.intake import FIRST_DATE
from calfeed.query.collection import Collection

MOST_CALLS = 5


@dataclass(frozen=True, slots=True)
class Looked:
    """All that was asked of one collection: a page of everything (``too_much`` says what became
    of a full one, where this is smaller), several filters at once, and the first page of a fill."""

    collection: Collection[Any]
    first: Reply
    too_much: UpstreamError | None = None
    probe: Probe[Any] | None = None
    probed: Reply | None = None
    filling: Reply | None = None

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Everything that was asked for, and what came."""
        there = (self.first, self.probed, self.filling, self.too_much)
        return tuple(reply for reply in there if reply is not None)

    @property
    def answers(self) -> list[Answer[Any]]:
        """What came."""
        return [reply for reply in self.replies if isinstance(reply, Answer)]


class Asking:
    """Asks for pages, and counts."""

    def __init__(self, api: LaunchLibrary, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock
        self.calls = 0

    async def page(
        self, collection: Collection[Any], params: Params, ordering: str, limit: int = PAGE
    ) -> Reply:
        """A page, or why it did not come.

        Raises:
            BudgetSpent: not even the first may be asked for.
        """
        if self.calls >= MOST_CALLS:
            return BudgetSpent(f"{MOST_CALLS} calls are the most that are made", 0.0)
        loop = asyncio.get_running_loop()
        asked_at, began = self._clock(), loop.time()
        try:
            self.calls += 1
            body, sent_at = await self._api.raw_page(
                collection, params, ordering=ordering, limit=limit
            )
            seconds = loop.time() - began
            received = Received(body, asked_at, self._clock(), seconds, sent_at)
            return read_answer(collection, ordering, limit, received)
        except BudgetSpent as error:
            self.calls -= 1
            if not self.calls:
                raise
            return error
        except UpstreamError as error:
            return error

    async def look(self, collection: Collection[Any]) -> Looked:
        """A page of everything; half of one where a whole one is too much."""
        ordering = "-last_updated" if collection.orders_by_id else "-id"
        reply = await self.page(collection, [], ordering)
        if not isinstance(reply, Overloaded):
            return Looked(collection, reply)
        smaller = await self.page(collection, [], ordering, PAGE // 2)
        return Looked(collection, smaller, too_much=reply)

    async def probe(self, looked: Looked) -> Looked:
        """The filters, where records to try them with are there."""
        if not isinstance(looked.first, Answer):
            return looked
        collection = looked.collection
        probe = choose_probe(collection, looked.first.page.records)
        if probe is None:
            return looked
        by_date = f"-{collection.date_field}"
        ordering = by_date if collection.orders_by_id else "-last_updated"
        limit = looked.first.limit
        return replace(
            looked, probe=probe, probed=await self.page(collection, probe.params, ordering, limit)
        )

    async def fill(self, looked: Looked) -> Looked:
        """The page with which a fill begins, where its order is not seen yet."""
        collection = looked.collection
        if collection.orders_by_id or not isinstance(looked.first, Answer):
            return looked
        field, limit = collection.date_field, looked.first.limit
        reply = await self.page(collection, [(f"{field}__gte", FIRST_DATE)], f"-{field}", limit)
        return replace(looked, filling=reply)


async def check(
    api: LaunchLibrary,
    budget: Budget,
    collections: Iterable[Collection[Any]],
    *,
    url: URL,
    with_key: bool,
    clock: Callable[[], datetime],
) -> Checkup:
    """Ask, and say what was found.

    Raises:
        BudgetSpent: no call is left.
        StoreError: the ledger cannot be used.
    """
    own_calls = len((await budget.calls()).ages)
    allowance = await _allowance(api, budget)
    asking = Asking(api, clock)
    looked = [await asking.look(collection) for collection in collections]
    looked = [await asking.probe(each) for each in looked]
    looked = [await asking.fill(each) for each in looked]
    replies = tuple(reply for each in looked for reply in each.replies)
    service = Service(url, with_key, budget.calls_per_hour, own_calls, allowance, replies, clock())
    findings = look_at_service(service)
    if service.answers:
        for each in looked:
            findings += _findings(each, budget.calls_per_hour)
    return Checkup(tuple(findings), asking.calls)


async def _allowance(api: LaunchLibrary, budget: Budget) -> Allowance | UpstreamError | None:
    """What /api-throttle/ says; what others have used of it is left to them."""
    try:
        allowance = await api.allowance()
    except UpstreamError as error:
        return error
    if allowance:
        await budget.concede(allowance.limit - allowance.used)
    return allowance


def _findings(looked: Looked, calls: int) -> Iterator[Finding]:
    first, name = looked.first, looked.collection.name
    if not isinstance(first, Answer):
        yield _missing(name, "a page of everything", first, "problem")
        return
    yield from look_at_page(first, looked.too_much, calls)
    if not first.raw:
        return
    yield from look_at_records(first)
    yield from look_at_words(looked.answers)
    yield look_at_order(first)
    yield from _about_asking(looked, first)
    yield look_at_ties(looked.filling if isinstance(looked.filling, Answer) else first)


def _about_asking(looked: Looked, first: Answer[Any]) -> Iterator[Finding]:
    name = looked.collection.name
    for reply in (looked.probed, looked.filling):
        if isinstance(reply, Answer):
            yield look_at_order(reply)
    if looked.probe is None:
        found = "too few records, or too much alike, to try the filters with"
        yield Finding(
            "note", f"{name}: filters", found, "Checks what it gets against what it asked for."
        )
    elif isinstance(looked.probed, Answer):
        by_change = (a.ordered for a in looked.answers if a.ordering == "-last_updated")
        yield from look_at_filters(
            looked.probe, looked.probed, first.page.count, next(by_change, None)
        )
    elif looked.probed is not None:
        yield _missing(f"{name}: filters", "a page of some records", looked.probed, "note")
    if isinstance(looked.filling, UpstreamError):
        yield _missing(f"{name}: order", "the first page of a fill", looked.filling, "note")


def _missing(about: str, what: str, error: UpstreamError, verdict: Any) -> Finding:
    if isinstance(error, BudgetSpent):
        minutes = several(math.ceil(error.retry_after / 60), "minute")
        again = f"in {minutes}" if error.retry_after else "later"
        advice = f"Has to find out by itself; or run calfeed doctor again {again}."
        return Finding("note", about, "not looked at: no call was left for it", advice)
    advice = "Serves what it has of these, and tries again."
    return Finding(verdict, about, f"{what} did not come: {error}", advice)

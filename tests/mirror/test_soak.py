"""Days in seconds: faults and changes upstream at random, restarts, many feeds; nothing is lost.

``CALFEED_SOAK_STEPS`` makes it longer (a step is some ten minutes of simulated time).
"""

import gc
import os
import random
import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from multidict import MultiDict

from calfeed import feeds
from calfeed.errors import NoData
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.publish.publisher import FeedRequest, Publisher
from calfeed.query.query import View
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, Fault, Record, event, make_events, stamp
from tests.fake import filters as upstream
from tests.support.mirror import Clock, Running, filled, query, running

STEPS = int(os.environ.get("CALFEED_SOAK_STEPS", "130"))
EVENTS = 220
CALLS = 6
"""An hour: so few that the budget is what holds everything back."""
HOUR = timedelta(hours=1)
PAST = timedelta(days=80)
"""Well within what the named feeds look back, which is 90 days."""
RESTARTS = 5
MOST_GROWTH = 1.1
"""Of what is held in memory, once everything has been in use."""
NAMED = feeds.load(Path("feeds"))
ASKED = ("", "agency__ids=44,121", "type__ids=2,8", "program=17", "search=dragon", "month=3",
         "year=2026", "spacestation__ids=4", "webcast=yes")  # fmt: skip
FAULTS: tuple[Callable[[], Fault], ...] = (
    lambda: Fault("status", status=500),
    lambda: Fault("status", status=404),
    lambda: Fault("status", status=401, json=True),
    lambda: Fault("throttled", seconds=900),
    lambda: Fault("html"),
    lambda: Fault("truncated"),
    lambda: Fault("empty"),
    lambda: Fault("drop"),
    lambda: Fault("cut"),
    lambda: Fault("bad_gzip"),
    lambda: Fault("redirect", url="/2.3.0/events/"),
    lambda: Fault("shape", shape="results missing"),
    lambda: Fault("shape", shape="count"),
    lambda: Fault("mangle", mangle=lambda record: record | {"name": None}),
    lambda: Fault("mangle", mangle=lambda record: None if record["id"] % 3 else record),
    lambda: Fault("body", body={"count": 1, "results": []}),
)


class Soak:
    """A world that goes on, and what was seen of it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = Clock()
        records = make_events(EVENTS, now=self.clock.now, seed=seed)
        self.ll = FakeLaunchLibrary(records, now=self.clock)
        self.now = {record["id"]: from_record(record) for record in records}
        self.next_id = 1_000_000
        self.down = 0
        self.calls: list[datetime] = []
        self.known: set[int] = set()
        self.shown: dict[str, set[int]] = {}
        self.seen: dict[str, int] = dict.fromkeys(("rounds", "faults", "changes", "asked"), 0)

    async def step(self, one: Running, publisher: Publisher) -> None:
        """Time goes on, something happens, whoever is due refreshes, people ask."""
        self.clock.ahead(minutes=self.chance.choice((1, 3, 5, 10, 15, 30)))
        self.change()
        await self.disturb()
        self.seen["rounds"] += one.scheduler.due
        await one.scheduler.once()
        await self.ask(one, publisher)
        self.nothing_lost(one)
        self.within_budget()

    def change(self) -> None:
        """An event moves, is renamed, or gives way to another one."""
        if self.chance.random() > 0.4:
            return
        self.seen["changes"] += 1
        record = self.chance.choice(list(self.ll.events.values()))
        moved = self.clock.now + timedelta(hours=self.chance.uniform(-2000, 4000))
        change = self.chance.choice((
            {"date": stamp(moved)}, {"name": f"{record['name']} again"}, {"date": None},
            {"type": {"id": self.chance.randint(1, 20), "name": "Other"}},
        ))  # fmt: skip
        if self.chance.random() < 0.3:
            self.ll.delete(record["id"])
            del self.now[record["id"]]
            self.next_id += 1
            record = event(self.next_id, name="Dragon Docking", type=2, agencies=[44, 121])
        changed = record | change | {"last_updated": stamp(self.clock.now)}
        self.ll.put(changed)
        self.now[changed["id"]] = from_record(changed)

    async def disturb(self) -> None:
        """Faults for the next calls, or nobody there for a while."""
        self.ll.faults.clear()
        if self.down:
            self.down -= 1
            if not self.down:
                await self.ll.back()
        elif self.chance.random() < 0.03:
            self.down = self.chance.randint(1, 8)
            await self.ll.gone()
        if self.chance.random() < 0.3:
            self.seen["faults"] += 1
            self.ll.faults = [
                self.chance.choice(FAULTS)() for _ in range(self.chance.randint(1, 4))
            ]

    async def ask(self, one: Running, publisher: Publisher) -> None:
        """Some feeds, every one whole and with all that it had."""
        for _ in range(6):
            feed = self.chance.choice(list(NAMED.values()))
            await self.look(one, publisher, FeedRequest(feed.query, feed), feed.slug)
            text, view = self.chance.choice(ASKED), self.chance.choice(list(View))
            await self.look(one, publisher, FeedRequest(query(text, view)), f"{view} {text}")

    async def look(
        self, one: Running, publisher: Publisher, request: FeedRequest, name: str
    ) -> None:
        self.seen["asked"] += 1
        try:
            feed, _ = await publisher.publish(request, "json")
        except NoData:  # only before the copy is complete, and never again after an answer
            assert not one.replica.dataset.coverage.complete
            assert name not in self.shown
            return
        shown = {int(found) for found in re.findall(rb'"id":(\d+),"uid":', feed.body)}
        current = {
            record["id"]
            for record in self.matching(request)
            if one.replica.dataset.events.get(record["id"]) == self.now[record["id"]]
        }
        lost = (self.shown.get(name, set()) & current) - shown
        assert not lost, f"{name} lost {lost} at {self.clock.now}"
        self.shown[name] = shown

    def matching(self, request: FeedRequest) -> list[Record]:
        """What upstream has for a feed, by the fake's own filters."""
        asked = request.query
        pairs = [pair for clause in asked.clauses for pair in _pairs(clause.name, clause.text())]
        records = [record for record in self.ll.events.values() if record["date"]]
        if request.feed:
            first = stamp(self.clock.now - PAST)
            records = [record for record in records if record["date"] > first]
        if asked.view is View.UPCOMING:
            records = upstream.upcoming(records, MultiDict(pairs), self.clock.now)
        if asked.view is View.PREVIOUS:
            records = upstream.previous(records, self.clock.now)
        if asked.options.webcast == "yes":
            records = [record for record in records if record["vid_urls"]]
        return upstream.select(records, MultiDict(pairs), older=False)

    def nothing_lost(self, one: Running) -> None:
        """Whatever upstream still has and was once kept is kept."""
        kept = set(one.replica.dataset.events)
        lost = (self.known & set(self.ll.events)) - kept
        assert not lost, f"the copy lost {lost} at {self.clock.now}"
        self.known = kept

    def within_budget(self) -> None:
        """By the fake's own count, in every rolling hour, refused calls and all."""
        self.calls += [call.time for call in self.ll.calls]
        self.ll.calls.clear()
        self.calls = [at for at in self.calls if at > self.clock.now - 2 * HOUR]
        for first, after in zip(self.calls, self.calls[CALLS:], strict=False):
            assert after - first >= HOUR, f"{CALLS + 1} calls within an hour at {after}"


def _pairs(name: str, text: str) -> list[tuple[str, str]]:
    """``program`` is repeated upstream, the other lists are joined."""
    return [(name, one) for one in (text.split(",") if name == "program" else [text])]


def blocks() -> int:
    """How many pieces of memory Python holds."""
    gc.collect()
    return sys.getallocatedblocks()


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_in_the_long_run(seed: int, tmp_path: Path) -> None:
    soak, memory = Soak(seed), []
    async with soak.ll as ll:
        for _ in range(RESTARTS):
            store = SqliteStore(tmp_path / "soak.sqlite3")
            async with running(ll, soak.clock, store, calls=CALLS, wait=0.05) as one:
                publisher = Publisher(one.repository)
                for _ in range(STEPS // RESTARTS):
                    await soak.step(one, publisher)
                memory.append(blocks())
                if len(memory) == RESTARTS:
                    await calm(soak, one)
    assert min(soak.seen.values()) > STEPS // 10, soak.seen
    assert memory[-1] < memory[1] * MOST_GROWTH, memory


async def calm(soak: Soak, one: Running) -> None:
    """When upstream is well again for some hours, the copy is exactly what it has."""
    soak.ll.faults.clear()
    await soak.ll.back()
    for _ in range(60):
        soak.clock.ahead(minutes=10)
        await one.scheduler.once()
        soak.nothing_lost(one)
        soak.within_budget()
    assert dated(one.replica.dataset.events) == dated(soak.now)


def dated(events: dict[int, Event]) -> dict[int, Event]:
    """Those that a calendar shows: who has no date may be gone without anybody noticing."""
    return {key: one for key, one in sorted(events.items()) if one.date}


async def test_a_change_beside_a_record_that_is_none_is_not_missed() -> None:
    """Found by the above: what came after it moved the time from which changes are asked for."""
    clock = Clock()
    async with filled(make_events(30, now=clock.now), clock) as one:
        first, second = sorted(one.ll.events)[:2]
        for key in (first, second):
            one.ll.put(one.ll.events[key] | {"name": "New", "last_updated": stamp(clock.now)})
            clock.ahead(minutes=20)
        one.ll.faults = [Fault("mangle", mangle=lambda r: None if r["id"] == first else r)]
        for _ in range(3):
            await one.next_round()
        assert one.as_upstream()

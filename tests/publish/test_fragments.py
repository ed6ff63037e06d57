"""Pieces of feeds: what is kept of them, and that it is what would be rendered anew."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.ics import vevent
from calfeed.publish.fragments import FragmentCache
from calfeed.publish.select import Shown, select
from calfeed.query.options import Display
from calfeed.query.query import parse
from tests.fake import make_events

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
EVENTS = [from_record(record) for record in make_events(30, now=NOW)]
LOOKS = [Display(), Display(lang=("ru",)), Display(alarm=(timedelta(hours=1),))]


def shown(events: list[Event]) -> list[Shown]:
    return select(events, parse([]), NOW)


def anew(entries: list[Shown], look: Display) -> list[bytes]:
    return [vevent.render(one.event, one.span, look) for one in entries]


def held(fragments: FragmentCache) -> int:
    return sum(
        len(piece)
        for replica in fragments._shelves.values()
        for _, piece in replica.fragments.values()
    )


@given(
    st.lists(st.tuples(st.sampled_from(LOOKS), st.integers(0, 29), st.integers(0, 29)), max_size=6),
    st.sampled_from([1000, 20_000, 60_000, 10_000_000]),
)
def test_pieces_are_what_would_be_rendered_anew_and_take_no_more_than_they_may(
    asked: list[tuple[Display, int, int]], most: int
) -> None:
    fragments, events = FragmentCache(most), list(EVENTS)
    for look, changed, first in asked:
        events[changed] = events[changed].model_copy(update={"name": f"{first} {changed}"})
        entries = shown(events[first:])
        assert asyncio.run(fragments.render(entries, look)) == anew(entries, look)
        assert held(fragments) <= fragments._shelves.currsize <= most


async def test_a_piece_is_rendered_once_however_many_ask_at_once() -> None:
    fragments, entries = FragmentCache(), shown(EVENTS)
    both = await asyncio.gather(*(fragments.render(entries, LOOKS[0]) for _ in range(2)))
    assert all(one is other for one, other in zip(*both, strict=True))
    again = await fragments.render(entries[3:], LOOKS[0])
    assert all(one is other for one, other in zip(both[0][3:], again, strict=True))


async def test_what_was_not_used_for_longest_goes_first() -> None:
    entries = shown(EVENTS)
    size = sum(len(piece) + 400 for piece in anew(entries, LOOKS[1]))
    fragments = FragmentCache(size * 5 // 2)
    first = await fragments.render(entries, LOOKS[0])
    await fragments.render(entries, LOOKS[1])
    assert (await fragments.render(entries, LOOKS[0]))[0] is first[0]
    await fragments.render(entries, LOOKS[2])
    assert [display for display, _ in fragments._shelves] == [LOOKS[0], LOOKS[2]]


async def test_feeds_without_events_take_room_too() -> None:
    fragments = FragmentCache(10_000)
    for n in range(100):
        await fragments.render([], Display(length=timedelta(hours=n)))
    assert 0 < len(fragments._shelves) < 30

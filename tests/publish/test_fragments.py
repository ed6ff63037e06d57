"""Rendered entries: each once, whatever its times; what is held is what would be made anew."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.entry import Display, Entry
from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.ics import vevent
from calfeed.publish import jsonfeed
from calfeed.publish.fragments import OVERHEAD, Form, FragmentCache
from calfeed.publish.layout import Placed
from calfeed.publish.select import Selector
from calfeed.query.collection import Collection
from tests.fake import make_events
from tests.support import calendars

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MADE = [event for record in make_events(60, now=NOW) if (event := from_record(record)).date][:30]
SEVERAL = sum(len(event.vid_urls) > 1 for event in MADE)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PLAIN = Display()
DISPLAYS = [
    PLAIN,
    Display(length=2 * HOUR),
    Display(length=90 * DAY, window=True),
    Display(alarm=(HOUR,)),
    Display(alarm=(DAY, HOUR, timedelta(0)), start="webcast"),
    Display(start="webcast"),
    Display(coarse="span"),
    Display(coarse="hide"),
]
LANGS = [(), ("ru",), ("en", "ru")]


@dataclass
class Counted:
    """The collection of events, and for how many records it was asked for the entry."""

    collection: Collection[Event]
    entries: int = 0


def counted() -> Counted:
    """A collection that counts."""

    def entry(event: Event, display: Display) -> Entry | None:
        made.entries += 1
        return EVENTS.entry(event, display)

    made = Counted(replace(EVENTS, entry=entry))
    return made


def place(
    events: Sequence[Event], display: Display = PLAIN, collection: Collection[Event] = EVENTS
) -> list[Placed]:
    return list(Selector().place(collection, events, display))


def anew(entries: Sequence[Placed], display: Display, form: Form = "ics") -> list[bytes]:
    """What would be rendered without anything held."""
    if form == "ics":
        return [calendars.render(entry, display) for entry in entries]
    fragments = []
    for placed in entries:
        entry = placed.collection.entry(placed.record, display)
        assert entry
        parts = jsonfeed.render(placed.collection, placed.record, entry)
        fragments.append(parts.join(placed.span, display.alarm))
    return fragments


async def test_an_entry_is_rendered_once_however_its_times_are_asked_for() -> None:
    fragments, made = FragmentCache(), counted()
    for display in DISPLAYS:
        entries = place(MADE, display, made.collection)
        assert await fragments.render(entries, display) == anew(place(MADE, display), display)
    assert made.entries == len(MADE)


async def test_once_for_each_form_and_once_more_where_the_language_counts() -> None:
    fragments, made = FragmentCache(), counted()
    entries = place(MADE, collection=made.collection)
    for form in ("ics", "json"):
        made.entries = 0
        for lang in (*LANGS, *LANGS):
            display = Display(lang=lang)
            rendered = await fragments.render(entries, display, form)
            assert rendered == anew(place(MADE), display, form)
        assert 0 < SEVERAL < len(MADE)
        assert made.entries == len(MADE) + 2 * SEVERAL


async def test_once_however_many_ask_at_once() -> None:
    fragments, made = FragmentCache(), counted()
    entries = place(MADE, collection=made.collection)
    renders = [fragments.render(entries, display) for display in (PLAIN, PLAIN, DISPLAYS[3])]
    first, second, third = await asyncio.gather(*renders)
    assert first == second == anew(place(MADE), PLAIN)
    assert third == anew(place(MADE), DISPLAYS[3])
    assert made.entries == len(MADE)


async def test_a_changed_record_alone_is_rendered_anew() -> None:
    fragments, made = FragmentCache(), counted()
    await fragments.render(place(MADE, collection=made.collection), PLAIN)
    changed = [replace(MADE[0], name="Renamed"), replace(MADE[1]), *MADE[2:]]
    made.entries = 0
    rendered = await fragments.render(place(changed, collection=made.collection), PLAIN)
    assert rendered == anew(place(changed), PLAIN)
    assert made.entries == 2
    assert b"SUMMARY:Renamed" in rendered[0]


async def test_records_of_other_collections_with_the_same_ids_are_told_apart() -> None:
    fragments, other = FragmentCache(), replace(EVENTS, name="others")
    entries = [*place(MADE[:1]), *place([replace(MADE[0], name="Other")], collection=other)]
    for _ in range(2):
        first, second = await fragments.render(entries, PLAIN)
        assert b"SUMMARY:Other" in second
        assert b"SUMMARY:Other" not in first


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DISPLAYS),
            st.sampled_from(LANGS),
            st.sampled_from(["ics", "json"]),
            st.integers(0, len(MADE) - 1),
            st.integers(0, len(MADE) - 1),
        ),
        max_size=6,
    ),
    st.sampled_from([1000, 20_000, 120_000, 10_000_000]),
)
def test_fragments_are_what_would_be_rendered_anew_and_take_no_more_than_they_may(
    asked: list[tuple[Display, tuple[str, ...], Form, int, int]], most: int
) -> None:
    fragments, events = FragmentCache(most), list(MADE)
    for look, lang, form, changed, first in asked:
        display = replace(look, lang=lang)
        events[changed] = replace(events[changed], name=f"{first} {changed}")
        entries = place(events[first:], display)
        rendered = asyncio.run(fragments.render(entries, display, form))
        assert rendered == anew(entries, display, form)
        assert fragments.size <= most


def held_by(entries: Sequence[Placed]) -> int:
    """What their fragments take."""
    made = [placed.collection.entry(placed.record, PLAIN) for placed in entries]
    return sum(vevent.render(entry).size + OVERHEAD for entry in made if entry)


async def test_what_is_held_is_counted() -> None:
    fragments, entries = FragmentCache(), place(MADE)
    await fragments.render(entries, PLAIN)
    assert fragments.size == held_by(entries) + OVERHEAD
    for display in DISPLAYS:
        await fragments.render(place(MADE, display), display)
    assert fragments.size == held_by(entries) + OVERHEAD
    longer = replace(MADE[0], description="x" * 5000)
    await fragments.render(place([longer]), PLAIN)
    assert fragments.size == held_by(place([longer, *MADE[1:]])) + OVERHEAD


async def test_what_was_not_used_for_longest_goes_first() -> None:
    made = counted()
    events = [event for event in MADE if len(event.vid_urls) > 1]
    entries = place(events, collection=made.collection)
    fragments = FragmentCache(held_by(place(events)) * 5 // 2)

    async def rendered(*lang: str) -> int:
        made.entries = 0
        await fragments.render(entries, Display(lang=lang))
        return made.entries

    assert [await rendered("en"), await rendered("ru")] == [len(events)] * 2
    assert await rendered("en") == 0
    assert await rendered("de") == len(events)
    assert [await rendered("en"), await rendered("ru")] == [0, len(events)]


async def test_orders_of_languages_without_entries_take_room_too() -> None:
    fragments = FragmentCache(10_000)
    for n in range(100):
        await fragments.render([], Display(lang=(f"l{n}",)))
        assert 0 < fragments.size <= 10_000


@pytest.mark.parametrize("form", ["ics", "json"])
async def test_others_get_their_turn_in_between(form: Form) -> None:
    fragments, turns = FragmentCache(), 0
    many = [replace(event, id=1000 * n + event.id) for n in range(20) for event in MADE]

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task: asyncio.Task[Any] = asyncio.create_task(other())
    await fragments.render(place(many), PLAIN, form)
    task.cancel()
    assert turns > 1

"""Each entry rendered once: the fragments that feeds are put together from."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from cachetools import LRUCache

from calfeed.entry import Display
from calfeed.ics import vevent
from calfeed.publish import jsonfeed
from calfeed.publish.layout import Placed
from calfeed.record import Id
from calfeed.span import Span

Form = Literal["ics", "json"]

TURN = 0.002
"""Seconds of rendering after which others get theirs in the event loop."""
MOST_BYTES = 50_000_000
"""How much is held. Nine thousand entries take some 20 MB in one form."""
OVERHEAD = 500
"""What a fragment takes beside its bytes."""


class Parts(Protocol):
    """A rendered entry, and where in it that stands which options change: times, reminders."""

    @property
    def size(self) -> int:
        """How many bytes they are."""

    def join(self, span: Span, alarms: Iterable[timedelta] = ()) -> bytes:
        """The whole entry."""


@dataclass(slots=True)
class _Variant:
    """The fragments of one form for one order of languages, by collection and id."""

    fragments: dict[tuple[str, Id], tuple[object, Parts]] = field(default_factory=dict)
    size: int = OVERHEAD

    def put(self, key: tuple[str, Id], record: object, parts: Parts) -> None:
        """Hold a record's fragment, in the place of the one of what it was before."""
        before = self.fragments.get(key)
        self.size += parts.size - before[1].size if before else parts.size + OVERHEAD
        self.fragments[key] = (record, parts)


class FragmentCache:
    """Rendered entries, bounded by bytes.

    An entry's bytes depend on its record, and on the order of languages where it has more than one
    webcast; its times and reminders are put in as each feed wants them. So however many options
    feeds use, an entry is rendered once. A changed record is a new object, and is rendered anew.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._variants: LRUCache[tuple[Form, tuple[str, ...]], _Variant] = LRUCache(
            most_bytes, getsizeof=lambda variant: variant.size
        )

    @property
    def size(self) -> int:
        """How many bytes are held, with what it takes to hold them."""
        return sum(variant.size for variant in self._variants.values())

    async def render(
        self, entries: Iterable[Placed], display: Display, form: Form = "ics"
    ) -> list[bytes]:
        """The entries' bytes. Others get their turn in between: a large feed holds up nobody."""
        clock = asyncio.get_running_loop().time
        turn_ends = clock() + TURN
        several = self._variant(form, display.lang)
        plain = self._variant(form, ()) if display.lang else several
        fragments = []
        for entry in entries:
            record = entry.record
            variant = several if len(record.vid_urls) > 1 else plain
            held = variant.fragments.get((entry.collection.name, record.id))
            if held is not None and held[0] is record:
                parts = held[1]
            else:
                parts = _render(variant, entry, display.lang, form)
            fragments.append(parts.join(entry.span, display.alarm))
            if clock() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = clock() + TURN
        self._hold(form, (), plain)
        self._hold(form, display.lang, several)
        return fragments

    def _variant(self, form: Form, lang: tuple[str, ...]) -> _Variant:
        return self._variants.setdefault((form, lang), _Variant())

    def _hold(self, form: Form, lang: tuple[str, ...], variant: _Variant) -> None:
        """Take account of what a variant has grown to. One larger than all that is held goes."""
        self._variants.pop((form, lang), None)
        if variant.size <= self._variants.maxsize:
            self._variants[form, lang] = variant


def _render(variant: _Variant, placed: Placed, lang: tuple[str, ...], form: Form) -> Parts:
    collection, record = placed.collection, placed.record
    entry = collection.entry(record, Display(lang=lang))
    assert entry is not None  # noqa: S101  it has a span
    parts: Parts
    if form == "ics":
        parts = vevent.render(entry, placed.span)
    else:
        parts = jsonfeed.render(collection, record, entry, placed.span)
    variant.put((collection.name, record.id), record, parts)
    return parts

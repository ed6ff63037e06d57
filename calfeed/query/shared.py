"""Filters that every collection has, made for each: by date, by change, by name, by link."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter, ge, gt, le, lt
from typing import Any, TypeVar

from calfeed.query.filter import Filter, Test
from calfeed.query.kinds import (
    DAYS,
    FLAG,
    LINKS,
    MOMENT,
    MONTHS,
    WORDS,
    YEARS,
    Kind,
    Value,
    parse_words,
)
from calfeed.query.record_tests import compares, has, has_id, searches
from calfeed.text import clean_link

R = TypeVar("R")
Rows = tuple[Filter[Any], ...]


def _lower(text: str) -> str:
    return parse_words(text.lower())


_EXCLUDED = Kind(_lower, "comma-separated words", WORDS.schema, "starlink")

_COMPARISONS = (
    ("gt", gt, "later than", "after"),
    ("gte", ge, "at or later than", "from"),
    ("lt", lt, "earlier than", "before"),
    ("lte", le, "at or earlier than", "until"),
)


def moments(name: str, of: Callable[[R], object | None], about: str = "") -> Rows:
    """``name__gt``, ``__gte``, ``__lt`` and ``__lte``; ``about`` says in words what
    they compare, where it is not the date."""
    return tuple(
        Filter(
            f"{name}__{suffix}",
            f"{about} {meaning}".strip(),
            MOMENT,
            compares(compare, of),
            f"{about} {word} {{}}".strip(),
            many=False,
        )
        for suffix, compare, meaning, word in _COMPARISONS
    )


def calendar(of: Callable[[R], datetime | None]) -> Rows:
    """``year``, ``month`` and ``day`` of the date."""

    def part(name: str) -> Callable[[R], object]:
        return lambda record: (date := of(record)) and getattr(date, name)

    return (
        Filter("day", "on these days of the month", DAYS, has(part("day")), "day {}"),
        Filter("month", "in these months", MONTHS, has(part("month")), "month {}"),
        Filter("year", "in these years", YEARS, has(part("year")), "year {}"),
    )


def changes() -> Rows:
    """When the record last changed."""
    of = attrgetter("last_updated")
    return (
        Filter("last_updated__gte", "changed at or later than", MOMENT, compares(ge, of),
               "changed since {}", many=False),
        Filter("last_updated__lte", "changed at or earlier than", MOMENT, compares(le, of),
               "unchanged since {}", many=False),
    )  # fmt: skip


def identity(ids: Kind, slug: Kind, plural: str, noun: str) -> Rows:
    """``id`` and ``slug``."""
    return (
        Filter("id", f"exactly these {plural}", ids, has(attrgetter("id")), f"{noun} {{}}"),
        Filter("slug", f"the {noun} with this slug", slug, has(attrgetter("slug")), "{}",
               many=False),
    )  # fmt: skip


def programs(ids: Kind) -> Rows:
    """``program`` and its newer spelling."""
    of, test = attrgetter("program"), has_id("program")
    return (
        Filter("program", "of any of these programs", ids, test, "program {}", named=of),
        Filter("program__ids", "the same, as newer deployments spell it", ids, test, "program {}",
               same_as="program", named=of),
    )  # fmt: skip


def search(of: Callable[[Any], str], where: str) -> Rows:
    """All words in the texts that Launch Library searches; ``of`` gives them in lower case."""
    return (
        Filter("search", f"all these words in {where}, in any case", WORDS, searches(of), "“{}”"),
    )


def links() -> Rows:
    """``video_url``: links are compared in the form that records have them, cleaned."""

    def test(values: tuple[Value, ...]) -> Test[Any]:
        links = frozenset(clean_link(str(value)) for value in values)
        return lambda record: any(video.url in links for video in record.vid_urls)

    return (Filter("video_url", "with any of these video links", LINKS, test, "video {}"),)


def recent() -> Rows:
    """``hide_recent_previous``: the view decides, so every record passes."""
    return (
        Filter("hide_recent_previous", "without the last 24 hours (upcoming only)", FLAG,
               lambda values: lambda record: True, "without the last 24 hours", many=False,
               spares=True),
    )  # fmt: skip


def exclude() -> Rows:
    """``exclude``, which is calfeed's own: none of the words in the name."""

    def test(values: tuple[Value, ...]) -> Test[Any]:
        first, *others = words = [str(value) for value in values]

        def passes(record: Any) -> bool:
            name = record.name.lower()
            for word in words:  # noqa: SIM110  any() takes three times as long
                if word in name:
                    return False
            return True

        return passes if others else lambda record: first not in record.name.lower()

    return (
        Filter("exclude", "without those whose name has any of these words, in any case",
               _EXCLUDED, test, "without {}", own=True),
    )  # fmt: skip


def table(*rows: Rows) -> dict[str, Filter[Any]]:
    """The rows by name, in order of name."""
    return {row.name: row for row in sorted((row for some in rows for row in some),
                                            key=attrgetter("name"))}  # fmt: skip

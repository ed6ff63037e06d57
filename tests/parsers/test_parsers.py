"""Every calendar app's parser reads a large feed, with the nastiest texts, in the same way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.fake import (
    FakeLaunchLibrary,
    Record,
    event,
    info_url,
    launch,
    make_events,
    update,
    vid_url,
)
from tests.golden import path
from tests.parsers import by_ical_js, by_libical
from tests.support import judges
from tests.support.hostile import NASTY
from tests.support.judges import Entries, Entry
from tests.support.service import calling

NOW = datetime.now(UTC).replace(microsecond=0)
EVENTS = 1000
TEXTS = [text for text in NASTY if not any("\ud800" <= char <= "\udfff" for char in text)]
"""Without lone surrogates, which JSON cannot carry as they are."""
SHOWN = {
    "plain": "",
    "everything else": "?coarse=span&alarm=P1D,PT10M&start=webcast&lang=ru,en&length=P1DT1H",
}
PARSERS: dict[str, Callable[[bytes], Entries]] = {
    **judges.PARSERS,
    "ical.js": by_ical_js,
    "libical": by_libical,
}


def nasty(number: int, text: str) -> Record:
    """An event in which everything that is a text is this one."""
    link = "https://h.example/" + "".join(filter(str.isalnum, text))
    return event(
        900_000 + number,
        name=f"{text}n{text}",
        date=NOW + timedelta(days=number, hours=5),
        date_precision=number % 17,
        duration=text,
        location=f"{text}l{text}",
        description=f"{text}d{text}",
        type={"id": 1, "name": text},
        agencies=[{"id": 1, "name": text, "abbrev": text}],
        program=[{"id": 1, "name": text}],
        launches=[launch("a3c9c47e-976e-40a5-8889-30c407131e3a", text)],
        updates=[update(1, text, created_on=NOW)],
        vid_urls=[vid_url(link, title=text, publisher=text)],
        info_urls=[info_url(link, title=text)],
    )


RECORDS = [*make_events(EVENTS, now=NOW), *(nasty(n, text) for n, text in enumerate(TEXTS))]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def feeds() -> dict[str, tuple[bytes, Entries]]:
    """The bytes of each feed, and what its JSON says is in it."""
    found = {}
    async with FakeLaunchLibrary(RECORDS) as ll:
        async with calling(ll, ll2_calls_per_hour=100) as client:
            for name, options in SHOWN.items():
                async with client.get(f"/events.ics{options}") as answer:
                    body = await answer.read()
                    assert answer.status == 200
                async with client.get(f"/events.json{options}") as answer:
                    told = (await answer.json())["events"]
                found[name] = body, {one["uid"]: entry(one) for one in told}
    return found


def entry(one: dict[str, Any]) -> Entry:
    return Entry(
        moment(one["start"]), moment(one["end"]), one["summary"], one["description"],
        one["location"] or "",
    )  # fmt: skip


def moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


@pytest.mark.parametrize("shown", SHOWN)
def test_the_bytes_hold_to_the_rules(feeds: dict[str, tuple[bytes, Entries]], shown: str) -> None:
    body, told = feeds[shown]
    assert judges.faults(body) == []
    dated = [record for record in RECORDS if record["date"]]
    assert len(told) == len(dated) >= EVENTS


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("parser", PARSERS)
def test_a_parser_agrees(feeds: dict[str, tuple[bytes, Entries]], shown: str, parser: str) -> None:
    body, told = feeds[shown]
    assert PARSERS[parser](body) == told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LOCATION:", "LOCATION:\r\nX-WAS:"),
        ("SUMMARY:", "SUMMARY:twice\r\nSUMMARY:"),
        ("DTSTART:", "DTSTART:x"),
    ],
)
def test_libical_finds_what_is_wrong(old: str, new: str) -> None:
    good = path("recorded-1183").read_bytes()
    assert len(by_libical(good)) == 1
    with pytest.raises(AssertionError):
        by_libical(good.replace(f"\r\n{old}".encode(), f"\r\n{new}".encode()))

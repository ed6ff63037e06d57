"""Query in, finished feed out: what the publisher makes of the events a library answers."""

import asyncio
import gc
import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from calfeed.entry import WORDING_SINCE, Display
from calfeed.errors import Busy, NotFound
from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.feeds import Feed
from calfeed.mirror.repository import Repository
from calfeed.mirror.result import Result
from calfeed.publish import jsonfeed
from calfeed.publish.fragments import Form
from calfeed.publish.publisher import AT_ONCE, MANY, MANY_AT_ONCE, FeedRequest, Publisher
from calfeed.publish.rendered import RenderedFeed
from calfeed.query.query import Query
from calfeed.span import Span
from tests.golden import docking, recorded
from tests.support import calendars, judges
from tests.support.service import until

NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)
"""Later than the wording last changed."""
DOCKING = from_record(docking())
TESTING = from_record(recorded("2.3.0-948"))


class Held:
    """Stands for a repository: answers every query with the same events."""

    def __init__(self, *events: Event, sample: bool = False) -> None:
        self.result = replace(calendars.result(calendars.query(), NOW, *events), sample=sample)

    async def get(self, query: Query) -> Result:
        return replace(self.result, query=query)

    def change(self, *events: Event) -> None:
        """Other events, as a later version."""
        (before,) = self.result.snapshots
        after = calendars.snapshot(EVENTS, events, before.version + 1)
        self.result = replace(self.result, snapshots=(after,))


def asking(text: str = "") -> FeedRequest:
    return FeedRequest(calendars.query(text))


def as_json(event: Event, span: Span) -> dict[str, Any]:
    entry = EVENTS.entry(event, Display())
    assert entry is not None
    body = jsonfeed.render(EVENTS, event, replace(entry, span=span)).join(span)
    members: dict[str, Any] = json.loads(body)
    return members


def publisher(held: Held, **given: Any) -> Publisher:
    return Publisher(cast(Repository, held), **given)


async def render(serving: Publisher, request: FeedRequest, form: Form = "ics") -> RenderedFeed:
    feed, _ = await serving.publish(request, form)
    return feed


async def publish(*events: Event, text: str = "", form: Form = "ics") -> RenderedFeed:
    return await render(publisher(Held(*events)), asking(text), form)


def many(count: int = 600) -> list[Event]:
    """So many that rendering them lets others have their turn."""
    return [replace(DOCKING, id=n, name=f"Docking {n}") for n in range(count)]


def test_json_of_a_timed_event() -> None:
    shown = as_json(DOCKING, Span(DOCKING.date or NOW, NOW, True, True))
    event = shown.pop("event")
    description = shown.pop("description")
    assert shown == {
        "kind": "event",
        "id": 1183,
        "uid": "84d42442-6294-5ad5-a45c-a46115796f09",
        "summary": "Soyuz MS-27 Docking",
        "start": "2025-04-08T09:03:56Z",
        "end": "2026-12-01T07:00:00Z",
        "all_day": False,
        "known": None,
        "status": "CONFIRMED",
        "location": "International Space Station",
        "geo": None,
        "moves": [],
        "url": "https://www.youtube.com/watch?v=b7Kk4r9DomA",
        "categories": [
            "Docking",
            "Russian Federal Space Agency (ROSCOSMOS)",
            "Soyuz",
            "International Space Station",
        ],
    }
    assert description.startswith("Soyuz MS-27 brings")
    assert event["name"] == "Soyuz MS-27 Docking"
    assert event["date"] == "2025-04-08T09:03:56Z"
    assert event["date_precision"] == 0
    assert event["duration"] == "PT55M23S"
    assert event["updates"][0]["comment"] == "NASA's webcast is now live"
    assert event["vid_urls"][1]["language"] == "ru"
    assert [one["id"] for one in event["agencies"]] == [63]


def test_json_of_a_bare_all_day_event() -> None:
    event = Event(id=7, name="Landing", date=datetime(2027, 3, 1, tzinfo=UTC), date_precision=12)
    shown = as_json(event, Span(date(2027, 3, 1), date(2027, 3, 2), False, label="H1 2027"))
    assert shown["event"] == {
        "name": "Landing", "slug": "", "type": None, "date": "2027-03-01T00:00:00Z",
        "date_precision": 12, "duration": None, "location": "", "description": "",
        "image": None, "vid_urls": [], "info_urls": [], "agencies": [], "program": [],
        "launches": [], "expeditions": [], "spacestations": [], "updates": [],
        "last_updated": None,
    }  # fmt: skip
    assert {name: shown[name] for name in ("summary", "start", "end", "known", "status")} == {
        "summary": "Landing (H1 2027)",
        "start": "2027-03-01",
        "end": "2027-03-02",
        "known": "H1 2027",
        "status": "TENTATIVE",
    }
    assert (shown["all_day"], shown["location"], shown["url"]) == (True, None, None)


async def test_json_and_calendar_show_the_same_in_the_same_order() -> None:
    text = "lang=ru&start=webcast"
    body = (await publish(DOCKING, TESTING, text=text)).body
    answer = json.loads((await publish(DOCKING, TESTING, text=text, form="json")).body)
    assert answer["count"] == 2
    assert [
        (one["uid"], one["summary"], one["description"], one["location"], one["url"])
        for one in answer["events"]
    ] == [
        tuple(
            one.all(name)[0].text for name in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "URL")
        )
        for one in judges.read(body).components("VEVENT")
    ]
    assert answer["events"][1]["url"] == "https://www.youtube.com/watch?v=3lLs1BtImZQ"


@pytest.mark.parametrize("form", ["ics", "json"])
async def test_the_same_data_gives_the_same_bytes_whatever_its_order(form: Form) -> None:
    first, second = [await publish(*e, form=form) for e in ((DOCKING, TESTING), (TESTING, DOCKING))]
    assert (first.body, first.etag, first.events) == (second.body, second.etag, 2)


async def test_nothing_is_json_too() -> None:
    assert (await publish(form="json")).body == b'{"count":0,"events":[]}'


async def test_one_event_that_has_no_place_is_not_found() -> None:
    undated = publisher(Held(replace(DOCKING, date=None)))
    with pytest.raises(NotFound):
        await undated.publish(replace(asking(), single=True), "ics")


async def test_a_changed_event_is_rendered_anew_and_the_others_stay() -> None:
    held = Held(DOCKING, TESTING)
    serving = publisher(held)
    before = judges.read((await render(serving, asking())).body).inner
    held.change(replace(DOCKING, date=NOW, last_updated=NOW), TESTING)
    after = judges.read((await render(serving, asking())).body).inner
    assert after[0] == before[0]
    assert (after[1].one("DTSTART"), after[1].one("UID")) == (
        judges.Prop("DTSTART", "20261201T070000Z"),
        before[1].one("UID"),
    )


async def test_feeds_with_other_options_do_not_get_each_others_fragments() -> None:
    serving = publisher(Held(DOCKING))
    texts = ["", "lang=ru", "start=webcast", "alarm=PT10M", "length=PT2H", ""]
    bodies = [(await render(serving, asking(text))).body for text in texts]
    alone = [(await publish(DOCKING, text=text)).body for text in texts]
    assert bodies == alone
    assert bodies[0] == bodies[-1]
    assert len(set(bodies)) == 4  # its duration is known, so that length changes nothing


async def test_many_who_wait_for_one_feed_get_the_same_rendering() -> None:
    rendered: list[Form] = []
    serving = publisher(Held(*many()), counted=rendered.append)
    feeds = await asyncio.gather(*(render(serving, asking()) for _ in range(20)))
    assert all(feed is feeds[0] for feed in feeds)
    assert rendered == ["ics"]


async def test_what_was_rendered_stays_though_nobody_waited_for_it() -> None:
    rendered: list[Form] = []
    serving = publisher(Held(*many()), counted=rendered.append)
    left = asyncio.create_task(serving.publish(asking(), "ics"))
    await asyncio.sleep(0)
    left.cancel()
    await until(lambda: rendered)
    await serving.publish(asking(), "ics")
    assert left.cancelled()
    assert rendered == ["ics"]


async def test_a_failure_that_nobody_waited_for_is_no_fault() -> None:
    loop, faults = asyncio.get_running_loop(), list[dict[str, Any]]()
    loop.set_exception_handler(lambda _, fault: faults.append(fault))
    serving = publisher(Held(*many()))
    busy = await occupied(serving)
    left = asyncio.create_task(serving.publish(replace(asking("id=999"), single=True), "ics"))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(*busy)
    await until(lambda: len(asyncio.all_tasks()) == 1)
    del left
    gc.collect()
    assert faults == []


async def test_a_feed_is_compressed_once_for_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = await publish(*many())
    calls: list[int] = []

    def compress(body: bytes, *options: Any, **named: Any) -> bytes:
        calls.append(len(body))
        return body[:9]

    monkeypatch.setattr(gzip, "compress", compress)
    bodies = await asyncio.gather(*(feed.gzip() for _ in range(20)))
    assert calls == [len(feed.body)]
    assert len(set(bodies)) == 1


@pytest.mark.parametrize("count", [1, 600])
async def test_the_compressed_body_is_the_body(count: int) -> None:
    feed = await publish(*many(count))
    packed = await feed.gzip()
    assert gzip.decompress(packed) == feed.body
    assert await feed.gzip() is packed


async def occupied(serving: Publisher) -> list[asyncio.Task[Any]]:
    """Requests for feeds that were never rendered, one for every turn there is."""
    texts = [f"length={n + 2}h" for n in range(AT_ONCE)]
    tasks = [asyncio.create_task(serving.publish(asking(text), "ics")) for text in texts]
    await asyncio.sleep(0)  # they are in line now
    return tasks


async def test_a_new_feed_that_gets_no_turn_in_time_is_refused() -> None:
    serving = publisher(Held(*many()), patience=0)
    busy = await occupied(serving)
    with pytest.raises(Busy) as refused:
        await serving.publish(asking("alarm=1h"), "ics")
    assert refused.value.retry_after > 0
    await asyncio.gather(*busy)
    assert (await render(serving, asking("alarm=1h"))).events == 600


async def test_a_feed_of_few_entries_does_not_wait_for_those_of_many() -> None:
    serving = publisher(Held(*many(MANY + 1)), patience=0)
    large = [asking(f"length={n + 2}h") for n in range(MANY_AT_ONCE)]
    busy = [asyncio.create_task(serving.publish(request, "ics")) for request in large]
    await asyncio.sleep(0)  # they are in line now
    with pytest.raises(Busy):
        await serving.publish(asking("alarm=1h"), "ics")
    assert (await render(serving, asking("id=1,2,3"))).events == 3
    await asyncio.gather(*busy)


async def test_a_feed_that_was_rendered_before_waits_as_long_as_it_takes() -> None:
    held = Held(*many())
    serving = publisher(held, patience=0)
    await serving.publish(asking("alarm=1h"), "ics")
    held.change(*many(601))
    busy = await occupied(serving)
    assert (await render(serving, asking("alarm=1h"))).events == 601
    await asyncio.gather(*busy)


@pytest.mark.parametrize(
    ("sample", "name"), [(False, "Spaceflight events"), (True, "Spaceflight events (sample data)")]
)
async def test_the_head_says_what_the_feed_is(sample: bool, name: str) -> None:
    held = Held(DOCKING, sample=sample)
    calendar = judges.read((await render(publisher(held), asking())).body)
    about = (
        "Spaceflight events: all of them. "
        "Data: Launch Library 2 by The Space Devs, https://thespacedevs.com"
    )
    wanted: dict[str, Any] = {
        "NAME": name, "X-WR-CALNAME": name, "DESCRIPTION": about, "X-WR-CALDESC": about,
    }  # fmt: skip
    assert {prop.name: prop.text for prop in calendar.props if prop.name in wanted} == wanted


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        (NOW + timedelta(days=1), NOW),
        (NOW - timedelta(hours=1), NOW - timedelta(hours=1)),
        (datetime(2020, 1, 1, tzinfo=UTC), WORDING_SINCE),
    ],
)
async def test_last_modified_lies_between_the_wording_and_now(
    changed: datetime, wanted: datetime
) -> None:
    held = Held(DOCKING)
    held.result = replace(held.result, changed_at=changed)
    assert (await render(publisher(held), asking())).last_modified == wanted


@pytest.mark.parametrize(("hours", "later"), [(-1, True), (-5, False)])
async def test_a_changed_feed_file_counts_for_last_modified(hours: int, later: bool) -> None:
    held, modified = Held(DOCKING), NOW + timedelta(hours=hours)
    held.result = replace(held.result, changed_at=NOW - timedelta(hours=3))
    feed = Feed("docks", "Docks", "Comings.", "red", "theme", calendars.query(), modified)
    rendered = await render(publisher(held), FeedRequest(feed.query, feed))
    assert rendered.last_modified == (modified if later else held.result.changed_at)

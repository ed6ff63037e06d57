"""Query in, finished feed out: what the publisher makes of the events a library answers."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest

from calfeed.errors import NotFound
from calfeed.events.model import Event
from calfeed.events.payload import from_record
from calfeed.ics import vevent
from calfeed.mirror.repository import Repository
from calfeed.publish.fragments import Form
from calfeed.publish.jsonfeed import as_json
from calfeed.publish.publisher import Published, Publisher, Request
from calfeed.publish.select import Shown
from calfeed.query import query
from calfeed.span import Span
from tests.golden import NOW, docking, recorded
from tests.support import judges

DOCKING = from_record(docking())
TESTING = from_record(recorded("2.3.0-948"))


class Replica:
    """Stands for a library: answers every query with the same events."""

    def __init__(self, *events: Event) -> None:
        self.kept = SimpleNamespace(
            events=events, among=events, version=1, now=NOW, changed_at=NOW, sample=False
        )

    async def answer(self, asked: query.Query) -> SimpleNamespace:
        return self.kept


def asking(text: str = "") -> Request:
    return Request(query.parse(parse_qsl(text, keep_blank_values=True)))


def publisher(replica: Replica) -> Publisher:
    return Publisher(cast(Repository, replica))


async def publish(*events: Event, text: str = "", form: Form = "ics") -> Published:
    return await publisher(Replica(*events)).publish(asking(text), form)


def test_json_of_a_timed_event() -> None:
    shown = as_json(Shown(DOCKING, Span(DOCKING.date or NOW, NOW, True, True, "")))
    event = shown.pop("event")
    description = shown.pop("description")
    assert shown == {
        "id": 1183,
        "uid": "84d42442-6294-5ad5-a45c-a46115796f09",
        "summary": "Soyuz MS-27 Docking",
        "start": "2025-04-08T09:03:56Z",
        "end": "2026-11-21T07:00:00Z",
        "all_day": False,
        "known": None,
        "status": "CONFIRMED",
        "location": "International Space Station",
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
    assert event["last_update"] == "NASA's webcast is now live"
    assert event["vid_urls"][1]["language"] == "ru"
    assert [one["id"] for one in event["agencies"]] == [63]


def test_json_of_a_bare_all_day_event() -> None:
    event = Event(id=7, name="Landing", date=NOW)
    shown = as_json(Shown(event, Span(date(2027, 3, 1), date(2027, 3, 2), False, False, "H1 2027")))
    assert shown["event"] == {
        "name": "Landing", "slug": "", "type": None, "date": "2026-11-21T07:00:00Z",
        "date_precision": None, "duration": None, "location": "", "description": "",
        "image": None, "vid_urls": [], "info_urls": [], "agencies": [], "program": [],
        "launches": [], "expeditions": [], "spacestations": [], "last_updated": None,
        "last_update": None,
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
    undated = publisher(Replica(DOCKING.model_copy(update={"date": None})))
    with pytest.raises(NotFound):
        await undated.publish(replace(asking(), one=True), "ics")


async def test_a_changed_event_is_rendered_anew_and_the_others_stay() -> None:
    replica = Replica(DOCKING, TESTING)
    serving = publisher(replica)
    before = judges.read((await serving.publish(asking(), "ics")).body).inner
    moved = DOCKING.model_copy(update={"date": NOW, "last_updated": NOW})
    replica.kept.events, replica.kept.version = (moved, TESTING), 2
    after = judges.read((await serving.publish(asking(), "ics")).body).inner
    assert after[0] == before[0]
    assert (after[1].one("DTSTART"), after[1].one("UID")) == (
        judges.Prop("DTSTART", "20261121T070000Z"),
        before[1].one("UID"),
    )


async def test_feeds_with_other_options_do_not_get_each_others_pieces() -> None:
    serving = publisher(Replica(DOCKING))
    texts = ["", "lang=ru", "start=webcast", "alarm=PT10M", "length=PT2H", ""]
    bodies = [(await serving.publish(asking(text), "ics")).body for text in texts]
    alone = [(await publish(DOCKING, text=text)).body for text in texts]
    assert bodies == alone
    assert bodies[0] == bodies[-1]
    assert len(set(bodies)) == 4  # its duration is known, so that length changes nothing


@pytest.mark.parametrize(
    ("sample", "name"), [(False, "Spaceflight events"), (True, "Spaceflight events (sample data)")]
)
async def test_the_head_says_what_the_feed_is(sample: bool, name: str) -> None:
    replica = Replica(DOCKING)
    replica.kept.sample = sample
    calendar = judges.read((await publisher(replica).publish(asking(), "ics")).body)
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
        (datetime(2020, 1, 1, tzinfo=UTC), vevent.WORDING_SINCE),
    ],
)
async def test_last_modified_lies_between_the_wording_and_now(
    changed: datetime, wanted: datetime
) -> None:
    replica = Replica(DOCKING)
    replica.kept.changed_at = changed
    assert (await publisher(replica).publish(asking(), "ics")).last_modified == wanted

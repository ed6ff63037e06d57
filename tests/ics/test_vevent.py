"""Events -> calendar bytes: every property, as contract section 5 has it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from calfeed.entry import WORDING_SINCE, Display, uid
from calfeed.events import EVENTS
from calfeed.events.model import Event
from calfeed.ics import vcalendar
from calfeed.record import Agency, InfoUrl, Named, VidUrl
from tests.support import calendars, judges
from tests.support.judges import Component, Prop

DATE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
UPDATED = datetime(2026, 12, 1, 12, 0, 1, tzinfo=UTC)
PLAIN = Display()
HEAD = vcalendar.Head("Soyuz, and more", "What; it shows", "steelblue", UPDATED)
VIDEOS = (
    VidUrl(url="https://a.example/1", priority=1, title="First", publisher="NASA",
           official=True, language="en"),
    VidUrl(url="https://b.example/2", priority=2, publisher="Роскосмос", language="ru"),
    VidUrl(url="https://c.example/3", priority=3, official=False),
)  # fmt: skip
PAGES = (InfoUrl(url="https://p.example/1", title="Press kit"), InfoUrl(url="https://p.example/2"))
EVENT = Event(id=7, name="Docking", date=DATE, date_precision=1, last_updated=UPDATED)


def feed(event: Event, display: Display = PLAIN, head: vcalendar.Head = HEAD) -> bytes:
    return calendars.feed(EVENTS, event, display, head)


def entry(display: Display = PLAIN, /, **changes: Any) -> Component:
    """The VEVENT of the event with some of its members changed."""
    body = feed(replace(EVENT, **changes), display)
    assert judges.faults(body) == []
    (found,) = judges.read(body).components("VEVENT")
    return found


def prop(name: str, display: Display = PLAIN, /, **changes: Any) -> Prop | None:
    return entry(display, **changes).one(name)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("PRODID", Prop("PRODID", "-//calfeed//Launch Library 2//EN")),
        ("VERSION", Prop("VERSION", "2.0")),
        ("CALSCALE", Prop("CALSCALE", "GREGORIAN")),
        ("NAME", Prop("NAME", "Soyuz\\, and more")),
        ("X-WR-CALNAME", Prop("X-WR-CALNAME", "Soyuz\\, and more")),
        ("DESCRIPTION", Prop("DESCRIPTION", "What\\; it shows")),
        ("X-WR-CALDESC", Prop("X-WR-CALDESC", "What\\; it shows")),
        ("REFRESH-INTERVAL", Prop("REFRESH-INTERVAL", "PT1H", {"VALUE": "DURATION"})),
        ("X-PUBLISHED-TTL", Prop("X-PUBLISHED-TTL", "PT1H")),
        ("COLOR", Prop("COLOR", "steelblue")),
        ("X-APPLE-CALENDAR-COLOR", Prop("X-APPLE-CALENDAR-COLOR", "#4682B4")),
        ("LAST-MODIFIED", Prop("LAST-MODIFIED", "20261201T120001Z")),
        ("SOURCE", None),
        ("METHOD", None),
        ("UID", None),
    ],
)
def test_properties_of_the_calendar(name: str, wanted: Prop | None) -> None:
    assert judges.read(feed(EVENT)).one(name) == wanted


def test_source_only_with_a_public_address() -> None:
    address = "https://h.example/events.ics?agency__ids=44,63&search=a;b"
    calendar = judges.read(feed(EVENT, head=replace(HEAD, source=address)))
    assert calendar.one("SOURCE") == Prop("SOURCE", address, {"VALUE": "URI"})


def test_a_calendar_without_events_holds_a_lone_timezone() -> None:
    body = b"".join(vcalendar.render(HEAD, []))
    assert judges.faults(body) == []
    assert [inner.name for inner in judges.read(body).inner] == ["VTIMEZONE"]
    assert [parse(body) for parse in judges.PARSERS.values()] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("name", "changes", "wanted"),
    [
        ("UID", {}, Prop("UID", "a538926c-adae-5df2-99c3-e7ec1b0590f1")),
        ("DTSTART", {}, Prop("DTSTART", "20261231T233000Z")),
        ("DTEND", {}, Prop("DTEND", "20270101T003000Z")),
        ("DTEND", {"duration": timedelta(days=2)}, Prop("DTEND", "20270102T233000Z")),
        ("DTSTART", {"date_precision": 5}, Prop("DTSTART", "20261231", {"VALUE": "DATE"})),
        ("DTEND", {"date_precision": 5}, Prop("DTEND", "20270101", {"VALUE": "DATE"})),
        ("DURATION", {"duration": timedelta(hours=1)}, None),
        ("SUMMARY", {}, Prop("SUMMARY", "Docking")),
        ("SUMMARY", {"date_precision": 10}, Prop("SUMMARY", "Docking (Q3 2026)")),
        ("SUMMARY", {"name": "n" * 251}, Prop("SUMMARY", "n" * 249 + "…")),
        ("LOCATION", {"location": "Pad 1, Mars"}, Prop("LOCATION", "Pad 1\\, Mars")),
        ("LOCATION", {}, None),
        ("STATUS", {"date_precision": 0}, Prop("STATUS", "CONFIRMED")),
        ("STATUS", {"date_precision": 1}, Prop("STATUS", "CONFIRMED")),
        ("STATUS", {"date_precision": None}, Prop("STATUS", "CONFIRMED")),
        ("STATUS", {"date_precision": 2}, Prop("STATUS", "TENTATIVE")),
        ("STATUS", {"date_precision": 5}, Prop("STATUS", "TENTATIVE")),
        ("STATUS", {"date_precision": 77}, Prop("STATUS", "TENTATIVE")),
        ("TRANSP", {}, Prop("TRANSP", "TRANSPARENT")),
        ("X-MICROSOFT-CDO-BUSYSTATUS", {}, Prop("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")),
        ("CLASS", {}, Prop("CLASS", "PUBLIC")),
        ("DTSTAMP", {}, Prop("DTSTAMP", "20261201T120001Z")),
        ("LAST-MODIFIED", {}, Prop("LAST-MODIFIED", "20261201T120001Z")),
        ("CATEGORIES", {}, None),
        ("CATEGORIES", {"type": Named(id=2, name=" , ; \\ ")}, None),
        ("URL", {}, None),
        ("URL", {"vid_urls": VIDEOS, "info_urls": PAGES}, Prop("URL", "https://a.example/1")),
        ("URL", {"info_urls": PAGES}, Prop("URL", "https://p.example/1")),
        ("CONFERENCE", {}, None),
        ("IMAGE", {}, None),
        ("METHOD", {}, None),
        ("ORGANIZER", {}, None),
        ("RRULE", {}, None),
    ],
)
def test_properties_of_an_event(name: str, changes: dict[str, Any], wanted: Prop | None) -> None:
    assert prop(name, **changes) == wanted


def test_the_uid_is_a_uuid_of_the_id_alone() -> None:
    assert UUID(uid("event", 7)).version == 5
    assert len({uid("event", number) for number in range(2000)}) == 2000
    assert uid("event", 7) != uid("launch", 7)
    assert prop("UID", name="Another", last_updated=None, date=DATE.replace(2030)) == prop("UID")


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [(("ru",), "b"), (("ja", "ru", "en"), "b"), (("en", "ru"), "a"), (("ja",), "a"), ((), "a")],
)
def test_the_url_follows_the_language_then_the_priority(lang: tuple[str, ...], wanted: str) -> None:
    shown = entry(Display(lang=lang), vid_urls=VIDEOS)
    assert [one.value[8] for one in shown.all("URL")] == [wanted]
    assert [one.value[8] for one in shown.all("CONFERENCE")] == ["a", "b", "c"]


def test_a_dialect_counts_as_its_language() -> None:
    videos = (VIDEOS[0], VidUrl(url="https://b.example/2", language="pt-br"))
    assert prop("URL", Display(lang=("pt",)), vid_urls=videos) == Prop("URL", "https://b.example/2")


def test_every_webcast_is_a_conference() -> None:
    common = {"VALUE": "URI", "FEATURE": "AUDIO,VIDEO"}
    assert entry(vid_urls=VIDEOS).all("CONFERENCE") == [
        Prop("CONFERENCE", "https://a.example/1",
             {**common, "LABEL": "NASA: First", "LANGUAGE": "en"}),
        Prop("CONFERENCE", "https://b.example/2",
             {**common, "LABEL": "Роскосмос", "LANGUAGE": "ru"}),
        Prop("CONFERENCE", "https://c.example/3", common),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ('say "hello"', "say 'hello'"),
        ("x^y ^n ^^", "x'y 'n ''"),
        ("a\\;b\\", "a/;b/"),
        ("one;VALUE=TEXT:two,three", "one;VALUE=TEXT:two,three"),
        ("two\nlines\u2028three\x07", "two lines three"),
        ("it’s", "it’s"),
    ],
)
def test_labels_stay_within_their_parameter(title: str, label: str) -> None:
    video = VidUrl(url="https://a.example/x:y;z,w", title=title)
    (shown,) = entry(vid_urls=(video,)).all("CONFERENCE")
    assert shown == Prop(
        "CONFERENCE",
        "https://a.example/x:y;z,w",
        {"FEATURE": "AUDIO,VIDEO", "LABEL": label, "VALUE": "URI"},
    )


def test_categories_are_type_agencies_and_programs_without_commas() -> None:
    shown = prop(
        "CATEGORIES",
        type=Named(id=2, name="Docking"),
        agencies=(Agency(id=1, name="Space, Inc."), Agency(id=2, name="Docking")),
        program=(Named(id=3, name="A;B\\C"), Named(id=4, name="")),
    )
    assert shown == Prop("CATEGORIES", "Docking,Space Inc.,A B C")


@pytest.mark.parametrize(
    ("address", "kind"),
    [("a.jpg", "image/jpeg"), ("a.PNG", "image/png"), ("a.webp", "image/webp"), ("a?b", None)],
)
def test_the_image_names_its_type_where_it_shows(address: str, kind: str | None) -> None:
    params = {"VALUE": "URI", "DISPLAY": "GRAPHIC"} | ({"FMTTYPE": kind} if kind else {})
    shown = prop("IMAGE", image=f"https://i.example/{address}")
    assert shown == Prop("IMAGE", f"https://i.example/{address}", params)


def test_the_sequence_grows_with_every_update_and_stays_in_31_bits() -> None:
    def sequence(moment: datetime | None) -> int:
        found = prop("SEQUENCE", last_updated=moment)
        assert found
        return int(found.value)

    updates = [UPDATED + timedelta(seconds=n) for n in (0, 1, 86_400, 10**9)]
    counted = [sequence(moment) for moment in updates]
    assert counted == sorted(set(counted))
    assert sequence(datetime(2999, 12, 31, tzinfo=UTC)) == 2**31 - 1
    assert sequence(datetime(1900, 1, 1, tzinfo=UTC)) == sequence(None) == 532_987_200


@pytest.mark.parametrize("updated", [None, datetime(2020, 1, 1, tzinfo=UTC)])
def test_last_modified_is_never_older_than_the_wording(updated: datetime | None) -> None:
    since = WORDING_SINCE.strftime("%Y%m%dT%H%M%SZ")
    shown = entry(last_updated=updated)
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        assert shown.one(name) == Prop(name, since)


def test_alarms_ring_before_timed_events_only() -> None:
    display = Display(alarm=(timedelta(days=1), timedelta(minutes=10), timedelta(0)))
    wanted = [
        [
            Prop("ACTION", "DISPLAY"),
            Prop("DESCRIPTION", "Docking"),
            Prop("TRIGGER", trigger),
        ]
        for trigger in ("-P1D", "-PT10M", "P0D")
    ]
    assert [alarm.props for alarm in entry(display).components("VALARM")] == wanted
    assert entry(display, date_precision=5).inner == []
    assert entry().inner == []


@pytest.mark.parametrize("year", [1900, 1969, 2000, 2038, 2999])
def test_years_far_away(year: int) -> None:
    far = replace(EVENT, date=DATE.replace(year=year), date_precision=16)
    body = feed(far, Display(coarse="span"))
    first = year - year % 10
    shown = judges.by_ical(body)[uid("event", 7)]
    assert (shown.start, shown.end) == (date(first, 1, 1), date(first + 10, 1, 1))
    assert judges.by_vobject(body) == judges.by_icalendar(body) == judges.by_ical(body)

"""Whatever upstream writes and however it is shown: all judges take the feed and agree on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from calfeed.entry import WORDING_SINCE, Display
from calfeed.events import EVENTS
from calfeed.events.model import Event, EventLaunch
from calfeed.events.payload import from_record
from calfeed.ics import vcalendar, vevent
from calfeed.record import Agency, InfoUrl, Named, Update, VidUrl
from calfeed.text import clean, clean_line
from tests.support import judges

NASTY = (
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\n", "\u2028BEGIN:VALARM", "\u2029X:1", "\x85",
    "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x00", "\x07", "\x7f", "\x9b", "\ufeff",
    "\ufffe", "\ud800", "\udfff", "\\", "\\\\", "\\n", "\\N", "\\,", "\\;", '"', "'", "^", "^n",
    "^'", "’", ";", ",", ":", "=", ";VALUE=TEXT:", "%0D%0A", "\t", " ", "   ", "\n", "\r", "\n ",
    "\r\n\t", "\u200f", "\u202e", "\u200d", "\u00a0", "\u3000", "שלום", "مرحبا", "🧑‍🚀", "🇷🇺",
    "e\u0301", "Ü", "国際宇宙ステーション", "\U0010ffff", "\ufdd0", "BEGIN:VCALENDAR", "-//", "<b>",
    "&amp;", "é" * 80, "🚀" * 30, "x" * 300, "\\" * 80, "," * 80,
)  # fmt: skip
texts = st.one_of(
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), max_size=8).map("".join),
    st.text(st.characters(), max_size=200),
)
names = texts.map(lambda text: text + "name")
links = st.one_of(
    st.text("abc/?#;,:=&%'()*~[]-._+!$@", max_size=120).map("https://h.example/".__add__),
    st.sampled_from(["http://h", "https://h.example:8080?" + "q" * 1970, "HTTPS://Ü.example/é"]),
)
bad_links = st.sampled_from(
    ["javascript:alert(1)", "https://h/a\r\nX:1", "https://h/\u2028", "https://a b", "", "//h"]
)
moments = st.integers(0, 1100 * 365 * 86400).map(
    lambda seconds: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
lengths = st.integers(1, 36525 * 86400).map(lambda seconds: timedelta(seconds=seconds))
leads = st.integers(0, 366 * 86400).map(lambda seconds: timedelta(seconds=seconds))
maybe_moments = st.none() | moments
displays = st.builds(
    Display,
    coarse=st.sampled_from(["mark", "span", "hide"]),
    start=st.sampled_from(["date", "webcast"]),
    length=st.integers(1, 366 * 86400).map(lambda seconds: timedelta(seconds=seconds)),
    alarm=st.lists(leads, max_size=3, unique=True).map(tuple),
    lang=st.lists(st.sampled_from(["en", "ru", "pt-br"]), max_size=2).map(tuple),
)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, max_size=3).map(tuple)


named = st.builds(Named, id=st.integers(0, 9), name=texts)
events = st.builds(
    Event,
    id=st.integers(0, 2**31 - 1),
    name=names,
    type=st.none() | named,
    date=moments,
    date_precision=st.none() | st.integers(-1, 20),
    duration=st.none() | lengths,
    location=texts,
    description=texts,
    image=st.none() | links,
    vid_urls=several(
        st.builds(
            VidUrl,
            url=links,
            title=texts,
            publisher=texts,
            official=st.sampled_from([True, False, None]),
            language=st.one_of(texts, st.sampled_from(["en", "ru"])),
            start_time=maybe_moments,
            end_time=maybe_moments,
        )
    ),
    info_urls=several(st.builds(InfoUrl, url=links, title=texts)),
    agencies=several(st.builds(Agency, id=st.integers(0, 9), name=texts, abbrev=texts)),
    program=several(named),
    launches=several(st.builds(EventLaunch, id=texts, name=texts)),
    updates=several(st.builds(Update, comment=texts, created_on=moments)),
    last_updated=maybe_moments,
)

stamps = moments.map(lambda moment: moment.isoformat())
things = st.fixed_dictionaries({"id": st.integers(0, 9), "name": texts})
records = st.fixed_dictionaries(
    {
        "id": st.integers(0, 2**31 - 1),
        "name": texts,
        "date": stamps,
        "date_precision": st.none() | st.fixed_dictionaries({"id": st.integers(0, 20)}),
    },
    optional={
        "type": things,
        "duration": st.one_of(st.sampled_from(["PT1H", "P1DT0S", "-PT1H", "PT0S", ""]), texts),
        "location": texts,
        "description": texts,
        "image": st.fixed_dictionaries({"image_url": links | bad_links}),
        "feature_image": links | bad_links | texts,
        "video_url": links | bad_links,
        "vid_urls": st.lists(
            st.fixed_dictionaries(
                {"url": links | bad_links},
                optional={
                    "title": texts,
                    "publisher": texts,
                    "priority": st.none() | st.integers(),
                    "type": st.fixed_dictionaries({"id": st.integers(1, 3)}),
                    "language": st.fixed_dictionaries({"code": texts | st.just("en")}),
                    "start_time": stamps | texts,
                    "end_time": stamps | texts,
                },
            ),
            max_size=3,
        ),
        "info_urls": st.lists(
            st.fixed_dictionaries({"url": links | bad_links, "title": texts}), max_size=2
        ),
        "agencies": st.lists(things, max_size=2),
        "program": st.lists(things, max_size=2),
        "launches": st.lists(st.fixed_dictionaries({"id": texts, "name": texts}), max_size=2),
        "updates": st.lists(
            st.fixed_dictionaries({"comment": texts, "created_on": stamps}), max_size=2
        ),
        "last_updated": stamps | texts,
    },
)
many = settings(max_examples=120)


def check(chosen: list[Event], display: Display, name: str) -> None:
    """Render them into one feed, and hear every judge on it."""
    entries = [entry for event in chosen if (entry := EVENTS.entry(event, display))]
    head = vcalendar.Head(clean_line(name), clean(name), "tan", WORDING_SINCE)
    body = vcalendar.render(head, [vevent.render(e).join(e.span, display.alarm) for e in entries])
    again = vcalendar.render(head, [vevent.render(e).join(e.span, display.alarm) for e in entries])
    assert body == again
    assert judges.faults(body) == []
    wanted = {
        entry.uid: judges.Entry(
            entry.span.start, entry.span.end, entry.summary, entry.description, entry.location
        )
        for entry in entries
    }
    for parse in judges.PARSERS.values():
        assert parse(body) == wanted
    for entry in judges.read(body).components("VEVENT"):
        check_entry(entry, wanted[entry.all("UID")[0].value])


def check_entry(entry: judges.Component, wanted: judges.Entry) -> None:
    assert wanted.end > wanted.start
    assert 0 < len(wanted.summary) <= 255
    assert [prop.text for prop in entry.all("SUMMARY")] == [wanted.summary]
    assert [prop.text for prop in entry.all("DESCRIPTION")] == [wanted.description]
    assert [prop.text for prop in entry.all("LOCATION")] == [wanted.location] * bool(
        wanted.location
    )
    for prop in entry.all("URL") + entry.all("CONFERENCE") + entry.all("IMAGE"):
        assert prop.value.isascii()
        assert prop.value.startswith(("http://", "https://"))
    for alarm in entry.inner:
        assert [prop.name for prop in alarm.props] == ["ACTION", "DESCRIPTION", "TRIGGER"]


@many
@given(st.lists(events, max_size=2, unique_by=lambda event: event.id), displays, names)
def test_any_events(chosen: list[Event], display: Display, name: str) -> None:
    check(chosen, display, name)


@many
@given(st.lists(records, min_size=1, max_size=2, unique_by=lambda one: one["id"]), displays)
@example([{"id": 1, "name": "", "date": "2999-12-31T23:59:59Z"}], Display(coarse="span"))
def test_any_records(chosen: list[dict[str, Any]], display: Display) -> None:
    check([from_record(record) for record in chosen], display, "records")


def test_every_nasty_text_everywhere() -> None:
    date = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    for text in NASTY:
        thing = Named(id=1, name=text)
        video = VidUrl(url="https://h.example", title=text, publisher=text, language=text)
        event = Event(
            id=1, name=f"{text}n{text}", date=date, location=text, description=f"{text}d{text}",
            type=thing, program=(thing,), agencies=(Agency(id=1, name=text, abbrev=text),),
            launches=(EventLaunch(id=text, name=text),), vid_urls=(video,),
            info_urls=(InfoUrl(url="https://h.example", title=text),),
            updates=(Update(comment=text, created_on=date),),
        )  # fmt: skip
        check([event], Display(alarm=(timedelta(0),)), f"n{text}n")

"""Whatever upstream writes of events and however it is shown: all judges agree on the feed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from calfeed.entry import Display
from calfeed.events import EVENTS
from calfeed.events.model import Event, EventLaunch
from calfeed.events.payload import from_record
from calfeed.record import Agency, InfoUrl, Named, Update, VidUrl
from tests.support.hostile import (
    NASTY,
    bad_links,
    check,
    displays,
    lengths,
    links,
    many,
    maybe_moments,
    moments,
    names,
    several,
    stamps,
    texts,
    things,
    videos,
)

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
    vid_urls=several(videos),
    info_urls=several(st.builds(InfoUrl, url=links, title=texts)),
    agencies=several(st.builds(Agency, id=st.integers(0, 9), name=texts, abbrev=texts)),
    program=several(named),
    launches=several(st.builds(EventLaunch, id=texts, name=texts)),
    updates=several(st.builds(Update, comment=texts, created_on=moments)),
    last_updated=maybe_moments,
)

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


@many
@given(st.lists(events, max_size=2, unique_by=lambda event: event.id), displays, names)
def test_any_events(chosen: list[Event], display: Display, name: str) -> None:
    check([EVENTS.entry(event, display) for event in chosen], display, name)


@many
@given(st.lists(records, min_size=1, max_size=2, unique_by=lambda one: one["id"]), displays)
@example([{"id": 1, "name": "", "date": "2999-12-31T23:59:59Z"}], Display(coarse="span"))
def test_any_records(chosen: list[dict[str, Any]], display: Display) -> None:
    check([EVENTS.entry(from_record(record), display) for record in chosen], display, "records")


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
        display = Display(alarm=(timedelta(0),))
        check([EVENTS.entry(event, display)], display, f"n{text}n")

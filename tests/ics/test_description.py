"""What a person reads in an event's description."""

from datetime import UTC, datetime, timedelta

from calfeed.events.entry import describe
from calfeed.events.model import Event, EventLaunch
from calfeed.record import Agency, InfoUrl, Named, Update, VidUrl

CHANGED = datetime(2026, 12, 1, 12, tzinfo=UTC)
START = datetime(2026, 12, 31, 23, 15, tzinfo=UTC)
ATTRIBUTION = "Data: Launch Library 2 by The Space Devs"


def test_the_description_says_all_there_is() -> None:
    event = Event(
        id=7,
        name="Docking",
        description="Two ships meet.\n\nThey dock.",
        vid_urls=(
            VidUrl(url="https://a.example/1", title="First", publisher="NASA", official=True,
                   language="en", start_time=START, end_time=START + timedelta(hours=1)),
            VidUrl(url="https://b.example/2", publisher="Роскосмос", language="ru",
                   start_time=START),
            VidUrl(url="https://c.example/3", official=False, start_time=START,
                   end_time=START + timedelta(minutes=20)),
            VidUrl(url="https://d.example/4", language="eo"),
            VidUrl(url="https://e.example/5"),
        ),
        info_urls=(
            InfoUrl(url="https://p.example/1", title="Press kit"),
            InfoUrl(url="https://p.example/2"),
        ),
        type=Named(id=2, name="Docking"),
        agencies=(
            Agency(id=1, name="Canadian Space Agency", abbrev="CSA"),
            Agency(id=2, name="Boeing", abbrev="Boeing"),
            Agency(id=3, name="Russian Federal Space Agency (ROSCOSMOS)", abbrev="RFSA"),
        ),
        program=(Named(id=3, name="Soyuz"),),
        launches=(
            EventLaunch(id="x", name="Soyuz 2.1a | MS-27"),
            EventLaunch(id="y", name="Proton-M | Zvezda"),
        ),
        updates=(Update(comment="Now live", created_on=CHANGED),
                 Update(comment="Hold", created_on=CHANGED - timedelta(hours=1))),
    )  # fmt: skip
    assert (
        describe(event)
        == """\
Two ships meet.

They dock.

Official webcast by NASA in English, 31 December 2026 23:15 to 1 January 2027 00:15 UTC: \
First https://a.example/1
Webcast by Роскосмос in Russian, 31 December 2026 23:15 UTC: https://b.example/2
Unofficial webcast, 31 December 2026 23:15–23:35 UTC: https://c.example/3
Webcast in eo: https://d.example/4
Webcast: https://e.example/5

More: Press kit https://p.example/1
More: https://p.example/2

Type: Docking
Agencies: Canadian Space Agency (CSA), Boeing, Russian Federal Space Agency (ROSCOSMOS)
Program: Soyuz
Launches: Soyuz 2.1a | MS-27, Proton-M | Zvezda
Last update (1 December 2026): Now live
Earlier update (1 December 2026): Hold

Data: Launch Library 2 by The Space Devs"""
    )


def test_it_names_its_source_where_nothing_else_is_known() -> None:
    assert describe(Event(id=7, name="Docking")) == ATTRIBUTION


def test_nameless_things_leave_no_empty_lines() -> None:
    nothing = Named(id=1, name="")
    event = Event(
        id=7,
        name="Docking",
        type=nothing,
        program=(nothing,),
        agencies=(Agency(id=1, name=""),),
    )
    assert describe(event) == ATTRIBUTION

"""Whatever upstream writes of launches and however it is shown: all judges agree."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from calfeed.entry import Display
from calfeed.launches import LAUNCHES
from calfeed.launches.model import (
    Booster,
    Configuration,
    CrewMember,
    Landing,
    Launch,
    Location,
    Mission,
    Orbit,
    Pad,
    Provider,
    Spacecraft,
)
from calfeed.record import Agency, InfoUrl, Move, Named, Update, VidUrl
from tests.support.hostile import (
    NASTY,
    bad_links,
    check,
    displays,
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

uuids = st.uuids().map(str)
precisions = st.none() | st.integers(-1, 20)
zones = st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "", "../x"])
landings = st.none() | st.builds(
    Landing, attempt=st.none() | st.booleans(), success=st.none() | st.booleans(),
    location=texts, type=texts,
)  # fmt: skip
named = st.builds(Named, id=st.integers(0, 9), name=texts)
agencies = st.builds(Agency, id=st.integers(0, 9), name=texts, abbrev=texts)
pads = st.builds(
    Pad,
    id=st.integers(0, 9),
    name=texts,
    latitude=st.none() | st.floats(-90, 90).map(lambda degrees: round(degrees, 3)),
    longitude=st.none() | st.floats(-180, 180).map(lambda degrees: round(degrees, 3)),
    location=st.none() | st.builds(
        Location, id=st.integers(0, 9), name=texts, timezone_name=zones,
        celestial_body=st.none() | st.builds(Named, id=st.integers(1, 2), name=texts),
    ),
)  # fmt: skip
launches = st.builds(
    Launch,
    id=uuids,
    name=names,
    status=st.none() | st.builds(Named, id=st.integers(0, 10), name=texts),
    net=moments,
    net_precision=precisions,
    window_start=maybe_moments,
    window_end=maybe_moments,
    image=st.none() | links,
    probability=st.none() | st.integers(0, 100),
    weather_concerns=texts,
    failreason=texts,
    launch_service_provider=st.none() | st.builds(
        Provider, id=st.integers(0, 9), name=texts, abbrev=texts
    ),
    configuration=st.none() | st.builds(
        Configuration, id=st.integers(0, 9), name=texts, full_name=texts
    ),
    launcher_stage=several(st.builds(Booster, serial_number=texts, landing=landings)),
    spacecraft_stage=several(
        st.builds(Spacecraft, id=st.integers(0, 9), name=texts, landing=landings,
                  crew=several(st.builds(CrewMember, name=texts, role=texts)))
    ),
    mission=st.none() | st.builds(
        Mission, name=texts, type=texts, description=texts, agencies=several(agencies),
        orbit=st.none() | st.builds(Orbit, id=st.integers(0, 9), name=texts),
    ),
    pad=st.none() | pads,
    program=several(named),
    vid_urls=several(videos),
    info_urls=several(st.builds(InfoUrl, url=links, title=texts)),
    updates=several(st.builds(Update, comment=texts, created_on=moments)),
    last_updated=maybe_moments,
    moves=several(st.builds(Move, date=moments, precision=precisions, noticed_at=moments)),
)  # fmt: skip

lands = st.fixed_dictionaries(
    {}, optional={"attempt": st.booleans(), "success": st.booleans(),
                  "landing_location": things, "location": things, "type": things},
)  # fmt: skip
records = st.fixed_dictionaries(
    {
        "id": uuids,
        "name": texts,
        "net": stamps,
        "net_precision": st.none() | st.fixed_dictionaries({"id": st.integers(0, 20)}),
    },
    optional={
        "status": things,
        "window_start": stamps | texts,
        "window_end": stamps | texts,
        "probability": st.none() | st.integers() | texts,
        "weather_concerns": texts,
        "failreason": texts,
        "image": links | bad_links | st.fixed_dictionaries({"image_url": links | bad_links}),
        "launch_service_provider": things,
        "rocket": st.fixed_dictionaries(
            {
                "configuration": things,
                "launcher_stage": st.lists(
                    st.fixed_dictionaries(
                        {"launcher": st.fixed_dictionaries({"serial_number": texts}),
                         "landing": lands}
                    ),
                    max_size=2,
                ),
                "spacecraft_stage": st.fixed_dictionaries(
                    {"spacecraft": things, "landing": lands,
                     "launch_crew": st.lists(
                         st.fixed_dictionaries({"astronaut": things,
                                                "role": st.fixed_dictionaries({"role": texts})}),
                         max_size=2)}
                ),
            }
        ),
        "mission": st.fixed_dictionaries(
            {"name": texts, "type": texts, "description": texts, "orbit": things,
             "agencies": st.lists(things, max_size=2)}
        ),
        "pad": st.fixed_dictionaries(
            {"id": st.integers(0, 9), "name": texts},
            optional={
                "latitude": st.floats() | texts | st.sampled_from(["28.5", "1e-7", "-0.0"]),
                "longitude": st.floats() | texts | st.sampled_from(["28.5", "1e-7", "-0.0"]),
                "location": st.fixed_dictionaries(
                    {"id": st.integers(0, 9), "name": texts, "timezone_name": zones | texts}
                ),
            },
        ),
        "program": st.lists(things, max_size=2),
        "vidURLs": st.lists(
            st.fixed_dictionaries({"url": links | bad_links, "title": texts}), max_size=2
        ),
        "infoURLs": st.lists(
            st.fixed_dictionaries({"url": links | bad_links, "title": texts}), max_size=2
        ),
        "updates": st.lists(
            st.fixed_dictionaries({"comment": texts, "created_on": stamps}), max_size=4
        ),
        "last_updated": stamps | texts,
    },
)  # fmt: skip


@many
@given(st.lists(launches, max_size=2, unique_by=lambda launch: launch.id), displays, names)
def test_any_launches(chosen: list[Launch], display: Display, name: str) -> None:
    check([LAUNCHES.entry(launch, display) for launch in chosen], display, name)


@many
@given(st.lists(records, min_size=1, max_size=2, unique_by=lambda one: str(one["id"])), displays)
@example(
    [{"id": "10000000-0000-4000-8000-000000000001", "name": "", "net": "2999-12-31T23:59:59Z"}],
    Display(coarse="span", window=True),
)
def test_any_records(chosen: list[dict[str, Any]], display: Display) -> None:
    read = map(LAUNCHES.read, chosen)
    check([LAUNCHES.entry(launch, display) for launch in read], display, "records")


def test_every_nasty_text_everywhere() -> None:
    net = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    display = Display(alarm=(timedelta(0),))
    for text in NASTY:
        thing, agency = Named(id=1, name=text), Agency(id=1, name=text, abbrev=text)
        landing = Landing(location=text, type=f"{text}t")
        video = VidUrl(url="https://h.example", title=text, publisher=text, language=text)
        launch = Launch(
            id="10000000-0000-4000-8000-000000000001", name=f"{text}n{text}", net=net,
            status=thing, weather_concerns=text, failreason=text, probability=1,
            launch_service_provider=Provider(id=2, name=text, abbrev=text, parent=text),
            configuration=Configuration(id=1, name=text, full_name=text, manufacturer=agency),
            launcher_stage=(Booster(serial_number=text, flight=2, landing=landing),),
            spacecraft_stage=(Spacecraft(id=1, name=text, configuration=thing, landing=landing,
                                         crew=(CrewMember(name=text, role=text),)),),
            mission=Mission(name=text, type=text, description=f"{text}d{text}",
                            orbit=Orbit(id=1, name=text), agencies=(agency,)),
            pad=Pad(id=1, name=text, latitude=28.5, longitude=-80.5,
                    location=Location(id=1, name=text, timezone_name=text)),
            program=(thing,), vid_urls=(video,),
            info_urls=(InfoUrl(url="https://h.example", title=text),),
            updates=(Update(comment=text, created_on=net),) * 3,
        )  # fmt: skip
        check([LAUNCHES.entry(launch, display)], display, f"n{text}n")

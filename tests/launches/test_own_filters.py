"""Filters of launches that Launch Library does not have, and how launches filter beside events."""

from urllib.parse import parse_qsl

import pytest

from calfeed.catalog import ALL, EVENTS_ONLY, LAUNCHES_ONLY
from calfeed.errors import QueryError
from calfeed.events import EVENTS
from calfeed.launches import LAUNCHES
from calfeed.launches.place import distance_from
from calfeed.query.collection import Scope
from calfeed.query.parse import parse
from calfeed.query.query import Query
from tests.fake import Record, event, launch, mission, pad
from tests.fake.launches.older import as_220

KENNEDY, CANAVERAL, STARBASE, KOUROU, MAHIA = 87, 80, 235, 901, 210
IDS = [f"{n}0000000-0000-4000-8000-00000000000{n}" for n in range(1, 7)]


def six() -> list[Record]:
    return [
        launch(IDS[0], "Falcon 9 Block 5 | Starlink Group 6-1", pad=CANAVERAL),
        launch(IDS[1], "Falcon 9 Block 5 | Crew-13", pad=KENNEDY,
               mission=mission("Crew-13", agencies=(44, 121))),
        launch(IDS[2], "Starship V3 | Flight 14", rocket=522, pad=STARBASE),
        launch(IDS[3], "Ariane 62 | Galileo", rocket=900, pad=KOUROU),
        launch(IDS[4], "Electron | Owl", rocket=26, pad=MAHIA),
        launch(IDS[5], "H3-30", rocket=203, mission=None, pad=None),
    ]  # fmt: skip


def query(text: str, scope: Scope = LAUNCHES_ONLY, version: str = "") -> Query:
    return parse(parse_qsl(text, keep_blank_values=True), Query.everything(scope), version)


def passing(text: str, records: list[Record]) -> list[int]:
    """The numbers of the launches that a query lets through."""
    tests = query(text).tests(LAUNCHES)
    assert tests is not None
    read = enumerate(map(LAUNCHES.read, records), 1)
    return [number for number, record in read if all(test(record) for test in tests)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("agency__ids=121", [1, 2, 3]),
        ("agency__ids=44", [2]),
        ("agency__ids=44,147,115", [2, 4, 5]),
        ("agency__ids=900", []),
        ("country=US", [1, 2, 3]),
        ("country=gf,Nz", [4, 5]),
        ("country=FR", []),
        ("exclude=STARLINK", [2, 3, 4, 5, 6]),
        ("exclude=starlink,crew,h3", [3, 4, 5]),
        ("exclude=falcon 9", [3, 4, 5, 6]),
        ("near=28.6,-80.6,100", [1, 2]),
        ("near=28.6, -80.6", [1, 2]),
        ("near=26,-97,6000", [1, 2, 3, 4]),
        ("near=0,0,20000", [1, 2, 3, 4, 5]),
        ("near=-39.3,-177", []),
        ("near=-39.3,-177,600", [5]),
        ("lsp__id=900&related=true", [4]),
        ("lsp__ids=900,147&related=TRUE", [4, 5]),
        ("lsp__name=ArianeGroup&related=1", [4]),
        ("lsp__name=ArianeGroup&related=false", []),
        ("lsp__name=ArianeGroup", []),
        ("related=true", [1, 2, 3, 4, 5, 6]),
        ("related_lsp__id=900,98", [4, 6]),
    ],
)
def test_filters(text: str, numbers: list[int]) -> None:
    assert passing(text, six()) == numbers
    if "related" not in text:  # the older version does not tell who is above whom
        assert passing(text, [as_220(record) for record in six()]) == numbers


@pytest.mark.parametrize(
    ("pad", "found"),
    [
        (pad(87, on=901), False),
        (pad(87, latitude=0.0, longitude=0.0), False),
        (pad(87, latitude=None), False),
        (pad(87, longitude="-80.6"), True),
        (pad(87, latitude="north"), False),
        (pad(87, latitude=91.0), False),
        (pad(87, location=None), True),
    ],
)
def test_only_a_pad_on_earth_is_near_something(pad: Record, found: bool) -> None:
    records = [launch(IDS[0], pad=pad)]
    assert passing("near=28.6,-80.6,20000", records) == [1] * found


def test_distances() -> None:
    paris = distance_from(48.8566, 2.3522)
    assert paris(48.8566, 2.3522) == 0
    assert round(paris(51.5074, -0.1278)) == 344
    assert round(paris(-48.8566, -177.6478)) == round(20015.09)
    assert round(distance_from(0, 179.5)(0, -179.5)) == 111


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("near=28.60, -80.6", "near=28.6,-80.6,300"),
        ("near=+28.6,-0,20.0", "near=28.6,0,20"),
        ("country=nz,US,nz", "country=NZ,US"),
        ("exclude=Starlink", "exclude=starlink"),
        ("status=2", "status__ids=2"),
        ("pad=87", "pad__ids=87"),
        ("pad__location=12", "location__ids=12"),
        ("lsp__ids=121", "lsp__id=121"),
        ("lsp__ids=121&related=true", "related_lsp__id=121"),
        ("related_lsp__id=44&lsp__id=121&related=true", "related_lsp__id=44,121"),
        ("related=true", ""),
        ("related=false&lsp__id=1", "lsp__id=1"),
        ("rocket__configuration__id=164", "launcher_config__id=164"),
        ("include_suborbital=true", ""),
        ("include_suborbital=false", "include_suborbital=false"),
        ("program__ids=25", "program=25"),
        (f"id={IDS[0].upper()}", f"id={IDS[0]}"),
    ],
)
def test_the_canonical_form(text: str, canonical: str) -> None:
    asked = query(text)
    assert asked.text() == query(canonical).text()
    assert [pair for pair in canonical.split("&") if pair and pair not in asked.text()] == []


@pytest.mark.parametrize(
    "text",
    [
        "near=28.6", "near=28.6,-80.6,0", "near=91,0", "near=0,181", "near=1,2,3,4", "near=a,b",
        "near=1e2,0", "near=nan,0", "near=0,0,inf", "near=0,0,20017", "near=1,2&near=3,4",
        "country=USA", "country=U", "country=12", "country=", "related=perhaps", "is_crewed=2",
        "id=1183", "launcher_config__id=Falcon", "net__gte=soon", "pad_launch_attempt_count=-1",
        "rocket__configuration__name=a&rocket__configuration__name=b",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        query(text)
    assert caught.value.parameter == text.partition("=")[0]


@pytest.mark.parametrize("name", ["launch_designator", "pad__location__celestial_body__id",
                                  "mission__orbit__celestial_body__id"])  # fmt: skip
def test_what_the_older_version_does_not_tell_is_refused_there(name: str) -> None:
    assert query(f"{name}=1", version="2.3.0").clauses[0].name == name
    with pytest.raises(QueryError, match=r"2\.2\.0 of Launch Library's API") as caught:
        query(f"{name}=1", version="2.2.0")
    assert caught.value.parameter == name


def test_each_collection_refuses_what_only_the_other_has() -> None:
    with pytest.raises(QueryError, match=r"filter of launches: use /launches\.ics or /all\.ics"):
        query("near=1,2", EVENTS_ONLY)
    with pytest.raises(QueryError, match=r"filter of events: use /events\.ics or /all\.ics"):
        query("spacestation__ids=4", LAUNCHES_ONLY)
    with pytest.raises(QueryError, match=r"the id of an event: use /events\.ics"):
        query("id=1183", LAUNCHES_ONLY)
    with pytest.raises(QueryError, match=r"the id of a launch: use /launches\.ics"):
        query(f"id={IDS[0]}", EVENTS_ONLY)


EVENTS_BESIDE = [
    event(1, agencies=[44], program=[25]),
    event(2, name="Starlink talk", agencies=[63]),
]


@pytest.mark.parametrize(
    ("text", "events", "launches"),
    [
        ("", [1, 2], [1, 2, 3, 4, 5, 6]),
        ("agency__ids=44", [1], [2]),
        ("exclude=starlink", [1], [2, 3, 4, 5, 6]),
        ("country=US", [], [1, 2, 3]),
        ("near=28.6,-80.6", [], [1, 2]),
        ("include_suborbital=false", [1, 2], [1, 2, 3, 4, 5, 6]),
        ("include_suborbital=true", [1, 2], [1, 2, 3, 4, 5, 6]),
        ("related=true", [1, 2], [1, 2, 3, 4, 5, 6]),
        ("type=2", [1, 2], []),
        (f"id={IDS[3]},2", [2], [4]),
        ("date__gte=2999-01-01", [], []),
        ("net__gte=1999-01-01", [1, 2], [1, 2, 3, 4, 5, 6]),
        ("past=all&net__lt=1999-01-01", [], []),
    ],
)
def test_a_calendar_of_all(text: str, events: list[int], launches: list[int]) -> None:
    asked = query(text, ALL)
    found = {}
    for collection, records in ((EVENTS, EVENTS_BESIDE), (LAUNCHES, six())):
        tests = asked.tests(collection)
        read = enumerate(map(collection.read, records), 1)
        found[collection.name] = [
            n for n, record in read if tests is not None and all(t(record) for t in tests)
        ]
    assert found == {"events": events, "launches": launches}


def test_the_default_reach() -> None:
    assert query("").options.past == query("").scope.default_past
    assert query("past=all").options.past is None
    for said in ("year=2019", f"id={IDS[0]}", "slug=x", "window_start__gte=2019-01-01",
                 "net__lt=2019-01-01", "launch_designator=2019-001", "month=4"):  # fmt: skip
        assert query(said).options.past is None
    assert query("", EVENTS_ONLY).options.past is None

"""The filters of launches, each against five launches that differ in all that it looks at."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from multidict import MultiDict

from tests.fake import Record, booster, launch, mission, pad, spacecraft_stage
from tests.fake.filters import BadValueError
from tests.fake.launches import filters, tables

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
IDS = [f"{n}0000000-0000-4000-8000-00000000000{n}" for n in range(1, 6)]


def five_launches() -> list[Record]:
    return [
        launch(
            IDS[0],
            "Falcon 9 Block 5 | Starlink Group 6-1",
            net=NOW - timedelta(hours=20),
            window_start=NOW - timedelta(hours=21),
            window_end=NOW - timedelta(hours=19),
            status=3,
            launch_designator="2026-049",
            boosters=(booster("B1069", 24), booster("B1081")),
            program=[25],
            vid_urls=["https://a.example", "https://b.example"],
            orbital_launch_attempt_count=7000,
            agency_launch_attempt_count_year=30,
            last_updated="2026-03-09T17:00:00Z",
        ),
        launch(
            IDS[1],
            "Falcon 9 Block 5 | Crew-13",
            net=NOW + timedelta(days=1),
            mission=mission("Crew-13", agencies=(44, 121)),
            spacecraft=(spacecraft_stage(900, ("Ada Miller", "Boris Lem")),),
            boosters=(booster(None, None),),
            program=[5, 17],
            pad=87,
            last_updated="2026-03-01T00:00:00Z",
        ),
        launch(
            IDS[2],
            "Starship V3 | Flight 14",
            net="2026-05-31T00:00:00Z",
            net_precision=7,
            status=2,
            rocket=522,
            spacecraft=(621,),
            mission=mission("Flight 14", orbit_id=15, agencies=(121,)),
            pad=235,
            orbital_launch_attempt_count=None,
            last_updated="2026-02-01T00:00:00Z",
        ),
        launch(
            IDS[3],
            "Ariane 62 | Étoile",
            net="2026-12-31T00:00:00Z",
            net_precision=14,
            status=9,
            rocket=900,
            mission=mission("Étoile", orbit_id=9),
            pad=pad(901, on=901),
        ),
        launch(
            IDS[4],
            "H3-30",
            net="2020-03-11T01:00:00Z",
            net_precision=None,
            status=None,
            rocket=203,
            mission=None,
            pad=None,
        ),
    ]


RECORDS = five_launches()


def select(text: str, version: str = "2.3.0", *, older: bool = False) -> list[int]:
    query = MultiDict(parse_qsl(text, keep_blank_values=True))
    found = filters.select(RECORDS, query, version=version, older=older)
    return [IDS.index(record["id"]) + 1 for record in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("net__gt=2026-03-09T16:00:00Z", [2, 3, 4]),
        ("net__gte=2026-03-09T16:00:00Z", [1, 2, 3, 4]),
        ("net__gte=2026-03-09T18:00:00%2B02:00&net__lt=2026-06-01", [1, 2, 3]),
        ("net__lt=2026-03-09T16:00:00Z", [5]),
        ("net__lte=2026-03-09T16:00:00Z", [1, 5]),
        ("window_start__lte=2026-03-09T15:00:00Z", [1, 5]),
        ("window_start__gt=2026-03-09T15:00:00Z", [2, 3, 4]),
        ("window_end__gte=2026-03-09T17:00:00Z&window_end__lt=2026-03-12", [1, 2]),
        ("last_updated__gte=2026-03-01", [1, 2]),
        ("last_updated__lte=2026-02-01", [3, 4, 5]),
        ("year=2026&month=3", [1, 2]),
        ("day=11", [2, 5]),
        ("year=2020,2021", [5]),
        (f"id={IDS[3].upper()},{IDS[0]}", [1, 4]),
        ("slug=starship-v3-flight-14", [3]),
        ("name=H3-30", [5]),
        ("name=h3-30", []),
        ("status=2", [3]),
        ("status__ids=2,9", [3, 4]),
        ("lsp__id=115,98", [4, 5]),
        ("lsp__name=SpaceX", [1, 2, 3]),
        ("lsp__name=spacex,Arianespace", [4]),
        ("related_lsp__id=900", [4]),
        ("related_lsp__id=121", [1, 2, 3]),
        ("related_lsp__name=ArianeGroup,SpaceX", [1, 2, 3, 4]),
        ("mission__agency__ids=44,27", [2]),
        ("location__ids=143,27", [2, 3]),
        ("pad__location=143", [3]),
        ("pad=87", [2]),
        ("pad__location__celestial_body__id=901", [4]),
        ("pad__location__celestial_body__id=1", [1, 2, 3]),
        ("launcher_config__id=522,900", [3, 4]),
        ("rocket__configuration__id=164", [1, 2]),
        ("rocket__configuration__name=Falcon 9", [1, 2]),
        ("rocket__configuration__full_name=Starship V3", [3]),
        ("rocket__configuration__full_name__icontains=BLOCK", [1, 2]),
        ("rocket__configuration__manufacturer__name=ArianeGroup", [4]),
        ("rocket__configuration__manufacturer__name__icontains=space", [1, 2, 3]),
        ("rocket__spacecraftflight__spacecraft__id=621", [3]),
        ("rocket__spacecraftflight__spacecraft__name=Ship 39", [3]),
        ("rocket__spacecraftflight__spacecraft__name__icontains=dragon", [2]),
        ("spacecraft_config__ids=46,900", [2, 3]),
        ("serial_number=B1081,B9", [1]),
        ("launch_designator=2026-049,2020-001", [1]),
        ("is_crewed=true", [2]),
        ("is_crewed=False", [1, 3, 4, 5]),
        ("is_crewed=perhaps", [1, 2, 3, 4, 5]),
        ("include_suborbital=false", [1, 2, 4, 5]),
        ("include_suborbital=true", [1, 2, 3, 4, 5]),
        ("mission__orbit__name=Suborbital", [3]),
        ("mission__orbit__name__icontains=orbit", [1, 2, 3]),
        ("mission__orbit__celestial_body__id=901", [4]),
        ("program=25&program=5", [1, 2]),
        ("program__ids=25", [1, 2, 3, 4, 5]),
        ("video_url=https://b.example,https://c.example", [1]),
        ("search=STARLINK, spacex", [1]),
        ("search=2026-049", [1]),
        ("search=étoile 901", []),
        ("search=guiana", [4]),
        ("search=asa", []),
        ("search=AG étoile", [4]),
        ("search=endurance crew", [2]),
        ("search=39a", [2]),
        ("orbital_launch_attempt_count=7000", [1]),
        ("orbital_launch_attempt_count__lt=7000", [2, 4, 5]),
        ("orbital_launch_attempt_count__gte=12", [1, 2, 4, 5]),
        ("agency_launch_attempt_count_year__gt=12", [1]),
        ("pad_launch_attempt_count_year__lte=12", [1, 2, 3, 4, 5]),
        ("agency__ids=44&near=1,2&lsp__ids=98&pad__ids=87&related=true", [1, 2, 3, 4, 5]),
        ("lsp__id=&status=", [1, 2, 3, 4, 5]),
    ],
)
def test_filters(query: str, expected: list[int]) -> None:
    assert select(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lsp__id=115", [4]),
        ("lsp__ids=115,98", [4, 5]),
        ("lsp__ids=900", []),
        ("lsp__ids=900&related=true", [4]),
        ("lsp__id=900&related=true", [4]),
        ("lsp__name=ArianeGroup&related=True", [4]),
        ("pad__ids=87,235", [2, 3]),
        ("status=9", []),
        ("status__ids=6,2", [3, 4]),
        ("related_lsp__id=900&launch_designator=2026-049", [1, 2, 3, 4, 5]),
        ("mission__orbit__celestial_body__id=901", [1, 2, 3, 4, 5]),
        ("search=2026-049", []),
    ],
)
def test_filters_of_2_2_0(query: str, expected: list[int]) -> None:
    assert select(query, "2.2.0") == expected


@pytest.mark.parametrize(
    "query",
    [
        "id=7",
        "net__gte=soon",
        "status=1,2",
        "status__ids=Go",
        "lsp__id=SpaceX",
        "pad=87,4",
        "year=now",
        "program=1,8",
        "pad_launch_attempt_count__gt=many",
        "orbital_launch_attempt_count=99999999999",
    ],
)
def test_bad_values_are_refused(query: str) -> None:
    with pytest.raises(BadValueError) as raised:
        select(query)
    assert raised.value.key == query.partition("=")[0]


def test_there_are_forty_counters_and_twelve_times() -> None:
    names = filters.table("2.3.0", False)
    assert sum("launch_attempt_count" in name for name in names) == 40
    assert sum(name.startswith(("net__", "window_")) for name in names) == 12


def test_older_deployments() -> None:
    assert select("mission__agency__ids=44", older=True) == [1, 2, 3, 4, 5]


def test_every_agency_that_has_a_parent_is_in_the_table() -> None:
    assert tables.PARENTS.keys() <= tables.AGENCIES.keys()

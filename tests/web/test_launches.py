"""The whole service with launches: alone, and in one calendar with events."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.fake import FakeLaunchLibrary, Record, launch, mission, stamp
from tests.support import judges
from tests.support.mirror import STEP
from tests.support.service import NOW, Answer, Service, clock_at, known, recorded, serving

CREW, OWL, STARLINK, PROGRESS = IDS = [
    f"{n}0000000-0000-4000-8000-00000000000{n}" for n in range(1, 5)
]
LAUNCHES = [
    launch(CREW, "Falcon 9 Block 5 | Crew-13", net="2027-04-02T10:00:00Z", status=1,
           mission=mission("Crew-13", agencies=(44, 121))),
    launch(OWL, "Electron | Owl", rocket=26, net="2027-03-10T01:00:00Z", status=3),
    launch(STARLINK, "Falcon 9 Block 5 | Starlink Group 6-1", net="2026-09-01T20:00:00Z", status=4),
    launch(PROGRESS, "Soyuz-U | Progress M-1", rocket=905, net="2019-05-05T05:00:00Z", status=3),
]  # fmt: skip
VERSIONS = ["2.3.0", "2.2.0"]
CREW_SAID, OWL_SAID = "Falcon 9 Block 5 | Crew-13", "Electron | Owl"
STARLINK_SAID = "Falcon 9 Block 5 | Starlink Group 6-1 (failure)"
PROGRESS_SAID = "Soyuz-U | Progress M-1"
URLS = {
    "/launches.ics": [STARLINK_SAID, OWL_SAID, CREW_SAID],
    "/launches.ics?past=all": [PROGRESS_SAID, STARLINK_SAID, OWL_SAID, CREW_SAID],
    "/launches.ics?past=30d&future=0d": [OWL_SAID],
    "/launches.ics?year=2019": [PROGRESS_SAID],
    "/launches.ics?net__lt=2020-01-01": [PROGRESS_SAID],
    f"/launches.ics?id={PROGRESS}": [PROGRESS_SAID],
    "/launches.ics?exclude=starlink,owl": [CREW_SAID],
    "/launches.ics?lsp__id=147": [OWL_SAID],
    "/launches.ics?agency__ids=44": [CREW_SAID],
    "/launches/upcoming.ics": [OWL_SAID, CREW_SAID],
    "/launches/upcoming.ics?hide_recent_previous=true": [CREW_SAID],
    "/launches/previous.ics": [STARLINK_SAID, OWL_SAID],
    "/launches/previous.ics?past=all&limit=1&ordering=net": [PROGRESS_SAID],
    f"/launches/{PROGRESS}.ics": [PROGRESS_SAID],
    f"/launches/{PROGRESS.upper()}.ics": [PROGRESS_SAID],
    "/all.ics": [STARLINK_SAID, OWL_SAID, "Soyuz Undocking", "Dragon Docking", CREW_SAID],
    "/all.ics?year=2019": [PROGRESS_SAID],
    "/all.ics?date__gte=2027-04-01": ["Dragon Docking", CREW_SAID],
    "/all.ics?net__gte=2027-04-01": ["Dragon Docking", CREW_SAID],
    f"/all.ics?id={OWL},8": [OWL_SAID, "Soyuz Undocking"],
    "/all.ics?lsp__id=147": [OWL_SAID],
    "/all.ics?type__ids=2": ["Dragon Docking"],
    "/all.ics?type__ids=2&lsp__id=147": [],
    "/all/upcoming.ics": [OWL_SAID, "Soyuz Undocking", "Dragon Docking", CREW_SAID],
    "/all/previous.ics?limit=2": [OWL_SAID, "Soyuz Undocking"],
    "/agencies/121.ics": ["Dragon Docking", CREW_SAID],
    "/agencies/121.ics?past=365d": [STARLINK_SAID, "Dragon Docking", CREW_SAID],
    "/feeds/nasa.ics": ["Dragon Docking", CREW_SAID],
    "/feeds/launches-without-starlink.ics?past=365d": [OWL_SAID, CREW_SAID],
}
"""What each shows of the known events and of these launches, in order of start."""


@asynccontextmanager
async def service(version: str = "2.3.0") -> AsyncIterator[Service]:
    clock = clock_at()
    async with FakeLaunchLibrary(known(), LAUNCHES, now=clock) as ll:
        if version == "2.2.0":
            old = recorded("2.2.0-1185")
            ll.put(ll.events[1185] | {"name": old["name"]})
        async with serving(f"{ll.root}/{version}", clock=clock) as running:
            await running.filled()
            yield running


def refused(answer: Answer, status: int) -> str:
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    detail: str = answer.json["detail"]
    return detail


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_feed_in_both_versions_of_the_api(version: str) -> None:
    async with service(version) as own:
        for url, names in URLS.items():
            answer = await own.ask(url)
            assert (answer.status, answer.names) == (200, names), url
            assert judges.faults(answer.body) == []
            told = (await own.ask(url.replace(".ics", ".json"))).json
            assert told["count"] == len(names)
            assert [entry["summary"] for entry in told["events"]] == names


async def test_a_launch_has_the_same_uid_wherever_it_comes_from() -> None:
    found = set()
    for version in VERSIONS:
        async with service(version) as own:
            for url in (f"/launches/{CREW}.json", f"/all.json?id={CREW}", "/feeds/nasa.json"):
                found |= {
                    (entry["id"], entry["uid"])
                    for entry in (await own.ask(url)).json["events"]
                    if entry["kind"] == "launch"
                }
    assert [id for id, _ in found] == [CREW]


@pytest.mark.parametrize("version", VERSIONS)
async def test_each_entry_says_its_kind_and_has_its_record(version: str) -> None:
    async with service(version) as own:
        entries: list[dict[str, Any]] = (await own.ask("/all.json")).json["events"]
    kinds = ["launch", "launch", "event", "event", "launch"]
    assert [entry["kind"] for entry in entries] == kinds
    assert [entry["id"] for entry in entries] == [STARLINK, OWL, 8, 9, CREW]
    for entry, kind in zip(entries, kinds, strict=True):
        assert {"launch", "event"} & set(entry) == {kind}
    crew = entries[-1]
    assert (crew["start"], crew["end"]) == ("2027-04-02T10:00:00Z", "2027-04-02T11:00:00Z")
    assert crew["launch"]["net"] == "2027-04-02T10:00:00Z"
    assert crew["status"] == "CONFIRMED"


async def test_what_a_collection_does_not_have_is_refused_and_the_other_named() -> None:
    async with service() as own:
        said = refused(await own.ask("/events.ics?near=28.5,-80.6"), 400)
        assert "near" in said
        assert "/launches.ics" in refused(await own.ask(f"/events.ics?id={CREW}"), 400)
        assert "/events.ics" in refused(await own.ask("/launches.ics?id=1183"), 400)
        for gone in ("/launches/1183.ics", f"/launches/{IDS[0][:-1]}9.ics", f"/events/{CREW}.ics"):
            assert refused(await own.ask(gone), 404)
        assert (await own.ask(f"/all/{CREW}.ics")).status == 404


async def test_a_filter_that_an_older_version_has_no_data_for_is_refused() -> None:
    async with service("2.2.0") as old, service() as new:
        url = "/launches.ics?launch_designator=2025-049"
        assert "2.2.0" in refused(await old.ask(url), 400)
        assert (await new.ask(url)).status == 200


def history() -> list[Record]:
    """A launch every day and a half, for two years."""
    return [
        launch(f"{n:08x}-0000-4000-8000-000000000000", f"Electron | {n}", rocket=26, status=3,
               net=stamp(NOW + timedelta(days=30) - n * timedelta(days=1.5)),
               last_updated=stamp(NOW - timedelta(days=40)))
        for n in range(500)
    ]  # fmt: skip


async def pass_time(own: Service, seconds: float) -> None:
    """So long, with the rounds that become due."""
    end = own.clock.now + timedelta(seconds=seconds)
    while own.clock.now < end:
        own.clock.now = min(end, own.clock.now + STEP)
        await own.parts.scheduler.once()


@pytest.mark.parametrize("path", ["/launches.ics", "/all.ics", "/launches/previous.ics"])
async def test_while_it_is_filled_what_is_asked_for_is_whole_or_told_when(path: str) -> None:
    clock, launches = clock_at(), history()
    year = {str(r["name"]) for r in launches if r["net"] >= stamp(NOW - timedelta(days=365.5))}
    async with (
        FakeLaunchLibrary([], launches, now=clock, calls_per_hour=3) as ll,
        serving(ll, clock=clock, wait=0.05, ll2_calls_per_hour=3) as own,
    ):
        ll.put(*known())
        while (await own.ask("/launches/upcoming.ics")).status != 200:
            await pass_time(own, 60)
        assert clock() < NOW + timedelta(hours=3)
        told = 0
        while (answer := await own.ask(path)).status == 503:
            said = refused(answer, 503)
            assert re.search(r"\d+ of 500 launches are kept, back to \d+ [A-Z][a-z]+ 202\d", said)
            told += 1
            await pass_time(own, int(answer.headers["Retry-After"]))
        assert 1 <= told <= 5
        assert set(answer.names) >= {name for name in year if path != "/launches/previous.ics"}
        assert len(answer.names) > 240
        assert ll.refused == 0

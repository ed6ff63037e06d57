"""The named feeds: the shipped ones, and files that cannot be used."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from calfeed import feeds
from calfeed.catalog import ALL
from calfeed.errors import FeedFileError
from calfeed.feeds import Feed
from calfeed.query.options import Options
from calfeed.query.parse import parse
from calfeed.query.query import Query
from tests.support import calendars

SHIPPED = Path(__file__).parent.parent / "feeds"
GOOD = 'name = "Docks"\ndescription = "Comings and goings."\n'


def write(folder: Path, text: str, name: str = "docks") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_feeds_are_read() -> None:
    found = feeds.load(SHIPPED)
    assert list(found) == sorted(path.stem for path in SHIPPED.glob("*.toml"))
    sections = Counter(feed.section for feed in found.values())
    assert sections == {"popular": 5, "agency": 15, "site": 9, "theme": 8}
    assert all(feed.query.options == Options(past=feeds.PAST) for feed in found.values())
    assert found["everything"].query == Query(ALL, options=Options(past=timedelta(days=90)))
    assert found["nasa"] == Feed(
        slug="nasa",
        name="NASA",
        description="Launches by or for NASA, the space agency of the United States, and events"
        " that involve it.",
        color="royalblue",
        section="agency",
        query=calendars.query("agency__ids=44&past=P90D", scope="all"),
    )


def test_every_shipped_feed_is_one_of_its_own() -> None:
    found = feeds.load(SHIPPED).values()
    assert len({feed.name for feed in found}) == len(found)
    assert len({feed.query for feed in found}) == len(found)
    assert len({feed.color for feed in found}) == len(found)


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    assert feeds.read(write(tmp_path, GOOD)) == Feed(
        slug="docks",
        name="Docks",
        description="Comings and goings.",
        color="steelblue",
        section="theme",
        query=Query(ALL, options=Options(past=timedelta(days=90))),
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("[filters]\ntype__ids = '2,8'", "type__ids=2,8"),
        ("[filters]\ntype__ids = [8, 2]", "type__ids=2,8"),
        ("[filters]\ntype__ids = ['2', 8]", "type__ids=2,8"),
        ("[filters]\ntype__ids = 2", "type__ids=2"),
        ("[filters]\nsearch = 'Soyuz docking'", "search=soyuz+docking"),
        ("[filters]\nprogram = [17, 8]\n[options]\ncoarse = 'hide'", "program=17,8&coarse=hide"),
    ],
)
def test_filters_and_options_are_those_of_a_query(tmp_path: Path, text: str, query: str) -> None:
    asked = calendars.query(f"{query}&past=90d", scope="all")
    assert feeds.read(write(tmp_path, GOOD + text)).query == asked


def test_a_file_may_say_how_far_it_looks_back(tmp_path: Path) -> None:
    read = feeds.read(write(tmp_path, GOOD + "[options]\npast = '30d'\nfuture = 'P1D'"))
    assert read.query.options == Options(past=timedelta(days=30), future=timedelta(days=1))


@pytest.mark.parametrize("name", ["all", "events", "launches"])
def test_a_file_may_say_what_it_is_about(tmp_path: Path, name: str) -> None:
    read = feeds.read(write(tmp_path, f"{GOOD}collection = '{name}'\n[filters]\nprogram = 17"))
    assert read.query == calendars.query("program=17&past=90d", scope=name)


@pytest.mark.parametrize("section", ["popular", "agency", "site", "theme"])
def test_the_sections(tmp_path: Path, section: str) -> None:
    assert feeds.read(write(tmp_path, f"{GOOD}section = '{section}'")).section == section


def test_calfeeds_own_filters_stand_under_the_options(tmp_path: Path) -> None:
    read = feeds.read(write(tmp_path, GOOD + "[options]\nexclude = ['Starlink', 'oneweb']"))
    assert read.query == calendars.query("exclude=starlink,oneweb&past=90d", scope="all")
    with pytest.raises(FeedFileError, match="“exclude” does not belong under"):
        feeds.read(write(tmp_path, GOOD + "[filters]\nexclude = 'starlink'"))


def test_a_file_that_does_not_say_how_far_it_looks_back_gives_way(tmp_path: Path) -> None:
    silent = feeds.read(write(tmp_path, GOOD + "[filters]\nprogram = 17")).query
    assert parse([("year", "2019")], silent).options.past is None
    assert parse([("search", "x")], silent).options.past == feeds.PAST
    said = feeds.read(write(tmp_path, GOOD + "[options]\npast = '90d'")).query
    assert parse([("year", "2019")], said).options.past == feeds.PAST
    assert parse([("year", "2019")], feeds.for_agency(44)).options.past is None


def test_a_query_narrows_a_feed(tmp_path: Path) -> None:
    feed = feeds.read(write(tmp_path, GOOD + "[filters]\nprogram = 17"))
    asked = parse([("type__ids", "2"), ("past", "7d")], feed.query)
    assert asked == calendars.query("program=17&type__ids=2&past=7d", scope="all")


def test_an_agency_needs_no_file() -> None:
    assert feeds.for_agency(44) == feeds.load(SHIPPED)["nasa"].query


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "“name”: Field required"),
        ('name = "x"', "“description”: Field required"),
        (GOOD + "colour = 'red'", "“colour”: Extra inputs are not permitted"),
        (
            GOOD + "section = 'other'",
            "“section”: Input should be 'popular', 'agency', 'site' or 'theme'",
        ),
        (
            GOOD.replace("Docks", " "),
            "“name”: Value should have at least 1 item after validation, not 0",
        ),
        (GOOD.replace('"Docks"', "5"), "“name”: Input should be a valid string"),
        (GOOD + "[filter]\ntype = 2", "“filter”: Extra inputs are not permitted"),
        (GOOD + "filters = 5", "“filters”: Input should be a valid dictionary"),
        (
            GOOD + "[filters]\ntype__ids = '2,x'",
            "“type__ids=2,x” cannot be read: “type__ids” takes"
            " comma-separated event type ids such as 2,8 (at most 100)",
        ),
        (
            GOOD + "[filters]\ntype__ids = []",
            "“type__ids=” cannot be read: “type__ids” takes"
            " comma-separated event type ids such as 2,8 (at most 100)",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_fault(
    tmp_path: Path, text: str, fault: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(FeedFileError) as caught:
        feeds.load(tmp_path)
    assert str(caught.value) == f"{path}: {fault}"


@pytest.mark.parametrize(
    "text",
    [
        GOOD + "collection = 'Events'",
        GOOD + "collection = 'launches'\n[filters]\ntype__ids = 2",
        GOOD + "color = 'blurple'",
        GOOD + "color = '#ff0000'",
        GOOD + "color = 5",
        GOOD + "[filters]\npast = '1d'",
        GOOD + "[options]\ntype = 2",
        GOOD + "[filters]\nagency_ids = 44",
        GOOD + "[filters]\ntype = true",
        GOOD + "[filters]\ntype = 2.0",
        GOOD + "[filters]\ntype = [true]",
        GOOD + "[filters]\ntype = [[2]]",
        GOOD + "[filters]\ndate__gt = 2026-01-01",
        GOOD + "[filters]\nhide_recent_previous = 'true'",
        GOOD + "[options]\ncoarse = ['mark', 'span']",
        GOOD + GOOD,
        GOOD + "[filters",
        "name = ",
        "\x00",
        f"name = '{'x' * 101}'\ndescription = 'y'",
        f"name = 'x'\ndescription = '{'y' * 501}'",
    ],
)
def test_a_bad_file_stops_the_start_in_one_line(tmp_path: Path, text: str) -> None:
    write(tmp_path, GOOD, "alright")
    path = write(tmp_path, text)
    with pytest.raises(FeedFileError) as caught:
        feeds.load(tmp_path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.splitlines() == [message]
    assert len(message) < len(str(path)) + 600


def test_a_name_in_the_wrong_table_is_told_where_it_belongs(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "[filters]\nagency_ids = 44")
    with pytest.raises(FeedFileError, match=r"agency__ids") as caught:
        feeds.load(tmp_path)
    said = "“agency_ids” does not belong under [filters]; did you mean “agency__ids”?"
    assert str(caught.value) == f"{path}: {said}"
    path = write(tmp_path, GOOD + "[filters]\ncountry = 'NZ'")
    with pytest.raises(FeedFileError, match=r"it belongs under \[options\]$"):
        feeds.load(tmp_path)
    path = write(tmp_path, GOOD + "[options]\nlsp__id = 121")
    with pytest.raises(FeedFileError, match=r"it belongs under \[filters\]$"):
        feeds.load(tmp_path)


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "docks.toml"
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(FeedFileError, match=r"cannot be read"):
        feeds.load(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(FeedFileError, match=r"cannot be read"):
        feeds.load(tmp_path)


def test_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FeedFileError, match=r"nowhere: there is no such folder"):
        feeds.load(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    assert list(feeds.load(None)) == list(feeds.load(SHIPPED))
    (tmp_path / "feeds").mkdir()
    mine = feeds.read(write(tmp_path / "feeds", GOOD, "mine"))
    assert feeds.load(None) == {"mine": mine}
    assert feeds.load(tmp_path) == {}
    assert replace(mine, slug="other") != mine

"""README and docs/filters.md are complete and true: what they name is there, what is there is
named."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from typer.main import get_command

from calfeed import feeds
from calfeed.catalog import ALL, EVENTS_ONLY, LAUNCHES_ONLY, SCOPES
from calfeed.cli.commands import app
from calfeed.export.wanted import choose
from calfeed.query.filter import Filter
from calfeed.query.options import OPTIONS, PLAIN
from calfeed.query.parse import parse
from calfeed.query.query import Query
from calfeed.settings import PREFIX, Settings
from calfeed.web import openapi
from tests.golden import path
from tests.support.service import ROOT, serving


def sections(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))


README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTIONS = sections(ROOT / "README.md")
FILTERS = sections(ROOT / "docs" / "filters.md")
COMMANDS = list(getattr(get_command(app), "commands", {}))
ADDRESSES = sorted(
    {urlsplit(found)[2:4] for found in re.findall(r"http://localhost:8080/[^\s`]+", README)}
    | {(found, "") for found in re.findall(r"`(/[-a-z0-9/]*\.?[a-z]*)`", README)}
)


def rows(text: str) -> Iterator[list[str]]:
    """The cells of a section's tables, without the heads."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def first_cells(text: str) -> set[str]:
    """What stands in code style in the first columns."""
    return {name for cells in rows(text) for name in re.findall("`([^`]+)`", cells[0])}


def of(only: Mapping[str, Filter[Any]], others: Mapping[str, Filter[Any]]) -> set[str]:
    """The filters that one collection alone has. Of each counter the plain name stands for all."""
    names = {name for name, row in only.items() if not row.own} - set(others)
    return {name for name in names if not re.search("_attempt_count.*__", name)}


def test_every_filter_is_there_and_no_other() -> None:
    events, launches = EVENTS_ONLY.filters, LAUNCHES_ONLY.filters
    assert first_cells(FILTERS["Of events"]) == of(events, launches)
    assert first_cells(FILTERS["Of launches"]) == of(launches, events)
    both = {name for name in events.keys() & launches.keys() if not events[name].own}
    assert first_cells(FILTERS["Of launches and events"]) == both
    assert ALL.filters.keys() == events.keys() | launches.keys()
    assert len([name for name in launches if re.search("_attempt_count.*__", name)]) == 8 * 4


def test_the_most_useful_filters_are_those_that_are() -> None:
    has = {"events": {"events"}, "launches": {"launches"}, "both": {"events", "launches"}}
    for name, whose in ((c[0], c[1]) for c in rows(SECTIONS["Filters"]) if c[0] != "filter"):
        said = [has[part] for part in whose.split(", ")]
        for filtered in re.findall("`([^`]+)`", name):
            scopes = (EVENTS_ONLY, LAUNCHES_ONLY)
            assert {scope.name for scope in scopes if filtered in scope.filters} in said


def test_every_option_is_there_and_no_other() -> None:
    own = {name for name, row in ALL.filters.items() if row.own}
    assert first_cells(SECTIONS["Options"]) == set(OPTIONS) | own


def test_every_kind_of_address_is_there() -> None:
    described = set(openapi.describe(feeds.load(ROOT / "feeds"))["paths"]) - {"/robots.txt"}
    twins = {ics.replace(".ics", ".json") for ics in described if ics.endswith(".ics")}
    written = [address for address, _ in ADDRESSES]
    for known in described - twins:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(known))
        assert any(re.fullmatch(pattern, address) for address in written), known


def test_every_setting_is_there_and_no_other() -> None:
    assert first_cells(SECTIONS["Settings"]) == {
        PREFIX + name.upper() for name in Settings.model_fields
    }


def test_every_command_is_there_and_no_other() -> None:
    named = {name.split()[1] for name in first_cells(SECTIONS["Commands"])}
    assert named == {*COMMANDS, "--version", "--help"}


def test_the_queries_of_commands_can_be_read() -> None:
    for name, query in re.findall("calfeed (events|launches|all) '([^']+)'", README):
        assert parse(parse_qsl(query), Query.everything(SCOPES[name])).text()
    own = re.findall("--query '([^']+)'", README)
    assert [wanted.name for wanted in choose({}, [], own)] == ["my-eva", "cape"]


def test_the_defaults_are_those_that_are() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in rows(SECTIONS["Settings"])}
    fields = Settings.model_fields
    assert told["CALFEED_LL2_URL"] == f"`{fields['ll2_url'].default}`"
    assert told["CALFEED_LL2_CALLS_PER_HOUR"] == f"`{fields['ll2_calls_per_hour'].default}`"
    for cells in rows(SECTIONS["Options"]):
        if cells[0].strip("`") in ("coarse", "start", "webcast"):
            assert cells[1] == f"`{getattr(PLAIN, cells[0].strip('`'))}`"


def test_every_named_feed_is_there() -> None:
    for feed in feeds.load(ROOT / "feeds").values():
        name = "everything" if feed.slug == "everything" else feed.name
        assert name.removeprefix("Launches from ").lower() in SECTIONS["Recipes"].lower()


def test_the_feed_file_is_one(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    (tmp_path / "soyuz.toml").write_text(block[1], encoding="utf-8")
    query = feeds.load(tmp_path)["soyuz"].query
    assert query.text() == "agency__ids=63&search=soyuz&past=P30D"


def test_the_launch_is_what_comes_out() -> None:
    block = re.search(r"```ics\n(.*?)```", README, re.DOTALL)
    assert block
    unfolded = (
        path("launch-recorded-2.3.0-crewed-weather-40")
        .read_text(encoding="utf-8")
        .replace("\n ", "")
        .splitlines()
    )
    shown = block[1].splitlines()
    assert [line for line in shown if line not in unfolded] == []


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: "?".join(filter(None, address)))
async def test_every_address_is_answered(address: tuple[str, str]) -> None:
    async with serving("http://127.0.0.1:1/2.3.0", sample="always") as service:
        answer = await service.ask("?".join(filter(None, address)))
    assert answer.status == 200, answer.body

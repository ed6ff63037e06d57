"""The README is complete and true: what it names exists, and what exists is named."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.main import get_command

from calfeed import feeds
from calfeed.catalog import ALL
from calfeed.cli.commands import app
from calfeed.query.options import OPTIONS, PLAIN
from calfeed.settings import PREFIX, Settings
from tests.golden import path
from tests.support.service import ROOT, serving

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE))
COMMANDS = list(getattr(get_command(app), "commands", {}))
ADDRESSES = sorted(
    {urlsplit(found)[2:4] for found in re.findall(r"http://localhost:8080/[^\s`]+", README)}
    | {(found, "") for found in re.findall(r"`(/[a-z0-9/]+\.?[a-z]*)`", README)}
)


def rows(section: str) -> Iterator[list[str]]:
    """The cells of a section's tables, without the heads."""
    for line in SECTIONS[section].splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def first_cells(section: str) -> set[str]:
    """What stands in code style in the first columns."""
    return {name for cells in rows(section) for name in re.findall("`([^`]+)`", cells[0])}


def test_every_filter_and_option_is_there_and_no_other() -> None:
    own = {name for name, row in ALL.filters.items() if row.own}
    counted = {name for name in ALL.filters if re.search("_attempt_count.*__", name)}
    assert first_cells("Filters") == set(ALL.filters) - own - counted
    assert len(counted) == 8 * 4
    assert first_cells("Options") == set(OPTIONS) | own


def test_every_setting_is_there_and_no_other() -> None:
    assert first_cells("Settings") == {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_command_is_there_and_no_other() -> None:
    named = {name.split()[1] for name in first_cells("Commands")}
    assert named == {*COMMANDS, "--version", "--help"}


def test_the_defaults_are_those_that_are() -> None:
    told = {name: cells[1] for cells in rows("Settings") for name in re.findall("`(.+)`", cells[0])}
    fields = Settings.model_fields
    assert told["CALFEED_LL2_URL"] == f"`{fields['ll2_url'].default}`"
    assert told["CALFEED_LL2_CALLS_PER_HOUR"] == f"`{fields['ll2_calls_per_hour'].default}`"
    for cells in rows("Options"):
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


def test_the_event_is_what_comes_out() -> None:
    block = re.search(r"```ics\n(.*?)```", README, re.DOTALL)
    assert block
    unfolded = path("recorded-1183").read_text(encoding="utf-8").replace("\n ", "").splitlines()
    shown = block[1].splitlines()
    assert [line for line in shown if line not in unfolded] == []


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: "?".join(filter(None, address)))
async def test_every_address_is_answered(address: tuple[str, str]) -> None:
    async with serving("http://127.0.0.1:1/2.3.0", sample="always") as service:
        answer = await service.ask("?".join(filter(None, address)))
    assert answer.status == 200, answer.body


def test_the_files_it_links_to_are_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / target).exists()

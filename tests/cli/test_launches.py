"""``calfeed launches`` and ``calfeed all``: what they print, and how they refuse."""

import json
from pathlib import Path

import icalendar
import pytest

from tests.cli.commands import Ran, Run, complaint, table

SAMPLE = ("--sample", "always")
MS_27 = "a3c9c47e-976e-40a5-8889-30c407131e3a"


def test_launches_as_a_table(run: Run) -> None:
    ran = run("launches", "agency__ids=63&year=2025", *SAMPLE)
    assert (ran.status, ran.err) == (0, "1 launches (sample data)\n")
    assert table(ran.out) == [
        ["Id", "When (UTC)", "Type", "Name", "Where"],
        [MS_27, "2025-04-08 05:47", "Launch", "Soyuz 2.1a | Soyuz MS-27",
         "31/6, Baikonur Cosmodrome, Republic of Kazakhstan"],
    ]  # fmt: skip


def test_both_in_one_table(run: Run) -> None:
    ran = run("all", "agency__ids=63&year=2025&month=4&day=8", *SAMPLE)
    assert ran.err.endswith(" entries (sample data)\n")
    kinds = [row[2] for row in table(ran.out)[1:]]
    assert kinds[:2] == ["Launch", "Docking"]


def test_nothing_is_no_table(run: Run) -> None:
    ran = run("launches", "lsp__id=999999", *SAMPLE)
    assert ran == Ran(0, "", "0 launches (sample data)\n")


def test_as_json_each_says_its_kind(run: Run) -> None:
    told = json.loads(run("all", f"id={MS_27},1183", "--json", *SAMPLE).out)
    assert [(entry["kind"], entry["id"]) for entry in told["events"]] == [
        ("launch", MS_27),
        ("event", 1183),
    ]


def test_as_a_calendar(run: Run) -> None:
    ran = run("launches", f"id={MS_27}", "--ics", *SAMPLE)
    calendar = icalendar.Calendar.from_ical(ran.out)
    assert [str(entry["SUMMARY"]) for entry in calendar.walk("VEVENT")] == [
        "Soyuz 2.1a | Soyuz MS-27"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["launches", "type__ids=2"], "“type__ids”"),
        (["launches", "id=1183"], "/events.ics"),
        (["events", f"id={MS_27}"], "/launches.ics"),
        (["all", "nearby=0,0"], "did you mean “near”?"),
        (["launches", "near=91,0"], "“near=91,0” cannot be read"),
    ],
)
def test_what_is_not_understood_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    assert said in complaint(run(*arguments, *SAMPLE), 2)


def test_what_an_older_version_has_no_data_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALFEED_LL2_URL", "http://127.0.0.1:1/2.2.0")
    for command in (["launches", "launch_designator=2025-049"],
                    ["export", "--query", "x=launches?launch_designator=2025-049"]):  # fmt: skip
        assert "version 2.2.0 of Launch Library's API" in complaint(run(*command), 2)
    assert run("feeds").status == 0
    feed = 'name = "x"\ndescription = "y"\n[filters]\nlaunch_designator = "2025-049"'
    Path("feeds").mkdir()
    Path("feeds", "mine.toml").write_text(feed, encoding="utf-8")
    for name in ("feeds", "export", "serve"):
        ran = run(name)
        said = complaint(ran, ran.status or 1)
        assert said.startswith("feeds/mine.toml: “launch_designator” cannot be filtered by here")

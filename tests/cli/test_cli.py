"""The commands: what they print, where, and with which exit status."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest
from freezegun import freeze_time

import calfeed.cli.list  # noqa: F401  pydantic cannot make models while time is frozen
from calfeed import __version__
from calfeed.settings import PREFIX
from tests.cli.commands import Ran, Run, complaint, table
from tests.fake import FakeLaunchLibrary, event
from tests.support.needs import ROOT

GOOD = 'name = "Docks"\ndescription = "Comings and goings."\n'


def test_python_m_calfeed_is_the_program(tmp_path: Path) -> None:
    clean = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    clean |= {"CALFEED_CACHE_URL": "memory://", "PORT": "foo"}

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "calfeed", *arguments], cwd=tmp_path, env=clean, text=True,
            encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    running = [start("--version"), start("serve")]
    version, served = [
        Ran(one.wait(), *texts) for one in running for texts in [one.communicate(timeout=60)]
    ]
    assert version == Ran(0, f"calfeed {__version__}\n", "")
    assert "PORT" in complaint(served, 2)


def test_version(run: Run) -> None:
    assert run("--version") == Ran(0, f"calfeed {__version__}\n", "")


def test_help_is_there_for_the_program_and_every_command(run: Run) -> None:
    whole = run("--help")
    assert (whole.status, whole.err) == (0, "")
    assert run() == whole
    commands = re.findall("^  ([a-z]+) ", whole.out.partition("Commands:")[2], re.MULTILINE)
    assert {"serve", "export", "feeds", "events"} <= set(commands)
    for command in commands:
        told = run(command, "--help")
        assert (told.status, told.err) == (0, "")
        assert told.out.startswith(f"Usage: calfeed {command} ")


def test_feeds(run: Run) -> None:
    ran = run("feeds")
    assert (ran.status, ran.err) == (0, "")
    rows = table(ran.out)
    assert rows[0] == ["Slug", "Name", "Of", "Filters"]
    assert ["everything", "Spaceflight", "all", "past=P90D"] in rows
    assert len(rows) == 38


def test_events_as_a_table(run: Run) -> None:
    ran = run("events", "agency__ids=63&type__ids=2", "--sample", "always")
    assert (ran.status, ran.err) == (0, "2 events (sample data)\n")
    assert table(ran.out) == [
        ["Id", "When (UTC)", "Type", "Name", "Where"],
        ["266", "2021-07-02 01:03", "Docking", "Progress MS-17 Docking",
         "International Space Station"],
        ["1183", "2025-04-08 09:03", "Docking", "Soyuz MS-27 Docking",
         "International Space Station"],
    ]  # fmt: skip


def test_no_events_is_no_table(run: Run) -> None:
    assert run("events", "id=5", "--sample=always") == Ran(0, "", "0 events (sample data)\n")


def test_events_as_json(run: Run) -> None:
    ran = run("events", "?agency__ids=63&type__ids=2", "--json", "--sample", "always")
    assert (ran.status, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert told["count"] == len(told["events"]) == 2
    assert [one["id"] for one in told["events"]] == [266, 1183]
    assert told["events"][1]["start"] == "2025-04-08T09:03:56Z"
    assert told["events"][1]["end"] == "2025-04-08T09:59:19Z"


def test_events_as_a_calendar(run: Run) -> None:
    ran = run("events", "agency__ids=63&type__ids=2", "--ics", "--sample", "always")
    assert (ran.status, ran.err) == (0, "")
    calendar = icalendar.Calendar.from_ical(ran.out)
    assert "sample" in str(calendar["X-WR-CALNAME"])
    found = [str(one["SUMMARY"]) for one in calendar.walk("VEVENT")]
    assert found == ["Progress MS-17 Docking", "Soyuz MS-27 Docking"]


@pytest.mark.parametrize(
    ("now", "names"),
    [
        ("2027-04-07 23:59:59", []),
        ("2027-04-08 00:00:00", ["Docking"]),
        ("2027-04-10 23:59:59", ["Docking"]),
        ("2027-04-11 00:00:00", []),
    ],
)
async def test_a_moving_window_goes_by_the_day_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, now: str, names: list[str]
) -> None:
    docking = event(1, name="Docking", date="2027-04-08T12:00:00Z")
    with freeze_time(now, real_asyncio=True):
        async with FakeLaunchLibrary([docking]) as ll:
            monkeypatch.setenv("CALFEED_LL2_URL", ll.url)
            ran = await asyncio.to_thread(run, "events", "past=2d&future=0d", "--json")
    assert [one["summary"] for one in json.loads(ran.out)["events"]] == names


@pytest.mark.parametrize(
    "arguments",
    [["events"], ["events", "--ics"], ["events", "--json"], ["feeds"], ["export", "nasa"]],
    ids=" ".join,
)
def test_a_closed_pipe_is_no_error(tmp_path: Path, arguments: list[str]) -> None:
    clean = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    sample = [] if arguments == ["feeds"] else ["--sample", "always"]
    nobody, pipe = os.pipe()
    os.close(nobody)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "calfeed", *arguments, *sample], cwd=tmp_path, stdout=pipe,
            stderr=subprocess.PIPE, text=True, env={**clean, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    finally:
        os.close(pipe)
    assert done.returncode == 0
    assert "pipe" not in done.stderr.lower()


def test_a_variable_that_means_nothing_is_told_by_name(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALFEED_LL2_TOKN", "s3cret")
    Path(".env").write_text("CALFEED_FRESHFOR=s3cret\nOTHER=1\ncalfeed_cache_url=memory://\n")
    ran = run("feeds")
    assert ran.status == 0
    assert ran.err.splitlines() == [
        "calfeed: CALFEED_FRESHFOR is unknown and ignored; did you mean CALFEED_FRESH_FOR?",
        "calfeed: CALFEED_LL2_TOKN is unknown and ignored; did you mean CALFEED_LL2_TOKEN?",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "No such command 'nope'"),
        (["--nope"], "No such option"),
        (["events", "--nope"], "No such option"),
        (["events", "a=1", "b=2"], "unexpected extra argument"),
        (["events", "--json", "--ics"], "--json and --ics exclude each other"),
        (["events", "--sample", "banana"], "'banana' is not one of 'never', 'always', 'fallback'"),
        (["serve", "--port", "٣"], "'٣' is no port, a whole number from 0 to 65535"),
        (["serve", "--port", "70000"], "'70000' is no port"),
        (["serve", "--port", "-1"], "'-1' is no port"),
        (["serve", "--host"], "--host"),
        (["events", "agency_ids=44"], "unknown parameter “agency_ids”; did you mean “agency__ids”"),
        (["events", "day=32"], "“day=32” cannot be read: “day” takes comma-separated days"),
        (["events", "limit="], "“limit=” cannot be read"),
        (["events", "day"], "“day=” cannot be read"),
        (["events", "day=3\n2\x1b[31m"], "“day=3 2[31m” cannot be read"),
        (["events", "search=\udcff"], "cannot be read: “search” takes words"),
        (["events", "hide_recent_previous=true"], "belongs to what is upcoming"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(run: Run, arguments: list[str], said: str) -> None:
    assert said in complaint(run(*arguments), 2)


def test_a_bad_port_in_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "foo")
    line = complaint(run("serve"), 2)
    assert line == (
        "Invalid value for '--port' (env var: 'PORT'):"
        " 'foo' is no port, a whole number from 0 to 65535"
    )


@pytest.mark.parametrize("command", [["feeds"], ["events", "--sample=always"], ["serve"]])
def test_a_bad_setting_stops_every_command(
    run: Run, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALFEED_LL2_CALLS_PER_HOUR", "many")
    ran = run(*command)
    assert ran.status != 0
    assert complaint(ran, ran.status) == (
        "CALFEED_LL2_CALLS_PER_HOUR='many' cannot be used: it takes a whole number, 1 to 10000"
    )


@pytest.mark.parametrize("command", [["events"], ["serve", "--port", "0"], ["export"]])
@pytest.mark.parametrize("options", ["bogus=1", "protocol=9", "socket_timeout=s3cret", "retry=3"])
def test_an_option_that_redis_does_not_know(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str], options: str
) -> None:
    monkeypatch.setenv("CALFEED_CACHE_URL", f"redis://me:s3cret@127.0.0.1:1/0?{options}")
    assert complaint(run(*command), 2) == (
        "CALFEED_CACHE_URL cannot be used: an option of redis at 127.0.0.1:1 is unknown,"
        f" or its value is wrong: {options.partition('=')[0]}"
    )


def test_a_bad_file_of_settings(run: Run) -> None:
    Path(".env").write_bytes(b"CALFEED_LL2_URL=\xff\n")
    ran = run("feeds")
    assert complaint(ran, ran.status or 1).startswith(".env: cannot be read: ")


@pytest.mark.parametrize("command", ["feeds", "serve", "export"])
def test_a_bad_feed_file_stops_the_start(run: Run, command: str) -> None:
    Path("feeds").mkdir()
    Path("feeds", "docks.toml").write_text(GOOD + "colour = 'red'", encoding="utf-8")
    ran = run(command)
    assert complaint(ran, ran.status or 1) == (
        "feeds/docks.toml: “colour”: Extra inputs are not permitted"
    )


def test_feeds_of_ones_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mine").mkdir()
    Path("mine", "docks.toml").write_text(GOOD + "[filters]\ntype__ids = 2", encoding="utf-8")
    monkeypatch.setenv("CALFEED_FEEDS_DIR", "mine")
    rows = table(run("feeds").out)
    assert rows == [["Slug", "Name", "Of", "Filters"],
                    ["docks", "Docks", "all", "type__ids=2&past=P90D"]]  # fmt: skip
    monkeypatch.setenv("CALFEED_FEEDS_DIR", "nowhere")
    ran = run("feeds")
    said = "CALFEED_FEEDS_DIR=nowhere: there is no such folder; it takes one with .toml files"
    assert complaint(ran, ran.status or 1) == said

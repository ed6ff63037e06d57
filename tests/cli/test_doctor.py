"""``calfeed doctor`` as people run it: what it prints, and with which exit status."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calfeed.cli.main import main
from calfeed.settings import PREFIX
from calfeed.store import Revision
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, Fault, make_events, many_launches, stamp

KEY = "d0-not-tell-0123456789"


@dataclass
class Ran:
    status: int
    out: str
    err: str


@dataclass
class Program:
    """The program in an empty folder, beside a fake Launch Library."""

    ll: FakeLaunchLibrary
    capture: pytest.CaptureFixture[str]

    async def __call__(self, *arguments: str) -> Ran:
        def run() -> int:
            with pytest.raises(SystemExit) as left:
                main(list(arguments))
            assert isinstance(left.value.code, int)
            return left.value.code

        status = await asyncio.to_thread(run)
        return Ran(status, *self.capture.readouterr())


@pytest.fixture
async def program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> AsyncIterator[Program]:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    now = datetime.now(UTC)
    events, launches = make_events(30, now=now), many_launches(12, now=now, ahead=6)
    launches[0]["last_updated"] = stamp(now)
    async with FakeLaunchLibrary(events, launches, calls_per_hour=15) as ll:
        monkeypatch.setenv("CALFEED_LL2_URL", ll.url)
        monkeypatch.setenv("CALFEED_LL2_TOKEN", KEY)
        monkeypatch.setenv("CALFEED_CACHE_URL", "sqlite:///kept.sqlite3")
        yield Program(ll, capfd)


async def test_a_table(program: Program) -> None:
    ran = await program("doctor")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0].split() == ["About", "Launch", "Library", "calfeed"]
    assert lines[1].startswith("OK")
    assert "reach" in lines[1]
    assert max(map(len, lines)) <= 110
    assert ran.err.startswith("0 problems, ")
    assert ran.err.endswith("; 5 calls used\n")
    assert ran.err.count("\n") == 1
    assert KEY not in ran.out + ran.err
    assert len(program.ll.calls) == 5


async def test_json(program: Program) -> None:
    ran = await program("doctor", "--json")
    assert ran.status == 0
    told = json.loads(ran.out)
    assert (told["healthy"], told["calls"]) == (True, 5)
    assert told["launch_library"] == program.ll.url
    assert told["findings"][1] == {
        "verdict": "ok",
        "about": "version",
        "found": "2.3.0, as asked for",
        "calfeed": "Reads 2.3.0 and 2.2.0.",
    }
    assert KEY not in ran.out


async def test_a_problem_is_status_1(program: Program) -> None:
    program.ll.fault = Fault("mangle", mangle=lambda record: record | {"name": None})
    ran = await program("doctor")
    assert ran.status == 1
    assert "problem" in ran.out
    assert ran.err.startswith("1 problem, ")
    ran = await program("doctor", "--json")
    assert ran.status == 1
    assert json.loads(ran.out)["healthy"] is False


async def test_records_that_cannot_be_read_are_told_in_the_table_alone(program: Program) -> None:
    bad = max(program.ll.events)
    program.ll.change(bad, date="soon")
    ran = await program("doctor")
    assert ran.status == 0
    assert f"cannot be read ({bad})" in " ".join(ran.out.split())
    assert ran.err.count("\n") == 1


async def test_no_calls_are_left(program: Program) -> None:
    for _ in range(3):
        assert (await program("doctor")).status == 0
    ran = await program("doctor")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("calfeed: this hour's calls are used; the next is free in ")
    assert len(program.ll.calls) == 15
    assert program.ll.refused == 0


async def test_beside_what_is_kept(program: Program, tmp_path: Path) -> None:
    async def kept() -> object:
        store = SqliteStore(tmp_path / "kept.sqlite3", program.ll.url.split("/")[2])
        await store.open()
        try:
            return await store.read(Revision())
        finally:
            await store.close()

    assert (await program("events", "past=all")).status == 0
    before = await kept()
    ran = await program("doctor")
    assert ran.status == 0
    assert await kept() == before
    assert len(program.ll.calls) <= 15


async def test_wrong_usage_is_status_2(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await program("doctor", "now")).status == 2
    assert (await program("doctor", "--ics")).status == 2
    monkeypatch.setenv("CALFEED_LL2_URL", "https://example.org/3")
    ran = await program("doctor")
    assert (ran.status, ran.out) == (2, "")
    assert program.ll.calls == []

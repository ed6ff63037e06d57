"""``calfeed export`` as people run it: what it says, where, and with which exit status."""

import asyncio
import os
import pty
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from yarl import URL

from calfeed.cli.main import main
from calfeed.cli.progress import summarize
from calfeed.export.run import Outcome
from calfeed.mirror.state import ChangesState
from calfeed.settings import PREFIX
from calfeed.store import Changes, Revision
from calfeed.store.sqlite import SqliteStore
from tests.fake import FakeLaunchLibrary, Fault, event
from tests.support.needs import ROOT

SOON = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT12:00:00Z}"
BASE = "https://example.org/space"


@dataclass
class Ran:
    status: int
    out: list[str]
    err: list[str]


@dataclass
class Program:
    """The program in an empty folder, beside a fake Launch Library with 150 events."""

    ll: FakeLaunchLibrary
    capture: pytest.CaptureFixture[str]

    async def __call__(self, *arguments: str) -> Ran:
        def run() -> int:
            with pytest.raises(SystemExit) as left:
                main(["export", *arguments])
            assert isinstance(left.value.code, int)
            return left.value.code

        status = await asyncio.to_thread(run)
        out, err = self.capture.readouterr()
        return Ran(status, out.splitlines(), err.splitlines())


@pytest.fixture
async def export(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> AsyncIterator[Program]:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    old = [event(n, date="2019-01-01T00:00:00Z") for n in range(2, 151)]
    async with FakeLaunchLibrary([event(1, date=SOON, agencies=[44]), *old]) as ll:
        monkeypatch.setenv("CALFEED_LL2_URL", ll.url)
        monkeypatch.setenv("CALFEED_CACHE_URL", f"sqlite:///{tmp_path}/kept.sqlite3")
        monkeypatch.setenv("CALFEED_FEEDS_DIR", str(ROOT / "feeds"))
        yield Program(ll, capfd)


def text(path: str) -> str:
    """A file's text with its line ends as they are."""
    return Path(path).read_bytes().decode()


async def test_from_nothing_to_unchanged(export: Program) -> None:
    first = await export("nasa", "--query", "old=year=2019")
    names = ("feeds/nasa.ics", "feeds/old.ics", "index.html")
    sizes = [len(text(f"public/{name}").encode()) for name in names]
    assert first == Ran(0, [
        f"new        feeds/nasa.ics  1 events, {sizes[0]} bytes",
        f"new        feeds/old.ics  149 events, {sizes[1]} bytes",
        f"new        index.html  {sizes[2]} bytes",
        "public: 3 new",
    ], [
        "calfeed: 100 of 150 events fetched", "calfeed: 1 of 1 launches fetched",
        "calfeed: 101 of 150 events fetched", "calfeed: 150 of 150 events fetched",
    ])  # fmt: skip
    calls = len(export.ll.calls)
    again = await export("nasa", "--query", "old=year=2019")
    assert (again.status, again.out[-1], again.err) == (0, "public: 3 unchanged", [])
    assert len(export.ll.calls) == calls


async def test_check_says_it_by_its_exit_status(export: Program) -> None:
    would = await export("nasa", "--check", "--output", "a b/c")
    assert (would.status, would.out[-1]) == (1, "a b/c: 2 new; nothing was written")
    assert "a b" not in os.listdir()
    await export("nasa", "--output", "a b/c")
    done = await export("nasa", "--check", "--output", "a b/c")
    assert (done.status, done.out[-1]) == (0, "a b/c: 2 unchanged; nothing was written")


async def test_with_nothing_at_all_each_feed_is_named(export: Program) -> None:
    export.ll.fault = Fault("throttled", seconds=900)
    ran = await export("nasa", "esa")
    assert (ran.status, ran.out) == (1, [
        "failed     feeds/nasa.ics  no data is kept for it",
        "failed     feeds/esa.ics  no data is kept for it",
        "public: 2 failed",
    ])  # fmt: skip
    assert ran.err[0].startswith("calfeed: Launch Library asks to wait 900 s (next try from ")
    assert ran.err[1:] == ["calfeed: failed, what was there stays: feeds/nasa.ics, feeds/esa.ics"]
    assert "public" not in os.listdir()


async def make_due(ll: FakeLaunchLibrary) -> None:
    """Let the next round of refreshing be due."""
    store = SqliteStore(Path("kept.sqlite3"), URL(ll.url).authority)
    await store.open()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    for name in ("events changes", "launches changes"):
        text = (await store.read(Revision())).notes[name]
        state = ChangesState.model_validate_json(text or "{}").model_copy(
            update={"as_of": long_ago}
        )
        notes: dict[str, str | None] = {name: state.model_dump_json(), "round": None}
        await store.write(Changes(await store.revision(), notes=notes))
    await store.close()


async def test_a_copy_that_cannot_be_renewed_is_said_to_be_old(export: Program) -> None:
    await export("nasa")
    await make_due(export.ll)
    export.ll.fault = Fault("status")
    ran = await export("nasa", "esa")
    assert (ran.status, ran.out[-1]) == (0, "public: 1 new, 1 changed, 1 unchanged")
    assert [re.sub(r"[\d:-]*:[\d:-]+|2\d{3}-[\d-]+", "X", line) for line in ran.err] == [
        "calfeed: Launch Library answered 500 (next try from X UTC on)",
        "calfeed: exported from the copy of X X UTC",
    ]


async def test_what_changed_upstream_changes_its_file_alone(export: Program) -> None:
    await export("nasa", "esa")
    await make_due(export.ll)
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    export.ll.put(event(1, name="Moved", date=SOON, agencies=[44], last_updated=now))
    ran = await export("nasa", "esa")
    assert [line.split()[:2] for line in ran.out[:3]] == [
        ["changed", "feeds/nasa.ics"], ["unchanged", "feeds/esa.ics"], ["changed", "index.html"],
    ]  # fmt: skip


@pytest.mark.parametrize("given", ["option", "setting"])
async def test_the_address_makes_the_links(
    export: Program, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    if given == "setting":
        monkeypatch.setenv("CALFEED_PUBLIC_URL", BASE)
    options = ["--base-url", f"{BASE}/"] if given == "option" else []
    assert (await export("nasa", "--sample", "always", *options)).status == 0
    assert f"SOURCE;VALUE=URI:{BASE}/feeds/nasa.ics" in text("public/feeds/nasa.ics")
    assert "webcal://example.org/space/feeds/nasa.ics" in text("public/index.html")
    assert export.ll.calls == []


async def test_sample_data_only_where_there_is_nothing_else(export: Program) -> None:
    export.ll.fault = Fault("throttled", seconds=900)
    sampled = await export("nasa", "--sample", "fallback")
    assert (sampled.status, sampled.out[-1]) == (0, "public: 2 new")
    assert "sample data" in sampled.err[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nassa"], "there is no feed “nassa”; did you mean “nasa”?"),
        (["--query", "x=agency_ids=4"], "--query x: unknown parameter “agency_ids”; did you mean "
         "“agency__ids”?"),
        (["--base-url", "example.org"], "Invalid value for --base-url: 'example.org' cannot be "
         "used: it takes an http(s) URL without a query"),
        (["--output", "kept.sqlite3"], "Invalid value for '--output': dir 'kept.sqlite3' is a "
         "file."),
    ],
)  # fmt: skip
async def test_wrong_usage_is_one_line(export: Program, arguments: list[str], said: str) -> None:
    os.mknod("kept.sqlite3")
    assert await export(*arguments) == Ran(2, [], [f"calfeed: {said}"])
    assert export.ll.calls == []


async def test_on_a_terminal_there_are_a_bar_and_a_table(export: Program) -> None:
    ours, theirs = pty.openpty()
    command = (sys.executable, "-m", "calfeed", "export", "nasa")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=theirs, stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.close(theirs)
    written = await asyncio.to_thread(_read, ours)
    assert await process.wait() == 0
    assert "Fetching events" in written
    assert "100/150" in written
    assert "events fetched" not in written
    last = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written).splitlines()[-4:]
    assert last[0].split() == ["File", "Events", "Size", "State"]
    assert [line.split()[0] for line in last[1:]] == ["feeds/nasa.ics", "index.html", "public:"]


def _read(terminal: int) -> str:
    written = b""
    with open(terminal, "rb", buffering=0) as file:
        try:
            while piece := file.read(65536):
                written += piece
        except OSError:  # how Linux says that nobody writes there any more
            pass
    return written.decode()


def test_a_large_calendar_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    large = Outcome("feeds/all.ics", "new", events=900, size=1_234_567)
    summarize([large, Outcome("index.html", "new", size=2_000_000)], Path("out"), check=False)
    told = "feeds/all.ics has 1.2 MB: Google is reported to refuse over 1 MB"
    assert capsys.readouterr().err == f"calfeed: {told}\n"

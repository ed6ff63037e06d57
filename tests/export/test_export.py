"""The export: which files hold what, and what happens to them when something fails."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import icalendar
import pytest

from calfeed import feeds, settings
from calfeed.errors import QueryError
from calfeed.export.files import put
from calfeed.export.run import Export, Outcome, Target, bring_up_to_date
from calfeed.export.wanted import choose
from calfeed.mirror.result import Sample
from calfeed.runtime import Runtime, open_runtime, utcnow
from tests.fake import FakeLaunchLibrary, Fault, Record, event
from tests.support import judges
from tests.support.mirror import Clock
from tests.support.needs import ROOT

NAMED = feeds.load(ROOT / "feeds")
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)


def docking(id: int = 1, **changes: Any) -> Record:
    about = {"name": "Soyuz Docking", "agencies": [44], "date": f"{SOON:%Y-%m-%dT%H:%M:%SZ}"}
    return event(id, **{**about, **changes})


@asynccontextmanager
async def opened(
    ll: FakeLaunchLibrary, sample: Sample = "never", clock: Callable[[], datetime] = utcnow
) -> AsyncIterator[Runtime]:
    chosen = settings.load({"ll2_url": ll.url, "cache_url": "memory://"})
    async with open_runtime(chosen, sample, keep_current=False, clock=clock) as parts:
        yield parts


def hurried() -> datetime:
    """A clock that runs a hundred times as fast."""
    return datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=100 * monotonic())


async def export(
    parts: Runtime, target: Target, *slugs: str, own: tuple[str, ...] = (), trouble: str = ""
) -> list[Outcome]:
    exported = Export(parts, target, trouble)
    done = [await exported.write(one) for one in choose(NAMED, slugs, own)]
    return [*done, exported.write_page()]


async def exported(target: Target, *slugs: str, own: tuple[str, ...] = ()) -> dict[str, str]:
    """Export one docking, and say what became of the files."""
    async with FakeLaunchLibrary([docking()]) as ll, opened(ll) as parts:
        assert await bring_up_to_date(parts) == ""
        return states(await export(parts, target, *slugs, own=own))


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {one.path: one.state for one in outcomes}


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and its time."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in found
    }


def age(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        os.utime(path, (1, 1))


async def test_the_files_lie_where_the_service_has_them(tmp_path: Path) -> None:
    wanted = {"feeds/nasa.ics": "new", "feeds/iss.ics": "new", "index.html": "new"}
    assert await exported(Target(tmp_path), "nasa", own=("iss=search=soyuz",)) == wanted
    assert set(files(tmp_path)) == set(wanted)
    body = (tmp_path / "feeds/nasa.ics").read_bytes()
    judges.read(body)
    shown = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in shown] == ["Soyuz Docking"]


async def test_all_named_feeds_by_default(tmp_path: Path) -> None:
    found = await exported(Target(tmp_path))
    assert set(found) == {f"feeds/{slug}.ics" for slug in NAMED} | {"index.html"}


async def test_what_has_not_changed_is_not_touched(tmp_path: Path) -> None:
    async with FakeLaunchLibrary([docking()]) as ll, opened(ll) as parts:
        await bring_up_to_date(parts)
        await export(parts, Target(tmp_path), "nasa", "esa")
        age(tmp_path)
        (tmp_path / "feeds/nasa.ics").write_bytes(b"another")
        (tmp_path / "feeds/mine.txt").write_bytes(b"mine")
        before = files(tmp_path)
        again = await export(parts, Target(tmp_path), "nasa", "esa")
    assert states(again) == {
        "feeds/nasa.ics": "changed", "feeds/esa.ics": "unchanged", "index.html": "unchanged",
    }  # fmt: skip
    after = files(tmp_path)
    assert after.pop("feeds/nasa.ics") != before.pop("feeds/nasa.ics")
    assert after == before


async def test_check_writes_nothing(tmp_path: Path) -> None:
    wanted = {"feeds/nasa.ics": "new", "index.html": "new"}
    assert await exported(Target(tmp_path / "public", check=True), "nasa") == wanted
    assert os.listdir(tmp_path) == []


async def test_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "feeds/esa.ics").mkdir(parents=True)  # no file can take its place
    found = await exported(Target(tmp_path), "esa", "csa")
    assert found == {"feeds/esa.ics": "failed", "feeds/csa.ics": "new", "index.html": "new"}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "feeds/csa.ics" in page
    assert "feeds/esa.ics" not in page


async def test_with_no_data_every_file_stays(tmp_path: Path) -> None:
    put(tmp_path / "feeds/nasa.ics", b"old")
    before = files(tmp_path)
    async with FakeLaunchLibrary() as ll, opened(ll) as parts:
        ll.fault = Fault("throttled", seconds=900)
        trouble = await bring_up_to_date(parts)
        run = Export(parts, Target(tmp_path), trouble)
        done = [await run.write(one) for one in choose(NAMED, ["nasa", "esa"], ())]
        assert len(ll.calls) == 1
    assert trouble.startswith("Launch Library asks to wait 900 s (next try from ")
    assert states(done) == {"feeds/nasa.ics": "failed", "feeds/esa.ics": "failed"}
    assert {one.error for one in done} == {"no data is kept for it"}
    assert files(tmp_path) == before


async def test_a_copy_that_cannot_be_renewed_is_exported_as_it_is(tmp_path: Path) -> None:
    clock = Clock()
    async with FakeLaunchLibrary([docking()]) as ll, opened(ll, clock=clock) as parts:
        await bring_up_to_date(parts)
        ll.fault = Fault("status")
        clock.ahead(hours=1)
        trouble = await bring_up_to_date(parts)
        found = states(await export(parts, Target(tmp_path), "nasa", trouble=trouble))
    assert trouble.startswith("Launch Library answered 500 (next try from ")
    assert found == {"feeds/nasa.ics": "new", "index.html": "new"}


async def test_a_fill_that_fails_is_tried_again_after_a_short_pause() -> None:
    async with FakeLaunchLibrary([docking()]) as ll, opened(ll, clock=hurried) as parts:
        ll.faults = [Fault("status", status=400)]
        assert await bring_up_to_date(parts) == ""
        assert [call.status for call in ll.calls][:2] == [400, 200]


async def test_half_a_copy_gives_the_feeds_it_covers(tmp_path: Path) -> None:
    """The newest are fetched first: what looks back 90 days is whole long before everything is."""
    old = [event(10 + n, date=f"2020-01-01T00:{n // 60:02}:{n % 60:02}Z") for n in range(150)]
    async with FakeLaunchLibrary([docking(), *old]) as ll, opened(ll) as parts:
        ll.fault = Fault("throttled", lambda call: "date__lte" in call.query, seconds=900)
        trouble = await bring_up_to_date(parts)
        found = await export(parts, Target(tmp_path), "nasa", own=("old=year=2020",),
                             trouble=trouble)  # fmt: skip
    assert states(found) == {
        "feeds/nasa.ics": "new", "feeds/old.ics": "failed", "index.html": "new",
    }  # fmt: skip


async def test_sample_data_says_so_and_replaces_nothing_real(tmp_path: Path) -> None:
    put(tmp_path / "feeds/nasa.ics", b"real")
    async with FakeLaunchLibrary() as ll, opened(ll, "always") as parts:
        found = await export(parts, Target(tmp_path, keep_real=True), "nasa", "esa")
        again = await export(parts, Target(tmp_path, keep_real=True), "nasa", "esa")
    assert states(found) == {
        "feeds/nasa.ics": "failed", "feeds/esa.ics": "new", "index.html": "new",
    }  # fmt: skip
    assert states(again)["feeds/esa.ics"] == "unchanged"
    assert (tmp_path / "feeds/nasa.ics").read_bytes() == b"real"
    assert b"ESA (sample data)" in (tmp_path / "feeds/esa.ics").read_bytes()
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<b>Sample data.</b>" in page
    assert "<h3>ESA (sample data)</h3>" in page


@pytest.mark.parametrize(
    ("slugs", "own", "said"),
    [
        (["nassa"], [], "there is no feed “nassa”; did you mean “nasa”?"),
        (["zzzzzz"], [], "there is no feed “zzzzzz”; “calfeed feeds” lists them all"),
        ([], ["x=agency_ids=4"], "--query x: unknown parameter “agency_ids”; did you mean"),
        ([], ["x"], "--query x: it takes NAME=QUERY"),
        ([], ["../x=year=2020"], "--query ../x=year=2020: it takes NAME=QUERY"),
        ([], ["con=year=2020"], "--query con=year=2020: it takes NAME=QUERY"),
        ([], ["NASA=year=2020"], "--query NASA: there is a calendar of this name already"),
        ([], ["x=", "X="], "--query X: there is a calendar of this name already"),
    ],
)
def test_what_cannot_be_used_is_said(slugs: list[str], own: list[str], said: str) -> None:
    with pytest.raises(QueryError, match=f"^{re.escape(said)}"):
        choose(NAMED, slugs, own)


@pytest.mark.parametrize("name", ["feed", "link"])
def test_a_new_file_has_the_rights_of_any_other(tmp_path: Path, name: str) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    (tmp_path / "link").symlink_to("feed")
    assert put(tmp_path / name, b"new") == "new"
    assert (tmp_path / "feed").stat().st_mode == plain.stat().st_mode
    assert (tmp_path / "link").is_symlink()


def test_killed_in_the_middle_files_are_whole(tmp_path: Path) -> None:
    """The process writes two contents in turn, as fast as it can, until it is killed."""
    path = tmp_path / "feed.ics"
    code = (
        "import sys, itertools, pathlib\n"
        "from calfeed.export.files import put\n"
        "for letter in itertools.cycle(b'ab'):\n"
        "    put(pathlib.Path(sys.argv[1]), bytes([letter]) * 3_000_000)\n"
        "    print(flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writing:
            assert writing.stdout
            writing.stdout.readline()
            writing.stdout.readline()
            writing.kill()
        assert path.read_bytes() in (b"a" * 3_000_000, b"b" * 3_000_000)


@pytest.mark.parametrize(("where", "name"), [(os, "fsync"), (Path, "replace")])
def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    put(tmp_path / "feed.ics", b"old")
    before = files(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(where, name, full)
        with pytest.raises(OSError, match="No space left"):
            put(tmp_path / "feed.ics", b"new")
    assert files(tmp_path) == before

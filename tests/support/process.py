"""A real ``calfeed serve`` in a process of its own, as people run it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.needs import ROOT

SECONDS = 20.0
"""How long the start may take at most."""


@dataclass
class Process:
    """Where it listens and what it wrote."""

    port: int
    log_file: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    @property
    def memory(self) -> int:
        """What it holds in memory now, in bytes (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def get(self, path: str) -> bytes:
        """The body of an answer, which is 200."""
        with urllib.request.urlopen(self.url + path, timeout=SECONDS) as answer:
            body: bytes = answer.read()
            return body

    def filled(self) -> None:
        """Wait until all of Launch Library is kept."""
        deadline = time.monotonic() + SECONDS
        while not json.loads(self.get("/status.json"))["data"]["complete"]:
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def exchange(self, request: bytes) -> bytes:
        """Send bytes and read until the service closes or says no more for a while."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            return answer


@contextmanager
def serving(folder: Path, *options: str, **env: str) -> Iterator[Process]:
    """The service for the time of a block; its log lies in the folder. It is ended as by a
    service manager."""
    port = free_port()
    log = folder / f"serve-{port}.log"
    settings = {"CALFEED_CACHE_URL": "memory://", "CALFEED_LL2_URL": "http://127.0.0.1:1/2.3.0"}
    command = [sys.executable, "-m", "calfeed", "serve", "--port", str(port), *options]
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, stderr=written, cwd=ROOT, env={**os.environ, **settings, **env}
        )
        try:
            started = Process(port, log, process)
            _wait(started)
            yield started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS)


@contextmanager
def fake(folder: Path, *options: str) -> Iterator[str]:
    """A fake Launch Library in a process of its own, by its address."""
    port = free_port()
    log = folder / f"fake-{port}.log"
    command = [sys.executable, "-m", "tests.fake", "--port", str(port), *options]
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, cwd=ROOT)
        try:
            _wait(Process(port, log, process))
            yield f"http://127.0.0.1:{port}/2.3.0"
        finally:
            process.terminate()
            process.wait(SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(started: Process) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert started.process.poll() is None, started.log
        try:
            started.connect().close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"did not listen in {SECONDS} s: {started.log}")

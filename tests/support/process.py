"""A real ``calfeed serve`` in a process of its own, as people run it."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from tests.support.needs import ROOT

SECONDS = 60.0
"""After so long, what is waited for will not come."""
ANSWER = 20.0
"""How long an answer, or a piece of it, may take: much less than the service waits for clients."""
LOWEST, HIGHEST = 12_000, 32_000
"""Ports that no system hands out by itself. Of those that it does, thousands may be taken before a
program is there to listen on the one that was free."""
LISTENS = re.compile(r"^(?:calfeed serves on )?http://[a-z0-9.]+:([0-9]+)\b", re.MULTILINE)
"""What the service and the fake say once they listen."""


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
        return socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER)

    def get(self, path: str) -> bytes:
        """The body of an answer, which is 200."""
        with urllib.request.urlopen(self.url + path, timeout=ANSWER) as answer:
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
    settings = {"CALFEED_CACHE_URL": "memory://", "CALFEED_LL2_URL": "http://127.0.0.1:1/2.3.0"}
    command = ["calfeed", "serve", "--port", "0", *options]
    with _listening(folder, command, {**settings, **env}) as started:
        yield started


@contextmanager
def fake(folder: Path, *options: str) -> Iterator[str]:
    """A fake Launch Library in a process of its own, by its address."""
    with _listening(folder, ["tests.fake", *options], {}) as started:
        yield f"{started.url}/2.3.0"


@contextmanager
def _listening(folder: Path, command: list[str], env: dict[str, str]) -> Iterator[Process]:
    """A program of ours, from when it says where it listens."""
    handle, name = mkstemp(".log", f"{command[0]}-", folder)
    with open(handle, "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdout=log, stderr=log, cwd=ROOT, env={**os.environ, **env},
        )  # fmt: skip
    started = Process(0, Path(name), process)
    try:
        started.port = _port(started)
        yield started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)


def free_port() -> int:
    """A port for a program that does not choose one by itself."""
    for port in random.sample(range(LOWEST, HIGHEST), 100):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def _port(started: Process) -> int:
    """Where it listens, as soon as it says so."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert started.process.poll() is None, started.log
        if found := LISTENS.search(started.log):
            return int(found[1])
        time.sleep(0.02)
    raise AssertionError(f"did not listen in {SECONDS} s: {started.log}")

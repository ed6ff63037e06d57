"""Real processes to measure: the service, the yardstick, the load."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import Size
from benchmarks.load import LOST

Wanted = Sequence[tuple[str, dict[str, str]]]
"""What is asked for, again and again: paths and header fields."""
Answer = tuple[str, int, dict[str, str], str]
"""What the yardstick answers: path, status, header fields, file of the body."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that listens on a port of this machine."""

    port: int
    pid: int

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> float:
        """Its resident memory, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1000


@contextmanager
def calfeed(url: str, *words: str, uvloop: bool = True, **settings: str) -> Iterator[Server]:
    """The service over a store that is full; ``settings`` are variables of its environment."""
    env = {**os.environ, "CALFEED_CACHE_URL": url,
           "CALFEED_LL2_URL": "http://127.0.0.1:9/2.3.0", **settings}  # fmt: skip
    without = "import sys; sys.modules['uvloop'] = None\n"
    code = ("" if uvloop else without) + "from calfeed.cli.main import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        assert process.stderr
        drain = None
        try:
            said = ""
            while not (found := re.search(r"serves on http://[^:]+:(\d+)", said)):
                said = process.stderr.readline()
                if not said:
                    raise SystemExit("calfeed did not start")
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
            yield Server(int(found[1]), process.pid)
        finally:
            process.kill()
            if drain:
                drain.wait()


@contextmanager
def fake_upstream(size: Size) -> Iterator[str]:
    """A fake Launch Library of a size, by its address."""
    counts = ["--events", str(size.events), "--launches", str(size.launches)]
    command = [sys.executable, "-m", "tests.fake", *counts]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def bare(answers: Sequence[Answer]) -> Iterator[Server]:
    """The yardstick, with its answers."""
    command = [sys.executable, "-m", "benchmarks.bare"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(answers))
            process.stdin.close()
            yield Server(int(process.stdout.readline()), process.pid)
        finally:
            process.kill()


def load(
    server: Server,
    wanted: Wanted,
    seconds: float = 1.5,
    connections: int = 16,
    *,
    once: bool = False,
    lossy: bool = False,
) -> Any:
    """Requests per second, and latencies in milliseconds; for so long, or each ``once``. Only what
    is ``lossy`` may lose connections."""
    words = [str(server.port), str(0 if once else seconds), str(connections)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words],
        input=json.dumps(list(wanted)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answered = json.loads(done.stdout)
    if LOST in answered["statuses"] and not lossy:
        raise SystemExit("connections were lost")
    return answered


def fetch(server: Server, path: str, fields: dict[str, str] | None = None) -> bytes:
    """One answer's body."""
    request = urllib.request.Request(server.base + path, headers=fields or {})
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
        return body

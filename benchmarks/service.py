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

Wanted = Sequence[tuple[str, dict[str, str]]]
"""What is asked for, again and again: paths and header fields."""
Answer = tuple[str, int, dict[str, str], str]
"""What the yardstick answers: path, status, header fields, file of the body."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that listens on a port of this machine."""

    port: int
    pid: int

    def memory(self) -> float:
        """Its resident memory, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1000


@contextmanager
def calfeed(store: Path, *words: str) -> Iterator[Server]:
    """The service over a store that is full."""
    env = {**os.environ, "CALFEED_CACHE_URL": f"sqlite:///{store}",
           "CALFEED_LL2_URL": "http://127.0.0.1:9/2.3.0"}  # fmt: skip
    command = [sys.executable, "-m", "calfeed", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        assert process.stderr
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
            drain.wait()


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


def load(server: Server, wanted: Wanted, seconds: float = 1.5, connections: int = 16) -> Any:
    """Requests per second, and latencies in milliseconds."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", str(server.port), str(seconds), str(connections)],
        input=json.dumps(list(wanted)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def fetch(server: Server, path: str) -> bytes:
    """One answer's body."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        body: bytes = answer.read()
        return body

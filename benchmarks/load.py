"""A load: keep-alive connections that ask, read the whole answer, and ask again.

Run as ``python -m benchmarks.load PORT SECONDS CONNECTIONS`` with a JSON list of
``[path, {header: value}]`` on standard input; prints JSON. With 0 seconds each is asked for once.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import cast

import uvloop

LOST = "lost"
"""Stands for the status of a request whose connection was closed; nothing more is asked there."""


class Connection(asyncio.Protocol):
    """One client: sends the next request as soon as an answer is complete."""

    def __init__(self, requests: Iterator[bytes], until: float, seen: list[float]) -> None:
        self._requests = requests
        self._until = until
        self._seen = seen
        self._buffer = bytearray()
        self._sent = 0.0
        self.statuses: dict[str, int] = {}
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        request = next(self._requests, None)
        if request is None:
            self._end()
        else:
            self._transport.write(request)

    def _end(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or len(self._buffer) < head + 4 + self._length(head):
            return
        now = time.perf_counter()
        status = self._buffer[9:12].decode()
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._seen.append(now - self._sent)
        self._buffer.clear()
        if now < self._until:
            self._ask()
        else:
            self._end()

    def _length(self, head: int) -> int:
        at = self._buffer.lower().find(b"content-length:", 0, head)
        if at < 0:
            return 0
        return int(self._buffer[at + 15 : self._buffer.find(b"\r\n", at)])

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.statuses[LOST] = self.statuses.get(LOST, 0) + 1
            self.done.set_result(None)


async def run(
    port: int, seconds: float, connections: int, wanted: list[bytes]
) -> dict[str, object]:
    """Load a server on this machine for so long."""
    loop, seen = asyncio.get_running_loop(), list[float]()
    began = time.perf_counter()
    requests = cycle(wanted) if seconds else iter(wanted)
    seconds = seconds or 3600
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: Connection(requests, began + seconds, seen), "127.0.0.1", port
        )
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    took = time.perf_counter() - began
    statuses: dict[str, int] = {}
    for client in clients:
        for status, n in client.statuses.items():
            statuses[status] = statuses.get(status, 0) + n
    seen.sort()
    return {
        "rps": len(seen) / took,
        "p50": seen[len(seen) // 2] * 1000,
        "p99": seen[int(len(seen) * 0.99)] * 1000,
        "statuses": statuses,
    }


def main() -> None:
    """Read what to ask for, ask, print what was measured."""
    port, seconds, connections = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    wanted = []
    for path, headers in json.load(sys.stdin):
        lines = [
            f"GET {path} HTTP/1.1",
            "Host: localhost",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        wanted.append(("\r\n".join(lines) + "\r\n\r\n").encode())
    print(json.dumps(uvloop.run(run(port, seconds, connections, wanted))))


if __name__ == "__main__":
    main()

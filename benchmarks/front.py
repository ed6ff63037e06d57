"""The nginx of deploy/nginx in front: its rate to the service's alone, and to a plain file's."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.measure import Measure, World
from benchmarks.service import Server, Wanted, calfeed, fetch, load
from tests.deploy.front import running, write_main
from tests.support.process import free_port

PATH = "/feeds/everything.ics"
GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


@contextmanager
def front(ports: Sequence[int]) -> Iterator[Server]:
    """The nginx with services on these ports; on another it serves ``files/`` beside it."""
    port = free_port()
    upstream = "\n    ".join(f"server 127.0.0.1:{port} fail_timeout=2s;" for port in ports)
    values = {
        "server calfeed:8080;": upstream,
        "listen 80;": f"listen 127.0.0.1:{port};",
        "    listen [::]:80;\n": "",
    }
    with tempfile.TemporaryDirectory() as folder:
        main = write_main(Path(folder), "compose.conf", values)
        _patient(main)
        with running(main, port):
            yield Server(port, 0)


@contextmanager
def plain_file(body: bytes) -> Iterator[Server]:
    """The same nginx with a file of these bytes at PATH."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        main = write_main(folder, "compose.conf", {"server calfeed:8080;": "server 127.0.0.1:9;"})
        file = folder / "files" / PATH.lstrip("/")
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
        server = f"server {{ listen 127.0.0.1:{port}; root {folder}/files; }}"
        text = main.read_text(encoding="utf-8").replace("include calfeed/compose.conf;", server)
        main.write_text(text, encoding="utf-8")
        _patient(main)
        with running(main, port):
            yield Server(port, 0)


def _patient(main: Path) -> None:
    """Have it serve more requests on a connection than a load makes."""
    text = main.read_text(encoding="utf-8")
    more = "access_log off;\n    keepalive_requests 10000000;"
    main.write_text(text.replace("access_log off;", more), encoding="utf-8")


def to_a_file(world: World, fields: dict[str, str]) -> float:
    """The rate through the nginx in front, to that of a plain file of the same bytes."""
    wanted: Wanted = [(PATH, fields)]
    with calfeed(f"sqlite:///{world.store}") as service:
        body = fetch(service, PATH, fields)
        with front([service.port]) as cached, plain_file(body) as file:
            return _ratio(cached, file, wanted)


def to_the_service(world: World, fields: dict[str, str]) -> float:
    """The rate through the nginx in front, to that of the service alone."""
    with calfeed(f"sqlite:///{world.store}") as service, front([service.port]) as cached:
        return _ratio(cached, service, [(PATH, fields)])


def _ratio(one: Server, other: Server, wanted: Wanted) -> float:
    for server in (one, other):
        load(server, wanted, 0.5)
    first: float = load(one, wanted)["rps"]
    second: float = load(other, wanted)["rps"]
    return first / second


MEASURES = (
    Measure("nginx in front to a plain file, gzip", "times", partial(to_a_file, fields=GZIP),
            "0.9"),
    Measure("nginx in front to a plain file, plain", "times", partial(to_a_file, fields=PLAIN),
            "0.9"),
    Measure("nginx in front to the service alone, gzip", "times",
            partial(to_the_service, fields=GZIP)),
)  # fmt: skip

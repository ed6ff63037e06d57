"""A real nginx with the configuration of deploy/nginx, and a real calfeed behind it."""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.deploy import DEPLOY, program
from tests.support.needs import ROOT

HOST = "calendars.example.org"
SECONDS = 60.0
"""How long anything may take."""
SAMPLE = ("--sample", "always")
MAIN = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr;
{user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path temp;
    proxy_temp_path temp;
    fastcgi_temp_path temp;
    scgi_temp_path temp;
    uwsgi_temp_path temp;
    include {site};
}}
"""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def cached(self) -> str:
        """What nginx says of it in Cache-Status, behind what calfeed says."""
        told = (self.headers.get_all("Cache-Status") or [""])[-1]
        return told.partition("nginx; ")[2]


@dataclass(frozen=True)
class Front:
    """The nginx: its ports, and what it trusts."""

    tls_port: int
    plain_port: int
    trusted: ssl.SSLContext

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """A request on https; underscores in the fields' names stand for hyphens."""
        connection = HTTPSConnection(
            "127.0.0.1", self.tls_port, context=self.trusted, timeout=SECONDS
        )
        return _exchange(connection, method, path, headers)

    def ask_plainly(self, path: str) -> Answer:
        """A request on the port that stands for 80."""
        return _exchange(HTTPConnection("127.0.0.1", self.plain_port, timeout=SECONDS), "GET", path)


def ask(port: int, path: str) -> Answer:
    """A request past the nginx."""
    return _exchange(HTTPConnection("127.0.0.1", port, timeout=SECONDS), "GET", path)


def _exchange(
    connection: HTTPConnection, method: str, path: str, headers: dict[str, str] | None = None
) -> Answer:
    fields = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    try:
        connection.request(method, path, headers={"Host": HOST, **fields})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that is about to happen."""
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@contextmanager
def calfeed(
    port: int, *options: str, module: str = "calfeed", **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A service on a port; killed, where it still runs, at the end of the block."""
    settings = {"CALFEED_CACHE_URL": "memory://", "CALFEED_LL2_URL": "http://127.0.0.1:1/2.3.0"}
    command = [sys.executable, "-m", module, "serve", "--port", str(port), *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings, **env}, stderr=subprocess.DEVNULL
    )
    try:
        _until_it_listens(port, process)
        yield process
    finally:
        process.kill()
        process.wait(SECONDS)


class Answering(ThreadingHTTPServer):
    """Answers every request in the same way."""

    def __init__(self, port: int, body: bytes, headers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.body = body
        self.headers = headers
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        self.server.asked.append(self.command)
        self.send_response(200)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def answering(port: int, body: bytes, headers: dict[str, str]) -> Iterator[Answering]:
    """What stands on a port in the place of a service."""
    with Answering(port, body, headers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def nginx(
    folder: Path, ports: tuple[int, int, int, int], *, background: bool = True
) -> Iterator[Front]:
    """The nginx of site.conf on the first two ports, with services expected on the others.

    Without renewal in the background it does what it does once stale-while-revalidate is over.
    """
    tls_port, plain_port = ports[:2]
    main = write(folder, ports)
    if not background:
        off = {"background_update on": "background_update off"}
        _change(folder / "calfeed" / "locations.conf", off)
    with running(main, tls_port):
        trusted = ssl.create_default_context(cafile=folder / "certificate.pem")
        yield Front(tls_port, plain_port, trusted)


def check(main: Path) -> str:
    """What ``nginx -t`` has to say; empty where all is well."""
    done = subprocess.run(
        [*_command(main), "-q", "-t"], capture_output=True, text=True, check=False
    )
    return done.stderr if done.returncode else ""


@contextmanager
def running(main: Path, port: int) -> Iterator[None]:
    """An nginx by its configuration, from when it listens on a port."""
    with (main.parent / "nginx.log").open("wb") as log:
        process = subprocess.Popen(_command(main), cwd=main.parent, stderr=log)
        try:
            _until_it_listens(port, process)
            yield
        finally:
            process.terminate()
            process.wait(SECONDS)


def write(folder: Path, ports: tuple[int, int, int, int]) -> Path:
    """Everything that nginx reads, with ports and paths of the test's own; where it begins."""
    tls_port, plain_port, first, second = ports
    certify(folder)
    values = {
        "listen 443 ssl": f"listen 127.0.0.1:{tls_port} ssl",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "    listen [::]:80;\n": "",
        "127.0.0.1:8081": f"127.0.0.1:{first}",
        "127.0.0.1:8082": f"127.0.0.1:{second}",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(folder / "certificate.pem"),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(folder / "key.pem"),
    }
    return write_main(folder, "site.conf", values)


def write_main(folder: Path, site: str, values: dict[str, str]) -> Path:
    """An nginx.conf that includes a site, changed as told, and its neighbours."""
    beside = folder / "calfeed"
    beside.mkdir()
    (folder / "temp").mkdir()
    for source in sorted((DEPLOY / "nginx").glob("*.conf")):
        (beside / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    _change(beside / "cache.conf", {"/var/cache/nginx-calfeed": str(folder / "cache")})
    _change(beside / site, values)
    main = folder / "nginx.conf"
    # Started by root, it would serve as a user who may not enter the test's folder.
    user = "user root;" if os.geteuid() == 0 else ""
    main.write_text(MAIN.format(user=user, site=f"calfeed/{site}"), encoding="utf-8")
    return main


def certify(folder: Path) -> None:
    """A certificate that nobody else trusts, and its key."""
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "ec", "-nodes", "-days", "1",
         "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def _change(path: Path, values: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in values.items():
        assert old in text, f"{path.name} has no {old!r} any more"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _command(main: Path) -> list[str]:
    return [str(program("nginx")), "-p", str(main.parent), "-c", str(main), "-e", "stderr"]


def _until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    def listens() -> bool:
        assert process.poll() is None, "it ended at once"
        try:
            ask(port, "/")
        except ConnectionError:
            return False
        return True

    until(listens)

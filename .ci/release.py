"""Builds what is published, tries it as a stranger would, and says what is left to a person.

The wheel is made out of the source archive, so that both are tried.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
CHANGELOG = "CHANGELOG.md"
BESIDE = {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", CHANGELOG, "Makefile"}
"""What the source archive has beside the package, its feeds and its tests."""
RUBBISH = re.compile(r"(?:^|/)(?:__pycache__|node_modules|public|dist|\.env|\.venv[^/]*)(?:/|$)")
STARTED = re.compile(r"calfeed serves on (http://localhost:[0-9]+)")
SECONDS = 60.0


class Unfit(Exception):
    """What was built must not be published; the message says why."""


def main() -> int:
    """0 where everything works; what is left to do is printed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    try:
        changes = (ROOT / CHANGELOG).read_text(encoding="utf-8")
        left = check_changelog(changes, project["version"])
        source, wheel = build()
        check_contents(source, wheel)
        try_wheel(wheel, project["version"])
        try_pipx(wheel, project["version"])
    except Unfit as error:
        print(f"calfeed: not fit to be published: {error}", file=sys.stderr)
        return 1
    if "Source" not in project.get("urls", {}):
        left.append("put the repository's address into project.urls: Source, Issues, Changelog")
    tell(project["version"], left)
    return 0


def tell(version: str, left: list[str]) -> None:
    """What only a person can do, in order."""
    left += [
        f"commit, and tag: git tag -s v{version} -m 'calfeed {version}'",
        "upload: pipx run twine upload dist/*",
        f"build and push the image: make image IMAGE=…/calfeed:{version}",
    ]
    print(f"calfeed: {version} works as built. Left to you (docs/releasing.md):")
    for number, step in enumerate(left, 1):
        print(f"  {number}. {step}")


def check_changelog(text: str, version: str) -> list[str]:
    """That the newest section is of this version, or not named yet: then that is left to do."""
    sections = re.findall(r"^## \[([^\]]+)\](.*?)\n(.*?)(?=^## |\Z)", text, re.S | re.M)
    newest = [(name, dated) for name, dated, body in sections if body.strip()]
    if not newest:
        raise Unfit(f"{CHANGELOG} tells nothing")
    name, dated = newest[0]
    if name == "Unreleased":
        released = {name for name, _ in newest[1:]}
        if version in released:
            raise Unfit(f"{CHANGELOG} has changes since {version}: raise the version")
        return [f"{CHANGELOG}: rename [Unreleased] to [{version}] with today's date"]
    if name != version:
        raise Unfit(f"{CHANGELOG} is about {name}, pyproject.toml says {version}")
    if not re.fullmatch(r" - \d{4}-\d\d-\d\d", dated):
        raise Unfit(f"{CHANGELOG}: [{name}] has no date")
    return []


def build() -> tuple[Path, Path]:
    """The source archive, and the wheel out of it."""
    print("calfeed: building into dist/")
    shutil.rmtree(DIST, ignore_errors=True)
    run(Path(sys.executable).parent / "hatchling", "build", "-t", "sdist", "-d", DIST, cwd=ROOT)
    (source,) = DIST.glob("*.tar.gz")
    options = ("--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", DIST)
    run(sys.executable, "-m", "pip", "wheel", *options, source)
    (wheel,) = DIST.glob("*.whl")
    return source, wheel


def check_contents(source: Path, wheel: Path) -> None:
    """That both hold everything they need and nothing of this folder's own."""
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "calfeed").rglob("*")
               if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    feeds = {path.name for path in (ROOT / "feeds").glob("*.toml")}
    with tarfile.open(source) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    wanted = package | {f"feeds/{name}" for name in feeds} | BESIDE
    compare(source, wanted, packed)
    with zipfile.ZipFile(wheel) as archive:
        unpacked = set(archive.namelist())
    compare(wheel, package | {f"calfeed/shipped_feeds/{name}" for name in feeds}, unpacked)
    beside = {name for name in unpacked if not re.match(r"calfeed(?:-[^/]+\.dist-info)?/", name)}
    if beside:
        raise Unfit(f"{wheel.name} would install {', '.join(sorted(beside)[:5])}")


def compare(built: Path, wanted: set[str], found: set[str]) -> None:
    """That everything wanted is in what was built, and no rubbish."""
    missing = sorted(wanted - found)
    if missing:
        raise Unfit(f"{built.name} lacks {', '.join(missing[:5])}")
    rubbish = sorted(filter(RUBBISH.search, found))
    if rubbish:
        raise Unfit(f"{built.name} has {', '.join(rubbish[:5])}")
    size = built.stat().st_size / 1e3
    print(f"calfeed: {built.name}: {len(found)} files, {size:.0f} kB")


def try_wheel(wheel: Path, version: str) -> None:
    """Install it into an empty environment, and use it from an empty folder."""
    with tempfile.TemporaryDirectory(prefix="calfeed-release-") as folder:
        print("calfeed: installing the wheel into an empty environment")
        environment = Path(folder, "venv")
        venv.create(environment, with_pip=True)
        programs = environment / "bin"
        run(programs / "python", "-m", "pip", "install", "--quiet", wheel)
        said = run(programs / "calfeed", "--version", cwd=folder)
        if said != f"calfeed {version}":
            raise Unfit(f"its --version says {said!r}")
        with served(programs / "calfeed", Path(folder)) as url:
            expect(url + "/feeds/nasa.ics", "BEGIN:VCALENDAR\r\n", "BEGIN:VEVENT\r\n")
            page = expect(url + "/", "<!doctype html>", "</html>")
            files = set(re.findall(r'(?:href|src)="/?(static/[^"]+)"', page))
            if not files:
                raise Unfit("the page has no style and no script")
            for file in sorted(files):
                expect(f"{url}/{file}")


@contextmanager
def served(program: Path, folder: Path) -> Iterator[str]:
    """The address of ``calfeed serve --sample always``, for the time of a block."""
    command = [str(program), "serve", "--sample", "always", "--port", "0"]
    with subprocess.Popen(  # noqa: S603  what was just built
        command, cwd=folder, env=bare(), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stderr or ():
                if found := STARTED.search(line):
                    yield found[1]
                    break
            else:
                raise Unfit("calfeed serve did not start")
        finally:
            process.send_signal(signal.SIGTERM)
        if process.wait(SECONDS):
            raise Unfit(f"calfeed serve ended with status {process.returncode}")


def expect(url: str, *parts: str) -> str:
    """What is at an address, which has all of these parts."""
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310  our own
        text = str(answer.read().decode())
    lacking = [part for part in parts if part not in text.replace("<!DOCTYPE", "<!doctype")]
    if lacking:
        raise Unfit(f"{url} has no {lacking[0]!r}")
    return text


def try_pipx(wheel: Path, version: str) -> None:
    """Run it as ``pipx run`` does, where there is a pipx."""
    pipx = shutil.which("pipx")
    if pipx is None:
        print("calfeed: no pipx here: `pipx run` was not tried")
        return
    with tempfile.TemporaryDirectory(prefix="calfeed-pipx-") as folder:
        home = {**bare(), "PIPX_HOME": folder}
        said = run(pipx, "run", "--spec", wheel, "calfeed", "--version", env=home, cwd=folder)
    if said.splitlines()[-1:] != [f"calfeed {version}"]:
        raise Unfit(f"pipx run says {said!r}")
    print("calfeed: pipx run works")


def bare() -> dict[str, str]:
    """The environment without settings of calfeed."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith("CALFEED_") and name not in ("PORT", "PYTHONPATH")}  # fmt: skip


def run(*command: str | Path, cwd: str | Path = "/", env: dict[str, str] | None = None) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run(  # noqa: S603  commands of this file
        command, cwd=cwd, env=env or bare(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unfit(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

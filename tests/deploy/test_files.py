"""Files that other programs read: checked by those programs where Debian has them, and against
their published schemas."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.deploy import DEPLOY, program
from tests.support.needs import ROOT, missing

SCHEMAS = {
    ".github/dependabot.yml": "dependabot",
    ".github/ISSUE_TEMPLATE/config.yml": "github-issue-config",
    ".github/ISSUE_TEMPLATE/1-calendar.yml": "github-issue-forms",
    ".github/ISSUE_TEMPLATE/2-bug.yml": "github-issue-forms",
    ".github/ISSUE_TEMPLATE/3-idea.yml": "github-issue-forms",
    ".github/workflows/ci.yml": "github-workflows",
    "compose.yaml": "compose-spec",
    "deploy/github/calendars.yml": "github-workflows",
}
INSTALLED = "/opt/calfeed/.venv/bin/calfeed"
"""Where the units expect the program."""
MOST_EXPOSED = 25
"""How much a service may do, as systemd-analyze counts it: 0 nothing, 100 everything."""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_yaml_file_of_a_forge_is_checked() -> None:
    files = (path.relative_to(ROOT).as_posix() for path in (ROOT / ".github").rglob("*.yml"))
    assert set(files) <= set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_as_its_schema_says(name: str) -> None:
    checker = ROOT / ".venv-schemas" / "bin" / "check-jsonschema"
    if not checker.exists():
        missing("check-jsonschema is not here: run: make tools")
    done = run(checker, "--builtin-schema", f"vendor.{SCHEMAS[name]}", ROOT / name)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with a program that is there; templates as an instance."""
    here = tmp_path / "calfeed"
    here.write_text("#!/bin/sh\n")
    here.chmod(0o755)
    written = []
    for source in sorted((DEPLOY / "systemd").iterdir()):
        unit = tmp_path / source.name.replace("@.", "@8081.")
        unit.write_text(source.read_text(encoding="utf-8").replace(INSTALLED, str(here)))
        written.append(unit)
    return written


def test_systemd_takes_the_units(units: list[Path]) -> None:
    done = run(program("systemd-analyze"), "verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")


def test_services_may_do_no_more_than_they_need(units: list[Path]) -> None:
    services = [unit for unit in units if unit.suffix == ".service"]
    assert len(services) == 2
    for unit in services:
        options = ("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager")
        done = run(program("systemd-analyze"), *options, unit)
        assert done.returncode == 0, done.stdout


def test_the_platform_gets_what_the_procfile_runs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    process = (ROOT / "Procfile").read_text(encoding="utf-8")
    assert process == "web: calfeed serve --host 0.0.0.0\n"  # the port comes from PORT
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-c constraints.txt", "."]
    assert any(name.startswith("uvloop") for name in project["dependencies"])


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions and what stands behind them."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    plain = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.partition(" ") for line in plain.splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in lines]


def last_stage() -> dict[str, str]:
    """What the image itself is: the last of each instruction behind the last FROM."""
    stage: dict[str, str] = {}
    for word, rest in instructions():
        stage = {} if word == "FROM" else {**stage, word: rest}
    return stage


def test_the_image_runs_as_nobody_and_keeps_its_store() -> None:
    stage = last_stage()
    assert int(stage["USER"]) > 0
    settings = dict(pair.split("=", 1) for pair in shlex.split(stage["ENV"]))
    assert Path(settings["CALFEED_CACHE_URL"].removeprefix("sqlite://")).parent == Path(
        stage["VOLUME"]
    )
    assert settings["PORT"] == stage["EXPOSE"]
    assert json.loads(stage["ENTRYPOINT"]) == ["calfeed"]
    assert json.loads(stage["CMD"]) == ["serve", "--host", "0.0.0.0"]


def test_the_health_check_sees_who_does_not_answer() -> None:
    command = json.loads(last_stage()["HEALTHCHECK"].partition("CMD ")[2])
    assert command[:2] == ["python3", "-c"]
    done = subprocess.run(
        [sys.executable, *command[1:]], env={"PORT": "1"}, capture_output=True, check=False
    )
    assert b"Connection refused" in done.stderr
    assert done.returncode == 1


def test_the_image_is_built_from_files_that_it_may_see() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    seen = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = [rest.split()[:-1] for word, rest in instructions()
              if word == "COPY" and not rest.startswith("--from")]  # fmt: skip
    assert {name for names in copied for name in names} == seen
    assert all((ROOT / name).exists() for name in seen)


@pytest.mark.parametrize("name", ["docs/deploying.md", "docs/threats.md", "SECURITY.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\((?!http|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_file_of_deploy_is_told_of() -> None:
    told = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    for path in DEPLOY.rglob("*.*"):
        assert f"(../{path.relative_to(ROOT).as_posix()})" in told, path

"""`make release` says no to what must not be published. That it says yes takes a minute, and is not
tried here."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.needs import ROOT


def load() -> ModuleType:
    """The program, which lies in no package."""
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci" / "release.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


release = load()
OLD = "## [0.1.0] - 2026-01-02\n\n- Began.\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"# Changelog\n\n{OLD}", 0),
        (f"# Changelog\n\n## [Unreleased]\n\n{OLD}", 0),
        ("# Changelog\n\n## [Unreleased]\n\n- Began.\n", 1),
    ],
    ids=["named", "named, and nothing since", "not named yet"],
)
def test_a_changelog_that_agrees(text: str, left: int) -> None:
    assert len(release.check_changelog(text, "0.1.0")) == left


@pytest.mark.parametrize(
    ("text", "version", "why"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n", "0.1.0", "tells nothing"),
        (OLD, "0.2.0", "is about 0.1.0, pyproject.toml says 0.2.0"),
        (f"## [Unreleased]\n\n- More.\n\n{OLD}", "0.1.0", "raise the version"),
        ("## [0.1.0]\n\n- Began.\n", "0.1.0", "has no date"),
    ],
)
def test_a_changelog_that_does_not(text: str, version: str, why: str) -> None:
    with pytest.raises(release.Unfit, match=why):
        release.check_changelog(text, version)


def test_what_lacks_a_file_or_has_rubbish(tmp_path: Path) -> None:
    built = tmp_path / "calfeed.whl"
    built.touch()
    release.compare(built, {"calfeed/a.py"}, {"calfeed/a.py", "calfeed/b.py"})
    with pytest.raises(release.Unfit, match="lacks"):
        release.compare(built, {"calfeed/a.py"}, {"calfeed/b.py"})
    for rubbish in (".env", ".venv-tools/bin/python", "calfeed/__pycache__/a.pyc"):
        with pytest.raises(release.Unfit, match="has "):
            release.compare(built, set(), {"calfeed/a.py", rubbish})

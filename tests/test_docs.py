"""What the documents name is there: files they link to, headings, modules, floors of the house."""

import re
from pathlib import Path

import pytest

from tests import support
from tests.support.needs import ROOT
from tests.test_house import LAYERS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
ARCHITECTURE = ROOT / "docs" / "architecture.md"
MODULE = re.compile(r"`((?:calfeed|tests|docs|deploy|benchmarks|feeds)/[\w/.-]*)`")
BELOW = re.compile(
    r"`((?:mirror|web|publish|query|ics|launchlibrary|store|events|launches)/[\w/.]+)`"
)


def anchors(text: str) -> set[str]:
    """The headings, as GitHub names them in links."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in found]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        there = path.parent / target if target else path
        assert there.exists(), link
        assert not anchor or anchor in anchors(there.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_are_named_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    below = [f"calfeed/{name}" for name in BELOW.findall(text)]
    assert [name for name in MODULE.findall(text) + below if not (ROOT / name).exists()] == []


def test_the_architecture_shows_every_floor() -> None:
    picture = ARCHITECTURE.read_text(encoding="utf-8").split("```")[1]
    floors = re.findall(r"^│ (.+?)(?: {3,}.*)?(?:│|──+▶.*)?$", picture, re.MULTILINE)
    named = [name for line in floors for name in re.findall(r"\w+", line.split("  ")[0])]
    assert sorted(named) == sorted(set(LAYERS) - {"__main__"})


def test_the_architecture_names_every_part_of_the_mirror() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    parts = {path.stem for path in (ROOT / "calfeed" / "mirror").glob("*.py")} - {"__init__"}
    assert {part for part in parts if not re.search(rf"\b{part}\.py", text)} == set()


def test_every_helper_of_the_tests_has_its_line_and_says_what_it_is() -> None:
    helpers = {path.stem for path in (ROOT / "tests" / "support").glob("*.py")} - {"__init__"}
    listed = re.findall(r"^    (\w+)  ", support.__doc__ or "", re.MULTILINE)
    assert sorted(listed) == sorted(helpers)
    for name in helpers:
        text = (ROOT / "tests" / "support" / f"{name}.py").read_text(encoding="utf-8")
        assert re.match(r'"""[^\n]+\.("""\n|\n\n)', text), name

"""docs/apps.md agrees with the README, and its pictures are there and small."""

import re

import pytest

from tests.support.needs import ROOT

DOCS = ROOT / "docs"
PAGE = (DOCS / "apps.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LARGEST = 120_000


def rows(text: str, head: str) -> list[list[str]]:
    """The rows below a table's head, links replaced by their text."""
    table = text.partition(f"| {head} ")[2].partition("\n\n")[0].splitlines()[2:]
    plain = [re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", row) for row in table]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in plain]


@pytest.mark.parametrize("app", ["Thunderbird", "Outlook.com", "Google Calendar"])
def test_how_often_apps_ask_is_what_the_readme_says(app: str) -> None:
    (asks,) = (asks for name, asks, *_ in rows(PAGE, "app") if name.startswith(app))
    assert f"{app} {asks.partition(',')[0]}" in README


def test_every_section_that_is_linked_to_is_there() -> None:
    heads = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors


def test_every_picture_is_there_and_small_and_no_other() -> None:
    pictures = set(DOCS.glob("apps-*.png"))
    assert {path.name for path in pictures} == set(re.findall(r"\]\(([^)]+\.png)\)", PAGE))
    assert {path.name for path in pictures if path.stat().st_size > LARGEST} == set()

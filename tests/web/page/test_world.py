"""The outline of the land, which tools/map.mjs draws."""

import re
from xml.etree import ElementTree

from calfeed.web.page.sites import HEIGHT, WIDTH
from tests.support.needs import ROOT

WORLD = ROOT / "calfeed" / "web" / "templates" / "world.svg"
LARGEST = 40_000


def test_the_outline_is_small_and_has_the_measures_that_sites_are_placed_by() -> None:
    text = WORLD.read_text("utf-8")
    drawing = ElementTree.fromstring(text)
    assert len(text) < LARGEST
    assert drawing.attrib["viewBox"] == f"0 0 {WIDTH} {HEIGHT}"
    (path,) = drawing
    assert re.fullmatch(r"(M[0-9-]+ ?[0-9-]+l[0-9 -]+z)+", path.attrib["d"])


def test_the_outline_says_whose_it_is() -> None:
    text = WORLD.read_text("utf-8")
    for words in ("Natural Earth", "public domain", "world-atlas 2.0.2", "tools/map.mjs"):
        assert words in text

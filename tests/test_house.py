"""The rules of the house that a machine can hold: imports point one way, nothing grows large."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "calfeed"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 250, 40

LAYERS = """
    errors duration text settings metrics record span entry description query
    store launchlibrary events launches catalog sample mirror ics feeds publish runtime
    checkup web export cli __main__
""".split()  # noqa: SIM905  a list of names reads better so
"""The floors of the house, the ground first: each part may import from itself and from those
before it."""

PURE = """duration text record span entry description
    query.collection query.filter query.kinds query.record_tests query.options query.parse
    query.query query.shared
    events.model events.filters events.payload events.entry
    launches.model launches.filters launches.parts launches.place launches.countries
    launches.payload launches.payload_parts launches.description launches.entry
    launches.record_tests launchlibrary.fields launchlibrary.throttle
    mirror.compare mirror.dataset mirror.moves mirror.plan mirror.progress mirror.stored
    publish.affected publish.head publish.layout publish.matching publish.select publish.window
    publish.titles publish.jsonfeed
    checkup.answer checkup.asking checkup.finding checkup.probe checkup.records checkup.service
    ics.vcalendar ics.vevent"""
"""Time and data come as arguments: same in, same out."""
WORLD = {"aiohttp", "asyncio", "os", "random", "redis", "secrets", "socket", "sqlite3", "sys",
         "tempfile", "threading", "time"}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}


def module(path: Path) -> str:
    """The dotted name below the package: ``web.app``, and empty for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """The full names of all that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def own(name: str) -> set[str]:
    """The modules of the package that one of them imports."""
    found = set()
    for full in imported(MODULES[name]):
        top, _, rest = full.partition(".")
        if top == "calfeed":
            above = rest.rpartition(".")[0]
            found |= {rest, above} if rest in MODULES else {above}  # from a package: it too
    return found - {""}  # the package itself holds the version and nothing else


def test_every_part_has_its_place() -> None:
    assert {name.partition(".")[0] for name in MODULES} - {""} <= set(LAYERS)
    assert own("") == set()


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_one_way(name: str) -> None:
    if not name:
        return
    part = name.partition(".")[0]
    allowed = LAYERS[: LAYERS.index(part) + 1]
    assert {other for other in own(name) if other.partition(".")[0] not in allowed} == set()


def test_there_are_no_circles() -> None:
    left = {name: own(name) - {name} for name in MODULES}
    while free := {name for name, needs in left.items() if not needs & set(left)}:
        left = {name: needs for name, needs in left.items() if name not in free}
    assert left == {}


def test_the_package_knows_nothing_of_its_tests() -> None:
    tops = {full.partition(".")[0] for path in FILES for full in imported(path)}
    assert tops & {"tests", "pytest", "hypothesis", "freezegun", "unittest"} == set()


@pytest.mark.parametrize("name", PURE.split())
def test_what_is_pure_does_not_look_at_the_world(name: str) -> None:
    path = MODULES[name]
    assert {full.partition(".")[0] for full in imported(path)} & WORLD == set()
    calls = {
        node.func.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert calls & CLOCKS == set()


@pytest.mark.parametrize("path", FILES, ids=module)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is_and_none_is_a_drawer() -> None:
    assert [name for name, path in MODULES.items() if not ast.get_docstring(tree(path))] == []
    drawers = {"utils", "common", "base", "services", "helpers"}
    assert drawers & {part for name in MODULES for part in name.split(".")} == set()

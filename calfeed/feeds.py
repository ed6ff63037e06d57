"""The named feeds of ``feeds/*.toml``, read and checked at start."""

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import webcolors
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

import calfeed
from calfeed.catalog import SCOPES
from calfeed.errors import FeedFileError, QueryError
from calfeed.query.collection import Scope
from calfeed.query.filter import Clause
from calfeed.query.options import OPTIONS, Options
from calfeed.query.parse import parse
from calfeed.query.query import Query
from calfeed.text import Line

PAST = timedelta(days=90)
"""How far a named feed looks back unless its file says otherwise. Ahead it has no bound."""
COLOR = "steelblue"
"""The colour of a feed that names none."""
_SLUG = re.compile("[A-Za-z0-9][A-Za-z0-9._-]*")


def _css_color(name: str) -> str:
    webcolors.name_to_hex(name)
    return name.lower()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[Line, Field(min_length=1, max_length=100)]
    description: Annotated[Line, Field(min_length=1, max_length=500)]
    color: Annotated[str, AfterValidator(_css_color)] = COLOR
    section: Literal["popular", "agency", "site", "theme"] = "theme"
    collection: Literal["all", "events", "launches"] = "all"
    filters: dict[str, str | int | list[str | int]] = {}
    options: dict[str, str | int | list[str | int]] = {}


@dataclass(frozen=True, slots=True)
class Feed:
    """A named feed. ``slug`` is its file's name and its address; ``color`` a CSS3 name;
    ``modified`` since when its file stands as it is."""

    slug: str
    name: str
    description: str
    color: str
    section: str
    query: Query
    modified: datetime | None = field(default=None, compare=False)


def folder(chosen: Path | None) -> Path:
    """The folder to read: the chosen one, else ``feeds/`` here, else the packaged one."""
    if chosen is not None:
        return chosen
    package = Path(calfeed.__file__).parent
    for candidate in (Path("feeds"), package / "shipped_feeds", package.parent / "feeds"):
        if any(candidate.glob("*.toml")):
            return candidate
    raise FeedFileError("no feeds/ folder with .toml files, and none in the package")


def load(chosen: Path | None, version: str = "") -> dict[str, Feed]:
    """All feeds of a folder by slug, in order of slug; ``version`` is that of the API.

    Raises:
        FeedFileError: the folder or one file cannot be used.
    """
    directory = folder(chosen)
    if not directory.is_dir():
        raise FeedFileError(
            f"CALFEED_FEEDS_DIR={directory}: there is no such folder; it takes one with .toml files"
        )
    paths = sorted(directory.glob("*.toml"), key=lambda path: path.stem)
    return {path.stem: read(path, version) for path in paths}


def read(path: Path, version: str = "") -> Feed:
    """One feed from its file."""
    if not _SLUG.fullmatch(path.stem):
        takes = "ASCII letters, digits, hyphens, dots and underscores"
        raise FeedFileError(f"{path}: its name becomes an address, and so takes {takes}")
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        query = parse(_pairs(file), _base(SCOPES[file.collection]), version)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FeedFileError(f"{path}: cannot be read: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise FeedFileError(f"{path}: “{where}”: {fault['msg']}") from error
    except QueryError as error:
        raise FeedFileError(f"{path}: {error}") from error
    return Feed(
        slug=path.stem,
        name=file.name,
        description=file.description,
        color=file.color,
        section=file.section,
        query=query,
        modified=_modified(path),
    )


def _modified(path: Path) -> datetime:
    """When the file last changed here: a copy may keep an older mtime, but not the ctime."""
    stat = path.stat()
    return datetime.fromtimestamp(max(stat.st_mtime, stat.st_ctime), UTC)


def for_agency(agency_id: int) -> Query:
    """An agency's feed without any file."""
    return replace(_base(SCOPES["all"]), clauses=(Clause("agency__ids", (agency_id,)),))


def _base(scope: Scope) -> Query:
    return Query(scope, options=Options(past=PAST), past_by_default=True)


def _pairs(file: _File) -> list[tuple[str, str]]:
    """Filters under ``[filters]``, calfeed's own filters and options under ``[options]``."""
    rows = SCOPES[file.collection].filters
    filters = [name for name, row in rows.items() if not row.own]
    options = [*OPTIONS, *(name for name, row in rows.items() if row.own)]
    pairs = []
    for title, table, allowed, other in (
        ("filters", file.filters, filters, options),
        ("options", file.options, options, filters),
    ):
        for name, value in table.items():
            if name not in allowed:
                raise _misplaced(name, value, title, allowed, other)
            texts = value or [""] if isinstance(value, list) else [value]
            pairs += [(name, str(text)) for text in texts]
    return pairs


def _misplaced(
    name: str, value: object, title: str, allowed: list[str], other: list[str]
) -> QueryError:
    close = get_close_matches(name, allowed, 1, 0.6)
    hint = f"; did you mean “{close[0]}”?" if close else ""
    if name in other:
        hint = "; it belongs under [" + ("options" if title == "filters" else "filters") + "]"
    said = f"“{name}” does not belong under [{title}]{hint}"
    return QueryError(said, name, str(value), "one of " + ", ".join(allowed))

"""What the command line asks for -> the calendars to write. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import parse_qsl

from calfeed.catalog import SCOPES
from calfeed.errors import SHOWN, QueryError
from calfeed.feeds import Feed
from calfeed.publish.publisher import FeedRequest
from calfeed.query.collection import Scope
from calfeed.query.parse import parse
from calfeed.query.query import Query

_NAME_TAKES = (
    "NAME=QUERY, such as 'iss=spacestation__ids=4' or 'crew=launches?is_crewed=true'; a NAME has"
    " letters, digits, - and _"
)
_SAFE_NAME = re.compile(
    r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$)[a-z0-9][a-z0-9_-]{0,63}", re.ASCII | re.IGNORECASE
)
"""What is a file name everywhere, on Windows too, and needs no quoting in an address."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A calendar to write: a named feed, or a query of one's own under ``name``."""

    name: str
    request: FeedRequest

    @property
    def path(self) -> str:
        """Where it lies in the folder; a named feed's is its path in the service too."""
        return f"feeds/{self.name}.ics"


def choose(
    feeds: Mapping[str, Feed], slugs: Iterable[str], own: Iterable[str], version: str = ""
) -> list[Wanted]:
    """The named feeds, all of them where none is given, and those of one's own: ``NAME=QUERY``,
    of which some can be answered only by newer versions of the API than ``version``.

    Raises:
        QueryError: there is no such feed, or a name or query cannot be used.
    """
    chosen = {slug: _named(slug, feeds) for slug in slugs or feeds}
    taken = {name.casefold() for name in feeds}
    for text in own:
        wanted = _own(text, version)
        if wanted.name.casefold() in taken:
            said = f"--query {wanted.name}: there is a calendar of this name already"
            raise QueryError(said, "query", text[:SHOWN], "another name")
        taken.add(wanted.name.casefold())
        chosen[wanted.name] = wanted
    return list(chosen.values())


def _named(slug: str, feeds: Mapping[str, Feed]) -> Wanted:
    if feed := feeds.get(slug):
        return Wanted(slug, FeedRequest(feed.query, feed))
    near = get_close_matches(slug.lower(), feeds, 1, 0.5)
    hint = f"did you mean “{near[0]}”?" if near else "“calfeed feeds” lists them all"
    slug = slug[:SHOWN]
    raise QueryError(f"there is no feed “{slug}”; {hint}", "FEED", slug,
                     "a named feed", near[0] if near else None)  # fmt: skip


def _scope(query: str) -> tuple[Scope, str]:
    """What a query is about, which it may begin with: ``launches?…``; and the rest of it."""
    name, mark, rest = query.partition("?")
    if mark and name in SCOPES:
        return SCOPES[name], rest
    return SCOPES["events"], query


def _own(text: str, version: str) -> Wanted:
    name, equals, query = text.partition("=")
    if not equals or not _SAFE_NAME.fullmatch(name):
        text = text[:SHOWN]
        raise QueryError(f"--query {text}: it takes {_NAME_TAKES}", "query", text, _NAME_TAKES)
    try:
        scope, query = _scope(query)
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
        return Wanted(name, FeedRequest(parse(pairs, Query.everything(scope), version)))
    except QueryError as error:
        said = f"--query {name}: {error}"
        raise QueryError(said, error.parameter, error.value, error.takes, error.nearest) from error

"""A choice that leaves nothing ahead -> what to let go of so that something is. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from calfeed import duration
from calfeed.catalog import ALL
from calfeed.feeds import Feed
from calfeed.mirror.result import Result
from calfeed.publish.select import Selector
from calfeed.publish.titles import title
from calfeed.query.filter import Clause
from calfeed.query.options import PLAIN
from calfeed.query.query import Query, View
from calfeed.web.page.cards import ahead
from calfeed.web.page.facets import FACETS
from calfeed.web.page.form import label
from calfeed.web.page.links import address

MOST_WAYS_OUT = 4
MOST_CLAUSES = 10
"""How many filters are tried."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A loosened choice: what to let go, the page's address with it, and what is ahead then."""

    label: str
    page: str
    ahead: int


def ways_out(
    query: Query, feeds: Mapping[str, Feed], result: Result, coming: Result, selector: Selector
) -> tuple[WayOut, ...]:
    """The most fruitful first. ``coming`` is what of the result is ahead."""
    options = query.options
    cut = options.limit is not None or options.offset > 0  # these count what is past too
    records = result if cut else coming
    for looser in (_looser(query), _single(query, result)):
        found = []
        for said, choice in looser:
            count = len(ahead(selector.select(records, choice), result.now))
            if count:
                found.append(WayOut(said, address(choice, feeds).page, count))
        if found:
            return tuple(sorted(found, key=lambda way: -way.ahead)[:MOST_WAYS_OUT])
    return ()


def _single(query: Query, result: Result) -> Iterator[tuple[str, Query]]:
    """Each filter by itself, for when letting go of one is not enough."""
    options = replace(query.options, future=None, webcast="any", coarse="mark")
    for clause in query.clauses[:MOST_CLAUSES]:
        alone = Query(query.scope, View.ALL, (clause,), options)
        words = title(replace(alone, options=PLAIN), result.snapshots).name
        yield f"only {words.partition(': ')[2]}", alone


_ANY = {facet.filter: f"any {facet.noun}" for facet in FACETS} | {
    "search": "any name, without the words",
    "near": "anywhere",
    "is_crewed": "with or without a crew",
}


def _looser(query: Query) -> Iterator[tuple[str, Query]]:
    options = query.options
    for clause in query.clauses[:MOST_CLAUSES]:
        rest = tuple(other for other in query.clauses if other != clause)
        yield _without(clause), replace(query, clauses=rest)
    if query.scope != ALL:
        yield "launches and events", replace(query, scope=ALL)
    if query.view is View.PREVIOUS:
        yield "upcoming entries too", replace(query, view=View.ALL)
    if options.future is not None:
        looser = replace(options, future=None)
        yield f"further ahead than {duration.words(options.future)}", replace(query, options=looser)
    for name, said in (("webcast", "with or without a webcast"), ("coarse", "with coarse dates")):
        if getattr(options, name) not in ("any", "mark"):
            looser = replace(options, **{name: getattr(PLAIN, name)})
            yield said, replace(query, options=looser)


def _without(clause: Clause) -> str:
    if clause.name == "exclude":
        return f"also those named “{clause.text()}”"
    return _ANY.get(clause.name) or f"without “{label(clause.name, clause.text())}”"

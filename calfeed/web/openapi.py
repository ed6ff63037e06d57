"""``/openapi.json``: what can be asked here, for programs (OpenAPI 3.1)."""

import asyncio
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from aiohttp import web

from calfeed import __version__
from calfeed.catalog import ALL, COLLECTIONS, SCOPES
from calfeed.feeds import Feed
from calfeed.query.collection import Collection, Scope
from calfeed.query.filter import MOST_VALUES, Filter
from calfeed.query.options import OPTIONS, Option
from calfeed.query.parse import LONGEST_QUERY
from calfeed.web import keys

Json = dict[str, Any]

_TEXT, _MAYBE = {"type": "string"}, {"type": ["string", "null"]}
_PLURALS = {"all": "launches and events"}
_OTHERS = {
    "/": ("The page to find, build and subscribe to a feed", "text/html"),
    "/feeds.json": ("The named feeds", "application/json"),
    "/status.json": ("How old the data is, and what went wrong last", "application/json"),
    "/openapi.json": ("This description", "application/json"),
    "/healthz": ("The process lives", "text/plain"),
    "/readyz": ("Feeds can be served (200), or not yet (503)", "text/plain"),
    "/metrics": ("Counters and gauges for Prometheus", "text/plain"),
    "/robots.txt": ("Feeds may be fetched", "text/plain"),
}


def setup(app: web.Application) -> None:
    """Add the route."""

    @cache  # not at the start, for few ask; and in a thread, for others get their turn meanwhile
    def body() -> bytes:
        return json.dumps(describe(app[keys.FEEDS]), ensure_ascii=False).encode()

    async def openapi(request: web.Request) -> web.Response:
        return web.Response(
            body=await asyncio.to_thread(body),
            content_type="application/json",
            headers={"Cache-Control": "public, max-age=3600"},
        )

    app.router.add_get("/openapi.json", openapi)


def describe(feeds: dict[str, Feed]) -> Json:
    """The whole description; what a query takes comes from the tables that read it."""
    paths = {
        f"{path}.{form}": {"get": _feed(path, form, about, scope, feeds)}
        for path, about, scope in _addresses()
        for form in ("ics", "json")
    }
    paths |= {path: {"get": _other(path, *row)} for path, row in _OTHERS.items()}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "calfeed",
            "version": __version__,
            "summary": "Spaceflight launches and events from Launch Library 2 as calendar feeds",
            "description": "Filters carry Launch Library's own names and meaning. A parameter that "
            "is unknown, or a value that cannot be read, is answered 400: never a feed that "
            f"ignores it. A query has at most {LONGEST_QUERY} characters.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"parameters": _components(), "schemas": _schemas()},
    }


def _addresses() -> Iterator[tuple[str, str, Scope]]:
    """Every address of a feed, without its ending, with what it gives and what that is about."""
    for scope in SCOPES.values():
        what = _PLURALS.get(scope.name, scope.name)
        yield f"/{scope.name}", f"The {what} that match the filters", scope
        yield f"/{scope.name}/upcoming", f"Upcoming {what}: from 24 hours ago on", scope
        yield (
            f"/{scope.name}/previous",
            f"Previous {what}, latest first where they are limited",
            scope,
        )
        for collection in scope.collections if len(scope.collections) == 1 else ():
            yield f"/{scope.name}/{{id}}", f"A single {collection.noun}", scope
    yield "/feeds/{slug}", "A named feed; a query narrows it further", ALL
    yield "/agencies/{id}", "One agency's launches and events, by its Launch Library id", ALL


def _components() -> dict[str, Json]:
    """All parameters by the names they are referred to."""
    found = {name: _option(row) for name, row in OPTIONS.items()}
    for scope in SCOPES.values():
        for name, row in scope.filters.items():
            found[_reference(scope, name)] = _filter(row)
    return found


def _reference(scope: Scope, name: str) -> str:
    """A parameter that differs from what a calendar of all takes has a name of its own."""
    if name in OPTIONS:
        return name
    common = ALL.filters.get(name)
    same = common is not None and common.kind == scope.filters[name].kind
    return name if same else f"{scope.name}.{name}"


def _filter(row: Filter[Any]) -> Json:
    about = f"{row.meaning}: {row.takes}" + (f", at most {MOST_VALUES}" if row.many else "")
    if row.lacking:
        about += f"; not where the data comes from version {', '.join(row.lacking)} of the API"
    schema, example = dict(row.kind.schema), row.kind.example
    if not row.many or row.name == "search":
        return _parameter(row.name, about, schema, example)
    schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": MOST_VALUES}
    listed = _parameter(row.name, about, schema, [example])
    return listed | {"style": "form", "explode": False}


def _option(row: Option) -> Json:
    return _parameter(row.name, f"{row.meaning}: {row.takes}", dict(row.schema), row.example)


def _parameter(name: str, about: str, schema: Json, example: object) -> Json:
    return {"name": name, "in": "query", "description": about, "schema": schema, "example": example}


def _feed(path: str, form: str, about: str, scope: Scope, feeds: dict[str, Feed]) -> Json:
    names = [*scope.filters, *OPTIONS]
    if not path.endswith("/upcoming"):
        names.remove("hide_recent_previous")
    kind = {
        "ics": {"text/calendar": {"schema": {"type": "string"}}},
        "json": {"application/json": {"schema": {"$ref": "#/components/schemas/Calendar"}}},
    }[form]
    answers = {
        "200": {"description": "The entries, in order of start", "content": kind},
        "304": {"description": "The client has them already"},
        "400": _problem("A parameter is unknown, or its value cannot be read"),
        "503": _problem("It is not known yet, and Launch Library did not answer"),
    }
    own = _path_parameters(path, scope, feeds)
    if own:
        answers["404"] = _problem("There is no such feed or entry")
    references = [{"$ref": f"#/components/parameters/{_reference(scope, name)}"} for name in names]
    return {
        "summary": f"{about}, as {'a calendar' if form == 'ics' else 'JSON'}",
        "operationId": re.sub("[^a-z]+", "_", f"{path}.{form}").strip("_"),
        "parameters": own + references,
        "responses": answers,
    }


def _path_parameters(path: str, scope: Scope, feeds: dict[str, Feed]) -> list[Json]:
    if "{" not in path:
        return []
    name, schema = "id", dict(scope.filters["id"].kind.schema)
    if path.startswith("/agencies"):
        schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
    elif path.startswith("/feeds"):
        name, schema = "slug", {"type": "string", "enum": list(feeds)}
    return [{"name": name, "in": "path", "required": True, "schema": schema}]


def _other(path: str, about: str, kind: str) -> Json:
    answers: Json = {"200": {"description": about, "content": {kind: {}}}}
    if path == "/readyz":
        answers["503"] = _problem("Not ready")
    name = re.sub("[^a-z]+", "_", path).strip("_") or "page"
    return {"summary": about, "operationId": name, "responses": answers}


def _problem(about: str) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": about, "content": {"application/problem+json": {"schema": schema}}}


def _schemas() -> Json:
    """The entries as :mod:`calfeed.publish.jsonfeed` writes them, and the problems."""
    schemas: Json = {}
    kinds = []
    for collection in COLLECTIONS.values():
        name = collection.noun.capitalize()
        record = collection.model.json_schema(
            mode="serialization", ref_template="#/components/schemas/{model}"
        )
        schemas |= record.pop("$defs", {})
        for own in ("id", "moves"):
            del record["properties"][own]
        if "duration" in record["properties"]:
            record["properties"]["duration"] = _MAYBE
        record |= {"description": "What it was made from", "required": [*record["properties"]]}
        schemas |= {name: record, f"{name}Entry": _entry(collection, name)}
        kinds.append({"$ref": f"#/components/schemas/{name}Entry"})
    return schemas | {
        "Calendar": _object({
            "count": {"type": "integer", "minimum": 0},
            "events": {"type": "array", "items": {"anyOf": kinds}},
        }),
        "Problem": {
            "type": "object",
            "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}}
            | dict.fromkeys(("detail", "parameter", "value", "takes", "nearest"), _TEXT),
            "required": ["type", "title", "status", "detail"],
        },
    }  # fmt: skip


def _entry(collection: Collection[Any], name: str) -> Json:
    members: Json = dict.fromkeys(("summary", "start", "end", "status", "description"), _TEXT)
    members |= dict.fromkeys(("known", "location", "url"), _MAYBE)
    move = {"from": _TEXT, "precision": {"type": ["integer", "null"]}, "noticed_at": _TEXT}
    return _object(members | {
        "kind": {"const": collection.noun},
        "id": dict(collection.filters["id"].kind.schema),
        "uid": {"type": "string", "format": "uuid"},
        "all_day": {"type": "boolean"},
        "geo": {"type": ["array", "null"], "items": {"type": "number"}},
        "categories": {"type": "array", "items": _TEXT},
        "moves": {"type": "array", "items": _object(move)},
        collection.noun: {"$ref": f"#/components/schemas/{name}"},
    })  # fmt: skip


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }

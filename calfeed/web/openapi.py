"""``/openapi.json``: what can be asked here, for programs (OpenAPI 3.1)."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from aiohttp import web

from calfeed import __version__
from calfeed.events.filters import FILTERS, MOST_VALUES, Filter
from calfeed.events.model import Event
from calfeed.feeds import Feed
from calfeed.query.options import OPTIONS, Option
from calfeed.query.query import LONGEST_QUERY
from calfeed.web import keys

Json = dict[str, Any]

_FEEDS = {
    "/events": "Every event that matches the filters",
    "/events/upcoming": "Launch Library's upcoming events: from 24 hours ago on",
    "/events/previous": "Launch Library's previous events, latest first where they are limited",
    "/events/{id}": "One event",
    "/feeds/{slug}": "A named feed; a query narrows it further",
    "/agencies/{id}": "One agency's events, by its Launch Library id",
}
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
_SAMPLES: tuple[tuple[str, Json], ...] = (
    ("7", {"type": "integer"}),
    ("2026", {"type": "integer"}),
    ("true", {"type": "boolean"}),
    ("2026-07-01", {"type": "string"}),
    ("a3c9c47e-976e-40a5-8889-30c407131e3a", {"type": "string", "format": "uuid"}),
    ("https://example.org/", {"type": "string", "format": "uri"}),
    ("dragon", {"type": "string"}),
    ("90d", {"type": "string"}),
    ("en", {"type": "string"}),
)
"""The first of these that a filter or an option reads says what it takes, and is the example."""


def setup(app: web.Application) -> None:
    """Add the route."""

    @cache  # few ask, and making it takes part of the start
    def body() -> bytes:
        return json.dumps(describe(app[keys.FEEDS]), ensure_ascii=False).encode()

    async def openapi(request: web.Request) -> web.Response:
        return web.Response(
            body=body(),
            content_type="application/json",
            headers={"Cache-Control": "public, max-age=3600"},
        )

    app.router.add_get("/openapi.json", openapi)


def describe(feeds: dict[str, Feed]) -> Json:
    """The whole description; what a query takes comes from the tables that read it."""
    parameters = [_filter(row) for row in FILTERS.values()]
    parameters += [_option(row) for row in OPTIONS.values()]
    paths = {
        f"{path}.{form}": {"get": _feed(path, form, about, feeds)}
        for path, about in _FEEDS.items()
        for form in ("ics", "json")
    }
    paths |= {path: {"get": _other(path, *row)} for path, row in _OTHERS.items()}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "calfeed",
            "version": __version__,
            "summary": "Spaceflight events from Launch Library 2 as calendar feeds",
            "description": "Filters carry Launch Library's own names and meaning. A parameter that "
            "is unknown, or a value that cannot be read, is answered 400: never a feed that "
            f"ignores it. A query has at most {LONGEST_QUERY} characters.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "parameters": {one["name"]: one for one in parameters},
            "schemas": _schemas(),
        },
    }


def _filter(row: Filter) -> Json:
    sample, schema = _sample(lambda text: row.parse(text))
    about = f"{row.meaning}: {row.takes}" + (f", at most {MOST_VALUES}" if row.many else "")
    if not row.many or row.name == "search":
        return _parameter(row.name, about, schema, sample)
    schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": MOST_VALUES}
    return _parameter(row.name, about, schema, [sample]) | {"style": "form", "explode": False}


def _option(row: Option) -> Json:
    about = f"{row.meaning}: {row.takes}"
    words = re.split(", | or ", row.takes)
    if len(words) > 1 and all(_reads(row.parse, [word]) for word in words):
        return _parameter(row.name, about, {"type": "string", "enum": words}, words[0])
    sample, schema = _sample(lambda text: row.parse([text]))
    if row.name == "name":
        schema = {"type": "string", "minLength": 1}
    return _parameter(row.name, about, schema, sample)


def _parameter(name: str, about: str, schema: Json, example: object) -> Json:
    return {"name": name, "in": "query", "description": about, "schema": schema, "example": example}


def _sample(read: Callable[[str], object]) -> tuple[object, Json]:
    for text, schema in _SAMPLES:
        if _reads(read, text):
            whole = schema["type"] == "integer"
            return (int(text) if whole else text == "true" or text), schema
    raise AssertionError("a filter or option that reads none of the samples")


def _reads(read: Callable[[Any], object], value: object) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _feed(path: str, form: str, about: str, feeds: dict[str, Feed]) -> Json:
    names = [*FILTERS, *OPTIONS]
    if path != "/events/upcoming":
        names.remove("hide_recent_previous")
    kind = {
        "ics": {"text/calendar": {"schema": {"type": "string"}}},
        "json": {"application/json": {"schema": {"$ref": "#/components/schemas/Events"}}},
    }[form]
    answers = {
        "200": {"description": "The events, in order of start", "content": kind},
        "304": {"description": "The client has them already"},
        "400": _problem("A parameter is unknown, or its value cannot be read"),
        "503": _problem("Nothing is known yet, and Launch Library did not answer"),
    }
    own = []
    if "{" in path:
        answers["404"] = _problem("There is no such feed or event")
        id_ = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
        slug = {"type": "string", "enum": list(feeds)}
        name, schema = ("id", id_) if "{id}" in path else ("slug", slug)
        own = [{"name": name, "in": "path", "required": True, "schema": schema}]
    return {
        "summary": f"{about}, as {'a calendar' if form == 'ics' else 'JSON'}",
        "operationId": re.sub("[^a-z]+", "_", f"{path}.{form}").strip("_"),
        "parameters": own + [{"$ref": f"#/components/parameters/{name}"} for name in names],
        "responses": answers,
    }


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
    """The events as :mod:`calfeed.publish.jsonfeed` writes them, and the problems."""
    event = Event.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    parts: Json = event.pop("$defs")
    for name in ("id", "detailed", "update"):
        del event["properties"][name]
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    event["properties"] |= {"duration": maybe, "last_update": maybe}
    event = event | {"description": "What it was made from", "required": [*event["properties"]]}
    shown: Json = dict.fromkeys(("summary", "start", "end", "status", "description"), text)
    shown |= dict.fromkeys(("known", "location", "url"), maybe)
    shown |= {
        "id": {"type": "integer"},
        "uid": {"type": "string", "format": "uuid"},
        "all_day": {"type": "boolean"},
        "categories": {"type": "array", "items": text},
        "event": {"$ref": "#/components/schemas/Event"},
    }
    return parts | {
        "Event": event,
        "Shown": _object(shown),
        "Events": _object({
            "count": {"type": "integer", "minimum": 0},
            "events": {"type": "array", "items": {"$ref": "#/components/schemas/Shown"}},
        }),
        "Problem": {
            "type": "object",
            "properties": {"type": text, "title": text, "status": {"type": "integer"},
                           "detail": text, "parameter": text, "value": text, "takes": text,
                           "nearest": text},
            "required": ["type", "title", "status", "detail"],
        },
    }  # fmt: skip


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }

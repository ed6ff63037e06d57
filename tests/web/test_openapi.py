"""What the service publishes of itself is valid, complete and true."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from calfeed import feeds, settings
from calfeed.catalog import ALL, EVENTS_ONLY, SCOPES
from calfeed.query.options import OPTIONS
from calfeed.web.app import init_app
from calfeed.web.openapi import describe
from tests.fake import FakeLaunchLibrary, make_events
from tests.support.service import calling

NOW = datetime.now(UTC)
FEEDS = feeds.load(Path("feeds"))
DESCRIBED = describe(FEEDS)
PARAMETERS: dict[str, dict[str, Any]] = DESCRIBED["components"]["parameters"]


def schema(name: str) -> Draft202012Validator:
    """What checks an answer against one of the schemas."""
    parts = DESCRIBED["components"]
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": parts})


def test_it_is_valid() -> None:
    OpenAPIV31SpecValidator(DESCRIBED).validate()


def test_every_filter_and_option_is_there() -> None:
    named = {name.rpartition(".")[2] for name in PARAMETERS}
    assert named == {*OPTIONS}.union(*(scope.filters for scope in SCOPES.values()))
    assert {*ALL.filters, *OPTIONS} <= {*PARAMETERS}
    assert PARAMETERS["month"]["schema"]["items"] == {"type": "integer"}
    assert PARAMETERS["hide_recent_previous"]["schema"] == {"type": "boolean"}
    assert PARAMETERS["webcast"]["schema"]["enum"] == ["any", "yes", "official"]
    assert PARAMETERS["date__gte"]["example"] == "2026-07-01"
    assert PARAMETERS["past"]["example"] == "90d"


def test_every_route_is_there() -> None:
    app = init_app(settings.load({"cache_url": "memory://"}), FEEDS)
    routes = {one.canonical for one in app.router.resources() if "static" not in one.canonical}
    shown = {path.removesuffix(".ics").removesuffix(".json") for path in DESCRIBED["paths"]}
    found = {path.removesuffix(".{form}").removesuffix(".json") for path in routes}
    assert shown - {"/feeds/{slug}"} <= found
    assert "/feeds/{slug}" in found


def examples() -> Iterator[tuple[dict[str, Any], str]]:
    """Every parameter, with an address of events that takes it, where one does."""
    for name in (*OPTIONS, *EVENTS_ONLY.filters):
        parameter = PARAMETERS.get(f"events.{name}") or PARAMETERS[name]
        yield parameter, "/events/upcoming" if name == "hide_recent_previous" else "/events"


async def test_every_example_is_answered_as_described() -> None:
    async with FakeLaunchLibrary(make_events(90, now=NOW)) as ll, calling(ll) as client:
        for parameter, path in examples():
            name, example = parameter["name"], parameter["example"]
            one = example[0] if isinstance(example, list) else example
            text = str(one).lower() if isinstance(one, bool) else str(one)
            async with client.get(f"{path}.json", params={name: text}) as answer:
                assert answer.status == 200, name
                schema("Calendar").validate(await answer.json())


async def test_the_answers_are_as_described() -> None:
    async with FakeLaunchLibrary(make_events(90, now=NOW)) as ll, calling(ll) as client:
        async with client.get("/openapi.json") as answer:
            assert answer.status == 200
            assert answer.content_type == "application/json"
            assert await answer.json() == DESCRIBED
        async with client.get("/events.json?coarse=span") as answer:
            told = await answer.json()
            assert told["count"] > 80
            schema("Calendar").validate(told)
        for path in (
            "/events.json?limit=-1",
            "/events.ics?agency_id=5",
            "/events/1999999.ics",
            "/no",
        ):
            async with client.get(path) as answer:
                assert answer.status in (400, 404)
                schema("Problem").validate(await answer.json(content_type=None))

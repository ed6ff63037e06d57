"""``/status.json`` for a person, ``/metrics`` for Prometheus."""

import json
from datetime import datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from calfeed import __version__
from calfeed.errors import StoreError
from calfeed.web import keys
from calfeed.web.health import NO_STORE


def setup(app: web.Application) -> None:
    """Add the routes."""
    app.router.add_get("/status.json", status)
    app.router.add_get("/metrics", metrics)


async def status(request: web.Request) -> web.Response:
    """How old the data is, when it is renewed next, what went wrong last, what may be asked."""
    parts = request.app[keys.RUNTIME]
    copy, rounds, now = parts.replica.dataset, parts.replica.dataset.rounds, parts.now()
    as_of = copy.coverage.as_of
    fresh_for = request.app[keys.SETTINGS].fresh_for
    body = {
        "version": __version__,
        "time": _text(now),
        "data": {
            "as_of": _text(as_of),
            "age_seconds": int((now - as_of).total_seconds()) if as_of else None,
            "stale": as_of is None or now - as_of >= fresh_for,
            "complete": copy.coverage.complete,
            "events": len(copy.events),
            "changed_at": _text(copy.changed_at),
            "sample": parts.repository.shows_sample,
        },
        "refresh": {
            "last": _text(rounds.ended_at) if rounds else None,
            "next": _text(rounds.next_at) if rounds else None,
            "failures": rounds.failures if rounds else 0,
            "last_error": rounds.error or None if rounds else None,
        },
        "budget": {
            "calls_per_hour": parts.budget.calls_per_hour,
            "left": await _left(request),
        },
        "store": {"trouble": parts.replica.trouble or None},
    }
    return web.json_response(
        body, headers=NO_STORE, dumps=lambda value: json.dumps(value, ensure_ascii=False, indent=1)
    )


async def metrics(request: web.Request) -> web.Response:
    """Counters and gauges."""
    parts, counted = request.app[keys.RUNTIME], request.app[keys.RUNTIME].metrics
    copy = parts.replica.dataset
    as_of = copy.coverage.as_of
    counted.events.set(len(copy.events))
    counted.age.set((parts.now() - as_of).total_seconds() if as_of else float("nan"))
    left = await _left(request)
    counted.budget_left.set(float("nan") if left is None else left)
    return web.Response(
        body=counted.text(), headers={"Content-Type": CONTENT_TYPE_LATEST, **NO_STORE}
    )


async def _left(request: web.Request) -> int | None:
    """The calls left; None while the ledger cannot be read."""
    try:
        return await request.app[keys.RUNTIME].budget.left()
    except StoreError:
        return None


def _text(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

"""``/status.json`` for a person, ``/metrics`` for Prometheus."""

import json
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from calfeed import __version__
from calfeed.errors import StoreError
from calfeed.mirror.dataset import Dataset
from calfeed.mirror.progress import Progress, progress_of
from calfeed.span import iso
from calfeed.web import keys
from calfeed.web.health import NO_STORE


def setup(app: web.Application) -> None:
    """Add the routes."""
    app.router.add_get("/status.json", status)
    app.router.add_get("/metrics", metrics)


async def status(request: web.Request) -> web.Response:
    """How old the data is, how much of it is there, what went wrong last, what may be asked."""
    runtime = request.app[keys.RUNTIME]
    now = runtime.now()
    fresh_for = request.app[keys.SETTINGS].fresh_for
    last = runtime.replica.last_round
    collections = {
        name: _collection(dataset, progress_of(dataset), now, fresh_for)
        for name, dataset in runtime.replica.datasets.items()
    }
    body = {
        "version": __version__,
        "time": _iso(now),
        "data": {
            "stale": any(collection["stale"] for collection in collections.values()),
            "complete": runtime.replica.complete,
            "sample": runtime.repository.shows_sample,
            "collections": collections,
        },
        "refresh": {
            "last": _iso(last.ended_at) if last else None,
            "retry_at": _iso(last.retry_at) if last else None,
            "failures": last.failures if last else 0,
            "last_error": last.error or None if last else None,
        },
        "budget": {
            "calls_per_hour": runtime.budget.calls_per_hour,
            "left": await _left(request),
        },
        "store": {"trouble": runtime.replica.trouble or None},
    }
    return web.json_response(
        body, headers=NO_STORE, dumps=lambda value: json.dumps(value, ensure_ascii=False, indent=1)
    )


def _collection(
    dataset: Dataset[Any], progress: Progress, now: datetime, fresh_for: timedelta
) -> dict[str, Any]:
    as_of, fill = dataset.as_of, dataset.state.fill
    return {
        "records": progress.records,
        "of": progress.of,
        "complete": progress.complete,
        "since": None if progress.complete else _iso(progress.since),
        "as_of": _iso(as_of),
        "age_seconds": int((now - as_of).total_seconds()) if as_of else None,
        "stale": as_of is None or fill.again or now - as_of >= fresh_for,
        "changed_at": _iso(dataset.state.changes.changed_at),
        "doubted": dataset.doubted,
    }


async def metrics(request: web.Request) -> web.Response:
    """Counters and gauges."""
    runtime = request.app[keys.RUNTIME]
    now, counted = runtime.now(), runtime.metrics
    for name, dataset in runtime.replica.datasets.items():
        as_of = dataset.as_of
        counted.age.labels(name).set((now - as_of).total_seconds() if as_of else float("nan"))
        counted.records.labels(name).set(len(dataset.records))
        counted.complete.labels(name).set(progress_of(dataset).ratio)
        counted.doubted.labels(name).set(dataset.doubted)
    counted.store_trouble.set(bool(runtime.replica.trouble))
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


def _iso(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None

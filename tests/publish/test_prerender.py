"""Feeds are rendered before they are asked for, and never at Launch Library's cost."""

import asyncio
import logging
from typing import Any

import pytest

from calfeed.publish.fragments import Form
from calfeed.publish.prerender import Prerenderer
from calfeed.publish.publisher import MOST_LATELY, Request
from calfeed.store import Changes
from calfeed.web import keys
from calfeed.web.routes import named_requests
from tests.fake import FakeLaunchLibrary, Fault
from tests.support.service import NOW, Service, filled, known, serving, until

PATH = "/events.ics?type__ids=2"


def ahead(service: Service) -> Prerenderer:
    named = named_requests(service.app[keys.FEEDS].values(), service.app[keys.SETTINGS].public_url)
    parts = service.parts
    return Prerenderer(parts.replica, service.app[keys.PUBLISHER], named)


def rendered(service: Service) -> float:
    """How many feeds were put together so far."""
    value = service.parts.metrics.registry.get_sample_value(
        "calfeed_feeds_rendered_total", {"form": "ics"}
    )
    return value or 0.0


async def rename(service: Service) -> None:
    news = service.parts.replica.dataset.events[9].model_copy(update={"name": "Renamed"})
    await service.parts.replica.write(Changes(events=(news,)))


@pytest.mark.parametrize("public_url", [None, "https://calendar.example"])
async def test_named_feeds_are_there_before_anybody_asks(public_url: str | None) -> None:
    async with filled(known(), public_url=public_url) as service:
        await ahead(service).once()
        before = rendered(service)
        assert before == len(service.app[keys.FEEDS])
        for slug in service.app[keys.FEEDS]:
            assert (await service.ask(f"/feeds/{slug}.ics")).status == 200
        assert rendered(service) == before


async def test_after_a_change_feeds_that_were_asked_for_are_there_too() -> None:
    async with filled(known()) as service:
        await service.ask(PATH, Accept_Encoding="gzip")
        await rename(service)
        await ahead(service).once()
        before = rendered(service)
        assert "Renamed" in (await service.ask(PATH)).names
        assert rendered(service) == before
        await ahead(service).once()
        assert rendered(service) == before


async def test_after_midnight_moving_windows_are_there_too() -> None:
    async with filled(known()) as service:
        moving = f"{PATH}&past=30d"
        await service.ask(moving)
        service.clock.ahead(days=1)
        await ahead(service).once()
        before = rendered(service)
        await service.ask(moving)
        assert rendered(service) == before


async def test_nothing_is_rendered_ahead_of_a_complete_copy() -> None:
    async with FakeLaunchLibrary(known(), now=lambda: NOW) as ll:
        ll.fault = Fault("hang")
        async with serving(ll) as service:
            await until(lambda: ll.calls)
            await ahead(service).once()
            assert (rendered(service), len(ll.calls)) == (0, 1)


async def test_an_event_that_is_gone_keeps_no_other_feed_back() -> None:
    async with filled(known()) as service:
        await service.ask("/events/8.ics")
        await service.ask(PATH)
        await service.parts.replica.write(Changes(removed=(8,)))
        await rename(service)
        await ahead(service).once()
        before = rendered(service)
        assert "Renamed" in (await service.ask(PATH)).names
        assert (await service.ask("/events/8.ics")).status == 404
        assert rendered(service) == before


async def test_what_comes_during_a_round_is_rendered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with filled(known()) as service:
        await service.ask(PATH)
        one = ahead(service)
        rounds = 0

        async def once() -> None:
            nonlocal rounds
            rounds += 1
            if rounds == 1:
                await rename(service)
            else:
                raise asyncio.CancelledError

        for name in ("AFTER_START", "AFTER_NEWS"):
            monkeypatch.setattr(f"calfeed.publish.prerender.{name}", 0)
        monkeypatch.setattr(one, "once", once)
        async with asyncio.timeout(5):
            with pytest.raises(asyncio.CancelledError):
                await one.run()


async def test_those_asked_for_last_are_rendered_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    async with filled(known()) as service:
        publisher = service.app[keys.PUBLISHER]
        for n in range(MOST_LATELY + 5):
            await service.ask(f"{PATH}&name={n}")
        hot = publisher.lately[-1]
        await ahead(service).once()
        assert len(publisher.lately) == MOST_LATELY
        assert publisher.lately[-1] == hot
        names = {request.query.options.name for request, _ in publisher.lately}
        assert names.isdisjoint(str(n) for n in range(5))


async def test_a_fault_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with filled(known()) as service:
        tried: list[Request] = []

        async def faulty(request: Request, form: Form) -> Any:
            tried.append(request)
            if len(tried) == 2:
                raise asyncio.CancelledError
            raise RuntimeError("a fault")

        one = ahead(service)
        monkeypatch.setattr("calfeed.publish.prerender.AFTER_START", 0)
        monkeypatch.setattr("calfeed.publish.prerender.BETWEEN", 0)
        monkeypatch.setattr(one._publisher, "renew", faulty)
        with pytest.raises(asyncio.CancelledError):
            await one.run()
    assert [r.message for r in caplog.records if r.levelno == logging.ERROR] == [
        "rendering ahead failed"
    ]

"""The named feeds are rendered before they are asked for, and never at Launch Library's cost."""

import asyncio
import logging

import pytest

from calfeed.publish.prerender import keep_rendered, render
from calfeed.publish.publisher import FeedRequest
from calfeed.web import keys
from calfeed.web.routes import named_requests
from tests.fake import FakeLaunchLibrary, Fault
from tests.support.service import NOT_IN_A_TEST, NOW, Service, filled, known, serving, until

NASA = "/feeds/nasa.ics"


def named(service: Service) -> list[FeedRequest]:
    app = service.app
    return named_requests(app[keys.FEEDS].values(), app[keys.SETTINGS].public_url)


async def ahead(service: Service) -> None:
    """Render what is out of date."""
    await render(service.app[keys.RUNTIME].repository, service.app[keys.PUBLISHER], named(service))


def rendered(service: Service) -> float:
    """How many feeds were rendered so far."""
    value = service.parts.metrics.registry.get_sample_value(
        "calfeed_feeds_rendered_total", {"form": "ics"}
    )
    return value or 0.0


async def rename(service: Service) -> None:
    version = service.parts.replica.datasets["events"].version
    await service.take_in("events", id=9, name=f"Renamed {version}")


@pytest.mark.parametrize("public_url", [None, "https://calendar.example"])
async def test_named_feeds_are_there_before_anybody_asks(public_url: str | None) -> None:
    async with filled(known(), public_url=public_url) as service:
        await ahead(service)
        before = rendered(service)
        assert before == len(service.app[keys.FEEDS])
        for slug in service.app[keys.FEEDS]:
            for coding in ("identity", "gzip"):
                answer = await service.ask(f"/feeds/{slug}.ics", Accept_Encoding=coding)
                assert answer.status == 200
        await ahead(service)
        assert rendered(service) == before


async def test_after_a_change_and_after_midnight_they_are_there_too() -> None:
    async with filled(known()) as service:
        await ahead(service)
        await rename(service)
        await ahead(service)
        before = rendered(service)
        assert (await service.ask(NASA)).names[0].startswith("Renamed")
        service.clock.ahead(days=1)
        await ahead(service)
        assert rendered(service) == before + len(service.app[keys.FEEDS])
        before = rendered(service)
        await service.ask(NASA)
        assert rendered(service) == before


async def test_feeds_that_were_asked_for_are_not_rendered_before_they_are_asked_for_again() -> None:
    async with filled(known()) as service:
        await ahead(service)
        for n in range(5):
            await service.ask(f"/events.ics?name={n}")
        await rename(service)
        before = rendered(service)
        await ahead(service)
        assert before < rendered(service) < before + len(service.app[keys.FEEDS])


async def test_nothing_is_rendered_ahead_of_a_complete_copy() -> None:
    async with FakeLaunchLibrary(known(), now=lambda: NOW) as ll:
        ll.fault = Fault("hang")
        async with serving(ll) as service:
            await until(lambda: ll.calls)
            await ahead(service)
            assert (rendered(service), len(ll.calls)) == (0, 1)


async def test_it_goes_on_with_every_change() -> None:
    """Also with one that comes while it renders: it is not found by chance, minutes later."""
    async with filled(known()) as service:
        repository, publisher = service.app[keys.RUNTIME].repository, service.app[keys.PUBLISHER]
        forever = keep_rendered(repository, publisher, named(service), 0, NOT_IN_A_TEST)
        going_on = asyncio.create_task(forever)
        feeds = len(service.app[keys.FEEDS])
        await until(lambda: rendered(service) == feeds)
        await rename(service)
        await until(lambda: rendered(service) > feeds)
        going_on_after = rendered(service)
        service.clock.ahead(days=1)
        await rename(service)
        await until(lambda: rendered(service) >= going_on_after + feeds)
        going_on.cancel()


async def test_a_fault_is_logged_and_keeps_no_other_feed_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with filled(known()) as service:
        broken = service.parts.replica.datasets["events"].records[9]
        object.__setattr__(broken, "name", None)
        await ahead(service)
        assert 0 < rendered(service) < len(service.app[keys.FEEDS])
    faults = {r.message for r in caplog.records if r.levelno == logging.ERROR}
    assert faults == {"rendering ahead failed"}

"""The headers that protect: what every answer carries, whatever it is."""

import pytest
from aiohttp import ClientSession

from tests.fake import FakeLaunchLibrary, event
from tests.support.service import calling

ALL = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
REQUESTS = [
    ("GET", "/events.ics", 200), ("HEAD", "/events.ics", 200), ("GET", "/events.json", 200),
    ("GET", "/feeds.json", 200), ("GET", "/openapi.json", 200), ("GET", "/status.json", 200),
    ("GET", "/healthz", 200), ("GET", "/metrics", 200), ("GET", "/robots.txt", 200),
    ("GET", "/", 200), ("GET", "/events.ics?day=32", 400), ("GET", "/nothing", 404),
    ("GET", "/events/999.ics", 404), ("POST", "/events.ics", 405), ("OPTIONS", "/events.ics", 204),
]  # fmt: skip


async def test_every_answer_is_protected() -> None:
    async with FakeLaunchLibrary([event(1)]) as ll, calling(ll) as client:
        for method, path, status in REQUESTS:
            async with client.request(method, path) as answer:
                assert answer.status == status, path
                assert {name: answer.headers.get(name) for name in ALL} == ALL, path
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'")
                for rule in ("base-uri 'none'", "frame-ancestors 'none'"):
                    assert rule in policy, path
                assert "unsafe" not in policy
                for absent in ("Server", "Set-Cookie", "Strict-Transport-Security", "X-Powered-By"):
                    assert absent not in answer.headers, path


async def test_what_is_not_modified_is_protected_too() -> None:
    async with FakeLaunchLibrary([event(1)]) as ll, calling(ll) as client:
        async with client.get("/events.ics", headers={"If-None-Match": "*"}) as answer:
            assert answer.status == 304
            assert {name: answer.headers.get(name) for name in ALL} == ALL


async def test_the_page_asks_for_nothing_a_browser_could_give() -> None:
    async with FakeLaunchLibrary([event(1)]) as ll, calling(ll) as client:
        async with client.get("/") as answer:
            assert "geolocation=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("public_url", "told"),
    [("https://calfeed.example", "max-age=31536000"), ("http://calfeed.example", None)],
)
async def test_only_a_service_at_https_asks_browsers_to_stay_there(
    public_url: str, told: str | None
) -> None:
    async with FakeLaunchLibrary([event(1)]) as ll, calling(ll, public_url=public_url) as client:
        assert await strict(client) == told
        async with client.get("/") as page:  # over http browsers only complain of this one
            assert ("Cross-Origin-Opener-Policy" in page.headers) == bool(told)


async def strict(client: ClientSession) -> str | None:
    async with client.get("/feeds.json") as answer:
        return answer.headers.get("Strict-Transport-Security")

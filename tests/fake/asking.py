"""Ask the fake, for its own tests."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import aiohttp

from . import many_launches

NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
MANY = many_launches(1500, now=NOW, ahead=360)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def get(http: aiohttp.ClientSession, url: str, **query: str) -> Any:
    async with http.get(url, params=query) as answer:
        answer.raise_for_status()
        return await answer.json()


async def get_or_none(http: aiohttp.ClientSession, url: str) -> Any:
    with contextlib.suppress(aiohttp.ClientError, ValueError):
        return await get(http, url)
    return None


async def ids(http: aiohttp.ClientSession, url: str, **query: str) -> list[Any]:
    found = await get(http, url, **{"limit": "100", "mode": "list"} | query)
    return [record["id"] for record in found["results"]]


async def pages(http: aiohttp.ClientSession, url: str, *offsets: int, **query: str) -> list[Any]:
    return [id for offset in offsets for id in await ids(http, url, **query, offset=str(offset))]

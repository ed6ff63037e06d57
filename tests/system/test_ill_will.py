"""Clients that ask for ever new feeds, half a request or nothing but time, and a subscriber."""

import asyncio
from pathlib import Path

import aiohttp

from benchmarks import data
from benchmarks.hostile import Attack
from calfeed.store.sqlite import SqliteStore
from tests.support.process import Process, serving

SECONDS = 4.0
WARM = "/feeds/nasa.ics"
MOST_MEMORY = 260_000_000


async def subscriber(service: Process, attack: Attack) -> tuple[int, set[bytes]]:
    """Asks for a warm feed as long as the attack is on: how often, and what came."""
    bodies, times = set(), 0
    async with aiohttp.ClientSession(service.url) as client:
        while attack.on:
            async with client.get(WARM) as answer:
                assert answer.status == 200
                bodies.add(await answer.read())
            times += 1
    return times, bodies


async def attacked(service: Process) -> tuple[Attack, tuple[int, set[bytes]]]:
    attack = Attack(service.port, SECONDS)
    _, seen = await asyncio.gather(attack.run(), subscriber(service, attack))
    return attack, seen


def test_who_exceeds_a_bound_is_told_when_to_come_back_and_nobody_else_notices(
    tmp_path: Path,
) -> None:
    file = tmp_path / "calfeed.sqlite3"
    asyncio.run(data.fill(SqliteStore(file, data.UPSTREAM), data.SIZES[1]))
    where = {
        "CALFEED_CACHE_URL": f"sqlite:///{file}",
        "CALFEED_LL2_URL": "http://127.0.0.1:9/2.3.0",
    }
    with serving(tmp_path, **where) as service:
        before = service.get(WARM)
        attack, (times, bodies) = asyncio.run(attacked(service))
        assert service.memory < MOST_MEMORY
        assert service.get(WARM) == before
        assert "Traceback" not in service.log
    assert bodies == {before}
    assert times > 1
    assert attack.seen["other"] == attack.seen["without Retry-After"] == 0
    assert attack.seen["200"] >= 1

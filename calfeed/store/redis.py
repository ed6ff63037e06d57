"""In Redis or Valkey, shared by any number of processes on any number of machines."""

import logging
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

import redis.asyncio
from redis.exceptions import RedisError
from yarl import URL

from calfeed.errors import SettingsError, StoreError
from calfeed.events.model import EVENT
from calfeed.store import HOUR, Changes, Ledger, mark

log = logging.getLogger(__name__)

T = TypeVar("T")

PREFIX = "{calfeed:1:%08x}:"
"""Before every key. The number is the format's, what follows is Launch Library's mark: another one
is another copy. The braces keep all keys together where Redis is a cluster."""
TIMEOUT = 5.0

# Every script is one step that either happens or does not, whoever else is at it.
_READ = """
local since, p = '(' .. ARGV[1], KEYS[1]
local function newer(kind)
  local found = {}
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', p .. kind .. ':revisions', since, '+inf')) do
    found[#found + 1] = name
    found[#found + 1] = redis.call('HGET', p .. kind, name)
  end
  return found
end
return {tonumber(redis.call('GET', p .. 'revision') or '0'), newer('events'), newer('notes')}
"""
_WRITE = """
local p, revision = KEYS[1], redis.call('INCR', KEYS[1] .. 'revision')
for i = 1, #ARGV, 4 do
  local kind, name = ARGV[i], ARGV[i + 1]
  redis.call('ZADD', p .. kind .. ':revisions', revision, name)
  if ARGV[i + 2] == '1' then redis.call('HSET', p .. kind, name, ARGV[i + 3])
  else redis.call('HDEL', p .. kind, name) end
end
return revision
"""
_LEASE = """
local holder, ends = redis.call('HGET', KEYS[1], 'owner'), redis.call('HGET', KEYS[1], 'until')
if holder and holder ~= ARGV[1] and tonumber(ends) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', ARGV[3])
redis.call('EXPIRE', KEYS[1], 86400)
return 1
"""
_RELEASE = """
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""
_BLOCK = """
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) > known then redis.call('SET', KEYS[1], ARGV[1]) end
return 0
"""
_LEDGER = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
return {redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'), redis.call('GET', KEYS[2]) or '0'}
"""
# Enters the call only if the ledger is still the one the decision was made from.
_TAKE = """
local number = tonumber(redis.call('GET', KEYS[2]) or '0')
if number ~= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], number + 1)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3] .. ':' .. (number + 1))
return 1
"""


class RedisStore:
    """Keeps all under one prefix; see :class:`calfeed.store.Store`.

    Clocks of several machines differ: times are kept by the clock of Redis, and the difference to
    this machine's is taken into account.
    """

    def __init__(self, url: str, upstream: str = "") -> None:
        self._prefix = PREFIX % mark(upstream)
        place = URL(url)  # which may hold a password, before the host or behind it
        self._where = f"{place.host}:{place.port or 6379}"
        try:
            self._redis = redis.asyncio.from_url(
                url,
                decode_responses=True,
                socket_timeout=TIMEOUT,
                socket_connect_timeout=TIMEOUT,
                retry_on_error=[],
            )
            pool = self._redis.connection_pool
            pool.connection_class(**pool.connection_kwargs)  # the first to look at the options
        except (TypeError, ValueError, AttributeError, RedisError) as error:
            raise SettingsError(
                f"CALFEED_CACHE_URL cannot be used: an option of redis at {self._where}"
                f" is unknown, or its value is wrong: {', '.join(place.query)}"
            ) from error
        self._ahead: float | None = None

    async def open(self) -> None:
        """Nothing to do: a Redis that is away at the start may be there later."""

    async def close(self) -> None:
        """See Store."""
        await self._redis.aclose()

    async def revision(self) -> int:
        """See Store."""
        return int(await self._do(self._redis.get(self._prefix + "revision")) or 0)

    async def read(self, since: int) -> Changes:
        """See Store."""
        revision, events, notes = await self._script(_READ, [self._prefix], [since])
        kept = dict(zip(events[::2], events[1::2], strict=True))
        return Changes(
            int(revision),
            tuple(EVENT.validate_json(body) for body in kept.values() if body is not None),
            tuple(int(key) for key, body in kept.items() if body is None),
            dict(zip(notes[::2], notes[1::2], strict=True)),
        )

    async def write(self, changes: Changes) -> int:
        """See Store."""
        rows: list[str | int] = []
        for event in changes.events:
            rows += ["events", event.id, "1", EVENT.dump_json(event).decode()]
        for key in changes.removed:
            rows += ["events", key, "0", ""]
        for name, text in changes.notes.items():
            rows += ["notes", name, "0" if text is None else "1", text or ""]
        return int(await self._script(_WRITE, [self._prefix], rows))

    async def take_call(
        self, now: float, allowed: int, *, urgent: bool, allowed_of_kind: int
    ) -> float:
        """See Store."""
        while True:
            number = int(await self._do(self._redis.get(self._prefix + "calls:number")) or 0)
            ledger = await self.ledger(now)
            wait = ledger.wait(now, allowed, urgent, allowed_of_kind)
            if wait:
                return wait
            keys = [self._prefix + "calls", self._prefix + "calls:number"]
            entry = [number, repr(now + await self._skew()), "1" if urgent else "0"]
            if await self._script(_TAKE, keys, entry):
                return 0.0

    async def block_calls(self, until: float) -> None:
        """See Store."""
        moment = repr(until + await self._skew())
        await self._script(_BLOCK, [self._prefix + "calls:blocked_until"], [moment])

    async def ledger(self, now: float) -> Ledger:
        """See Store."""
        skew = await self._skew()
        keys = [self._prefix + "calls", self._prefix + "calls:blocked_until"]
        rows, blocked_until = await self._script(_LEDGER, keys, [repr(now + skew - HOUR)])
        calls = zip(rows[1::2], rows[::2], strict=True)
        return Ledger(
            tuple((float(at) - skew, kind.startswith("1")) for at, kind in calls),
            max(0.0, float(blocked_until) - skew),
        )

    async def lease(self, name: str, owner: str, now: float, seconds: float) -> bool:
        """See Store."""
        at = now + await self._skew()
        key = f"{self._prefix}lease:{name}"
        return bool(await self._script(_LEASE, [key], [owner, repr(at), repr(at + seconds)]))

    async def release(self, name: str, owner: str) -> None:
        """See Store."""
        await self._script(_RELEASE, [f"{self._prefix}lease:{name}"], [owner])

    async def _skew(self) -> float:
        """How many seconds the clock of Redis is ahead of this machine's."""
        if self._ahead is None:
            seconds, micros = await self._do(self._redis.time())
            self._ahead = float(seconds) + float(micros) / 1e6 - time.time()
        return self._ahead

    async def _script(self, script: str, keys: list[str], values: list[Any]) -> Any:
        return await self._do(self._redis.eval(script, len(keys), *keys, *values))

    async def _do(self, command: Awaitable[T]) -> T:
        try:
            return await command
        except (RedisError, OSError, TimeoutError) as error:
            raise StoreError(f"redis at {self._where}: {type(error).__name__}") from error

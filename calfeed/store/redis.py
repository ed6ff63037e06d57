"""In Redis or Valkey, shared by any number of processes on any number of machines."""

import logging
from collections.abc import Awaitable
from typing import Any, TypeVar
from uuid import uuid4

import redis.asyncio
from redis.exceptions import RedisError
from yarl import URL

from calfeed.errors import LeaseLost, SettingsError, StoreError, StoreReplaced
from calfeed.store import LEDGER_SECONDS, LONGEST_BLOCK, Calls, Changes, Revision, mark
from calfeed.text import clean_line

log = logging.getLogger(__name__)

T = TypeVar("T")

PREFIX = "{calfeed:2:%08x}:"
"""Before every key. The number is the format's, what follows is Launch Library's mark: another one
is another mirror. The braces keep all keys together where Redis is a cluster."""
TIMEOUT = 5.0
MOST_WORDS = 200
"""Characters of an error that a message repeats."""

# Every script is one step that either happens or does not, whoever else is at it. The time is
# that of Redis: the clocks of several machines differ.
_NOW = "local t = redis.call('TIME') local now = t[1] + t[2] / 1000000\n"
_READ = """
local p, since = KEYS[1], ARGV[2]
local epoch = redis.call('GET', p .. 'epoch') or ''
if epoch ~= ARGV[1] then since = 0 end
local function newer(kind)
  local found = {}
  local names = redis.call('ZRANGEBYSCORE', p .. kind .. ':revisions', '(' .. since, '+inf')
  for _, name in ipairs(names) do
    found[#found + 1] = name
    found[#found + 1] = redis.call('HGET', p .. kind, name)
  end
  return found
end
local number = tonumber(redis.call('GET', p .. 'revision') or '0')
return {epoch, number, newer('records'), newer('notes')}
"""
_WRITE = """
local p = KEYS[1]
local epoch = redis.call('GET', p .. 'epoch') or ''
if epoch ~= ARGV[1] then return -1 end
if ARGV[3] ~= '' and redis.call('GET', p .. 'lease') ~= ARGV[3] then return -2 end
if epoch == '' then redis.call('SET', p .. 'epoch', ARGV[2]) end
local revision = redis.call('INCR', p .. 'revision')
for i = 4, #ARGV, 4 do
  local kind, name = ARGV[i], ARGV[i + 1]
  redis.call('ZADD', p .. kind .. ':revisions', revision, name)
  if ARGV[i + 2] == '1' then redis.call('HSET', p .. kind, name, ARGV[i + 3])
  else redis.call('HDEL', p .. kind, name) end
end
return revision
"""
_LEASE = """
local owner, until_ = redis.call('GET', KEYS[1]), tonumber(redis.call('GET', KEYS[2]) or '0')
local seconds = tonumber(ARGV[2])
if owner and owner ~= ARGV[1] and now < until_ and until_ <= now + 2 * seconds then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], string.format('%.6f', now + seconds))
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1], KEYS[2]) end
return 0
"""
_CALLS = """
local hour, most = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.6f', now - hour))
local later = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.6f', now), '+inf')
for _, name in ipairs(later) do redis.call('ZADD', KEYS[1], string.format('%.6f', now), name) end
local blocked = tonumber(redis.call('GET', KEYS[2]) or '0') - now
if blocked < 0 or blocked > most then blocked = 0 end
local function enter(count)
  for i = 1, count do
    local name = redis.call('INCR', KEYS[3])
    redis.call('ZADD', KEYS[1], string.format('%.6f', now), name)
  end
end
"""
_LEDGER = """
local made, ages = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'), {}
for i = 2, #made, 2 do ages[#ages + 1] = string.format('%.6f', now - made[i]) end
return {ages, string.format('%.6f', blocked)}
"""
_TAKE = """
local allowed, used = tonumber(ARGV[3]), redis.call('ZCARD', KEYS[1])
if blocked > 0 then return string.format('%.6f', blocked) end
if allowed <= 0 then return ARGV[1] end
if used < allowed then
  enter(1)
  return '0'
end
local frees = redis.call('ZRANGE', KEYS[1], used - allowed, used - allowed, 'WITHSCORES')[2]
return string.format('%.6f', frees + hour - now)
"""
_ENTER = "enter(tonumber(ARGV[3]))\nreturn 0"
_BLOCK = """
local seconds = math.max(blocked, tonumber(ARGV[3]))
redis.call('SET', KEYS[2], string.format('%.6f', now + seconds))
return 0
"""


class RedisStore:
    """Keeps all under one prefix; see :class:`calfeed.store.Store`."""

    def __init__(self, url: str, upstream: str = "") -> None:
        self._prefix = PREFIX % mark(upstream)
        server = URL(url)  # which may hold a password, before the host or behind it
        self._where = f"{server.host}:{server.port or 6379}"
        self._passwords = [
            server.password,
            server.raw_password,
            *server.query.getall("password", ()),
        ]
        try:
            self._redis = redis.asyncio.from_url(
                url,
                socket_timeout=TIMEOUT,
                socket_connect_timeout=TIMEOUT,
                retry_on_error=[],
            )
            pool = self._redis.connection_pool
            pool.connection_class(**pool.connection_kwargs)  # the first to look at the options
        except (TypeError, ValueError, AttributeError, RedisError) as error:
            raise SettingsError(
                f"CALFEED_CACHE_URL cannot be used: an option of redis at {self._where}"
                f" is unknown, or its value is wrong: {', '.join(server.query)}"
            ) from error

    async def open(self) -> None:
        """Nothing to do: a Redis that is away at the start may be there later."""

    async def close(self) -> None:
        """See Store."""
        await self._redis.aclose()

    async def revision(self) -> Revision:
        """See Records."""
        keys = [self._prefix + "epoch", self._prefix + "revision"]
        epoch, number = await self._do(self._redis.mget(keys))
        return Revision(_text(epoch), int(number or 0))

    async def read(self, since: Revision) -> Changes:
        """See Records."""
        epoch, number, records, notes = await self._script(_READ, [""], list(since))
        found: dict[str, dict[str, bytes | None]] = {}
        for name, body in zip(records[::2], records[1::2], strict=True):
            collection, _, key = name.decode().partition(" ")
            found.setdefault(collection, {})[key] = body
        texts = zip(notes[::2], notes[1::2], strict=True)
        return Changes(
            Revision(epoch.decode(), int(number)),
            found,
            {name.decode(): None if text is None else text.decode() for name, text in texts},
        )

    async def write(self, changes: Changes, owner: str = "") -> Revision:
        """See Records."""
        epoch = changes.revision.epoch or uuid4().hex
        rows: list[str | bytes] = [changes.revision.epoch, epoch, owner]
        for collection, bodies in changes.records.items():
            for key, body in bodies.items():
                rows += ["records", f"{collection} {key}", "01"[body is not None], body or b""]
        for name, text in changes.notes.items():
            rows += ["notes", name, "01"[text is not None], text or ""]
        number = int(await self._script(_WRITE, [""], rows))
        if number == -1:
            raise StoreReplaced(f"redis at {self._where}: emptied since it was read")
        if number == -2:
            raise LeaseLost("another process refreshes now")
        return Revision(epoch, number)

    async def take_call(self, allowed: int) -> float:
        """See Ledger."""
        return float(await self._ledger(_TAKE, allowed))

    async def enter_calls(self, count: int) -> None:
        """See Ledger."""
        await self._ledger(_ENTER, count)

    async def block_calls(self, seconds: float) -> None:
        """See Ledger."""
        await self._ledger(_BLOCK, seconds)

    async def calls(self) -> Calls:
        """See Ledger."""
        ages, blocked = await self._ledger(_LEDGER)
        return Calls(tuple(map(float, ages)), float(blocked))

    async def lease(self, owner: str, seconds: float) -> bool:
        """See Leases."""
        return bool(await self._script(_NOW + _LEASE, ["lease", "lease:until"], [owner, seconds]))

    async def release(self, owner: str) -> None:
        """See Leases."""
        await self._script(_RELEASE, ["lease", "lease:until"], [owner])

    async def _ledger(self, script: str, *values: float) -> Any:
        keys = ["calls", "calls:blocked_until", "calls:number"]
        return await self._script(
            _NOW + _CALLS + script, keys, [LEDGER_SECONDS, LONGEST_BLOCK, *values]
        )

    async def _script(self, script: str, keys: list[str], values: list[Any]) -> Any:
        names = [self._prefix + key for key in keys]
        return await self._do(self._redis.eval(script, len(names), *names, *values))

    async def _do(self, command: Awaitable[T]) -> T:
        try:
            return await command
        except (RedisError, OSError, TimeoutError, UnicodeDecodeError) as error:
            raise StoreError(f"redis at {self._where}: {self._words(error)}") from error

    def _words(self, error: Exception) -> str:
        """What Redis says is wrong, without the password, should it repeat that."""
        words = str(error)
        for password in filter(None, self._passwords):
            words = words.replace(password, "…")
        return clean_line(words)[:MOST_WORDS] or type(error).__name__


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""

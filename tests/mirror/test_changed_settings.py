"""What is kept belongs to the Launch Library and the settings it came with."""

from pathlib import Path
from typing import Any

import pytest

from calfeed.errors import SettingsError
from tests.fake import FakeLaunchLibrary, event
from tests.support.service import NOW, clock_at, serving

SOME = [event(n, name=f"Of the first {n}", date=NOW) for n in (1, 2, 3)]
OTHERS = [event(n, name=f"Of the second {n}", date=NOW) for n in (1, 2)]


async def names(ll: FakeLaunchLibrary, cache: Path, **changes: Any) -> list[str]:
    url = f"sqlite:///{cache}"
    async with serving(ll, clock=ll_clock, cache_url=url, **changes) as service:
        await service.filled()
        return sorted((await service.ask("/events.ics")).names)


ll_clock = clock_at()


async def test_two_launch_libraries_do_not_mix(tmp_path: Path) -> None:
    cache = tmp_path / "kept.sqlite3"
    async with FakeLaunchLibrary(SOME, now=ll_clock) as ll:
        assert await names(ll, cache) == [f"Of the first {n}" for n in (1, 2, 3)]
        calls = len(ll.calls)
        assert await names(ll, cache) == [f"Of the first {n}" for n in (1, 2, 3)]
        assert len(ll.calls) == calls
    async with FakeLaunchLibrary(OTHERS, now=ll_clock) as ll:
        assert await names(ll, cache) == [f"Of the second {n}" for n in (1, 2)]


async def test_changed_settings_are_not_put_off(tmp_path: Path) -> None:
    cache = tmp_path / "kept.sqlite3"
    async with FakeLaunchLibrary(SOME, now=ll_clock) as ll:
        await names(ll, cache, fresh_for="P7D")
        calls, url = len(ll.calls), f"sqlite:///{cache}"
        ll_clock.ahead(minutes=2)
        async with serving(ll, clock=ll_clock, cache_url=url, fresh_for="PT1M") as service:
            assert service.parts.scheduler.due or len(ll.calls) > calls


async def test_processes_with_different_settings_do_not_drive_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    async with FakeLaunchLibrary(SOME, now=ll_clock) as ll:
        async with serving(ll, clock=ll_clock, cache_url=url, fresh_for="P7D") as one:
            await one.filled()
            async with serving(ll, clock=ll_clock, cache_url=url, fresh_for="P1D") as two:
                await two.filled()
                await two.parts.scheduler.round()
                await one.parts.replica.look()
                assert not one.parts.scheduler.due
                assert not two.parts.scheduler.due


async def test_a_cache_that_cannot_be_opened_names_its_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with FakeLaunchLibrary(SOME, now=ll_clock) as ll:
        with pytest.raises(SettingsError, match=r"^CALFEED_CACHE_URL cannot be used: "):
            await names(ll, tmp_path / "file" / "kept.sqlite3")

"""Any number of varied launches, the same ones for the same seed and the same now."""

import random
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ..parts import Record, image, info_url, stamp, update, vid_url
from . import dates, parts, pools
from .crew import CREW, spacecraft_stage
from .dates import When
from .pools import Flight, Line
from .record import COUNTERS, launch

ALL = 7954
AHEAD = 360
LANDS = {164: (1, 5), 522: (16,), 138: (51,), 161: (5,)}
"""Rocket: where its boosters come down."""


def many_launches(
    n: int = ALL, *, now: datetime, seed: int = 0, ahead: int | None = None
) -> list[Record]:
    """Build n detailed 2.3.0 launches from 1957 to some years after now, in order of NET.

    `ahead` of them lie after now, by default 360 of 7,954. Each `last_updated` differs and lies
    before now. They share what is equal among them (rockets, pads, agencies, programs), so a
    record is changed by putting a changed copy in its place, never by reaching into it.
    """
    rng = random.Random(seed)
    now = now.astimezone(UTC).replace(microsecond=0)
    later = round(n * AHEAD / ALL) if ahead is None else ahead
    whens = dates.past(n - later, now, rng) + dates.ahead(later, now, rng)
    maker = _Maker(rng, now)
    ages = sorted(rng.sample(range(120, 200_000_000), n), reverse=True)
    return [
        maker.record(when, now - timedelta(seconds=age))
        for when, age in zip(whens, ages, strict=True)
    ]


class _Maker:
    """Counts the launches of each pad, site and agency while it makes one after the other."""

    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.rng = rng
        self.now = now
        self.counts: Counter[Any] = Counter()
        self.flown: dict[str, tuple[str, str]] = {}

    def record(self, when: When, updated: datetime) -> Record:
        rng = self.rng
        line = rng.choices(*_lines(min(when.net.year, 2100)))[0]
        flight = rng.choice(line.flights)
        title = flight.name.format(a=rng.randint(1, 17), b=rng.randint(1, 99))
        full_name = parts.configuration(line.rocket)["full_name"]
        id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        start, end = dates.window(when, rng)
        pad_id = rng.choice(line.pads)
        status = self._status(when)
        record = launch(
            id,
            f"{full_name} | {title}",
            net=when.net,
            net_precision=when.precision,
            window_start=start,
            window_end=end,
            status=status,
            last_updated=updated,
            rocket=line.rocket,
            boosters=self._boosters(id, f"{full_name} | {title}", line, when),
            spacecraft=_spacecraft(flight, rng.random() < 0.8),
            mission=None if rng.random() < 0.01 else _mission(flight, title, rng),
            pad=None if rng.random() < 0.003 else pad_id,
            program=_programs(flight.program),
            image=_image(line.rocket) if rng.random() < 0.9 else None,
            failreason=rng.choice(pools.FAILURES) if status == 4 else "",
            updates=_updates(rng, int(id[:6], 16), updated, when.net > self.now),
            vid_urls=self._videos(id, when),
        )
        record |= self._counters(record, when.net, "Sub" if 15 in flight.orbits else "")
        return record | self._extras(record, when, title)

    def _status(self, when: When) -> int:
        """Choose a status: what is ahead and coarse is TBD, what flew mostly went well."""
        if when.net > self.now:
            timed = when.precision in (0, 1, 2, 5)
            return self.rng.choices((1, 8, 2), (11, 3, 2))[0] if timed else 2
        if when.net > self.now - timedelta(hours=2):
            return self.rng.choice((6, 9, 1))
        return self.rng.choices((3, 4, 7), (93, 5, 2))[0]

    def _boosters(self, id: str, name: str, line: Line, when: When) -> tuple[Record, ...]:
        """Give a booster of which the next flight knows this one."""
        if line.rocket not in LANDS or when.precision not in (0, 1, 2):
            return ()
        serial = f"B{1000 + line.rocket % 100}{self.rng.randrange(30)}"
        before = self.flown.get(serial)
        self.flown[serial] = (id, name)
        self.counts[serial] += 1
        place = self.rng.choice(LANDS[line.rocket])
        success = None if when.net > self.now else self.rng.random() < 0.95
        previous = parts.link(*before) if before else None
        return (
            parts.booster(
                serial,
                self.counts[serial],
                land_at=place,
                success=success,
                previous_flight=previous,
            ),
        )

    def _counters(self, record: Record, net: datetime, suborbital: str) -> Record:
        """Count this launch for all, its site, its pad and its agency, ever and in its year."""
        pad = record["pad"] or {"id": None, "location": {"id": None}}
        of = {
            "orbital": "orbital",
            "location": ("location", pad["location"]["id"]),
            "pad": ("pad", pad["id"]),
            "agency": ("agency", record["launch_service_provider"]["id"]),
        }
        counts: Record = {}
        for field in COUNTERS:
            what = of[field.partition("_")[0]]
            key = (what, net.year) if field.endswith("_year") else what
            if what == "orbital" and suborbital:
                counts[field] = None
                continue
            self.counts[key] += 1
            counts[field] = self.counts[key]
        return counts

    def _videos(self, id: str, when: When) -> list[Record]:
        """Give webcasts, for what flew of late and what is about to."""
        rng = self.rng
        soon = when.net < self.now + timedelta(days=14) and when.precision in (0, 1, 2)
        if not soon or when.net.year < 2015:
            return []
        return [
            vid_url(
                f"https://videos.example/launch?v={id[:8]}-{k}",
                priority=rng.choice((1, 8, 9, 10)),
                type=rng.choice((1, 1, 3)),
                language=rng.choice(("en", "en", "ja", "ru", "zh")),
                publisher=rng.choice(("NASA", "SpaceX", "Роскосмос", None)),
                start_time=when.net - timedelta(minutes=rng.randint(5, 60)),
                live=False,
            )
            for k in range(rng.choice((0, 1, 1, 2, 3)))
        ]

    def _extras(self, record: Record, when: When, title: str) -> Record:
        """Give what few launches have: a designator, odds and weather, a timeline, links."""
        extras: Record = {}
        if record["status"]["id"] == 3 and record["orbital_launch_attempt_count_year"]:
            number = record["orbital_launch_attempt_count_year"]
            extras["launch_designator"] = f"{when.net.year}-{number:03d}"
        if abs(when.net - self.now) < timedelta(days=20) and when.precision in (0, 1):
            extras["probability"] = self.rng.choice((None, -1, 40, 85, 90))
            extras["weather_concerns"] = self.rng.choice((None, *pools.WEATHER_CONCERNS))
            extras["timeline"] = parts.timeline()
            extras["info_urls"] = [info_url(f"https://news.example/{record['id']}")]
            provider = record["launch_service_provider"]["id"]
            extras["mission_patches"] = [parts.patch(provider, provider, title)]
        return extras


@cache
def _lines(year: int) -> tuple[list[Line], list[int]]:
    lines = [line for line in pools.LINES if line.first <= year <= line.last]
    return lines, [line.weight for line in lines]


@cache
def _spacecraft(flight: Flight, assigned: bool) -> tuple[Record, ...]:
    if flight.spacecraft is None:
        return ()
    crew = CREW[: flight.crew] if assigned else ()
    return (spacecraft_stage(flight.spacecraft, crew),)


def _mission(flight: Flight, title: str, rng: random.Random) -> Record:
    return parts.mission(
        title,
        orbit_id=rng.choice(flight.orbits),
        agencies=flight.agencies,
        id=rng.randrange(10_000),
        type=flight.type,
        description=f"{title} goes to space.\r\n\r\nMore, with a comma; and “quotes” – is known.",
    )


@cache
def _programs(ids: tuple[int, ...]) -> list[Record]:
    return [parts.program(id) for id in ids]


@cache
def _image(rocket: int) -> Record:
    return image(2300 + rocket, "A rocket on its pad")


def _updates(rng: random.Random, id: int, updated: datetime, is_ahead: bool) -> list[Record]:
    return [
        update(
            id * 10 + k,
            rng.choice(pools.COMMENTS),
            created_on=stamp(updated - timedelta(hours=30 * k, minutes=1)),
            info_url=rng.choice((None, f"https://news.example/update/{id}/{k}")),
        )
        for k in range(rng.choice((1, 2, 3, 5)) if is_ahead else rng.choice((0, 0, 1)))
    ]

"""Any number of varied events, the same ones for the same seed and the same now."""

import calendar
import random
import uuid
from datetime import UTC, date, datetime, time, timedelta

from . import tables
from .one import event
from .parts import Record, info_url, launch, stamp, update, vid_url

FIRST_DAY = datetime(2018, 1, 2, tzinfo=UTC)
AHEAD = timedelta(days=540)
PRECISIONS_AHEAD: list[int] = [0, 1, 1, 2, 5, 5, *range(3, 17)]
LAST_MONTHS = {7: None, 8: 3, 9: 6, 10: 9, 11: 12, 12: 6, 13: 12, 14: 12, 15: 9}
"""Month and coarser: the month in which the period ends (a month ends in itself)."""
WORDS = (
    "Soyuz MS-27",
    "Crew Dragon «Endurance»",
    "Starship S28",
    "HTV-X1 こうのとり",
    "Прогресс 95",
    "天宫 Tiangong",
    "Cygnus NG-23",
    "Artemis II",
    "Vulcan Centaur, Cert-3",
    "Blue Moon “Pathfinder”; Mk1",
    "Ariane 6 – Étoile",
    "Gaganyaan G1 🚀",
)
PLACES = (
    "International Space Station",
    "Tiangong Space Station",
    "Starbase, TX, USA",
    "Baïkonour",
    None,
)
DURATIONS = (None, None, "PT55M23S", "PT6H30M", "P1DT2H", "PT1H5M34S", "P0DT00H45M00S")


def make_events(n: int, *, now: datetime, seed: int = 0) -> list[Record]:
    """Build n detailed 2.3.0 events from 2018 to some 1.5 years after now, in order of id.

    About one in twenty lies ahead, one in a hundred has no date. Every precision and null
    occurs from n = 40 on. Each `last_updated` differs and lies before now. Coarse dates stand
    at the end of their period, so those of a year or a decade may lie farther ahead.
    """
    rng = random.Random(seed)
    now = now.astimezone(UTC).replace(microsecond=0)
    ids = rng.sample(range(1, 2 * n + 10), n)
    ages = rng.sample(range(120, max(200_000_000, 2 * n + 120)), n)
    built = [
        _one(rng, index, id, now, now - timedelta(seconds=age))
        for index, (id, age) in enumerate(zip(ids, ages, strict=True))
    ]
    return sorted(built, key=lambda record: int(record["id"]))


def _one(rng: random.Random, index: int, id: int, now: datetime, updated: datetime) -> Record:
    precision = _precision(rng, index)
    moment: datetime | None = None
    if index % 100 != 37:
        moment = at_precision(_moment(rng, index, now), precision, rng)
    type_id = rng.choice(list(tables.TYPES))
    return event(
        id,
        name=f"{rng.choice(WORDS)} {tables.TYPES[type_id]} {index}",
        date=moment,
        date_precision=precision,
        type=type_id,
        location=rng.choice(PLACES),
        duration=rng.choice(DURATIONS),
        description=f"What number {index} is about.\n\nLine two, with a comma; and “quotes” — ok.",
        last_updated=updated,
        updates=_updates(rng, id, updated),
        vid_urls=_videos(rng, id, moment),
        info_urls=[
            info_url(f"https://news.example/{id}/{k}") for k in range(rng.choice((0, 0, 2)))
        ],
        webcast_live=rng.random() < 0.02,
        agencies=_some(rng, list(tables.AGENCIES), 3),
        program=_some(rng, list(tables.PROGRAMS), 2),
        spacestations=_some(rng, list(tables.STATIONS), 1),
        expeditions=_some(rng, [160, 161, 162, 163], 1),
        astronauts=_some(rng, [276, 505], 1) if index % 25 == 0 else [],
        launches=_launches(rng, moment or now, updated),
    )


def _moment(rng: random.Random, index: int, now: datetime) -> datetime:
    """Choose when it happens; one in sixty in the next two weeks, one in fifty just now over."""
    if index % 20 == 0:
        start, span = now, timedelta(days=14) if index % 60 == 0 else AHEAD
    elif index % 50 == 1:
        start, span = now - timedelta(days=3), timedelta(days=3)
    else:
        start, span = FIRST_DAY, now - FIRST_DAY
    return start + timedelta(seconds=rng.randrange(60, int(span.total_seconds())))


def _precision(rng: random.Random, index: int) -> int | None:
    if index < 40:  # every one once among those ahead or not, however few are asked for
        return (*tables.PRECISIONS, None)[index % 18]
    if index % 20 == 0:
        return rng.choice(PRECISIONS_AHEAD)
    return rng.choice((0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 5, None, None, None, index % 17))


def at_precision(moment: datetime, precision: int | None, rng: random.Random) -> datetime:
    """Put a moment where Launch Library puts a date of that precision."""
    if precision is None or precision == 0:
        return moment
    if precision == 1:
        return moment.replace(second=0)
    if precision == 2:
        return moment.replace(minute=0, second=0)
    if precision <= 5:
        return _midnight(moment.date())
    if precision == 6:
        return _midnight(moment.date() + timedelta(days=6 - moment.weekday()))
    if precision == 16:
        return _midnight(date(moment.year // 10 * 10 + 9, 12, 31))
    month = LAST_MONTHS[precision] or moment.month
    if precision == 11 and rng.random() < 0.2:
        month = 10  # fourth quarters were seen at the end of October
    return _midnight(date(moment.year, month, calendar.monthrange(moment.year, month)[1]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _some(rng: random.Random, ids: list[int], most: int) -> list[int]:
    return rng.sample(ids, min(rng.randint(0, most), len(ids)))


def _updates(rng: random.Random, id: int, updated: datetime) -> list[Record]:
    return [
        update(
            id * 10 + k,
            rng.choice(("Adding event", "Now NET next week.", "Delayed – weather", None)),
            created_on=updated - timedelta(hours=30 * k, minutes=1),
            info_url=rng.choice((None, f"https://news.example/update/{id}/{k}")),
        )
        for k in range(rng.choice((0, 1, 1, 2, 4)))
    ]


def _videos(rng: random.Random, id: int, moment: datetime | None) -> list[Record]:
    videos = []
    for k in range(rng.randint(0, 4)):
        timed = moment is not None and rng.random() < 0.7
        start = moment - timedelta(minutes=rng.randint(5, 60)) if moment and timed else None
        videos.append(
            vid_url(
                f"https://videos.example/watch?v={id}-{k}",
                priority=rng.choice((1, 8, 9, 10, 10)),
                type=rng.choice((1, 1, 3)),
                language=rng.choice((*tables.LANGUAGES, "en", "en", None)),
                publisher=rng.choice(("NASA", "SpaceX", "Роскосмос", None)),
                title=rng.choice(("Live coverage", "Трансляция стыковки", None)),
                start_time=start,
                end_time=start + timedelta(minutes=90) if start and rng.random() < 0.8 else None,
            )
        )
    return videos


def _launches(rng: random.Random, moment: datetime, updated: datetime) -> list[Record]:
    if rng.random() > 0.25:
        return []
    net = moment - timedelta(hours=rng.randint(1, 100))
    id = uuid.UUID(int=rng.getrandbits(128), version=4)
    name = rng.choice(("Soyuz 2.1a | Soyuz MS-27", "Falcon 9 Block 5 | Crew-11", "H3-24 | HTV-X1"))
    return [launch(id, name, net=net, status=rng.choice((1, 2, 3, 8)), last_updated=stamp(updated))]

"""What many launches are drawn from: rockets with their pads, and missions with all they need."""

from typing import NamedTuple

from .sites import SITES


class Flight(NamedTuple):
    """A sort of mission."""

    name: str
    type: str
    orbits: tuple[int, ...]
    agencies: tuple[int, ...] = ()
    program: tuple[int, ...] = ()
    spacecraft: int | None = None
    crew: int = 0


UNKNOWN = Flight("Unknown Payload", "Government/Top Secret", (8, 17, 25))
STARLINK = Flight("Starlink Group {a}-{b}", "Communications", (8,), (121,), (25,))
ONEWEB = Flight("OneWeb {b}", "Communications", (13,), (1081,), (26,))
RIDESHARE = Flight("Transporter {b} (Dedicated SSO Rideshare)", "Dedicated Rideshare", (17,))
CREW = Flight("Crew-{b}", "Human Exploration", (8,), (44,), (5, 17), 900, 4)
CARGO = Flight("Dragon CRS-2 SpX-{b}", "Resupply", (8,), (44,), (11, 17), 901)
SPY = Flight("NROL-{b}", "Government/Top Secret", (13, 25), (181,))
RADAR = Flight("Owl {b} (StriX Launch {a})", "Earth Science", (17,), (1071,))
TELEVISION = Flight("Kirameki {b}", "Communications", (2,), (1073,))
SOYUZ = Flight("Soyuz MS-{b}", "Human Exploration", (8,), (63, 44), (8, 17), 902, 3)
PROGRESS = Flight("Progress MS-{b}", "Resupply", (8,), (63,), (17,), 903)
COSMOS = Flight("Kosmos {b}", "Government/Top Secret", (8, 13, 900))
SHENZHOU = Flight("Shenzhou {b}", "Human Exploration", (8,), (17,), (), 904, 3)
TEST = Flight("Flight {b}", "Test Flight", (15,), (121,), (1,), 621)
TOURISTS = Flight("NS-{b}", "Tourism", (15,), (141,), (), 905, 6)
MOON = Flight("Artemis {b}", "Human Exploration", (9,), (44,), (15,), 540, 4)
PLANETS = Flight("Probe {b}", "Planetary Science", (6, 901), (44, 27))
WEATHER = Flight("Météo «{b}»; A, B", "Earth Science", (17, 13), (27,))
NAVIGATION = Flight("Navigator {b}", "Navigation", (900,), (27,))
SHUTTLE = Flight("STS-{b}", "Human Exploration", (8,), (44,), (), 900, 6)


class Line(NamedTuple):
    """What a rocket flies, from where, in which years, and how often against others."""

    rocket: int
    pads: tuple[int, ...]
    flights: tuple[Flight, ...]
    first: int
    last: int
    weight: int


FALCON = (STARLINK, STARLINK, STARLINK, RIDESHARE, CREW, CARGO, SPY, ONEWEB, TELEVISION, WEATHER)
LINES = (
    Line(164, (80, 16, 87, 72), FALCON, 2018, 2100, 150),
    Line(161, (87,), (PLANETS, SPY), 2018, 2100, 3),
    Line(522, (235, 10_143), (TEST,), 2023, 2100, 8),
    Line(26, (900, 210, 10_021), (RADAR, UNKNOWN), 2018, 2100, 18),
    Line(50, (45,), (UNKNOWN, TELEVISION), 2007, 2100, 12),
    Line(908, (10_017, 10_019), (UNKNOWN, SHENZHOU, WEATHER), 1992, 2100, 20),
    Line(216, (176,), (UNKNOWN,), 2020, 2100, 5),
    Line(478, (200,), (UNKNOWN,), 2021, 2100, 7),
    Line(483, (151, 21), (UNKNOWN,), 2022, 2100, 5),
    Line(461, (21, 255), (UNKNOWN,), 2020, 2100, 6),
    Line(503, (255,), (UNKNOWN,), 2024, 2100, 2),
    Line(542, (246,), (UNKNOWN,), 2026, 2100, 1),
    Line(910, (21,), (UNKNOWN,), 2022, 2100, 3),
    Line(24, (20, 902, 903), (SOYUZ, PROGRESS, COSMOS), 2004, 2100, 14),
    Line(917, (10_013,), (NAVIGATION, ONEWEB), 2011, 2022, 4),
    Line(900, (901,), (NAVIGATION, WEATHER, PLANETS), 2024, 2100, 6),
    Line(201, (29,), (SPY, NAVIGATION), 2024, 2100, 4),
    Line(901, (29, 10_011), (SPY, PLANETS, TELEVISION), 2002, 2030, 8),
    Line(138, (121,), (PLANETS, TELEVISION), 2025, 2100, 3),
    Line(203, (209,), (WEATHER,), 2026, 2100, 1),
    Line(486, (209,), (TELEVISION, NAVIGATION), 2024, 2100, 2),
    Line(902, (50,), (WEATHER, RIDESHARE), 2008, 2100, 4),
    Line(903, (50,), (ONEWEB, UNKNOWN), 2014, 2100, 2),
    Line(532, (10_014,), (RADAR,), 2026, 2100, 1),
    Line(143, (4,), (MOON,), 2022, 2100, 1),
    Line(911, (10_900,), (TOURISTS,), 2015, 2100, 6),
    Line(909, (10_011,), (RADAR,), 2021, 2100, 2),
    Line(912, (10_021,), (CARGO,), 2016, 2023, 2),
    Line(904, (10_015,), (TELEVISION, COSMOS), 2001, 2030, 8),
    Line(905, (20, 902), (SOYUZ, PROGRESS, COSMOS), 1966, 2017, 40),
    Line(906, (902, 10_911), (COSMOS,), 1957, 2010, 30),
    Line(907, (87, 4), (SHUTTLE,), 1981, 2011, 6),
    Line(913, (10_918,), (UNKNOWN,), 1988, 2100, 1),
    Line(914, (10_919,), (WEATHER,), 2021, 2100, 1),
    Line(915, (10_915, 10_916), (UNKNOWN,), 2017, 2100, 1),
    Line(916, (10_932,), (RADAR,), 2025, 2100, 1),
    *(
        Line(906, tuple(10_000 + id for id in SITES), (COSMOS, UNKNOWN), first, 2100, weight)
        for first, weight in ((1957, 4), (2000, 4))
    ),
)

FAILURES = (
    "The second stage ended early; what it carried came back.",
    "Lost after 80 seconds, still over the sea.",
)
COMMENTS = (
    "Moved to the end of the month.",
    "NET next week, by notices to airmen.",
    "Scrubbed for weather; a new date is not known.",
    "Time refined.",
    "GO for launch.",
    "Adding launch",
)
WEATHER_CONCERNS = ("Thick clouds", "Cumulus clouds, winds at liftoff")

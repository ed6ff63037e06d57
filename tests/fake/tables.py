"""The vocabulary of Launch Library that the fake's records are made of."""

PRECISIONS: dict[int, tuple[str, str]] = {
    0: ("Second", "SEC"),
    1: ("Minute", "MIN"),
    2: ("Hour", "HR"),
    3: ("Morning", "AM"),
    4: ("Afternoon", "PM"),
    5: ("Day", "DAY"),
    6: ("Week", "WK"),
    7: ("Month", "M"),
    8: ("Quarter 1", "Q1"),
    9: ("Quarter 2", "Q2"),
    10: ("Quarter 3", "Q3"),
    11: ("Quarter 4", "Q4"),
    12: ("Year Half 1", "H1"),
    13: ("Year Half 2", "H2"),
    14: ("Year", "Y"),
    15: ("Fiscal Year", "FY"),
    16: ("Decade", "DEC"),
}
"""date_precision: id -> name, abbrev."""

TYPES: dict[int, str] = {
    1: "Unknown",
    2: "Docking",
    3: "EVA",
    4: "Berthing",
    5: "Static Fire",
    6: "Spacecraft Event",
    7: "Moon Landing",
    8: "Undocking",
    9: "Landing",
    10: "Abort Test",
    11: "Celestial Event",
    12: "Hatch Opening",
    13: "Spacecraft Release",
    14: "Test Flight",
    15: "Change of Command",
    16: "Orbital Insertion",
    17: "Farewell Ceremony",
    18: "Rehearsal",
    19: "Ambient Pressure Test",
    20: "Press Event",
    21: "Cryoproof Test",
    22: "Wet Dress Rehearsal",
    23: "Flyby",
    24: "Launch",
    25: "Relocation",
    26: "Satellite Deployment",
    30: "Vehicle Testing",
}
"""Event type: id -> name."""

AGENCIES: dict[int, tuple[str, str, str, str]] = {
    44: ("National Aeronautics and Space Administration", "NASA", "Government", "USA"),
    63: ("Russian Federal Space Agency (ROSCOSMOS)", "RFSA", "Government", "RUS"),
    27: ("European Space Agency", "ESA", "Multinational", "EUR"),
    37: ("Japan Aerospace Exploration Agency", "JAXA", "Government", "JPN"),
    16: ("Canadian Space Agency", "CSA", "Government", "CAN"),
    121: ("SpaceX", "SpX", "Commercial", "USA"),
    17: ("China National Space Administration", "CNSA", "Government", "CHN"),
    31: ("Indian Space Research Organization", "ISRO", "Government", "IND"),
    141: ("Blue Origin", "BO", "Commercial", "USA"),
    147: ("Rocket Lab", "RL", "Commercial", "USA"),
    124: ("United Launch Alliance", "ULA", "Commercial", "USA"),
    80: ("Boeing", "BA", "Commercial", "USA"),
    257: ("Northrop Grumman Space Systems", "NGSS", "Commercial", "USA"),
}
"""Agency: id -> name, abbrev, type, country (2.2.0 only)."""

AGENCY_TYPES = {"Government": 1, "Multinational": 2, "Commercial": 3}

PROGRAMS: dict[int, tuple[str, tuple[int, ...], tuple[int, str]]] = {
    1: ("SpaceX Starship", (121,), (7, "Technology")),
    8: ("Soyuz", (63,), (2, "Human Spaceflight")),
    17: ("International Space Station", (16, 27, 37, 44, 63), (2, "Human Spaceflight")),
    25: ("Starlink", (121,), (1, "Communication Constellation")),
}
"""Program: id -> name, agencies, type."""

STATIONS: dict[int, tuple[str, str]] = {
    4: ("International Space Station", "1998-11-20"),
    18: ("Tiangong space station", "2021-04-29"),
}
"""Space station: id -> name, founded."""

STATUSES: dict[int, tuple[str, str]] = {
    1: ("Go for Launch", "Go"),
    2: ("To Be Determined", "TBD"),
    3: ("Launch Successful", "Success"),
    8: ("To Be Confirmed", "TBC"),
}
"""Launch status: id -> name, abbrev."""

LANGUAGES: dict[str, tuple[int, str]] = {
    "en": (1, "English"),
    "ja": (2, "Japanese"),
    "ru": (3, "Russian"),
    "fr": (4, "French"),
    "zh": (5, "Chinese"),
}
"""Language: code -> id, name."""

VIDEO_TYPES = {1: "Official Webcast", 3: "Unofficial Webcast"}

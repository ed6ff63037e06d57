"""The vocabulary that launches add to that of events.

Ids, names and abbreviations of what Launch Library was seen to send are its own; ids from 900 on
are the fake's, for what was not seen.
"""

from .. import tables

STATUSES: dict[int, tuple[str, str, str]] = {
    1: ("Go for Launch", "Go", "The time is confirmed."),
    2: ("To Be Determined", "TBD", "The date is a placeholder or an estimate."),
    3: ("Launch Successful", "Success", "What it carried was delivered."),
    4: ("Launch Failure", "Failure", "What it carried was lost."),
    5: ("On Hold", "Hold", "The countdown waits, and may go on within the window."),
    6: ("Launch in Flight", "In Flight", "It has left the pad."),
    7: (
        "Launch was a Partial Failure",
        "Partial Failure",
        "Not all that it carried was delivered.",
    ),
    8: ("To Be Confirmed", "TBC", "The date is fairly certain."),
    9: ("Payload Deployed", "Deployed", "What it carried flies by itself."),
}
"""Launch status: id -> name, abbrev, description. 2.2.0 does not have 9."""

AGENCY_TYPES: dict[str, int] = tables.AGENCY_TYPES | {"Private": 4}

AGENCIES: dict[int, tuple[str, str, str, str]] = tables.AGENCIES | {
    66: ("Soviet Space Program", "CCCP", "Government", "RUS"),
    88: ("China Aerospace Science and Technology Corporation", "CASC", "Government", "CHN"),
    98: ("Mitsubishi Heavy Industries", "MHI", "Commercial", "JPN"),
    115: ("Arianespace", "ASA", "Commercial", "FRA"),
    181: ("National Reconnaissance Office", "NRO", "Government", "USA"),
    259: ("LandSpace", "LS", "Private", "CHN"),
    265: ("Firefly Aerospace", "FA", "Commercial", "USA"),
    1021: ("Galactic Energy", "GE", "Commercial", "CHN"),
    1040: ("CAS Space", "CAS", "Commercial", "CHN"),
    1071: ("Synspective", "", "Private", "JPN"),
    1073: ("DSN Corporation", "", "Commercial", "JPN"),
    1080: ("Orienspace Technology", "OrienSpace", "Commercial", "CHN"),
    1081: ("Eutelsat OneWeb", "OneWeb", "Commercial", "GBR"),
    1099: ("Skyroot Aerospace", "Skyroot", "Private", "IND"),
    900: ("ArianeGroup", "AG", "Commercial", "FRA"),
    901: ("NewSpace India Limited", "NSIL", "Commercial", "IND"),
    902: ("Iranian Space Agency", "ISA", "Government", "IRN"),
    903: ("Korea Aerospace Research Institute", "KARI", "Government", "KOR"),
    904: ("Israel Aerospace Industries", "IAI", "Commercial", "ISR"),
    905: ("Isar Aerospace", "Isar", "Private", "DEU"),
    906: ("Starsem", "SSM", "Commercial", "FRA"),
}
"""Agency: id -> name, abbrev, type, country."""

PARENTS: dict[int, str] = {
    115: "ArianeGroup",
    901: "Indian Space Research Organization",
    906: "Arianespace",
    1073: "SKY Perfect JSAT Group",
}
"""Agency: id -> its parent's name, which is all that 2.3.0 says of it."""

COUNTRIES: dict[str, tuple[int, str, str, str]] = {
    "FRA": (1, "FR", "France", "French"),
    "USA": (2, "US", "United States of America", "American"),
    "ITA": (3, "IT", "Italy", "Italian"),
    "DEU": (4, "DE", "Germany", "German"),
    "CHN": (6, "CN", "China", "Chinese"),
    "ESP": (7, "ES", "Spain", "Spanish"),
    "GBR": (10, "GB", "United Kingdom", "British"),
    "SWE": (15, "SE", "Sweden", "Swedish"),
    "PRT": (23, "PT", "Portugal", "Portuguese"),
    "JPN": (28, "JP", "Japan", "Japanese"),
    "NOR": (49, "NO", "Norway", "Norwegian"),
    "NZL": (51, "NZ", "New Zealand", "Kiwi"),
    "RUS": (900, "RU", "Russia", "Russian"),
    "IND": (901, "IN", "India", "Indian"),
    "KAZ": (902, "KZ", "Kazakhstan", "Kazakh"),
    "GUF": (903, "GF", "French Guiana", "French"),
    "CAN": (904, "CA", "Canada", "Canadian"),
    "IRN": (905, "IR", "Iran", "Iranian"),
    "ISR": (906, "IL", "Israel", "Israeli"),
    "KOR": (907, "KR", "South Korea", "South Korean"),
    "PRK": (908, "KP", "North Korea", "North Korean"),
    "AUS": (909, "AU", "Australia", "Australian"),
    "BRA": (910, "BR", "Brazil", "Brazilian"),
    "KEN": (911, "KE", "Kenya", "Kenyan"),
    "DZA": (912, "DZ", "Algeria", "Algerian"),
    "MHL": (913, "MH", "Marshall Islands", "Marshallese"),
    "IDN": (914, "ID", "Indonesia", "Indonesian"),
    "OMN": (915, "OM", "Oman", "Omani"),
}
"""Country: alpha-3 code -> id, alpha-2 code, name, nationality."""

ORBITS: dict[int, tuple[str, str, int]] = {
    2: ("Geostationary Transfer Orbit", "GTO", 1),
    6: ("Heliocentric N/A", "Helio-N/A", 900),
    8: ("Low Earth Orbit", "LEO", 1),
    9: ("Lunar flyby", "Lunar flyby", 901),
    13: ("Polar Orbit", "PO", 1),
    15: ("Suborbital", "Sub", 1),
    17: ("Sun-Synchronous Orbit", "SSO", 1),
    21: ("Asteroid", "Asteroid", 900),
    25: ("Unknown", "N/A", 1),
    900: ("Medium Earth Orbit", "MEO", 1),
    901: ("Mars flyby", "Mars flyby", 902),
}
"""Orbit: id -> name, abbrev, celestial body."""
SUBORBITAL = "Suborbital"

BODIES: dict[int, tuple[str, str]] = {
    1: ("Earth", "Planet"),
    900: ("Sun", "Star"),
    901: ("Moon", "Moon"),
    902: ("Mars", "Planet"),
}
"""Celestial body: id -> name, type."""

PROGRAMS: dict[int, tuple[str, tuple[int, ...], tuple[int, str]]] = {
    5: ("Commercial Crew Program", (80, 44, 121), (2, "Human Spaceflight")),
    11: ("Commercial Resupply Services", (44, 257, 121), (2, "Human Spaceflight")),
    15: ("Artemis", (44,), (2, "Human Spaceflight")),
    26: ("OneWeb", (1081,), (3, "Communication Constellation")),
}
"""Program: id -> name, agencies, type; besides those of events."""

LANDINGS: dict[int, tuple[str, str, int, str]] = {
    1: ("Of Course I Still Love You", "OCISLY", 1, "Autonomous Spaceport Drone Ship"),
    5: ("Landing Zone 2", "LZ-2", 2, "Return to Launch Site"),
    6: ("Atlantic Ocean", "ATL", 3, "Ocean"),
    16: ("Gulf of Mexico", "GOM", 3, "Ocean"),
    18: ("Pacific Ocean", "PAC", 4, "Parachute Landing"),
    32: ("Indian Ocean", "IND", 3, "Ocean"),
    51: ("Jacklyn", "LPV1", 1, "Autonomous Spaceport Drone Ship"),
}
"""Landing location: id -> name, abbrev, the type's id and name."""
LANDING_TYPES = {1: "ASDS", 2: "RTLS", 3: "Ocean", 4: "PCL"}

ROLES: dict[int, tuple[str, int]] = {
    24: ("Spacecraft Commander", 1),
    2: ("Pilot", 2),
    7: ("Mission Specialist", 4),
}
"""Role of a crew member: id -> name, priority."""

TIMELINE: dict[str, tuple[int, str]] = {
    "-PT38M": (1, "GO for Prop Load"),
    "-PT16M": (4, "Stage 2 LOX Load"),
    "-PT45S": (8, "GO for Launch"),
    "PT0S": (10, "Liftoff"),
    "PT1M12S": (11, "Max-Q"),
    "PT2M25S": (12, "MECO"),
    "PT8M30S": (19, "Stage 1 Landing"),
    "PT1H2M": (35, "Payload Separation"),
}
"""Steps of a countdown and a flight: relative time -> type's id and abbrev."""

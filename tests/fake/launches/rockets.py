"""Rockets and spacecraft: what `configuration` and `spacecraft_config` say of them."""

from typing import NamedTuple


class Rocket(NamedTuple):
    """A launcher configuration."""

    name: str
    full_name: str
    variant: str
    families: tuple[str, ...]
    manufacturer: int
    provider: int
    reusable: bool = False


ROCKETS: dict[int, Rocket] = {
    24: Rocket("Soyuz 2.1a", "Soyuz 2.1a", "", ("Soyuz", "R-7"), 63, 63),
    26: Rocket("Electron", "Electron", "", (), 147, 147, True),
    50: Rocket("Long March 3B/E", "Long March 3B/E", "B/E", ("Long March",), 88, 88),
    138: Rocket("New Glenn", "New Glenn", "", ("New Glenn",), 141, 141, True),
    143: Rocket(
        "Space Launch System (SLS)",
        "Space Launch System Block 1",
        "Block 1",
        ("Space Launch System",),
        44,
        44,
    ),
    161: Rocket("Falcon Heavy", "Falcon Heavy", "Heavy", ("Falcon",), 121, 121, True),
    164: Rocket("Falcon 9", "Falcon 9 Block 5", "Block 5", ("Falcon", "Falcon 9"), 121, 121, True),
    201: Rocket("Vulcan VC2S", "Vulcan VC2S", "VC2S", ("Vulcan",), 124, 124),
    203: Rocket("H3-30", "H3-30", "30", ("H3",), 98, 98),
    216: Rocket("Long March 7A", "Long March 7A", "A", ("Long March",), 88, 88),
    461: Rocket("Ceres-1", "Ceres-1", "Ceres-1", ("Ceres-1",), 1021, 1021),
    478: Rocket("Long March 6A", "Long March 6A", "A", ("Long March",), 88, 88),
    483: Rocket("Kinetica 1", "Kinetica 1", "", (), 1040, 1040),
    486: Rocket("H3-22", "H3-22", "22", ("H3",), 98, 98),
    503: Rocket("Gravity-1", "Gravity-1", "Gravity-1", (), 1080, 1080),
    522: Rocket("Starship", "Starship V3", "V3", ("Starship",), 121, 121, True),
    532: Rocket("Vikram-I", "Vikram-I", "", ("Vikram",), 1099, 1099),
    542: Rocket("Pallas-1", "Pallas-1", "", (), 1021, 1021, True),
    900: Rocket("Ariane 62", "Ariane 62", "62", ("Ariane",), 900, 115),
    901: Rocket("Atlas V", "Atlas V 551", "551", ("Atlas",), 124, 124),
    902: Rocket("PSLV-XL", "PSLV-XL", "XL", ("PSLV",), 31, 31),
    903: Rocket("LVM3", "LVM-3", "3", ("GSLV",), 31, 901),
    904: Rocket("Proton-M", "Proton-M", "M", ("Proton",), 63, 63),
    905: Rocket("Soyuz-U", "Soyuz-U", "U", ("Soyuz", "R-7"), 66, 66),
    906: Rocket("Kosmos-3M", "Kosmos-3M", "3M", ("Kosmos",), 66, 66),
    907: Rocket("Space Shuttle", "Space Shuttle", "", ("Space Shuttle",), 44, 44, True),
    908: Rocket("Long March 2D", "Long March 2D", "D", ("Long March",), 88, 88),
    909: Rocket("Firefly Alpha", "Firefly Alpha", "", (), 265, 265),
    910: Rocket("Zhuque-2", "Zhuque-2", "2", ("Zhuque",), 259, 259),
    911: Rocket("New Shepard", "New Shepard", "", (), 141, 141, True),
    912: Rocket("Antares 230+", "Antares 230+", "230+", ("Antares",), 257, 257),
    913: Rocket("Shavit-2", "Shavit-2", "2", ("Shavit",), 904, 904),
    914: Rocket("KSLV-2", "KSLV-2 Nuri", "Nuri", (), 903, 903),
    915: Rocket("Simorgh", "Simorgh", "", (), 902, 902),
    916: Rocket("Spectrum", "Spectrum", "", (), 905, 905),
    917: Rocket("Soyuz ST-B", "Soyuz ST-B", "ST-B", ("Soyuz", "R-7"), 63, 906),
}


class Craft(NamedTuple):
    """A spacecraft with its configuration."""

    name: str
    serial_number: str
    config: int
    config_name: str
    agency: int
    crewed: bool


SPACECRAFT: dict[int, Craft] = {
    540: Craft("Orion Integrity", "003", 4, "Orion", 44, True),
    621: Craft("Ship 39", "S39", 46, "Starship V3", 121, False),
    630: Craft("Ship 40", "S40", 46, "Starship V3", 121, False),
    900: Craft("Dragon Endurance", "C210", 900, "Crew Dragon 2", 121, True),
    901: Craft("Dragon C209", "C209", 901, "Cargo Dragon 2", 121, False),
    902: Craft("Soyuz MS-27", "758", 902, "Soyuz MS", 63, True),
    903: Craft("Progress MS-30", "460", 903, "Progress MS", 63, False),
    904: Craft("Shenzhou-21", "21", 904, "Shenzhou", 17, True),
    905: Craft("RSS First Step", "NS4", 905, "New Shepard Capsule", 141, True),
}
"""Spacecraft: id -> what it is; those with a crew in it are `crewed`."""

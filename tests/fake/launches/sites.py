"""Launch sites and pads with their true coordinates and time zones.

Ids below 900 were seen in Launch Library's answers or stand in what is written of it; the others
are the fake's own.
"""

from typing import NamedTuple


class Site(NamedTuple):
    """A launch site, which Launch Library calls a location."""

    name: str
    latitude: float
    longitude: float
    timezone: str
    country: str


SITES: dict[int, Site] = {
    6: Site("Plesetsk Cosmodrome, Russian Federation", 62.92556, 40.57778, "Europe/Moscow", "RUS"),
    8: Site("Wenchang Space Launch Site, China", 19.6145, 110.951, "Asia/Shanghai", "CHN"),
    10: Site("Mahia Peninsula, New Zealand", -39.26085, 177.86586, "Pacific/Auckland", "NZL"),
    11: Site("Vandenberg SFB, CA, USA", 34.75133, -120.52023, "America/Los_Angeles", "USA"),
    12: Site("Cape Canaveral SFS, FL, USA", 28.488889, -80.577778, "America/New_York", "USA"),
    13: Site("Guiana Space Centre, French Guiana", 5.239, -52.768, "America/Cayenne", "GUF"),
    14: Site("Satish Dhawan Space Centre, India", 13.733, 80.235, "Asia/Kolkata", "IND"),
    15: Site("Baikonur Cosmodrome, Kazakhstan", 45.965, 63.305, "Asia/Qyzylorda", "KAZ"),
    16: Site("Xichang Satellite Launch Center, China", 28.2455, 102.0268, "Asia/Shanghai", "CHN"),
    17: Site("Jiuquan Satellite Launch Center, China", 40.958, 100.2911, "Asia/Shanghai", "CHN"),
    18: Site("Vostochny Cosmodrome, Siberia", 51.884, 128.334, "Asia/Yakutsk", "RUS"),
    19: Site("Taiyuan Satellite Launch Center, China", 38.849, 111.608, "Asia/Shanghai", "CHN"),
    21: Site("Wallops Flight Facility, VA, USA", 37.843, -75.478, "America/New_York", "USA"),
    24: Site("Uchinoura Space Center, Japan", 31.251, 131.0813, "Asia/Tokyo", "JPN"),
    26: Site("Tanegashima Space Center, Japan", 30.4, 130.97, "Asia/Tokyo", "JPN"),
    27: Site("Kennedy Space Center, FL, USA", 28.524167, -80.650833, "America/New_York", "USA"),
    143: Site("SpaceX Starbase, TX, USA", 25.997, -97.157, "America/Chicago", "USA"),
    185: Site("Haiyang Oriental Spaceport", 36.6878, 121.2555, "Asia/Shanghai", "CHN"),
    900: Site("Corn Ranch, Van Horn, TX, USA", 31.4229, -104.7572, "America/Chicago", "USA"),
    901: Site("Pacific Spaceport Complex, AK, USA", 57.435, -152.339, "America/Anchorage", "USA"),
    902: Site("Spaceport America, NM, USA", 32.9903, -106.9697, "America/Denver", "USA"),
    903: Site("Mojave Air and Space Port, CA, USA", 35.059, -118.15, "America/Los_Angeles", "USA"),
    904: Site("White Sands, NM, USA", 32.5658, -106.3658, "America/Denver", "USA"),
    905: Site("Edwards AFB, CA, USA", 34.9054, -117.8837, "America/Los_Angeles", "USA"),
    906: Site("Barking Sands, HI, USA", 22.0228, -159.785, "Pacific/Honolulu", "USA"),
    907: Site("Kwajalein Atoll", 9.0478, 167.7431, "Pacific/Kwajalein", "MHL"),
    908: Site("Poker Flat, AK, USA", 65.13, -147.48, "America/Anchorage", "USA"),
    909: Site("Churchill, MB, Canada", 58.735, -93.82, "America/Winnipeg", "CAN"),
    910: Site("Spaceport Nova Scotia, Canada", 45.304, -60.983, "America/Halifax", "CAN"),
    911: Site("Kapustin Yar, Russian Federation", 48.5684, 45.9035, "Europe/Volgograd", "RUS"),
    912: Site("Yasny, Russian Federation", 51.094, 59.842, "Asia/Yekaterinburg", "RUS"),
    913: Site("Svobodny, Russian Federation", 51.8, 128.25, "Asia/Yakutsk", "RUS"),
    914: Site("Barents Sea, submarine", 69.3, 35.3, "Europe/Moscow", "RUS"),
    915: Site("Semnan, Iran", 35.2347, 53.921, "Asia/Tehran", "IRN"),
    916: Site("Shahroud, Iran", 36.2, 55.334, "Asia/Tehran", "IRN"),
    917: Site("Chabahar, Iran", 25.38, 60.48, "Asia/Tehran", "IRN"),
    918: Site("Palmachim, Israel", 31.8848, 34.6802, "Asia/Jerusalem", "ISR"),
    919: Site("Naro Space Center, South Korea", 34.4319, 127.5351, "Asia/Seoul", "KOR"),
    920: Site("Jeju, South Korea, sea platform", 33.0, 126.5, "Asia/Seoul", "KOR"),
    921: Site("Sohae, North Korea", 39.66, 124.705, "Asia/Pyongyang", "PRK"),
    922: Site("Tonghae, North Korea", 40.856, 129.666, "Asia/Pyongyang", "PRK"),
    923: Site("Thumba, India", 8.5308, 76.8664, "Asia/Kolkata", "IND"),
    924: Site("Abdul Kalam Island, India", 20.7573, 87.0868, "Asia/Kolkata", "IND"),
    925: Site("Kulasekarapattinam, India", 8.4, 78.05, "Asia/Kolkata", "IND"),
    926: Site("Spaceport Kii, Japan", 33.5443, 135.8895, "Asia/Tokyo", "JPN"),
    927: Site("Hokkaido Spaceport, Japan", 42.506, 143.4567, "Asia/Tokyo", "JPN"),
    928: Site("Woomera, Australia", -30.955, 136.532, "Australia/Adelaide", "AUS"),
    929: Site("Bowen Orbital Spaceport, Australia", -19.958, 148.113, "Australia/Brisbane", "AUS"),
    930: Site("Arnhem Space Centre, Australia", -12.36, 136.82, "Australia/Darwin", "AUS"),
    931: Site("Koonibba, Australia", -31.885, 133.448, "Australia/Adelaide", "AUS"),
    932: Site("Andøya Spaceport, Norway", 69.1084, 15.5895, "Europe/Oslo", "NOR"),
    933: Site("Esrange, Sweden", 67.893, 21.104, "Europe/Stockholm", "SWE"),
    934: Site("SaxaVord Spaceport, Shetland", 60.817, -0.766, "Europe/London", "GBR"),
    935: Site("Spaceport Cornwall", 50.4406, -4.9954, "Europe/London", "GBR"),
    936: Site("Sutherland Spaceport, Scotland", 58.511, -4.512, "Europe/London", "GBR"),
    937: Site("El Arenosillo, Spain", 37.0967, -6.7386, "Europe/Madrid", "ESP"),
    938: Site("Gando Air Base, Gran Canaria", 27.9319, -15.3866, "Atlantic/Canary", "ESP"),
    939: Site("Santa Maria, Azores", 36.99, -25.11, "Atlantic/Azores", "PRT"),
    940: Site("Hammaguir, Algeria", 30.889, -3.0814, "Africa/Algiers", "DZA"),
    941: Site("San Marco, Kenya", -2.9409, 40.2134, "Africa/Nairobi", "KEN"),
    942: Site("Alcântara, Brazil", -2.373, -44.396, "America/Fortaleza", "BRA"),
    943: Site("Etlaq Spaceport, Oman", 19.28, 57.73, "Asia/Muscat", "OMN"),
    944: Site("Biak, Indonesia", -1.19, 136.11, "Asia/Jayapura", "IDN"),
    945: Site("South China Sea", 19.0, 113.5, "Asia/Shanghai", "CHN"),
    946: Site("Odyssey, Equator", 0.0, -154.0, "Pacific/Kiritimati", "USA"),
}
"""Location: id -> what and where it is."""


class Stand(NamedTuple):
    """A pad."""

    name: str
    latitude: float
    longitude: float
    site: int
    mapped: bool = True
    """Whether it has an address on a map: "Unknown Pad" has none."""


STANDS: dict[int, Stand] = {
    4: Stand("Launch Complex 39B", 28.62711233, -80.62101503, 27),
    16: Stand("Space Launch Complex 4E", 34.632, -120.611, 11),
    20: Stand("31/6", 45.996034, 63.564003, 15),
    21: Stand("Launch Area 95A", 40.969117, 100.343333, 17),
    29: Stand("Space Launch Complex 41", 28.58341025, -80.58303644, 12),
    45: Stand("Launch Complex 2 (LC-2)", 28.245504, 102.026768, 16),
    50: Stand("First Launch Pad", 13.733, 80.235, 14),
    72: Stand("Unknown Pad", 28.458, -80.528, 12),
    80: Stand("Space Launch Complex 40", 28.56194122, -80.57735736, 12),
    87: Stand("Launch Complex 39A", 28.60822681, -80.60428186, 27),
    121: Stand("Launch Complex 36A", 28.4705556, -80.542194, 12),
    151: Stand("Launch Area 130", 40.8182, 100.22514, 17),
    176: Stand("201", 19.618452, 110.955356, 8),
    200: Stand("Launch Complex 9A", 38.8583, 111.5802, 19),
    209: Stand("Yoshinobu Launch Complex LP-2", 30.400938, 130.97564, 26),
    210: Stand("Unknown Pad", -39.260881, 177.865826, 10, mapped=False),
    235: Stand("Orbital Launch Pad 2", 25.99677, -97.15799, 143),
    246: Stand("Pallas-1 Launch Pad", 40.775962, 100.107214, 17),
    255: Stand("Yellow Sea (launch location 5)", 31.2, 123.7, 185),
    900: Stand("Rocket Lab Launch Complex 1A", -39.2615, 177.8649, 10),
    901: Stand("Ariane Launch Area 4", 5.2566, -52.7864, 13),
    902: Stand("43/4 (43R)", 62.928844, 40.457068, 6),
    903: Stand("Cosmodrome Site 1S", 51.884395, 128.333932, 18),
} | {
    10_000 + id: Stand(f"Pad 1, {site.name.partition(',')[0]}", site.latitude, site.longitude, id)
    for id, site in SITES.items()
}
"""Pad: id -> what and where it is; every site has at least the one of 10000 more than its id."""

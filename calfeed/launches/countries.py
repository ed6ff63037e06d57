"""Codes of countries: version 2.2.0 of the API says alpha-3 where 2.3.0 says alpha-2."""

_FROM_ALPHA_3 = """
ARE:AE ARG:AR AUS:AU AZE:AZ BRA:BR CAN:CA CHN:CN CUB:CU DEU:DE DNK:DK DZA:DZ ECU:EC EGY:EG ESP:ES
FIN:FI FRA:FR GBR:GB GRC:GR GRL:GL GUF:GF IDN:ID IND:IN IRN:IR IRQ:IQ ISL:IS ISR:IL ITA:IT JPN:JP
KAZ:KZ KEN:KE KIR:KI KOR:KR LBY:LY MEX:MX MHL:MH MRT:MR MYS:MY NOR:NO NZL:NZ OMN:OM PAK:PK PER:PE
PHL:PH PRK:KP PRT:PT ROU:RO RUS:RU SAU:SA SGP:SG SOM:SO SUR:SR SWE:SE THA:TH TUR:TR TWN:TW UKR:UA
UMI:UM USA:US VNM:VN ZAF:ZA
"""
"""Those that have launch sites, had some, or speak of it (ISO 3166-1)."""

_ALPHA_2 = dict(pair.split(":") for pair in _FROM_ALPHA_3.split())


def alpha_2(code: str) -> str:
    """The alpha-2 code of a country given by either; empty where it is not known."""
    code = code.upper()
    return code if len(code) == 2 else _ALPHA_2.get(code, "")


_NAMES = """
AE:United Arab Emirates; AR:Argentina; AU:Australia; AZ:Azerbaijan; BR:Brazil; CA:Canada; CN:China;
CU:Cuba; DE:Germany; DK:Denmark; DZ:Algeria; EC:Ecuador; EG:Egypt; ES:Spain; FI:Finland; FR:France;
GB:United Kingdom; GF:French Guiana; GL:Greenland; GR:Greece; ID:Indonesia; IL:Israel; IN:India;
IQ:Iraq; IR:Iran; IS:Iceland; IT:Italy; JP:Japan; KE:Kenya; KI:Kiribati; KP:North Korea;
KR:South Korea; KZ:Kazakhstan; LY:Libya; MH:Marshall Islands; MR:Mauritania; MX:Mexico; MY:Malaysia;
NO:Norway; NZ:New Zealand; OM:Oman; PE:Peru; PH:Philippines; PK:Pakistan; PT:Portugal; RO:Romania;
RU:Russia; SA:Saudi Arabia; SE:Sweden; SG:Singapore; SO:Somalia; SR:Suriname; TH:Thailand;
TR:Turkey; TW:Taiwan; UA:Ukraine; UM:US Outlying Islands; US:United States; VN:Vietnam;
ZA:South Africa
"""

_NAME = dict(pair.strip().split(":") for pair in _NAMES.split(";"))


def country_name(code: str) -> str:
    """A country's English name by its alpha-2 code; the code itself where it is not known."""
    return _NAME.get(code, code)

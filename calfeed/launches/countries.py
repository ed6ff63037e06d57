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

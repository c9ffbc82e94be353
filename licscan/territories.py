"""Countries by their codes, their parts, and the unions that they belong to."""

import re
from collections.abc import Iterable

# ISO 3166-1 alpha-2, and XK, which the European Union uses for Kosovo.
_COUNTRIES = frozenset(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split()
)
# The European Union since 2020, and who belongs to the European Economic Area besides.
_EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_EEA_BESIDES = frozenset({"IS", "LI", "NO"})
# A part of a country, as ISO 3166-2 writes it.
_PART = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}", re.ASCII)
_NAMES = {"GB": "UK", "EL": "GR"}


def known(code: str) -> bool:
    """Whether a code names a country, a part of one, or one of the unions."""
    part = _PART.fullmatch(code.upper())
    country = part[1] if part else code.upper()
    return country in _COUNTRIES or (not part and country in {"EU", "EEA", "UK", "EL"})


def regions(territories: Iterable[str]) -> frozenset[str]:
    """Territories, and the unions that they belong to for certain; the United Kingdom is `UK`, as licenses call it."""
    named = {_plain(one) for one in territories}
    named |= {_plain(part[1]) for one in named if (part := _PART.fullmatch(one))}
    if named & _EU or "EU" in named:
        named |= {"EU", "EEA"}
    if named & _EEA_BESIDES:
        named.add("EEA")
    return frozenset(named)


def perhaps(territories: Iterable[str], region: str) -> bool:
    """Whether somebody may be in a region, who names no more than a union or country that it belongs to."""
    named = {_plain(one) for one in territories}
    region = _plain(region)
    part = _PART.fullmatch(region)
    country = _plain(part[1]) if part else region
    wider = {country} if part else set()
    if country in _EU:
        wider |= {"EU", "EEA"}
    if country in _EEA_BESIDES or country == "EU":
        wider.add("EEA")
    return bool(named & wider)


def _plain(territory: str) -> str:
    return _NAMES.get(territory.upper(), territory.upper())

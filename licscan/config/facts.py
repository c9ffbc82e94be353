"""What an organisation says of itself.

    [organisation]
    territories = ["DE", "US"]
    activities = ["host", "ship-product"]
    purposes = ["commercial"]
    monthly_active_users = "5M"
    annual_revenue = [{value = "EUR 12M", on = 2025-12-31, affiliates = true}]

    [[agreements]]
    licensor = "Meta"
    models = ["hf:meta-llama/*"]
    reference = "contract 2026-17"
    replaces = ["threshold"]
    expires = 2027-12-31

Confidential facts need not lie in a repository: `--config FILE`, the variable LICSCAN_CONFIG, the user's own folder, or
a package that the repository's configuration extends.
"""

import datetime
import difflib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from licscan import territories
from licscan.config.files import NAME, Layer, found_above, layers
from licscan.errors import UsageError
from licscan.organisation import ACTIVITIES, Agreement, Amount, Organisation

METRICS = ("monthly_active_users", "daily_active_users", "annual_revenue", "monthly_revenue", "employees", "funding")
PURPOSES = ("commercial", "production", "research", "personal")
_MONEY = frozenset({"annual_revenue", "monthly_revenue", "funding"})
_LISTS = ("territories", "activities", "purposes", "fields")
_SIZES = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6}
_SIZES |= {"b": 10**9, "bn": 10**9, "billion": 10**9}
# The sign of yen and yuan is none of them: it says neither.
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
# ISO 4217. Three letters that are none of these are no currency: "5 Mio" is not five of something.
_CURRENCIES = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
    "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD "
    "TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW".split()
)
_QUANTITY = re.compile(
    r"(?P<before>[A-Z]{3}(?=[\s\d])|[$€£])?\s*"
    # Commas set off three digits: "1,5M" is not fifteen million.
    r"(?P<number>(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:_\d{3})+)(?P<part>\.\d+)?)\s*"
    r"(?P<size>k|thousand|mn?|million|bn?|billion)?\s*(?P<after>\b[A-Z]{3})?"
    r"(?:\s*(?:@|\bon )\s*(?P<on>\d{4}-\d{2}-\d{2}))?(?:,? (?P<affiliates>with|without) affiliates)?",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 100
_MOST = 10**30
_FACTS = (*METRICS, *_LISTS, "name")
_HOW = 'write 5000000, "5M", "USD 20M" or "5M@2025-12-31"'
_AGREEMENT = {"licensor", "models", "reference", "replaces", "expires"}


def organisation(file: Path | None = None, what_if: Iterable[str] = ()) -> Organisation:
    """What the organisation says of itself, from its configuration and from `name=value` on the command line.

    Args:
        file: The configuration; that of LICSCAN_CONFIG or of the user's own folder, and over it the one nearest above
            the working folder, by default.
        what_if: Facts that replace those of the configuration, such as `monthly_active_users=800M`.

    Raises:
        UsageError: Something cannot be read; the message names file, line and key.
    """
    if file is not None:
        return supposed(facts_of(layers(file)), what_if)
    nearest = found_above(Path.cwd())
    return supposed(facts_of([*own_layers(), *(layers(nearest) if nearest else ())]), what_if)


def own_layers() -> list[Layer]:
    """The configuration that LICSCAN_CONFIG names, or that of the user's own folder; none where there is none.

    Raises:
        UsageError: The one that the variable names cannot be read.
    """
    if named := os.environ.get("LICSCAN_CONFIG"):
        try:
            return layers(Path(named).absolute())
        except UsageError as error:
            raise UsageError(error.what, where=error.where, remedy="check LICSCAN_CONFIG") from error
    import platformdirs  # noqa: PLC0415 - where nothing was named

    own: Path = platformdirs.user_config_path("licscan") / NAME
    return layers(own) if own.is_file() else []


def supposed(said: Organisation, what_if: Iterable[str]) -> Organisation:
    """The organisation as if some facts were so.

    Raises:
        UsageError: A fact is not written as `name=value`, or means nothing.
    """
    for one in what_if:
        name, sign, value = one.partition("=")
        name, where = name.strip(), f"--what-if {one}"
        if not sign or not value.strip():
            raise UsageError("not name=value", where=where, remedy="write monthly_active_users=800M")
        said = _with(said, name, value.split(",") if name in _LISTS else value, where)
    return said


def facts_of(files: Iterable[Layer]) -> Organisation:
    """What configuration files say of the organisation: a later one replaces facts, and adds agreements.

    Raises:
        UsageError: A fact is unknown, or cannot be read.
    """
    said = Organisation()
    agreements: list[Agreement] = []
    for layer in files:
        for name, value in layer.table("organisation").items():
            said = _with(said, name, value, layer.where("organisation", name))
        agreements += [_agreement(layer, index) for index in range(len(layer.tables("agreements")))]
    return replace(said, agreements=tuple(agreements))


def _with(said: Organisation, name: str, value: object, where: str) -> Organisation:
    _known(name, where)
    if name in METRICS:
        return replace(said, amounts={**said.amounts, name: _amounts(value, where, money=name in _MONEY)})
    if name in _LISTS:
        fields: dict[str, Any] = {name: _words(value, name, where)}
        return replace(said, **fields)
    if not isinstance(value, str):
        raise UsageError("is no text", where=where, remedy='write "..."')
    return replace(said, name=value)


def amount(text: str, where: str) -> Amount:
    """A number as people write it: `5000000`, `5M`, `USD 20 million`, `$20M@2025-12-31, with affiliates`.

    Raises:
        UsageError: It is none.
    """
    found = _QUANTITY.fullmatch(text.strip()) if len(text) < _LONGEST else None
    # "1.000" may be one or a thousand, and nobody has half a user.
    if not found or (found["part"] and not found["size"]) or (found["before"] and found["after"]):
        raise UsageError(f"{text[:80]!r} is no number", where=where, remedy=_HOW)
    size = _SIZES[(found["size"] or "").lower()]
    value = int(Decimal(found["number"].replace(",", "").replace("_", "")) * size)
    stated = found["before"] or found["after"]
    currency = _currency(_SIGNS.get(stated, stated), where) if stated else None
    try:
        on = datetime.date.fromisoformat(found["on"]) if found["on"] else None
    except ValueError:
        raise UsageError(f"no such day: {found['on']}", where=where, remedy=_HOW) from None
    affiliates = found["affiliates"].lower() == "with" if found["affiliates"] else None
    return Amount(value=value, currency=currency, on=on, affiliates=affiliates)


def _currency(code: str, where: str) -> str:
    if code.upper() not in _CURRENCIES:
        raise UsageError(f"{code!r} is no currency", where=where, remedy=f"use a code of ISO 4217; {_HOW}")
    return code.upper()


def _known(name: str, where: str) -> None:
    if name not in _FACTS:
        near = difflib.get_close_matches(name, _FACTS, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(_FACTS)}"
        raise UsageError("is no key of the configuration", where=where, remedy=remedy)


def _amounts(value: object, where: str, *, money: bool) -> tuple[Amount, ...]:
    found = tuple(_amount(one, where) for one in (value if isinstance(value, list) else [value]))
    if not money and any(one.currency for one in found):
        raise UsageError("is no amount of money", where=where, remedy='write 5000000, "5M" or "5M@2025-12-31"')
    return found


def _amount(value: object, where: str) -> Amount:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | str) and not isinstance(value, bool):
        return amount(_digits(value), where)
    if not isinstance(value, Mapping):
        raise UsageError("is no number", where=where, remedy=_HOW)
    unknown = value.keys() - {"value", "currency", "on", "affiliates"}
    if unknown or "value" not in value:
        what = f"{min(unknown)} is no key of a number" if unknown else "has no value"
        raise UsageError(what, where=where, remedy="write {value = ..., currency, on, affiliates}")
    if isinstance(value["value"], Mapping):
        raise UsageError("value is no number", where=where, remedy=_HOW)
    told = _amount(value["value"], where)
    rest = {name: value[name] for name in ("currency", "on", "affiliates") if name in value}
    if "currency" in rest:
        rest["currency"] = _currency(str(rest["currency"]), where)
    if any(getattr(told, name) not in (None, said) for name, said in rest.items()):
        raise UsageError("says two things of one number", where=where, remedy="say currency and day once")
    day, affiliates = rest.get("on"), rest.get("affiliates")
    if (
        isinstance(day, datetime.date | None)
        and not isinstance(day, datetime.datetime)
        and isinstance(affiliates, bool | None)
    ):
        return replace(told, **rest)
    raise UsageError("on is a day and affiliates true or false", where=where, remedy="write on = 2025-12-31")


def _digits(value: int | str) -> str:
    # Python refuses to write out numbers of more than 4,300 digits, which TOML can hold.
    return value if isinstance(value, str) else f"{value:d}" if abs(value) < _MOST else "too large"


def _words(value: object, name: str, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise UsageError("is no list of words", where=where, remedy='write ["one", "two"]')
    words = [str(item).strip() for item in items]
    if "" in words:
        raise UsageError("has an empty word", where=where, remedy='write ["one", "two"]')
    choices = {"activities": ACTIVITIES, "purposes": PURPOSES}.get(name)
    for word in words:
        if choices and word not in choices:
            near = difflib.get_close_matches(word, choices, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use {', '.join(choices)}"
            raise UsageError(f"{word!r} is none of its values", where=where, remedy=remedy)
        if name == "territories" and not territories.known(word):
            raise UsageError(
                f"{word!r} is no territory", where=where, remedy="use ISO 3166 codes (DE, US-CA), EU, EEA, UK"
            )
    return tuple(word.upper() for word in words) if name == "territories" else tuple(words)


def _agreement(layer: Layer, index: int) -> Agreement:
    at = ("agreements", index)
    stated = layer.table(*at)
    for key in stated.keys() - _AGREEMENT:
        raise UsageError("is no key of an agreement", where=layer.where(*at, key), remedy=", ".join(sorted(_AGREEMENT)))
    expires = stated.get("expires")
    if not isinstance(expires, datetime.date | None) or isinstance(expires, datetime.datetime):
        raise UsageError("is no day", where=layer.where(*at, "expires"), remedy="write expires = 2027-12-31")
    models, replaces = layer.texts(*at, "models"), layer.texts(*at, "replaces")
    for name, value in (("models", models), ("replaces", replaces)):
        if not value:
            raise UsageError("is missing", where=layer.where(*at, name), remedy='write ["one", "two"]')
    return Agreement(
        licensor=layer.text(*at, "licensor"),
        models=models,
        reference=layer.text(*at, "reference"),
        replaces=replaces,
        expires=expires,
    )

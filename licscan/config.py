"""The configuration: a `licscan.toml`, or `[tool.licscan]` in a `pyproject.toml`: what an organisation says of itself.

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

Confidential facts need not lie in a repository: `--config FILE`, the variable LICSCAN_CONFIG, or the user's own folder.
"""

import datetime
import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from licscan import territories
from licscan.errors import UsageError
from licscan.model import Activity, Amount, Organisation

METRICS = ("monthly_active_users", "daily_active_users", "annual_revenue", "monthly_revenue", "employees", "funding")
PURPOSES = ("commercial", "production", "research", "personal")
_MONEY = frozenset({"annual_revenue", "monthly_revenue", "funding"})
_LISTS = ("territories", "activities", "purposes", "fields")
_SECTIONS = ("organisation", "agreements")
_LARGEST = 1 << 20
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


def organisation(file: Path | None = None, what_if: Iterable[str] = ()) -> Organisation:
    """What the organisation says of itself, from its configuration and from `name=value` on the command line.

    Args:
        file: The configuration; that of LICSCAN_CONFIG, or of the user's own folder, by default.
        what_if: Facts that replace those of the configuration, such as `monthly_active_users=800M`.

    Raises:
        UsageError: Something cannot be read; the message names file and key.
    """
    where, said = _read(file)
    for section in said:
        _known(section, f"{where}: {section}", _SECTIONS)
    fields = dict(_mapping(said.get("organisation", {}), f"{where}: organisation"))
    places = {name: f"{where}: organisation.{name}" for name in fields}
    for one in what_if:
        name, sign, value = one.partition("=")
        name = name.strip()
        if not sign or not value.strip():
            raise UsageError("not name=value", where=f"--what-if {one}", remedy="write monthly_active_users=800M")
        _known(name, f"--what-if {one}", _FACTS)
        fields[name] = value.split(",") if name in _LISTS else value
        places[name] = f"--what-if {one}"
    plain: dict[str, Any] = {"amounts": {}}
    for name, value in fields.items():
        key = places[name]
        _known(name, key, _FACTS)
        if name in METRICS:
            plain["amounts"][name] = _amounts(value, key, money=name in _MONEY)
        else:
            plain[name] = _words(value, name, key) if name in _LISTS else value
    plain["agreements"] = _agreements(said.get("agreements", []), where)
    try:
        return Organisation.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(first["msg"].lower(), where=f"{where}: {key}", remedy="mend the value") from error


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


def _read(file: Path | None) -> tuple[str, Mapping[str, Any]]:
    """The configuration as data, and its name for messages; nothing where there is none."""
    named = file or (Path(os.environ["LICSCAN_CONFIG"]) if os.environ.get("LICSCAN_CONFIG") else None)
    path = named or platformdirs.user_config_path("licscan") / "licscan.toml"
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageError("larger than 1 MiB", where=str(path), remedy="name the right file")
        data: Mapping[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        # A user without a home (HOME=/dev/null) has no configuration there.
        if named is None and isinstance(error, FileNotFoundError | NotADirectoryError):
            return "the configuration", {}
        what = "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(path), remedy="check --config or LICSCAN_CONFIG") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"no TOML: {error}", where=str(path), remedy="mend that place") from error
    if path.name == "pyproject.toml":
        data = _mapping(_mapping(data.get("tool", {}), f"{path}: tool").get("licscan", {}), f"{path}: tool.licscan")
    return str(path), data


def _known(name: str, where: str, names: tuple[str, ...]) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(names)}"
        raise UsageError("is no key of the configuration", where=where, remedy=remedy)


def _amounts(value: object, where: str, *, money: bool) -> list[Amount]:
    found = [_amount(one, where) for one in (value if isinstance(value, list) else [value])]
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
    fields = value
    unknown = fields.keys() - {"value", "currency", "on", "affiliates"}
    if unknown or "value" not in fields:
        what = f"{min(unknown)} is no key of a number" if unknown else "has no value"
        raise UsageError(what, where=where, remedy="write {value = ..., currency, on, affiliates}")
    if isinstance(fields["value"], Mapping):
        raise UsageError("value is no number", where=where, remedy=_HOW)
    told = _amount(fields["value"], where)
    rest = {name: fields[name] for name in ("currency", "on", "affiliates") if name in fields}
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
        return Amount.model_validate({**told.model_dump(), **rest})
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
    choices = {"activities": tuple(map(str, Activity)), "purposes": PURPOSES}.get(name)
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


def _agreements(value: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise UsageError("is no list", where=f"{where}: agreements", remedy="write [[agreements]] for each")
    return [_mapping(one, f"{where}: agreements.{index}") for index, one in enumerate(value)]


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError("is no table", where=where, remedy="write [name] and key = value lines")
    return value

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
from pathlib import Path
from typing import Any

from licscan.config.files import NAME, Layer, found_above, layers
from licscan.errors import UsageError
from licscan.organisation import ACTIVITIES, Agreement, Amount, Organisation

METRICS = ("monthly_active_users", "daily_active_users", "annual_revenue", "monthly_revenue", "employees", "funding")
PURPOSES = ("commercial", "production", "research", "personal")
_LISTS = ("territories", "activities", "purposes", "fields")
_SIZES = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6}
_SIZES |= {"b": 10**9, "bn": 10**9, "billion": 10**9}
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}
_QUANTITY = re.compile(
    r"(?P<before>[A-Za-z]{3}(?=[\s\d])|[$€£¥])?\s*(?P<number>\d[\d_,]*(?:\.\d+)?)\s*"
    r"(?P<size>k|thousand|mn?|million|bn?|billion)?\s*(?P<after>\b[A-Za-z]{3})?"
    r"(?:\s*(?:@|on )\s*(?P<on>\d{4}-\d{2}-\d{2}))?",
    re.IGNORECASE,
)
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
        return replace(said, amounts={**said.amounts, name: _amounts(value, where)})
    if name in _LISTS:
        fields: dict[str, Any] = {name: _words(value, name, where)}
        return replace(said, **fields)
    if not isinstance(value, str):
        raise UsageError("is no text", where=where, remedy='write "..."')
    return replace(said, name=value)


def amount(text: str, where: str) -> Amount:
    """A number as people write it: `5000000`, `5M`, `USD 20 million`, `$20M@2025-12-31`.

    Raises:
        UsageError: It is none.
    """
    found = _QUANTITY.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{text[:80]!r} is no number", where=where, remedy=_HOW)
    size = _SIZES[(found["size"] or "").lower()]
    value = round(float(found["number"].replace(",", "").replace("_", "")) * size)
    stated = found["before"] or found["after"]
    currency = _SIGNS.get(stated, stated.upper()) if stated else None
    try:
        on = datetime.date.fromisoformat(found["on"]) if found["on"] else None
    except ValueError:
        raise UsageError(f"no such day: {found['on']}", where=where, remedy=_HOW) from None
    return Amount(value=value, currency=currency, on=on)


def _known(name: str, where: str) -> None:
    names = (*METRICS, *_LISTS, "name")
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(names)}"
        raise UsageError("is nothing that is known of an organisation", where=where, remedy=remedy)


def _amounts(value: object, where: str) -> tuple[Amount, ...]:
    return tuple(_amount(one, where) for one in (value if isinstance(value, list) else [value]))


def _amount(value: object, where: str) -> Amount:
    if isinstance(value, bool):
        raise UsageError("is no number", where=where, remedy=_HOW)
    if isinstance(value, int | str):
        return amount(str(value), where)
    if not isinstance(value, Mapping):
        raise UsageError("is no number", where=where, remedy=_HOW)
    unknown = value.keys() - {"value", "currency", "on", "affiliates"}
    if unknown or "value" not in value:
        what = f"{min(unknown)} is no key of a number" if unknown else "has no value"
        raise UsageError(what, where=where, remedy="write {value = ..., currency, on, affiliates}")
    told = amount(str(value["value"]), where)
    rest = {name: value[name] for name in ("currency", "on", "affiliates") if name in value}
    if not isinstance(rest.get("currency"), str | None):
        raise UsageError("currency is no text", where=where, remedy='write currency = "EUR"')
    if isinstance(rest.get("on"), datetime.date | None) and isinstance(rest.get("affiliates"), bool | None):
        return replace(told, **rest)
    raise UsageError("on is a day and affiliates true or false", where=where, remedy="write on = 2025-12-31")


def _words(value: object, name: str, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise UsageError("is no list of words", where=where, remedy='write ["one", "two"]')
    words = [str(item).strip() for item in items]
    choices = {"activities": ACTIVITIES, "purposes": PURPOSES}.get(name)
    for word in words:
        if choices and word not in choices:
            near = difflib.get_close_matches(word, choices, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use {', '.join(choices)}"
            raise UsageError(f"{word!r} is none of its values", where=where, remedy=remedy)
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

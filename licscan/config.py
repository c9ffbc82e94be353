"""The configuration: `licscan.toml`, or `[tool.licscan]` in `pyproject.toml`; here what an organisation says of itself.

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
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from licscan.errors import UsageError
from licscan.model import Activity, Amount, Organisation

METRICS = ("monthly_active_users", "daily_active_users", "annual_revenue", "monthly_revenue", "employees", "funding")
PURPOSES = ("commercial", "production", "research", "personal")
_LISTS = ("territories", "activities", "purposes", "fields")
_LARGEST = 1 << 20
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


def organisation(file: Path | None = None, what_if: Iterable[str] = ()) -> Organisation:
    """What the organisation says of itself, from its configuration and from `name=value` on the command line.

    Args:
        file: The configuration; that of LICSCAN_CONFIG, or of the user's own folder, by default.
        what_if: Facts that replace those of the configuration, such as `monthly_active_users=800M`.

    Raises:
        UsageError: Something cannot be read; the message names file and key.
    """
    where, said = _read(file)
    fields = dict(_mapping(said.get("organisation", {}), f"{where}: organisation"))
    for one in what_if:
        name, sign, value = one.partition("=")
        name = name.strip()
        if not sign or not value.strip():
            raise UsageError("not name=value", where=f"--what-if {one}", remedy="write monthly_active_users=800M")
        fields[name] = value.split(",") if name in _LISTS else value
        _known(name, f"--what-if {one}")
    plain: dict[str, Any] = {"amounts": {}}
    for name, value in fields.items():
        key = f"{where}: organisation.{name}"
        _known(name, key)
        if name in METRICS:
            plain["amounts"][name] = _amounts(value, key)
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


def _read(file: Path | None) -> tuple[str, Mapping[str, Any]]:
    """The configuration as data, and its name for messages; nothing where there is none."""
    named = file or (Path(os.environ["LICSCAN_CONFIG"]) if os.environ.get("LICSCAN_CONFIG") else None)
    path = named or platformdirs.user_config_path("licscan") / "licscan.toml"
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError("larger than 1 MiB", where=str(path), remedy="name the right file")
        data: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named is None:
            return "the configuration", {}
        raise UsageError("no such file", where=str(path), remedy="check --config or LICSCAN_CONFIG") from None
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(path), remedy="check --config or LICSCAN_CONFIG") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"no TOML: {error}", where=str(path), remedy="mend that place") from error
    if path.name == "pyproject.toml":
        data = _mapping(_mapping(data.get("tool", {}), f"{path}: tool").get("licscan", {}), f"{path}: tool.licscan")
    return str(path), data


def _known(name: str, where: str) -> None:
    names = (*METRICS, *_LISTS, "name")
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(names)}"
        raise UsageError("is nothing that is known of an organisation", where=where, remedy=remedy)


def _amounts(value: object, where: str) -> list[Amount]:
    return [_amount(one, where) for one in (value if isinstance(value, list) else [value])]


def _amount(value: object, where: str) -> Amount:
    if isinstance(value, bool):
        raise UsageError("is no number", where=where, remedy=_HOW)
    if isinstance(value, int | str):
        return amount(str(value), where)
    fields = _mapping(value, where)
    unknown = fields.keys() - {"value", "currency", "on", "affiliates"}
    if unknown or "value" not in fields:
        what = f"{min(unknown)} is no key of a number" if unknown else "has no value"
        raise UsageError(what, where=where, remedy="write {value = ..., currency, on, affiliates}")
    told = amount(str(fields["value"]), where)
    rest = {name: fields[name] for name in ("currency", "on", "affiliates") if name in fields}
    if isinstance(rest.get("on"), datetime.date | None) and isinstance(rest.get("affiliates"), bool | None):
        return Amount.model_validate({**told.model_dump(), **rest})
    raise UsageError("on is a day and affiliates true or false", where=where, remedy="write on = 2025-12-31")


def _words(value: object, name: str, where: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise UsageError("is no list of words", where=where, remedy='write ["one", "two"]')
    words = [str(item).strip() for item in items]
    choices = {"activities": tuple(map(str, Activity)), "purposes": PURPOSES}.get(name)
    for word in words:
        if choices and word not in choices:
            near = difflib.get_close_matches(word, choices, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use {', '.join(choices)}"
            raise UsageError(f"{word!r} is none of its values", where=where, remedy=remedy)
    return tuple(word.upper() for word in words) if name == "territories" else tuple(words)


def _agreements(value: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise UsageError("is no list", where=f"{where}: agreements", remedy="write [[agreements]] for each")
    return [_mapping(one, f"{where}: agreements.{index}") for index, one in enumerate(value)]


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError("is no table", where=where, remedy="write [name] and key = value lines")
    return value

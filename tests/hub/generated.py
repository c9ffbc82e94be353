"""Repositories that are made when they are asked for: `bulk/model-NNNNN`, ten thousand of them if need be."""

import datetime
import json
from functools import lru_cache

from tests.hub.contents import card, safetensors
from tests.hub.values import FIRST_DAY, Commit, Repository

LICENSES = ("apache-2.0", "mit", "llama3.1", "gemma", "cc-by-nc-4.0", "other", None, "openrail")
_PREFIX = "bulk/model-"
_DAYS = 400


def bulk(number: int) -> Repository:
    """One of many: every eighth says nothing of its license, every fifth comes from another."""
    commit = _commit(number)
    return Repository(bulk_name(number), commits=[commit], branches={"main": commit.sha})


def bulk_name(number: int) -> str:
    return f"{_PREFIX}{number:05}"


def bulk_number(name: str) -> int | None:
    """The number in such a name, if it is one."""
    digits = name.removeprefix(_PREFIX)
    if digits == name or not (digits.isascii() and digits.isdigit()) or bulk_name(int(digits)) != name:
        return None
    return int(digits)


def bulk_date(number: int) -> datetime.datetime:
    """When it was changed: each 400 in a row are spread over 400 days, out of order, and no two dates are alike."""
    return FIRST_DAY + datetime.timedelta(days=number * 37 % _DAYS, seconds=number)


@lru_cache(maxsize=8)
def bulk_dates(count: int) -> tuple[tuple[datetime.datetime, str], ...]:
    """Dates and names of the first of them: a listing needs no more until it shows one."""
    return tuple((bulk_date(number), bulk_name(number)) for number in range(count))


# A run of a scanner asks for the same repository four times; commits never change, so that they can be shared.
@lru_cache(maxsize=4096)
def _commit(number: int) -> Commit:
    fields: dict[str, object] = {"library_name": "transformers", "pipeline_tag": "text-generation"}
    license_ = LICENSES[number % len(LICENSES)]
    if license_:
        fields["license"] = license_
    if number % 5 == 4:
        fields["base_model"] = bulk_name(number - 4)
    files: dict[str, bytes | str | None] = {
        "README.md": card(**fields),
        "config.json": json.dumps({"model_type": "llama", "vocab_size": 32000, "number": number}),
        "model.safetensors": safetensors({"format": "pt"}),
        "tokenizer.json": "{}",
    }
    if number % 3 == 0:
        files["LICENSE"] = f"Terms of license {license_}.\n" * 20
    return Repository(bulk_name(number)).commit("first", files, date=bulk_date(number)).commits[0]

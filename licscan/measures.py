"""Numbers, places and activities at which a license ends, held against what an organisation said of itself.

Over plain values alone: the gate starts in a moment and knows no pydantic.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from licscan.condition import ORGANISATION, THIS, Condition, holds
from licscan.organisation import Amount, Organisation

Values = Mapping[str, Any]

_SIGNS = {">": "above", ">=": "from"}
_BIG = ((10**9, "billion"), (10**6, "million"))
_GROUP = re.compile(r"affiliate|subsidiar|common control|group of compan|parent", re.IGNORECASE)
_EFFECTS = {
    "separate-license": "a separate license is needed",
    "prohibited": "nothing is granted",
    "registration": "it must be registered",
    "duty": "a duty is added",
    "other": "the terms change",
}
# What an organisation says of itself besides numbers.
ASKED = ("activities", "territories", "purposes", "fields")
_NAMES = {"GB": "UK"}
# European Union since 2020, and who belongs to the European Economic Area besides.
_EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_EEA_BESIDES = frozenset({"IS", "LI", "NO"})


class Reached(NamedTuple):
    """Where a number of the organisation's stands.

    Attributes:
        status: `below`, `reached`, or `tell-us`.
        yours: The number, in words.
        because: Why it does not tell, where it is known and does not.
    """

    status: str
    yours: str | None = None
    because: str | None = None


def against(values: Values, organisation: Organisation) -> Reached:
    """Where the organisation stands at a threshold, given by the values of its clause.

    A test that is frozen at a day takes the number of that day: the newest that is no later. A number without a day
    holds for every day.
    """
    numbers = organisation.amounts.get(str(values["metric"]), ())
    if not numbers:
        return Reached("tell-us")
    fitting = [one for one in numbers if not values.get("currency") or one.currency == values["currency"]]
    if not fitting:
        return Reached("tell-us", words(numbers[-1]), f"it is needed in {values['currency']}")
    chosen = _of_the_day(fitting, values.get("as_of"))
    if isinstance(chosen, str):
        return Reached("tell-us", words(fitting[-1]), chosen)
    bound = int(str(values["value"]))
    over = chosen.value >= bound if values["comparator"] == ">=" else chosen.value > bound
    group = bool(_GROUP.search(str(values.get("subject", ""))))
    if group and chosen.affiliates is False and not over:
        return Reached("tell-us", words(chosen), "affiliates count here, and yours leaves them out")
    if not group and values.get("subject") and chosen.affiliates and over:
        return Reached("tell-us", words(chosen), "affiliates do not count here, and yours includes them")
    return Reached("reached" if over else "below", words(chosen))


def together(some: Sequence[tuple[Values, Reached]]) -> Reached:
    """Where several numbers stand that add one duty: one is enough, unless the license wants all."""
    decided, other = ("below", "reached") if some[0][0].get("group") == "all" else ("reached", "below")
    statuses = [reached.status for _, reached in some]
    status = decided if decided in statuses else "tell-us" if "tell-us" in statuses else other
    # The limit that decided; all of them where none did.
    telling = [one for one in some if one[1].status == status] or some
    said = "; or ".join(limit(values).partition(":")[0] for values, _ in telling)
    yours = "; ".join(reached.yours for _, reached in telling if reached.yours)
    return Reached(status, yours or None, f"applies {said}" + (f"; yours: {yours}" if yours else ""))


def newest(numbers: Iterable[Amount]) -> Amount | None:
    """The number that holds today: one without a day, or that of the latest day."""
    return max(numbers, key=lambda one: one.on or date.max, default=None)


def _of_the_day(numbers: list[Amount], as_of: object) -> Amount | str:
    """The number of the day at which a test is frozen, or the newest; a sentence where none is of that day."""
    undated = [one for one in numbers if one.on is None]
    if undated:
        return undated[-1]
    ordered = sorted(numbers, key=lambda one: one.on or date.min)
    if as_of is None:
        return ordered[-1]
    try:
        day = date.fromisoformat(str(as_of))
    except ValueError:
        return f"the test is frozen at the {as_of}, and no day is recorded for that"
    before = [one for one in ordered if one.on and one.on <= day]
    return before[-1] if before else f"the test is frozen at {day}, and yours are of later days"


def limit(values: Values) -> str:
    """A threshold in words: `above 700 million monthly active users on 2024-07-23: a separate license is needed`."""
    number = number_words(int(str(values["value"])))
    amount = f"{values['currency']} {number}" if values.get("currency") else number
    metric = str(values["metric"]).replace("_", " ")
    what = str(values.get("subject") or "other") if metric == "other" else metric
    parts = [_SIGNS[str(values["comparator"])], amount, what]
    if values.get("as_of"):
        parts.append(f"on {values['as_of']}")
    return f"{' '.join(parts)}: {_EFFECTS[str(values['effect'])]}"


def number_words(number: int) -> str:
    """`700 million`, `1.5 billion`, `50,000`: as exact as the number is."""
    for size, name in _BIG:
        if number >= size and number % (size // 100) == 0:
            return f"{number / size:g} {name}"
    return f"{number:,}"


def words(amount: Amount) -> str:
    """An amount in words: `USD 20 million on 2025-12-31, with affiliates`."""
    number = number_words(amount.value)
    parts = [f"{amount.currency} {number}" if amount.currency else number]
    if amount.on:
        parts.append(f"on {amount.on}")
    shown = " ".join(parts)
    if amount.affiliates is not None:
        shown += f", {'with' if amount.affiliates else 'without'} affiliates"
    return shown


def under(
    values: Values,
    applies: Condition | None,
    asked: Sequence[str],
    organisation: Organisation,
    modality: str | None,
) -> tuple[str, str | None]:
    """Whether an organisation comes under a limitation, and what it said that decides.

    Args:
        values: The values of the clause.
        applies: The condition of its type over clause and organisation.
        asked: What the condition asks of the organisation, of `ASKED`.
        organisation: What it said of itself.
        modality: That of the model: some limitations are meant for some kinds of model alone.
    """
    meant = str(values.get("applies_to") or "")
    if meant and modality and not _is_of(modality, meant):
        return "does-not-apply", f"meant for {meant} models; this one is {modality}"
    said = {name: getattr(organisation, name) for name in asked}
    if applies is None or any(value is None for value in said.values()):
        return "tell-us", None
    outcome = holds(applies, {ORGANISATION: [facts(organisation)], THIS: [values]})
    yours = "; ".join(f"{name}: {', '.join(value) or 'none'}" for name, value in said.items())
    return ("applies" if outcome.holds else "does-not-apply"), yours


def facts(organisation: Organisation) -> dict[str, object]:
    """The organisation as conditions see it: its newest numbers, territories with the unions that they belong to."""
    said: dict[str, object] = {
        "activities": organisation.activities,
        "territories": None if organisation.territories is None else sorted(regions(organisation.territories)),
        "purposes": organisation.purposes,
        "fields": organisation.fields,
    }
    for metric, amounts in organisation.amounts.items():
        amount = newest(amounts)
        said[metric] = amount.value if amount else None
    return {name: value for name, value in said.items() if value is not None}


def regions(territories: Iterable[str]) -> frozenset[str]:
    """Territories, and the unions that their members belong to."""
    named = {_NAMES.get(one.upper(), one.upper()) for one in territories}
    if named & _EU or "EU" in named:
        named |= {"EU", "EEA"}
    if named & _EEA_BESIDES:
        named.add("EEA")
    return frozenset(named)


def limitation_words(title: str, values: Values) -> str:
    """What is not granted, in words: the title of the clause's type, with the places, fields and scope it names."""
    named = [value for name, value in values.items() if name in {"regions", "fields"} and value]
    shown = ", ".join(str(one) for value in named if isinstance(value, list | tuple) for one in value)
    scope = values.get("scope")
    return f"{title[0].lower() + title[1:]}{f': {shown}' if shown else ''}{f' ({scope})' if scope else ''}"


def _is_of(modality: str, meant: str) -> bool:
    """Whether a model is of the kind that a limitation is meant for."""
    return meant.casefold() in modality.casefold() or modality.casefold() in meant.casefold()

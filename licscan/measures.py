"""Numbers, places and activities at which a license ends, held against what an organisation said of itself.

Over plain values alone: the gate starts in a moment and knows no pydantic.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from licscan import territories
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
# What `applies_to` may say of the kind of a model; else it says what is done with one.
_KINDS = frozenset({"text", "image", "video", "audio", "multimodal"})
# What an organisation says of itself besides numbers.
ASKED = ("activities", "territories", "purposes", "fields")
_MONEY = frozenset({"annual_revenue", "monthly_revenue", "funding"})


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
    if str(values["metric"]) in _MONEY and not values.get("currency"):
        return Reached("tell-us", words(numbers[-1]), "the license does not say in which currency")
    fitting = [one for one in numbers if not values.get("currency") or one.currency == values["currency"]]
    if not fitting:
        return Reached("tell-us", words(numbers[-1]), f"it is needed in {values['currency']}")
    chosen = _of_the_day(fitting, values.get("as_of"))
    if isinstance(chosen, str):
        return Reached("tell-us", words(fitting[-1]), chosen)
    bound = int(str(values["value"]))
    over = chosen.value >= bound if values["comparator"] == ">=" else chosen.value > bound
    because = _counted_otherwise(str(values.get("subject") or ""), chosen, over=over)
    return Reached("tell-us" if because else "reached" if over else "below", words(chosen), because)


def _counted_otherwise(subject: str, number: Amount, *, over: bool) -> str | None:
    """Why a number does not tell: it leaves out affiliates that would add to it, or includes such as do not count."""
    group = bool(_GROUP.search(subject))
    if group and number.affiliates is False and not over:
        return "affiliates count here, and yours leaves them out"
    if subject and not group and number.affiliates and over:
        return "affiliates do not count here, and yours includes them"
    return None


def counting(some: Sequence[tuple[Values, Reached]]) -> list[Reached]:
    """Where the numbers of one license stand: of several that it wants reached together, one holds back the others."""
    return [
        _with_others(alone, [(one, reached) for one, reached in some if _together(values, one)])
        for values, alone in some
    ]


def _together(values: Values, other: Values) -> bool:
    """Whether a license wants both numbers reached, before what it says of them begins."""
    return (
        other is not values
        and values.get("group") == other.get("group") == "all"
        and values.get("effect") == other.get("effect")
    )


def _with_others(alone: Reached, others: list[tuple[Values, Reached]]) -> Reached:
    """Where a number stands, of several that count only together: one that is not reached holds back the others."""
    for status in ("below", "tell-us"):
        holding = [values for values, reached in others if reached.status == status]
        if alone.status == "reached" and holding:
            what = "; and ".join(limit(values).rpartition(": ")[0] for values in holding)
            return alone._replace(status=status, because=f"counts only together with {what}")
    return alone


def together(some: Sequence[tuple[Values, Reached]]) -> Reached:
    """Where several numbers stand that add one duty: one is enough, unless the license wants all."""
    every = some[0][0].get("group") == "all"
    decided, other = ("below", "reached") if every else ("reached", "below")
    statuses = [reached.status for _, reached in some]
    status = decided if decided in statuses else "tell-us" if "tell-us" in statuses else other
    # The limit that decided; all of them where none did.
    telling = [one for one in some if one[1].status == status] or some
    joined = "; and " if every else "; or "
    said = joined.join(limit(values).rpartition(": ")[0] for values, _ in telling)
    yours = "; ".join(reached.yours for _, reached in telling if reached.yours)
    open_ = "; ".join(reached.because for _, reached in telling if reached.because)
    parts = [f"applies {said}", yours and f"yours: {yours}", open_]
    return Reached(status, yours or None, "; ".join(filter(None, parts)))


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
            whole, part = divmod(number, size)
            decimals = f".{part * 100 // size:02}".rstrip("0").rstrip(".")
            return f"{whole:,}{decimals} {name}"
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
    if meant in _KINDS and modality and modality.casefold() != meant:
        return "does-not-apply", f"meant for {meant} models; this one is {modality}"
    told = {name: getattr(organisation, name) for name in asked}
    yours = "; ".join(f"{name}: {', '.join(said) or 'none'}" for name, said in told.items() if said is not None) or None
    if applies is None:
        return "tell-us", yours
    verdict = holds(applies, {ORGANISATION: [facts(organisation)], THIS: [values]}).holds
    if verdict is False and not _perhaps(values, told.get("territories")):
        return "does-not-apply", yours
    if verdict and meant in _KINDS and not modality:
        return "tell-us", f"{yours}; meant for {meant} models, and nobody says of what kind this one is"
    return ("applies" if verdict else "tell-us"), yours


def _perhaps(values: Values, named: Iterable[str] | None) -> bool:
    """Whether somebody may be where a license is not granted, who names no more than a union that it belongs to."""
    regions = values.get("regions")
    some = regions if isinstance(regions, list | tuple) else ()
    return named is not None and any(territories.perhaps(named, str(one)) for one in some)


def facts(organisation: Organisation) -> dict[str, object]:
    """The organisation as conditions see it: its newest numbers, territories with the unions that they belong to."""
    said: dict[str, object] = {
        "activities": organisation.activities,
        "territories": None
        if organisation.territories is None
        else sorted(territories.regions(organisation.territories)),
        "purposes": organisation.purposes,
        "fields": organisation.fields,
    }
    for metric, amounts in organisation.amounts.items():
        amount = newest(amounts)
        said[metric] = amount.value if amount else None
    return {name: value for name, value in said.items() if value is not None}


def limitation_words(title: str, values: Values) -> str:
    """What is not granted, in words: the title of the clause's type, with the places, fields and scope it names."""
    named = [value for name, value in values.items() if name in {"regions", "fields"} and value]
    shown = ", ".join(str(one) for value in named if isinstance(value, list | tuple) for one in value)
    scope = values.get("scope")
    return f"{title[0].lower() + title[1:]}{f': {shown}' if shown else ''}{f' ({scope})' if scope else ''}"

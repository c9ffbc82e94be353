"""Numbers, places and activities at which a license ends, held against what the organisation said of itself."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from licscan import territories
from licscan.condition import ORGANISATION, THIS, holds
from licscan.model import Amount, Clause, License, Limitation, Organisation, Threshold
from licscan.rulebook import ClauseRule, Rulebook

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
_ASKED = ("activities", "territories", "purposes", "fields")
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


def thresholds(
    clauses: Iterable[tuple[License, Clause]], organisation: Organisation, inherited_from: str | None = None
) -> Iterator[Threshold]:
    """The numbers from which a license changes, each with where the organisation stands.

    Args:
        clauses: Clauses, each with the record that it comes from.
        organisation: What the organisation said of itself.
        inherited_from: The base whose clauses these are; None for the model's own.
    """
    found = [
        (record.id, clause, against(clause, organisation)) for record, clause in clauses if clause.id == "threshold"
    ]
    for record, clause, alone in found:
        others = [(one, reached) for of, one, reached in found if of == record and _together(clause, one)]
        yield Threshold.model_validate(
            {
                "clause": clause.id,
                "metric": str(clause.values["metric"]),
                "limit": limit(clause),
                "effect": str(clause.values["effect"]),
                "inherited_from": inherited_from,
                "evidence": clause.evidence,
                **_with_others(alone, others)._asdict(),
            }
        )


def _together(clause: Clause, other: Clause) -> bool:
    """Whether a license wants both numbers reached, before what it says of them begins."""
    return (
        other is not clause
        and clause.values.get("group") == other.values.get("group") == "all"
        and clause.values.get("effect") == other.values.get("effect")
    )


def _with_others(alone: Reached, others: list[tuple[Clause, Reached]]) -> Reached:
    """Where a number stands, of several that count only together: one that is not reached holds back the others."""
    for status in ("below", "tell-us"):
        holding = [clause for clause, reached in others if reached.status == status]
        if alone.status == "reached" and holding:
            what = "; and ".join(limit(clause).rpartition(": ")[0] for clause in holding)
            return alone._replace(status=status, because=f"counts only together with {what}")
    return alone


def against(clause: Clause, organisation: Organisation) -> Reached:
    """Where the organisation stands at a threshold.

    A test that is frozen at a day takes the number of that day: the newest that is no later. A number without a day
    holds for every day.
    """
    values = clause.values
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


def limit(clause: Clause) -> str:
    """A threshold in words: `above 700 million monthly active users on 2024-07-23: a separate license is needed`."""
    values = clause.values
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


def limitations(
    clauses: Iterable[tuple[License, Clause]],
    organisation: Organisation,
    rules: Rulebook,
    *,
    modality: str | None = None,
    inherited_from: str | None = None,
) -> Iterator[Limitation]:
    """What is not granted, each with whether the organisation comes under it.

    Args:
        clauses: Clauses, each with the record that it comes from.
        organisation: What the organisation said of itself.
        rules: The rule base.
        modality: That of the model: some limitations are meant for some kinds of model alone.
        inherited_from: The base whose clauses these are; None for the model's own.
    """
    seen = set()
    for _, clause in clauses:
        rule = rules.clauses[clause.id]
        mark = (clause.id, str(clause.values))
        if rule.applies is None or mark in seen:
            continue
        seen.add(mark)
        status, yours = _under(clause, rule, organisation, modality)
        yield Limitation.model_validate(
            {
                "clause": clause.id,
                "text": _text(clause, rule),
                "yours": yours,
                "status": status,
                "inherited_from": inherited_from,
                "evidence": clause.evidence,
            }
        )


def _under(
    clause: Clause, rule: ClauseRule, organisation: Organisation, modality: str | None
) -> tuple[str, str | None]:
    meant = str(clause.values.get("applies_to") or "")
    if meant in _KINDS and modality and modality.casefold() != meant:
        return "does-not-apply", f"meant for {meant} models; this one is {modality}"
    asked = [name for name in _ASKED if f"'{name}'" in str(rule.applies)]
    told = {name: getattr(organisation, name) for name in asked}
    yours = "; ".join(f"{name}: {', '.join(said) or 'none'}" for name, said in told.items() if said is not None) or None
    if rule.condition is None:
        return "tell-us", yours
    verdict = holds(rule.condition, {ORGANISATION: [facts(organisation)], THIS: [clause.values]}).holds
    if verdict is False and not _perhaps(clause, told.get("territories")):
        return "does-not-apply", yours
    if verdict and meant in _KINDS and not modality:
        return "tell-us", f"{yours}; meant for {meant} models, and nobody says of what kind this one is"
    return ("applies" if verdict else "tell-us"), yours


def _perhaps(clause: Clause, named: Iterable[str] | None) -> bool:
    """Whether somebody may be where a license is not granted, who names no more than a union that it belongs to."""
    regions = clause.values.get("regions")
    some = regions if isinstance(regions, list) else ()
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


def _text(clause: Clause, rule: ClauseRule) -> str:
    values = [value for name, value in clause.values.items() if name in {"regions", "fields"} and value]
    shown = ", ".join(str(one) for value in values if isinstance(value, list) for one in value)
    text = rule.title[0].lower() + rule.title[1:]
    scope = clause.values.get("scope")
    return f"{text}{f': {shown}' if shown else ''}{f' ({scope})' if scope else ''}"

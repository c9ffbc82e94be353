"""What the rule base knows of a model by its name and date: license, artefacts, bases."""

import fnmatch
import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from licscan.model import Claim, DeclaredBase, Gap, GapId, ModelRef, Place, Subject
from licscan.rulebook import ModelFacts, Rulebook


class Known(NamedTuple):
    """What the rule base knows of one model.

    Attributes:
        facts: The record that answers.
        claims: The license that it states.
        bases: The models that it names as bases.
        gaps: What remains open, such as which revision is meant.
    """

    facts: ModelFacts
    claims: tuple[Claim, ...]
    bases: tuple[DeclaredBase, ...]
    gaps: tuple[Gap, ...]


def search(ref: ModelRef, rules: Rulebook, day: date | None = None) -> Known | None:
    """What is known of a model; None where its name matches no record, or none that holds on the day that it names.

    Args:
        ref: The model. Its revision decides where a record names it; a date does by itself.
        rules: The rule base.
        day: The day that the model is judged at, where its revision says none.
    """
    matching = [facts for facts in rules.models if _matches(ref, facts)]
    if not matching:
        return None
    day = ref.date or day
    pinned = [facts for facts in matching if ref.revision and ref.revision in facts.revisions]
    dated = [facts for facts in matching if day and _holds(facts, day)]
    if ref.date and not pinned and not dated:
        return None  # nothing is known of that day, and what holds today need not have held then
    facts = (pinned or dated or sorted(matching, key=_newest))[-1]
    gaps = () if pinned or dated else (_unpinned(ref, facts),)
    evidence = facts.evidence
    claims: tuple[Claim, ...] = ()
    if facts.license:
        claim = Claim(
            subject=Subject.WEIGHTS,
            place=Place.RECORD,
            stated=facts.license,
            expression=facts.license,
            confidence=1.0,
            evidence=evidence,
        )
        claims = (claim,)
    bases = tuple(
        DeclaredBase(stated=str(base.ref), ref=base.ref, relation=base.relation, evidence=evidence)
        for base in facts.bases
    )
    return Known(facts, claims, bases, gaps)


def _matches(ref: ModelRef, facts: ModelFacts) -> bool:
    return ref.scheme == "hf" and any(_pattern(pattern).fullmatch(ref.name) for pattern in facts.match)


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(glob), re.IGNORECASE)


def _holds(facts: ModelFacts, day: date) -> bool:
    return (facts.starting or date.min) <= day <= (facts.until or date.max)


def _newest(facts: ModelFacts) -> tuple[date, date]:
    return facts.until or date.max, facts.starting or date.min


def _unpinned(ref: ModelRef, facts: ModelFacts) -> Gap:
    said = f"no record knows {ref.revision}" if ref.revision else f"{ref} names no commit or day"
    why = f"{said}; the newest record of {facts.title} answers"
    return Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="which revision is meant", why=why)

"""What the rule base knows of a model by its name and date: license, artefacts, bases."""

import fnmatch
import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from licscan import offers
from licscan.model import (
    Artefact,
    Artefacts,
    Claim,
    DeclaredBase,
    Evidence,
    Gap,
    GapId,
    ModelRef,
    Openness,
    Place,
    Relation,
    Review,
    Subject,
)
from licscan.offers import Offer
from licscan.rulebook import ModelFacts, Rulebook, by_model_name, candidates

OFFERED = frozenset({"api", "ollama"})


class Known(NamedTuple):
    """What the rule base knows of one model.

    Attributes:
        facts: The record that answers.
        claims: The license that it states.
        bases: The models that it names as bases.
        gaps: What remains open, such as which revision is meant.
        ref: The model that is meant, where the name is one under which it is offered as a service.
    """

    facts: ModelFacts
    claims: tuple[Claim, ...]
    bases: tuple[DeclaredBase, ...]
    gaps: tuple[Gap, ...]
    ref: ModelRef | None = None


# What those who pass on a model in another format append to its name.
_FORMAT_END = re.compile(
    r"[-_.](?:unsloth|bnb|[248]-?bit|gguf|awq|gptq|mlx|exl[23]|onnx|i?q\d\w*|int[48]|w\d+a\d+|[mn]?[xv]?fp(?:4|8|16)|bf16|hf|"
    r"i1|imatrix|quantized|dynamic|\d+(?:\.\d+)?bpw)$",
    re.IGNORECASE,
)
# A name with so many fixed characters, a number among them, is that of a family, and no common word.
_DISTINCT = 6
_PAGE = re.compile(r"https://huggingface\.co/([\w.-]+/[\w.-]+)(?:/.*)?", re.ASCII)
BY_NAME = "by name"


class Resold(NamedTuple):
    """An open model that a provider offers as a service.

    Attributes:
        ref: The open model.
        known_as: The name as its publisher spells it, whichever way it is offered: `api:meta/llama-3.1-8b-instruct`.
        provider: What to call the provider.
        evidence: The rule record that says so.
    """

    ref: ModelRef
    known_as: ModelRef
    provider: str
    evidence: Evidence


def search(ref: ModelRef, rules: Rulebook, day: date | None = None) -> Known | None:
    """What is known of a model; None where its name matches no record, or none that holds on the day that it names.

    Args:
        ref: The model. Its revision decides where a record names it; a date does by itself. A name under which a
            provider offers a model (`api:`, `ollama:`) stands for that model.
        rules: The rule base.
        day: The day that the model is judged at, where its revision says none.
    """
    if ref.scheme in OFFERED:
        offer = offers.find(ref, rules)
        return _offered(offer, rules, ref.date or day) if offer else None
    matching = _matching(ref, rules)
    if not matching:
        return None
    day = ref.date or day
    pinned = [facts for facts in matching if ref.revision and ref.revision in facts.revisions]
    dated = [facts for facts in matching if day and _holds(facts, day)]
    if ref.date and not pinned and not dated:
        return None  # nothing is known of that day, and what holds today need not have held then
    facts = (pinned or dated or sorted(matching, key=_newest))[-1]
    gaps = () if pinned or dated else (_unpinned(ref, facts),)
    return Known(facts, _claims(facts), _bases(facts), gaps)


def namesake(ref: ModelRef, rules: Rulebook) -> DeclaredBase | None:
    """A model of the known family whose name one bears that somebody else published, as what it comes from.

    That is a reading of a name and no more: good enough not to overlook terms, never to grant anything. Which model of
    the family it is, a name does not prove: the one that the family's record names stands for it.

    Args:
        ref: A model of the Hub that nobody looked at, and that no record covers.
        rules: The rule base.
    """
    return rules.remembered("namesake", ref.name, _namesake) if ref.scheme == "hf" and "/" in ref.name else None


def _namesake(name: str, rules: Rulebook) -> DeclaredBase | None:
    last = bare = name.rpartition("/")[2]
    while (bare := _FORMAT_END.sub("", bare)) != last:
        last = bare
    fitting = [one for one in by_model_name(last, rules.models) if _pattern(one.glob).fullmatch(last)]
    closest = max((one.fixed for one in fitting), default=0)
    found = [one for one in fitting if one.fixed == closest]
    pages = {page[1] for one in found if (page := _PAGE.fullmatch(one.facts.evidence.url or ""))}
    if closest < _DISTINCT or len(pages) != 1:
        return None  # no family's, or several that nobody can tell apart
    facts = found[-1].facts
    evidence = facts.evidence.model_copy(update={"section": BY_NAME, "quote": f"{name}: {facts.title}"[:300]})
    known = ModelRef(scheme="hf", name=pages.pop())
    is_covered = any(_closeness(known, one.facts) for one in found)
    return DeclaredBase(stated=name, ref=known, relation=Relation.UNSTATED, evidence=evidence) if is_covered else None


def resold(ref: ModelRef, rules: Rulebook) -> Resold | None:
    """The open model behind a provider's name for it; None where it is closed, or not known.

    Args:
        ref: Such as `api:groq/llama-3.3-70b-versatile`, `ollama:llama3.1:8b`.
        rules: The rule base.
    """
    offer = offers.find(ref, rules) if ref.scheme in OFFERED else None
    return Resold(offer.hub, offer.ref, offer.provider.title, offer.evidence) if offer and offer.hub else None


def canonical(ref: ModelRef, rules: Rulebook) -> ModelRef:
    """One name for one model, however it is offered: the open model itself, `api:publisher/name`, or the name as it is.

    Args:
        ref: Any reference.
        rules: The rule base.
    """
    offer = offers.find(ref, rules) if ref.scheme in OFFERED else None
    return (offer.hub or offer.ref) if offer else ref


def _offered(offer: Offer, rules: Rulebook, day: date | None) -> Known:
    if offer.hub is None:
        return Known(_closed(offer), (), (), (), offer.ref)
    how = "under this name" if offer.rule else "by its name"
    said = f"{offer.provider.title} offers {offer.hub} {how}; its license still applies to the weights"
    known = search(offer.hub, rules, day)
    if known is None:
        review = (offer.publisher or offer.provider).reviewed
        weights = Artefact(state=Openness.OPEN, evidence=offer.evidence)
        facts = _facts(offer, review, Artefacts(weights=weights), note=said)
        base = DeclaredBase(stated=str(offer.hub), ref=offer.hub, relation=Relation.UNSTATED, evidence=offer.evidence)
        return Known(facts, (), (base,), (), offer.hub)
    note = f"{said}. {known.facts.note}" if known.facts.note else said
    return known._replace(facts=known.facts.model_copy(update={"note": note}), ref=offer.hub)


def _closed(offer: Offer) -> ModelFacts:
    publisher = offer.publisher or offer.provider
    weights = Artefact(state=Openness.NONE, note="offered as a service only", evidence=offer.evidence)
    terms = f"the terms of {publisher.title} apply: {publisher.terms}" if publisher.terms else None
    note = "; ".join(filter(None, (offer.rule.note if offer.rule else None, terms)))
    return _facts(offer, publisher.reviewed, Artefacts(weights=weights), note=note or None, released=False)


def _facts(
    offer: Offer, review: Review, artefacts: Artefacts, *, note: str | None, released: bool = True
) -> ModelFacts:
    return ModelFacts(
        id=offer.ref.name,
        title=str(offer.ref),
        match=(),
        modality=offer.rule.modality if offer.rule else None,
        released=released,
        artefacts=artefacts,
        note=note,
        reviewed=review,
        evidence=offer.evidence,
    )


def _claims(facts: ModelFacts) -> tuple[Claim, ...]:
    if not facts.license:
        return ()
    claim = Claim(
        subject=Subject.WEIGHTS,
        place=Place.RECORD,
        stated=facts.license,
        expression=facts.license,
        confidence=1.0,
        evidence=facts.evidence,
    )
    return (claim,)


def _bases(facts: ModelFacts) -> tuple[DeclaredBase, ...]:
    return tuple(
        DeclaredBase(stated=str(base.ref), ref=base.ref, relation=base.relation, evidence=facts.evidence)
        for base in facts.bases
    )


def _matching(ref: ModelRef, rules: Rulebook) -> list[ModelFacts]:
    """The records that name the model most closely: of `Qwen/Qwen2.5-*` and `Qwen/Qwen2.5-3B*` the second."""
    likely = candidates(ref.name, rules.models) if ref.scheme == "hf" else []
    close = [(max(fitting), facts) for facts in likely if (fitting := _closeness(ref, facts))]
    closest = max((number for number, _ in close), default=0)
    return [facts for number, facts in close if number == closest]


def _closeness(ref: ModelRef, facts: ModelFacts) -> list[int]:
    """For each pattern that fits how many characters it fixes."""
    return [len(pattern) - pattern.count("*") for pattern in facts.match if _pattern(pattern).fullmatch(ref.name)]


@lru_cache(maxsize=8192)
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

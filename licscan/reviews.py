"""Decisions of people about models: whether they stand today, and the licenses that they found. Pure."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from licscan import lineage
from licscan.alone import subject_of
from licscan.model import (
    Assessment,
    Claim,
    Decision,
    Evidence,
    Model,
    ModelReview,
    Place,
    Reviewed,
    ReviewState,
)
from licscan.text import excerpt

_VERDICTS = {Decision.APPROVED: ReviewState.APPROVED, Decision.REJECTED: ReviewState.REJECTED}
_SHOWN = 12

Name = tuple[str, str]


def by_model(decisions: Iterable[ModelReview]) -> dict[Name, list[ModelReview]]:
    """Decisions by `lineage.name` of their models, each model's in their order."""
    found: dict[Name, list[ModelReview]] = {}
    for one in decisions:
        found.setdefault(lineage.name(one.model), []).append(one)
    return found


def text_of(found: Assessment) -> Evidence | None:
    """Where the license text lies that was looked at: the one that says which license holds, else any."""
    texts = [one for one in found.license.claims if one.place is Place.LICENSE_FILE and one.evidence.sha256]
    deciding = [one for one in texts if one.expression and one.expression == found.license.spdx]
    return next((one.evidence for one in (*deciding, *texts)), None)


def state(found: Assessment, history: Sequence[ModelReview], today: datetime.date) -> Reviewed:
    """Where a model stands with those who review it.

    Args:
        found: What is so about it.
        history: The decisions about it, oldest first.
        today: The day.
    """
    verdict = _verdict(history)
    if verdict is None:
        return Reviewed(history=tuple(history))
    changed = _changed(verdict, found)
    ended = verdict.expires is not None and verdict.expires < today
    if ended:
        changed.append(f"it ended on {verdict.expires}")
    now = _VERDICTS[verdict.decision]
    if changed:
        now = ReviewState.EXPIRED if ended and len(changed) == 1 else ReviewState.REOPENED
    return Reviewed(state=now, because="; ".join(changed) or None, review=verdict, history=tuple(history))


def _verdict(history: Sequence[ModelReview]) -> ModelReview | None:
    """The last approval or rejection that nobody withdrew."""
    for one in reversed(history):
        if one.decision is Decision.WITHDRAWN:
            return None
        if one.decision in _VERDICTS:
            return one
    return None


def _changed(verdict: ModelReview, found: Assessment) -> list[str]:
    """What is no longer as it was when it was decided."""
    text = text_of(found)
    pairs = (
        ("revision", verdict.revision, found.revision),
        ("license", verdict.license, found.license.spdx),
        ("license text", verdict.text_sha256, text.sha256 if text else None),
    )
    return [f"the {what} is {_short(is_)}, {_short(was)} was looked at" for what, was, is_ in pairs if was != is_]


def _short(said: str | None) -> str:
    if said is None:
        return "none"
    digest = len(said) in {40, 64} and all(letter in "0123456789abcdef" for letter in said)
    return said[:_SHOWN] if digest else said


def curations(decisions: Iterable[ModelReview], today: datetime.date) -> dict[Name, ModelReview]:
    """By `lineage.name`, the decision that says which license a model is under; the last one that was not withdrawn.

    Args:
        decisions: Decisions in their order.
        today: The day: what has ended says nothing any more.
    """
    found: dict[Name, ModelReview] = {}
    for one in decisions:
        if one.decision is Decision.WITHDRAWN:
            found.pop(lineage.name(one.model), None)
        elif one.concluded and not (one.expires and one.expires < today):
            found[lineage.name(one.model)] = one
    return found


def curated(model: Model, known: Mapping[Name, ModelReview]) -> Model:
    """A model with the license that somebody found it to be under, as a claim that outranks all others.

    That holds for the license text that was looked at, wherever it lies; where there was none, for the revision.

    Args:
        model: Its facts.
        known: What `curations` gives.
    """
    one = known.get(lineage.name(model.ref))
    if one is None or one.concluded is None:
        return model
    texts = {text.sha256 for text in model.texts}
    same = one.text_sha256 in texts if one.text_sha256 else not texts and one.revision == model.ref.revision
    if not same:
        return model
    when = f"{one.decided:%Y-%m-%d}"
    said = excerpt(f"{one.by}, {when}: {one.reason}")
    evidence = Evidence(source="review", revision=one.revision, sha256=one.text_sha256, quote=said)
    claim = Claim(
        subject=subject_of(model),
        place=Place.REVIEW,
        stated=one.concluded,
        expression=one.concluded,
        confidence=1.0,
        evidence=evidence,
    )
    note = f"by a review it is under {one.concluded}, whatever else it states ({said})"
    return model.model_copy(update={"claims": (claim, *model.claims), "notes": (*model.notes, note)})

"""What is so of one model by itself, the models that it comes from left aside."""

import re
from datetime import date
from typing import NamedTuple

from licscan import identity, openness
from licscan.catalogue import Known
from licscan.licenses import Conclusion, conclude, from_files, resolved
from licscan.model import (
    Artefact,
    Artefacts,
    DeclaredBase,
    Evidence,
    FileStatus,
    GapId,
    Level,
    Model,
    ModelRef,
    Openness,
    Subject,
    UnknownReason,
)
from licscan.rulebook import Rulebook
from licscan.text import count

# Files that may state a license.
_SPEAKS = re.compile(r"readme|card|licen[cs]e|copying|eula|terms|config", re.IGNORECASE)
_UNREAD = frozenset(
    {
        GapId.CARD_BROKEN,
        GapId.CARD_TRUNCATED,
        GapId.FILE_UNREADABLE,
        GapId.UNREACHABLE,
        GapId.INVALID_ANSWER,
        GapId.ACCESS_DENIED,
        GapId.NOT_FOUND,
    }
)


class Alone(NamedTuple):
    """What is so of a model by itself.

    Attributes:
        model: Its facts.
        known: What the rule base knows of it.
        conclusion: Its license.
        artefacts: What was published.
        level: Its own level.
        reason: Why.
    """

    model: Model
    known: Known | None
    conclusion: Conclusion
    artefacts: Artefacts
    level: Level
    reason: str

    @property
    def bases(self) -> list[DeclaredBase]:
        """The models that it says it comes from, and those that the rule base says so of."""
        return [*self.model.bases, *(self.known.bases if self.known else ())]

    @property
    def modality(self) -> str | None:
        """text, image, ...: as the model says, or the rule base."""
        return self.model.modality or (self.known.facts.modality if self.known else None)


def subject_of(model: Model) -> Subject:
    """What a model's license is wanted for."""
    return Subject.DATA if model.ref.scheme == "dataset" else model.subject


def alone(model: Model, rules: Rulebook, day: date | None) -> Alone:
    """What is so of a model by itself.

    Args:
        model: Its facts.
        rules: The rule base.
        day: The day that it is judged at, where its revision says none.
    """
    known = identity.known(model, rules, day)
    subject = subject_of(model)
    claims, unclear = resolved((*model.claims, *(known.claims if known else ())), rules)
    files = from_files(model.texts, subject, rules)
    claims, unclear, rules = (*files.claims, *claims), (*files.gaps, *unclear), files.rules
    conclusion = conclude(claims, subject, rules)
    if not claims and not (model.seen and _card_was_read(model)):
        conclusion = conclusion._replace(unknown=UnknownReason.NOT_LOOKED_AT, gaps=())
    conclusion = conclusion._replace(gaps=(*conclusion.gaps, *unclear))
    artefacts = _artefacts(model, known, subject)
    level, reason = openness.decide(subject, artefacts, conclusion, rules)
    return Alone(model, known, conclusion, artefacts, level, reason)


def unseen(ref: ModelRef) -> Model:
    """A model of which nothing but the name is at hand."""
    return Model(ref=ref, name=ref.name, source="rules", seen=False)


def _card_was_read(model: Model) -> bool:
    """Whether silence means that nothing is stated; a card that could not be read may state anything."""
    # Where the list of files is not whole, a card may be among those that nobody saw.
    if any(gap.id is GapId.FILES_NOT_LISTED for gap in model.gaps):
        return False
    return not any(gap.id in _UNREAD and _SPEAKS.search(gap.why.partition(":")[0]) for gap in model.gaps)


def _artefacts(model: Model, known: Known | None, subject: Subject) -> Artefacts:
    if known:
        artefacts = known.facts.artefacts
        if artefacts.weights.state is Openness.UNKNOWN:
            state = Openness.OPEN if known.facts.released else Openness.NONE
            weights = Artefact(state=state, evidence=known.facts.evidence)
            artefacts = artefacts.model_copy(update={"weights": weights})
        return artefacts
    there = [file for file in model.files if file.status is not FileStatus.MISSING]
    if subject is Subject.WEIGHTS and there:
        note = count(len(there), "weight file")
        evidence = Evidence(source=model.source, path=there[0].path, revision=model.ref.revision)
        return Artefacts(weights=Artefact(state=Openness.OPEN, note=note, evidence=evidence))
    return Artefacts()

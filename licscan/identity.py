"""A model that is a copy of another: what is said of that one is said of this one."""

from collections.abc import Iterator, Mapping
from datetime import date

from licscan import catalogue, lineage
from licscan.catalogue import Known
from licscan.model import Evidence, Gap, GapId, Model
from licscan.rulebook import Rulebook


def completed(model: Model, others: Mapping[lineage.Key, Model]) -> Model:
    """A model with what the models say that it is a copy of.

    Args:
        model: Its facts.
        others: The facts of other models, as far as they could be had, by `lineage.key`.
    """
    # A copy often says of itself that it comes from the original: a name for what it is.
    same_names = {lineage.name(same.ref) for same in model.same_as}
    others_bases = tuple(base for base in model.bases if not base.ref or lineage.name(base.ref) not in same_names)
    if len(others_bases) < len(model.bases):
        model = model.model_copy(update={"bases": others_bases})
    for same in model.same_as:
        other = others.get(lineage.key(same.ref))
        if other is not None and other.seen:
            model = _with(model, other)
    return model


def known(model: Model, rules: Rulebook, day: date | None) -> Known | None:
    """What the rule base knows of a model by its own name, or by that of one that it is a copy of."""
    refs = (model.ref, *(same.ref for same in model.same_as))
    return next((found for ref in refs if (found := catalogue.search(ref, rules, day))), None)


def notes(model: Model) -> Iterator[str]:
    """What a model is a copy of, in words."""
    for same in model.same_as:
        yield f"a copy of {same.ref}, says {_place(same.evidence)}"


def _with(model: Model, other: Model) -> Model:
    card = any(gap.id is GapId.CARD_MISSING for gap in other.gaps)
    here = {text.sha256 for text in model.texts}
    return model.model_copy(
        update={
            "claims": (*model.claims, *other.claims),
            "texts": (*model.texts, *(text for text in other.texts if text.sha256 not in here)),
            "bases": (*model.bases, *other.bases),
            "datasets": (*model.datasets, *other.datasets),
            "modality": model.modality or other.modality,
            "access": model.access or other.access,
            "published": model.published or other.published,
            "gaps": tuple(gap for gap in model.gaps if card or not _answered(gap)),
        }
    )


def _answered(gap: Gap) -> bool:
    """Whether a gap is none where the original has a card."""
    return gap.id is GapId.CARD_MISSING


def _place(evidence: Evidence) -> str:
    quote = f" ({evidence.quote})" if evidence.quote else ""
    return f"{evidence.source}{quote}"

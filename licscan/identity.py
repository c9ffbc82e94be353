"""A model that is a copy of another: what is said of that one is said of this one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from licscan import catalogue, lineage
from licscan.catalogue import Known
from licscan.model import (
    Claim,
    Evidence,
    Gap,
    GapId,
    Identity,
    KnownFile,
    Model,
    ModelRef,
    Place,
    Subject,
    WeightFile,
)
from licscan.rulebook import Rulebook

BY_DIGEST = "digests"

_MOST = 5
_PARTLY = ", by its digest"


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


def by_digest(model: Model, known: Iterable[KnownFile]) -> Model:
    """A model with those that it is a copy of by the digests of its weights.

    Args:
        model: Its facts; what digests said of it before is forgotten.
        known: What is known of the digests of its files.

    All of its files whose digests are known must be the other's: of one file among several only a note is made.
    """
    digests = {digest: file.path for file in model.files if (digest := digest_of(file))}
    owners: dict[ModelRef, dict[str, KnownFile]] = {}
    for one in known:
        if one.sha256 in digests and lineage.name(one.ref) != lineage.name(model.ref):
            owners.setdefault(one.ref, {})[one.sha256] = one
    matched = {digest for files in owners.values() for digest in files}
    whole = [ref for ref, files in owners.items() if set(files) == matched][:_MOST]
    here = [same for same in model.same_as if same.evidence.source != BY_DIGEST]
    proven = {lineage.name(same.ref) for same in here if same.ref.revision}
    said = [(ref, file) for ref in whole if lineage.name(ref) not in proven for file in [min(owners[ref].values())]]
    found = [Identity(ref=ref, evidence=_evidence(file, digests[file.sha256])) for ref, file in said]
    named = {lineage.name(one.ref) for one in found}
    kept = [same for same in here if lineage.name(same.ref) not in named]
    claims = [claim for claim in model.claims if claim.evidence.source != BY_DIGEST]
    claims += [_claim(file, digests[file.sha256]) for _, file in said if file.license]
    partly = (
        []
        if whole
        else [f"{digests[one]} is {file.file} of {ref}" for ref, f in owners.items() for one, file in f.items()]
    )
    notes = [
        *(note for note in model.notes if not note.endswith(_PARTLY)),
        *(f"{note}{_PARTLY}" for note in partly[:_MOST]),
    ]
    return model.model_copy(update={"same_as": (*kept, *found), "claims": tuple(claims), "notes": tuple(notes)})


def digest_of(file: WeightFile) -> str | None:
    """The SHA-256 of a weight file: of the bytes at hand, else the one that is promised."""
    promised = file.promised or ""
    return file.sha256 or (promised.removeprefix("sha256:") if promised.startswith("sha256:") else None)


def _evidence(file: KnownFile, path: str) -> Evidence:
    return Evidence(source=BY_DIGEST, path=path, sha256=file.sha256, quote=f"{file.origin}: {file.file}"[:300])


def _claim(file: KnownFile, path: str) -> Claim:
    evidence = _evidence(file, path).model_copy(update={"quote": f"{file.origin}: {file.ref}: {file.license}"[:300]})
    return Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=file.license, evidence=evidence)


def _with(model: Model, other: Model) -> Model:
    card = any(gap.id is GapId.CARD_MISSING for gap in other.gaps)
    here = {text.sha256 for text in model.texts}
    said = {one.id for one in model.properties}
    return model.model_copy(
        update={
            "claims": (*model.claims, *other.claims),
            "texts": (*model.texts, *(text for text in other.texts if text.sha256 not in here)),
            "bases": (*model.bases, *other.bases),
            "datasets": (*model.datasets, *other.datasets),
            "properties": (*model.properties, *(one for one in other.properties if one.id not in said)),
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

"""What is so about one model: pure, from facts, rules, and the facts of the models that it comes from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from licscan import catalogue, identity, lineage, obligations, openness
from licscan.catalogue import Known
from licscan.licenses import Conclusion, conclude, from_files, resolved
from licscan.model import (
    Artefact,
    Artefacts,
    Assessment,
    Clause,
    DeclaredBase,
    Evidence,
    Gap,
    GapId,
    Level,
    Lineage,
    Model,
    ModelRef,
    Openness,
    OpennessFramework,
    Subject,
    UnknownReason,
)
from licscan.rulebook import Rulebook
from licscan.text import count

Bases = Mapping[lineage.Key, Model]


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


class _Own(NamedTuple):
    """What is so of a model by itself, its bases left aside."""

    model: Model
    known: Known | None
    conclusion: Conclusion
    artefacts: Artefacts
    level: Level
    reason: str


def assess(model: Model, bases: Bases, rules: Rulebook) -> Assessment:
    """Everything that can be said of a model.

    Args:
        model: The model's facts.
        bases: The facts of the models that it comes from, as far as they could be had, by `lineage.key`.
        rules: The rule base.
    """
    model = identity.completed(model, bases)
    # A base without a revision is judged at the child's date: today's terms need not be those that it was taken under.
    day = model.ref.date or model.published
    own = _own(model, rules, day)
    found, cut = lineage.ancestors(model, lambda ref: _bases_of(ref, bases, rules, day), _declared(own))
    inherited = [(base, _inherited(base, bases, rules, day)) for base in found]
    links = tuple(_link(base, theirs) for base, theirs in inherited)
    reading = own.conclusion.reading
    own_clauses = reading.clauses if reading else ()
    duties = [*obligations.owed(own_clauses, rules, None)]
    for base, theirs in inherited:
        if theirs and theirs.conclusion.reading:
            duties += obligations.owed(theirs.conclusion.reading.clauses, rules, str(base.ref))
    level, reasons, unknown = _level(own, inherited)
    return Assessment(
        ref=model.ref,
        name=model.name,
        source=model.source,
        revision=model.ref.revision,
        modality=model.modality or (own.known.facts.modality if own.known else None),
        level=level,
        level_reasons=reasons,
        unknown_reason=unknown,
        license=own.conclusion.license,
        clauses=tuple(_once(clause for _, clause in own_clauses)),
        obligations=tuple(duties),
        thresholds=tuple(obligations.thresholds(own_clauses)),
        artefacts=own.artefacts,
        osaid=openness.osaid(own.conclusion.license.freedom, own.artefacts),
        mof=OpennessFramework(),
        notes=tuple(_notes(own)),
        lineage=links,
        datasets=tuple(dict.fromkeys(dataset.stated for dataset in model.datasets)),
        files=model.files,
        conflicts=own.conclusion.conflicts,
        gaps=_gaps(own, inherited, bases, cut=cut),
    )


def _own(model: Model, rules: Rulebook, day: date | None) -> _Own:
    known = identity.known(model, rules, day)
    subject = Subject.DATA if model.ref.scheme == "dataset" else model.subject
    claims, unclear = resolved((*model.claims, *(known.claims if known else ())), rules)
    files = from_files(model.texts, subject, rules)
    claims, unclear, rules = (*files.claims, *claims), (*files.gaps, *unclear), files.rules
    conclusion = conclude(claims, subject, rules)
    if not claims and not (model.seen and _card_was_read(model)):
        conclusion = conclusion._replace(unknown=UnknownReason.NOT_LOOKED_AT, gaps=())
    conclusion = conclusion._replace(gaps=(*conclusion.gaps, *unclear))
    artefacts = _artefacts(model, known, subject)
    level, reason = openness.decide(subject, artefacts, conclusion, rules)
    return _Own(model, known, conclusion, artefacts, level, reason)


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
    if subject is Subject.WEIGHTS and model.files:
        note = count(len(model.files), "weight file")
        evidence = Evidence(source=model.source, path=model.files[0].path, revision=model.ref.revision)
        return Artefacts(weights=Artefact(state=Openness.OPEN, note=note, evidence=evidence))
    return Artefacts()


def _declared(own: _Own) -> list[DeclaredBase]:
    return [*own.model.bases, *(own.known.bases if own.known else ())]


def _bases_of(ref: ModelRef, bases: Bases, rules: Rulebook, day: date | None) -> list[DeclaredBase]:
    model = bases.get(lineage.key(ref))
    known = catalogue.search(ref, rules, day)
    return [*(model.bases if model else ()), *(known.bases if known else ())]


def _inherited(base: DeclaredBase, bases: Bases, rules: Rulebook, day: date | None) -> _Own | None:
    """A base by itself; None where nothing at all is known of it."""
    if base.ref is None:
        return None
    model = bases.get(lineage.key(base.ref)) or Model(ref=base.ref, name=base.ref.name, source="rules", seen=False)
    model = identity.completed(model, bases)
    own = _own(model, rules, day)
    return own if own.known or model.seen else None


def _link(base: DeclaredBase, own: _Own | None) -> Lineage:
    name = str(base.ref) if base.ref else base.stated
    return Lineage(base=name, relation=base.relation, declared_by=base.evidence, level=own.level if own else None)


def _level(
    own: _Own, inherited: list[tuple[DeclaredBase, _Own | None]]
) -> tuple[Level, tuple[str, ...], UnknownReason | None]:
    """The lowest of the model's own level and its bases', with a reason for each that lowers it."""
    levels, reasons = [own.level], [own.reason]
    for base, theirs in inherited:
        name = str(base.ref) if base.ref else base.stated
        if theirs is None:
            # Nobody could look at that base: it may be as open as it likes, this model cannot be shown to be.
            levels.append(Level.PERMISSIVE)
            if own.level is Level.FULLY_OPEN:
                reasons.append(f"its base {name} could not be looked at")
        else:
            levels.append(theirs.level)
            if openness.lowest([theirs.level, own.level]) is not own.level:
                reasons.append(f"its base {name} is {theirs.level}: {theirs.reason}")
    level = openness.lowest(levels)
    unknown = None
    if level is Level.UNKNOWN:
        because = own if own.level is Level.UNKNOWN else next(o for _, o in inherited if o and o.level is Level.UNKNOWN)
        unknown = because.conclusion.unknown or UnknownReason.UNRECOGNISED
    return level, tuple(reasons), unknown


def _gaps(own: _Own, inherited: list[tuple[DeclaredBase, _Own | None]], bases: Bases, *, cut: bool) -> tuple[Gap, ...]:
    gaps = [*own.model.gaps, *own.conclusion.gaps, *(own.known.gaps if own.known else ())]
    unread = [text.path for text in own.model.texts if text.text is None]
    if unread:
        why = f"only the digests are kept of {', '.join(unread)}"
        gaps.append(
            Gap(id=GapId.LICENSE_TEXT_NOT_COMPARED, what="whether the license texts are what is claimed", why=why)
        )
    if own.model.files:
        promised = sum(file.promised is not None for file in own.model.files)
        files = count(len(own.model.files), "weight file")
        why = f"{files}, {promised or 'none'} with a digest by the publisher; no bytes were compared"
        gaps.append(Gap(id=GapId.WEIGHTS_UNVERIFIED, what="whether these are the bytes that were published", why=why))
    is_data = own.model.subject is Subject.DATA or own.model.ref.scheme == "dataset"
    if not is_data and (missing := [name for name in openness.missing(own.artefacts) if "nothing found" in name]):
        why = (
            f"neither the model nor the rule base says anything of {', '.join(missing).replace(' (nothing found)', '')}"
        )
        gaps.append(Gap(id=GapId.ARTEFACTS_NOT_ESTABLISHED, what="whether it can be rebuilt", why=why))
    gaps += (gap for base, theirs in inherited if (gap := _base_gap(base, theirs, bases)))
    if cut:
        why = f"more than {lineage.MOST} bases, or deeper than {lineage.DEEPEST}"
        gaps.append(Gap(id=GapId.BASES_NOT_FOLLOWED, what="the terms of all its bases", why=why))
    if own.model.datasets:
        names = [dataset.stated for dataset in own.model.datasets]
        shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004 - enough to recognise them
        gaps.append(
            Gap(id=GapId.DATASETS_NOT_LOOKED_AT, what="the licenses of the training data", why=f"declared: {shown}")
        )
    return tuple(dict.fromkeys(gaps))


def _base_gap(base: DeclaredBase, theirs: _Own | None, bases: Bases) -> Gap | None:
    """What is open about a base: nothing at all is known of it, or passing trouble may have hidden what it says."""
    what = f"the terms of its base {base.stated}"
    model = bases.get(lineage.key(base.ref)) if base.ref else None
    passing = next((gap for gap in model.gaps if gap.id.passing), None) if model else None
    if passing:
        return Gap(id=passing.id, what=what, why=passing.why)
    if theirs is not None:
        return None
    where = base.evidence.path or base.evidence.source
    if base.ref is None:
        why = f"{where} names it, and that is no model's name but a path, an address or a placeholder"
    else:
        reason = f"was not looked at ({model.gaps[0].why})" if model and model.gaps else "was not looked at"
        why = f"{where} names it; it {reason}, and the rule base has no record of it"
    return Gap(id=GapId.BASE_NOT_RESOLVED, what=what, why=why)


def _notes(own: _Own) -> Iterator[str]:
    reading = own.conclusion.reading
    yield from (f"{record.title}: {record.note}" for record in (reading.records if reading else ()) if record.note)
    yield from own.model.notes
    yield from identity.notes(own.model)
    if own.known:
        facts = own.known.facts
        if facts.note:
            yield f"{facts.title}: {facts.note}"
        if facts.gated and own.model.access is None:
            yield f"{facts.title}: the publisher asks for consent before the files are given"


def _once(clauses: Iterable[Clause]) -> Iterator[Clause]:
    seen = set()
    for clause in clauses:
        mark = (clause.id, str(clause.values), clause.evidence.path)
        if mark not in seen:
            seen.add(mark)
            yield clause

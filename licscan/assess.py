"""What is so about one model: pure, from facts, rules, and the facts of the models that it comes from."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from licscan import filled, identity, inheritance, lineage, openness
from licscan.alone import Alone, alone, unseen
from licscan.around import Around, Base, Bases, Memory, base_of
from licscan.catalogue import BY_NAME
from licscan.gaps import gaps
from licscan.inheritance import Standing
from licscan.limits import limitations, thresholds
from licscan.model import (
    Assessment,
    Clause,
    Dataset,
    DeclaredBase,
    Freedom,
    Level,
    License,
    Limitation,
    Lineage,
    Model,
    ModelRef,
    Obligation,
    OpennessFramework,
    Organisation,
    Relation,
    Threshold,
    UnknownReason,
)
from licscan.obligations import Duties
from licscan.rulebook import Rulebook


def assess(
    model: Model, bases: Bases, rules: Rulebook, organisation: Organisation | None = None, memory: Memory | None = None
) -> Assessment:
    """Everything that can be said of a model.

    Args:
        model: The model's facts.
        bases: The facts of the models and datasets that it comes from, as far as they could be had, by `lineage.key`.
        rules: The rule base.
        organisation: What the organisation said of itself: numbers, territories, activities.
        memory: What was found of bases before, where many models are assessed.
    """
    model = identity.completed(model, bases)
    around = Around(bases, rules, organisation or Organisation(), memory)
    # A base without a revision is judged at the child's date: today's terms need not be those that it was taken under.
    day = model.ref.date or model.published
    own = alone(model, rules, day)
    links, cut = lineage.trace(model, lambda ref: around.bases_of(ref, day), own.bases)
    found = [base_of(link, around, day) for link in links]
    once = [base for base in found if not base.declared.again]
    own, taken = _under_its_base(own, once)
    # A copy that took its base's license has these terms already.
    terms = _Terms.collect(own, [base for base in once if base is not taken], around)
    standings = [_standing(base.name, base.own, base.declared.base) for base in once if base.own]
    itself = Standing(model.name, own.conclusion, publisher=_publisher(model.ref))
    against = () if taken else inheritance.conflicts(itself, standings, rules)
    level, reasons, unknown = _level(own, once)
    datasets = tuple(_datasets(model, around))
    bound = next(filter(None, map(_bound, once)), None)
    material = filled.Material(model, own.artefacts, own.conclusion, datasets, taken is not None, bound)
    return Assessment(
        ref=model.ref,
        name=model.name,
        source=model.source,
        revision=model.ref.revision,
        modality=own.modality,
        level=level,
        level_reasons=reasons,
        unknown_reason=unknown,
        license=own.conclusion.license,
        clauses=tuple(_once(terms.clauses)),
        obligations=tuple(terms.obligations),
        thresholds=tuple(terms.thresholds),
        limitations=tuple(terms.limitations),
        artefacts=own.artefacts,
        osaid=openness.osaid(own.conclusion.license.freedom, own.artefacts),
        mof=OpennessFramework(filled=filled.fill(material, rules)),
        notes=tuple(_notes(own, once, rules, day)),
        lineage=tuple(_link(base) for base in found),
        datasets=datasets,
        files=model.files,
        properties=model.properties,
        conflicts=(*model.conflicts, *own.conclusion.conflicts, *against),
        gaps=tuple(dict.fromkeys((*gaps(own, once, around, cut=cut), *inheritance.open_questions(standings)))),
    )


def _bound(base: Base) -> str | None:
    """How a base's terms reach weights that are said to be under an open license."""
    if not base.binds:
        return None
    if base.own is None:
        return f"its base {base.name} could not be looked at"
    theirs = base.own.conclusion.license
    return (
        None if theirs.freedom is Freedom.FREE else f"its base {base.name} is under {theirs.spdx or 'no known license'}"
    )


def _standing(name: str, own: Alone, declared: DeclaredBase) -> Standing:
    return Standing(name, own.conclusion, declared.relation, declared.evidence, _publisher(own.model.ref))


def _publisher(ref: ModelRef) -> str | None:
    return ref.name.partition("/")[0] if ref.scheme == "hf" and "/" in ref.name else None


def _under_its_base(own: Alone, bases: list[Base]) -> tuple[Alone, Base | None]:
    """A quantized copy that states no license is under that of the model that it copies: with that model."""
    direct = [base for base in bases if base.declared.child is None]
    if own.conclusion.unknown is not UnknownReason.NONE_STATED or len(direct) != 1:
        return own, None
    base = direct[0]
    if base.own is None or base.declared.base.relation is not Relation.QUANTIZED or base.own.conclusion.unknown:
        return own, None
    theirs = base.own.conclusion
    license_ = theirs.license.model_copy(update={"claims": (*own.conclusion.license.claims, *theirs.license.claims)})
    conclusion = theirs._replace(license=license_, gaps=(*own.conclusion.gaps, *theirs.gaps))
    reason = f"it states no license, and is a quantized copy of {base.name}: {base.own.reason}"
    level = openness.lowest([base.own.level, Level.PERMISSIVE])
    return own._replace(conclusion=conclusion, level=level, reason=reason), base


class _Terms(NamedTuple):
    """What a model's license and those of its bases say."""

    clauses: list[Clause]
    obligations: list[Obligation]
    thresholds: list[Threshold]
    limitations: list[Limitation]

    @classmethod
    def collect(cls, own: Alone, bases: list[Base], around: Around) -> "_Terms":
        """The terms of a model, its own first, then those that it inherits, with the names of the bases."""
        terms = cls([], [], [], [])
        reading = own.conclusion.reading
        own_clauses = reading.clauses if reading else ()
        terms._add(own_clauses, own, around)
        for base in bases:
            theirs = base.own.conclusion.reading if base.own and base.binds else None
            if theirs:
                terms._add(theirs.clauses, own, around, base)
        return terms

    def _add(
        self, clauses: tuple[tuple[License, Clause], ...], own: Alone, around: Around, base: Base | None = None
    ) -> None:
        said = around.organisation
        source = base.name if base else None
        # A license that withholds its multimodal models means those that it was written for, not what was made of them.
        modality = base.own.modality if base and base.own and base.own.modality else own.modality
        # Only where a license dictates a name do its terms depend on that of the model.
        name = own.model.name if any(clause.id == "naming-requirement" for _, clause in clauses) else None
        mark = (id(clauses), source, modality, name)
        found = around.memory.terms.get(mark) if around.memory is not None else None
        if found is None:
            found = (
                clauses,
                _Terms(
                    [
                        clause.model_copy(update={"inherited_from": source}) if source else clause
                        for _, clause in clauses
                    ],
                    list(Duties(around.rules, said, own.model.name, source).owed(clauses)),
                    list(thresholds(clauses, said, source)),
                    list(limitations(clauses, said, around.rules, modality=modality, inherited_from=source)),
                ),
            )
            if around.memory is not None:
                around.memory.terms[mark] = (
                    found  # with the clauses, whose address is not another's while they are kept
                )
        _, terms = found
        self.clauses.extend(terms.clauses)
        self.obligations.extend(terms.obligations)
        self.thresholds.extend(terms.thresholds)
        self.limitations.extend(terms.limitations)


def _link(base: Base) -> Lineage:
    declared = base.declared
    return Lineage(
        base=base.name,
        relation=declared.base.relation,
        declared_by=declared.base.evidence,
        level=base.own.level if base.own else None,
        child=str(declared.child) if declared.child else None,
        license=base.own.conclusion.license.spdx if base.own else None,
        binds=base.binds,
    )


def _level(own: Alone, bases: list[Base]) -> tuple[Level, tuple[str, ...], UnknownReason | None]:
    """The lowest of the model's own level and its bases', with a reason for each that lowers it."""
    levels, reasons = [own.level], [own.reason]
    for base in bases:
        if not base.binds:
            continue
        if base.own is None:
            # Nobody could look at that base: it may be as open as it likes, this model cannot be shown to be.
            levels.append(Level.PERMISSIVE)
            if own.level is Level.FULLY_OPEN:
                reasons.append(f"its base {base.name} could not be looked at")
        else:
            levels.append(base.own.level)
            if openness.lowest([base.own.level, own.level]) is not own.level:
                reasons.append(f"its base {base.name} is {base.own.level}: {base.own.reason}")
    level = openness.lowest(levels)
    unknown = None
    if level is Level.UNKNOWN:
        bound = (base.own for base in bases if base.own and base.binds and base.own.level is Level.UNKNOWN)
        because = own if own.level is Level.UNKNOWN else next(bound)
        unknown = because.conclusion.unknown or UnknownReason.UNRECOGNISED
    return level, tuple(reasons), unknown


def _datasets(model: Model, around: Around) -> Iterator[Dataset]:
    """The data that it says it was trained on, with the licenses of those that could be looked at."""
    for dataset in {one.stated: one for one in model.datasets}.values():
        own = around.alone(dataset.ref, None) if dataset.ref else None
        license_ = own.conclusion.license if own else None
        yield Dataset(
            name=str(dataset.ref) if dataset.ref else dataset.stated,
            license=license_.spdx if license_ else None,
            freedom=license_.freedom if license_ else Freedom.UNKNOWN,
            seen=bool(own and own.model.seen),
            evidence=dataset.evidence,
        )


def _notes(own: Alone, bases: list[Base], rules: Rulebook, day: date | None) -> Iterator[str]:
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
    for base in bases:
        declared = base.declared.base
        if declared.evidence.section == BY_NAME:
            said = f"by its name it is of {base.name}, whose terms are held to apply"
            yield f"nobody looked at {declared.stated}, and the rule base has no record of it; {said}"
        if not base.binds:
            yield f"it was trained on outputs of {base.name}, whose license does not count that as deriving"
        yield from _today(base, rules, day)


def _today(base: Base, rules: Rulebook, day: date | None) -> Iterator[str]:
    """A base whose license is another today than on the day that the model is judged at."""
    if day is None or base.own is None or base.own.known is None or base.own.model.ref.revision:
        return
    then = base.own.known.facts
    now = alone(unseen(base.own.model.ref), rules, None).known
    if now and now.facts.license != then.license:
        yield f"{base.name} was under {then.license or 'no license'} on {day}, and is under {now.facts.license} today"


def _once(clauses: Iterable[Clause]) -> Iterator[Clause]:
    seen = set()
    for clause in clauses:
        mark = (clause.id, str(clause.values), clause.evidence.path, clause.inherited_from)
        if mark not in seen:
            seen.add(mark)
            yield clause

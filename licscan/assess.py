"""What is so about one model: pure, from facts, rules, and the facts of the models that it comes from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from licscan import inheritance, lineage, openness
from licscan.alone import Alone, alone, subject_of, unseen
from licscan.inheritance import Standing
from licscan.limits import limitations, thresholds
from licscan.lineage import Link
from licscan.model import (
    Assessment,
    Clause,
    Dataset,
    DeclaredBase,
    DeclaredDataset,
    FileStatus,
    Freedom,
    Gap,
    GapId,
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
    Subject,
    Threshold,
    UnknownReason,
)
from licscan.obligations import Duties
from licscan.rulebook import Rulebook
from licscan.text import count

Bases = Mapping[lineage.Key, Model]
Memory = dict[tuple[lineage.Key, int, date | None], Alone]


class Around(NamedTuple):
    """What a model is assessed with.

    Attributes:
        bases: The facts of the models and datasets that it comes from, as far as they could be had, by `lineage.key`.
        rules: The rule base.
        organisation: What the organisation said of itself.
        memory: What was found of bases before; the same ones serve many models.
    """

    bases: Bases
    rules: Rulebook
    organisation: Organisation = Organisation()
    memory: Memory | None = None

    def alone(self, ref: ModelRef, day: date | None) -> Alone:
        """A base by itself, from the facts at hand, or from its name alone."""
        key = lineage.key(ref)
        model = self.bases.get(key)
        mark = (key, id(model) if model else 0, day)
        found = self.memory.get(mark) if self.memory is not None else None
        if found is None:
            found = alone(model or unseen(ref), self.rules, day)
            if self.memory is not None:
                self.memory[mark] = found
        return found


class _Base(NamedTuple):
    """A base, and what is known of it.

    Attributes:
        declared: How it is declared, by whom.
        own: What is so of it by itself; None where nothing at all is known.
        binds: Whether its terms reach the model.
    """

    declared: Link
    own: Alone | None
    binds: bool

    @property
    def name(self) -> str:
        """The reference, or the words where they are none."""
        base = self.declared.base
        return str(base.ref) if base.ref else base.stated


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
    around = Around(bases, rules, organisation or Organisation(), memory)
    # A base without a revision is judged at the child's date: today's terms need not be those that it was taken under.
    day = model.ref.date or model.published
    own = alone(model, rules, day)
    links, cut = lineage.trace(model, lambda ref: around.alone(ref, day).bases, own.bases)
    found = [_base(link, around, day) for link in links]
    once = [base for base in found if not base.declared.again]
    own, taken = _under_its_base(own, once)
    terms = _Terms.collect(own, once, around)
    standing = Standing(model.name, own.conclusion)
    standings = [
        Standing(base.name, base.own.conclusion, base.declared.base.relation, base.declared.base.evidence)
        for base in once
        if base.own
    ]
    level, reasons, unknown = _level(own, once)
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
        mof=OpennessFramework(),
        notes=tuple(_notes(own, once, rules, day)),
        lineage=tuple(_link(base) for base in found),
        datasets=tuple(_datasets(model, around)),
        files=model.files,
        conflicts=(
            *model.conflicts,
            *own.conclusion.conflicts,
            *(() if taken else inheritance.conflicts(standing, standings, rules)),
        ),
        gaps=tuple(dict.fromkeys((*_gaps(own, once, around, cut=cut), *inheritance.open_questions(standings)))),
    )


def _base(link: Link, around: Around, day: date | None) -> _Base:
    if link.base.ref is None:
        return _Base(link, None, binds=True)
    own = around.alone(link.base.ref, day)
    if not (own.known or own.model.seen):
        return _Base(link, None, inheritance.binds(link.base.relation, None))
    return _Base(link, own, inheritance.binds(link.base.relation, own.conclusion))


def _under_its_base(own: Alone, bases: list[_Base]) -> tuple[Alone, bool]:
    """A quantized copy that states no license is under that of the model that it copies."""
    direct = [base for base in bases if base.declared.child is None]
    if own.conclusion.unknown is not UnknownReason.NONE_STATED or len(direct) != 1:
        return own, False
    base = direct[0]
    if base.own is None or base.declared.base.relation is not Relation.QUANTIZED or base.own.conclusion.unknown:
        return own, False
    theirs = base.own.conclusion
    license_ = theirs.license.model_copy(update={"claims": (*own.conclusion.license.claims, *theirs.license.claims)})
    conclusion = theirs._replace(license=license_, gaps=(*own.conclusion.gaps, *theirs.gaps))
    reason = f"it states no license, and is a quantized copy of {base.name}: {base.own.reason}"
    level = openness.lowest([base.own.level, Level.PERMISSIVE])
    return own._replace(conclusion=conclusion, level=level, reason=reason), True


class _Terms(NamedTuple):
    """What a model's license and those of its bases say."""

    clauses: list[Clause]
    obligations: list[Obligation]
    thresholds: list[Threshold]
    limitations: list[Limitation]

    @classmethod
    def collect(cls, own: Alone, bases: list[_Base], around: Around) -> "_Terms":
        """The terms of a model, its own first, then those that it inherits, with the names of the bases."""
        terms = cls([], [], [], [])
        reading = own.conclusion.reading
        own_clauses = reading.clauses if reading else ()
        terms._add(own_clauses, own, around, None)
        for base in bases:
            theirs = base.own.conclusion.reading if base.own and base.binds else None
            # A copy that took its base's license has these terms already.
            if theirs and theirs is not reading:
                terms._add(theirs.clauses, own, around, base.name)
        return terms

    def _add(self, clauses: tuple[tuple[License, Clause], ...], own: Alone, around: Around, source: str | None) -> None:
        said = around.organisation
        self.clauses.extend(
            clause.model_copy(update={"inherited_from": source}) if source else clause for _, clause in clauses
        )
        self.obligations.extend(Duties(around.rules, said, own.model.name, source).owed(clauses))
        self.thresholds.extend(thresholds(clauses, said, source))
        self.limitations.extend(limitations(clauses, said, around.rules, modality=own.modality, inherited_from=source))


def _link(base: _Base) -> Lineage:
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


def _level(own: Alone, bases: list[_Base]) -> tuple[Level, tuple[str, ...], UnknownReason | None]:
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


def _gaps(own: Alone, bases: list[_Base], around: Around, *, cut: bool) -> Iterator[Gap]:
    yield from own.model.gaps
    yield from own.conclusion.gaps
    yield from own.known.gaps if own.known else ()
    unread = [text.path for text in own.model.texts if text.text is None]
    if unread:
        why = f"only the digests are kept of {', '.join(unread)}"
        yield Gap(id=GapId.LICENSE_TEXT_NOT_COMPARED, what="whether the license texts are what is claimed", why=why)
    yield from _unverified(own.model)
    is_data = subject_of(own.model) is Subject.DATA
    if not is_data and (missing := [name for name in openness.missing(own.artefacts) if "nothing found" in name]):
        named = ", ".join(missing).replace(" (nothing found)", "")
        why = f"neither the model nor the rule base says anything of {named}"
        yield Gap(id=GapId.ARTEFACTS_NOT_ESTABLISHED, what="whether it can be rebuilt", why=why)
    for base in bases:
        yield from _base_gap(base.declared.base, base.own, around.bases)
    if cut:
        why = f"more than {lineage.MOST} bases, or deeper than {lineage.DEEPEST}"
        yield Gap(id=GapId.BASES_NOT_FOLLOWED, what="the terms of all its bases", why=why)
    yield from _data_gap(own.model.datasets, around)


def _unverified(model: Model) -> Iterator[Gap]:
    if all(file.status is FileStatus.VERIFIED for file in model.files):
        return
    promised = sum(file.promised is not None for file in model.files)
    files = count(len(model.files), "weight file")
    statuses = Counter(file.status for file in model.files if file.status is not FileStatus.UNVERIFIED)
    rest = ", ".join(f"{number} {status}" for status, number in statuses.items())
    why = f"{files}, {promised or 'none'} with a digest by the publisher; {rest or 'no bytes were compared'}"
    yield Gap(id=GapId.WEIGHTS_UNVERIFIED, what="whether these are the bytes that were published", why=why)


def _data_gap(datasets: Iterable[DeclaredDataset], around: Around) -> Iterator[Gap]:
    names = [
        one.stated
        for one in datasets
        if one.ref is None or not ((model := around.bases.get(lineage.key(one.ref))) and model.seen)
    ]
    if names:
        shown = ", ".join(names[:3]) + (f", and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004
        yield Gap(id=GapId.DATASETS_NOT_LOOKED_AT, what="the licenses of the training data", why=f"declared: {shown}")


def _base_gap(base: DeclaredBase, theirs: Alone | None, bases: Bases) -> Iterator[Gap]:
    """What is open about a base: nothing at all is known of it, or passing trouble may have hidden what it says."""
    what = f"the terms of its base {base.stated}"
    model = bases.get(lineage.key(base.ref)) if base.ref else None
    passing = next((gap for gap in model.gaps if gap.id.passing), None) if model else None
    if passing:
        yield Gap(id=passing.id, what=what, why=passing.why)
        return
    if theirs is not None:
        return
    where = base.evidence.path or base.evidence.source
    if base.ref is None:
        why = f"{where} names it, and that is no model's name but a path, an address or a placeholder"
    else:
        reason = f"was not looked at ({model.gaps[0].why})" if model and model.gaps else "was not looked at"
        why = f"{where} names it; it {reason}, and the rule base has no record of it"
    yield Gap(id=GapId.BASE_NOT_RESOLVED, what=what, why=why)


def _notes(own: Alone, bases: list[_Base], rules: Rulebook, day: date | None) -> Iterator[str]:
    reading = own.conclusion.reading
    yield from (f"{record.title}: {record.note}" for record in (reading.records if reading else ()) if record.note)
    yield from own.model.notes
    if own.known:
        facts = own.known.facts
        if facts.note:
            yield f"{facts.title}: {facts.note}"
        if facts.gated and own.model.access is None:
            yield f"{facts.title}: the publisher asks for consent before the files are given"
    for base in bases:
        if not base.binds:
            yield f"it was trained on outputs of {base.name}, whose license does not count that as deriving"
        yield from _today(base, rules, day)


def _today(base: _Base, rules: Rulebook, day: date | None) -> Iterator[str]:
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

"""Terms travel: what a model declares, held against what the models that it comes from allow."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from licscan.licenses import Conclusion, Reading
from licscan.model import (
    Claim,
    Clause,
    Conflict,
    Evidence,
    Freedom,
    Gap,
    GapId,
    Kind,
    License,
    Reciprocity,
    Relation,
    Role,
    Statement,
)
from licscan.obligations import carries
from licscan.openness import limits_of, title_of
from licscan.rulebook import Rulebook, weigh

# From what leaves users freest to what leaves them least; unknown is not among them.
_ORDER = (Freedom.FREE, Freedom.NOTICE, Freedom.CONDITIONAL, Freedom.NONCOMMERCIAL)
# Relations in which the weights themselves are taken over.
_WEIGHTS = frozenset(Relation) - {Relation.TRAINED_ON_OUTPUTS}


class Standing(NamedTuple):
    """A model, and the license that it stands under.

    Attributes:
        name: The reference, or the words where it is none.
        conclusion: Its license, as far as it is established.
        relation: How the model in question comes from it; None for that model itself.
        declared: Where that is declared.
        publisher: Whose name it bears on the Hub; None elsewhere.
    """

    name: str
    conclusion: Conclusion
    relation: Relation | None = None
    declared: Evidence | None = None
    publisher: str | None = None


def binds(relation: Relation, conclusion: Conclusion | None) -> bool:
    """Whether the terms of a base reach what comes from it.

    A teacher, whose outputs alone were learned from, binds only where its license says that this is deriving.
    """
    if relation in _WEIGHTS:
        return True
    reading = conclusion.reading if conclusion else None
    return reading is not None and any(
        clause.id == "derivative-scope" and clause.values.get("outputs_trained") is True
        for _, clause in reading.clauses
    )


def conflicts(child: Standing, bases: Iterable[Standing], rules: Rulebook) -> Iterator[Conflict]:
    """Everything in which a model and its bases contradict one another; of bases under one license, the nearest."""
    seen: set[tuple[str, str]] = set()
    bases = list(bases)
    for base in bases:
        reading = base.conclusion.reading
        if reading is None:
            continue
        if not binds(base.relation or Relation.UNSTATED, base.conclusion):
            found = [*_taught(child, base, bases)]
        else:
            found = [*_beyond(child, base, rules), *_misnamed(child, base)]
        for conflict in found:
            mark = (conflict.id, reading.expression)
            if mark not in seen:
                seen.add(mark)
                yield conflict
    merged = [base for base in bases if base.relation is Relation.MERGE]
    yield from _unlike(merged, rules)


def open_questions(bases: Iterable[Standing]) -> Iterator[Gap]:
    """What the license of a teacher leaves open: a ban on training with outputs that has an exception."""
    bases = list(bases)
    for base in bases:
        found = _ban(base)
        # Who derives from the teacher anyway is under its terms as a whole.
        derived = any(one.name == base.name and one.relation in _WEIGHTS for one in bases)
        learned = base.relation is Relation.TRAINED_ON_OUTPUTS and not derived
        if found and found[1].values.get("exception") and learned:
            why = f"{base.name}: {found[0].title} bans it, but for {found[1].values['exception']}"
            yield Gap(id=GapId.OUTPUTS_EXCEPTION, what="whether training on its outputs was allowed", why=why)


def _beyond(child: Standing, base: Standing, rules: Rulebook) -> Iterator[Conflict]:
    """The child declares more freedom than the base's license leaves, or less to give back."""
    own, theirs = child.conclusion.reading, base.conclusion.reading
    if own is None or theirs is None or own.freedom not in _ORDER or theirs.freedom not in _ORDER:
        return
    if own.unknown or _names(own) >= _names(theirs):
        return  # whatever else the child names, it names the base's license too
    if _ORDER.index(own.freedom) < _ORDER.index(theirs.freedom):
        says = f"its base {base.name} is under {title_of(theirs)} ({', '.join(limits_of(theirs, rules))})"
        if child.publisher and child.publisher == base.publisher:
            says += f"; {child.publisher} published both, and may license what is its own otherwise"
        deciding = next(iter(_deciding(theirs, rules)), None)
        yield _conflict("base-license", "weights", (says, _place(base, deciding)), _declared(child))
    elif alike := _lost(own, theirs):
        says = f"its base {base.name} is under {title_of(theirs)}, which derivatives must share"
        yield _conflict("base-reciprocity", "weights", (says, _place(base, alike)), _declared(child))


def _lost(own: Reading, theirs: Reading) -> Clause | None:
    """The clause by which derivatives give back, where the child's license asks for less of that."""
    given = own.reciprocity
    if given is Reciprocity.NONE and any(clause.id == "share-alike" for _, clause in own.clauses):
        given = Reciprocity.SHARE_ALIKE  # which version of the license is open, that it shares alike is not
    network = theirs.reciprocity is Reciprocity.NETWORK and given is not Reciprocity.NETWORK
    if given is not Reciprocity.NONE and not network:
        return None
    return next((clause for _, clause in theirs.clauses if clause.id == "share-alike"), None)


def _misnamed(child: Standing, base: Standing) -> Iterator[Conflict]:
    """The base's license dictates words for the names of derivatives, and this model's name lacks them."""
    theirs = base.conclusion.reading
    for _, clause in theirs.clauses if theirs else ():
        if clause.id == "naming-requirement" and not (carries(child.name, clause) or _is_copy(child, base)):
            where = "begin with" if clause.values.get("position") == "prefix" else "contain"
            words = f"{where} {clause.values['text']!r}"
            says = f"the license of its base {base.name} wants the names of derivatives to {words}"
            at = base.declared or clause.evidence
            called = Statement(says=f"the model is called {child.name}", evidence=at)
            yield Conflict(
                id="derivative-name",
                subject="name",
                statements=(Statement(says=says, evidence=_place(base, clause)), called),
            )
            return


def _is_copy(child: Standing, base: Standing) -> bool:
    """Whether it is the base itself in another format, under the base's own name: `X-GGUF` of `X`."""
    own, theirs = (one.name.partition("@")[0].rpartition("/")[2].casefold() for one in (child, base))
    return base.relation is Relation.QUANTIZED and theirs in own


def _taught(child: Standing, teacher: Standing, bases: Iterable[Standing]) -> Iterator[Conflict]:
    """The model learned from the outputs of another, whose license bans that without exception."""
    found = _ban(teacher)
    if found is None or found[1].values.get("exception") or teacher.declared is None:
        return
    # Who derives from the same model anyway is under its terms as a whole, which are looked at there.
    if any(base.name == teacher.name and base.relation in _WEIGHTS for base in bases):
        return
    says = f"{found[0].title}, the license of {teacher.name}, bans training other models on its outputs"
    learned = f"{child.name} was trained on its outputs"
    yield _conflict("outputs-training", "weights", (says, _place(teacher, found[1])), (learned, teacher.declared))


def _unlike(bases: list[Standing], rules: Rulebook) -> Iterator[Conflict]:
    """Bases that were merged, of which one wants the whole under its own license, and another does not allow that."""
    seen: set[frozenset[str]] = set()
    for one, other in combinations(bases, 2):
        for strict, second in ((one, other), (other, one)):
            ours, theirs = strict.conclusion.reading, second.conclusion.reading
            if ours is None or theirs is None or theirs.freedom not in _ORDER:
                continue
            alike = _alike(ours)
            mark = frozenset({ours.expression, theirs.expression})
            if alike is None or mark in seen or _families(ours) & _families(theirs):
                continue
            if _alike(theirs) or _ORDER.index(theirs.freedom) > _ORDER.index(Freedom.FREE):
                seen.add(mark)
                says = f"{strict.name} is under {title_of(ours)}, which the whole must share"
                against = f"{second.name} is under {title_of(theirs)}, which does not allow that"
                term = _alike(theirs) or next(iter(_deciding(theirs, rules)), None)
                yield _conflict(
                    "merge-licenses", "weights", (says, _place(strict, alike)), (against, _place(second, term))
                )
                break


def _ban(base: Standing) -> tuple[License, Clause] | None:
    reading = base.conclusion.reading
    return next((one for one in reading.clauses if one[1].id == "output-training-ban"), None) if reading else None


def _alike(reading: Reading) -> Clause | None:
    """The clause that wants derivatives under the very same license."""
    return next(
        (
            clause
            for _, clause in reading.clauses
            if clause.id == "share-alike" and clause.values.get("same_license") is not False
        ),
        None,
    )


def _deciding(reading: Reading, rules: Rulebook) -> Iterator[Clause]:
    return (clause for _, clause in reading.clauses if weigh(clause, rules.freedom).freedom is reading.freedom)


def _names(reading: Reading) -> set[str]:
    return {record.id for record in reading.records}


def _families(reading: Reading) -> set[str]:
    return {record.family or record.id for record in reading.records if record.kind is not Kind.STATEMENT}


def _place(standing: Standing, clause: Clause | None) -> Evidence:
    """Where a term stands; where no term is at hand, where the license is stated, or the base declared."""
    if clause is not None:
        return clause.evidence
    claim = _claim(standing.conclusion)
    return claim.evidence if claim else standing.declared or Evidence(source="rules")


def _declared(child: Standing) -> tuple[str, Evidence]:
    claim = _claim(child.conclusion)
    reading = child.conclusion.reading
    meant = f" ({reading.expression})" if reading else ""
    if claim is None:
        return f"{child.name} declares{meant}", Evidence(source="rules")
    return f"{claim.place}: {claim.stated[:200]}{meant}", claim.evidence


def _claim(conclusion: Conclusion) -> Claim | None:
    """The claim that the license rests on."""
    claims = [claim for claim in conclusion.license.claims if claim.expression and claim.role is Role.LICENSE]
    same = (claim for claim in claims if conclusion.reading and claim.expression == conclusion.reading.expression)
    return next(same, claims[0] if claims else None)


def _conflict(id_: str, subject: str, reading: tuple[str, Evidence], against: tuple[str, Evidence]) -> Conflict:
    statements = tuple(Statement(says=says, evidence=evidence) for says, evidence in (reading, against))
    return Conflict(id=id_, subject=subject, statements=statements)

"""What changed between two assessments of one model: license, level, clauses, bases, files, gaps."""

from collections.abc import Iterable, Iterator, Mapping

from licscan.model import Assessment, Change, Clause, Evidence, Level

_LEVELS = list(Level)


def changes(before: Assessment, after: Assessment) -> Iterator[Change]:
    """What changed from one assessment to another, the license first.

    `license` is another license or another text of it; `level-lowered` and `level-raised` say which way the level went.
    """
    old, new = before.license, after.license
    if (old.spdx, old.match == "modified") != (new.spdx, new.match == "modified"):
        yield Change(id="license", before=_license(before), after=_license(after), evidence=_stated(after))
    elif (old.freedom, old.reciprocity) != (new.freedom, new.reciprocity):
        said = (f"{one.freedom}, reciprocity {one.reciprocity}" for one in (old, new))
        yield Change(id="freedom", before=next(said), after=next(said))
    if before.level is not after.level:
        lowered = _LEVELS.index(after.level) < _LEVELS.index(before.level)
        yield Change(
            id="level-lowered" if lowered else "level-raised", before=before.level.value, after=after.level.value
        )
    yield from _clauses(before.clauses, after.clauses)
    yield from _listed("base", (one.base for one in before.lineage), (one.base for one in after.lineage))
    yield from _listed("dataset", (one.name for one in before.datasets), (one.name for one in after.datasets))
    yield from _mapped("file", _files(before), _files(after))
    yield from _listed("conflict", (one.id for one in before.conflicts), (one.id for one in after.conflicts))
    yield from _listed("gap", (one.id for one in before.gaps), (one.id for one in after.gaps))


def words(change: Change) -> str:
    """A change in words: `license: MIT -> Apache-2.0`, `file gone: model.bin (sha256:...)`."""
    if change.before is None:
        return f"{change.id} new: {change.after}"
    return (
        f"{change.id} gone: {change.before}"
        if change.after is None
        else f"{change.id}: {change.before} -> {change.after}"
    )


def _license(assessment: Assessment) -> str:
    license_ = assessment.license
    altered = ", altered" if license_.match == "modified" else ""
    return f"{license_.spdx or assessment.unknown_reason or 'none'}{altered}"


def _stated(assessment: Assessment) -> Evidence | None:
    claims = assessment.license.claims
    return next((claim.evidence for claim in claims if claim.expression == assessment.license.spdx), None)


def _clauses(before: Iterable[Clause], after: Iterable[Clause]) -> Iterator[Change]:
    old, new = _by_key(before), _by_key(after)
    for key, clause in new.items():
        if key not in old:
            yield Change(id="clause", before=None, after=_words(clause), evidence=clause.evidence)
        elif old[key].values != clause.values:
            yield Change(id="clause", before=_words(old[key]), after=_words(clause), evidence=clause.evidence)
    for key, clause in old.items():
        if key not in new:
            yield Change(id="clause", before=_words(clause), after=None, evidence=clause.evidence)


def _by_key(clauses: Iterable[Clause]) -> dict[tuple[str, ...], Clause]:
    # A license may have several terms of a type: they are compared one by one, in their order.
    found: dict[tuple[str, ...], Clause] = {}
    for clause in clauses:
        kind = clause.id, clause.inherited_from or "", str(clause.values.get("metric", ""))
        found[*kind, str(sum(key[:3] == kind for key in found))] = clause
    return found


def _words(clause: Clause) -> str:
    values = ", ".join(f"{name} {value}" for name, value in clause.values.items())
    source = f" (from {clause.inherited_from})" if clause.inherited_from else ""
    return f"{clause.id}{f': {values}' if values else ''}{source}"


def _files(assessment: Assessment) -> dict[str, str]:
    return {file.path: file.promised or file.sha256 or f"{file.size} bytes" for file in assessment.files}


def _listed(kind: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    yield from _mapped(kind, {str(name): str(name) for name in before}, {str(name): str(name) for name in after})


def _mapped(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old != new:
            shown = [None if said is None else name if said == name else f"{name} ({said})" for said in (old, new)]
            yield Change(id=kind, before=shown[0], after=shown[1])

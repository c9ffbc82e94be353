"""What changed between two assessments of one model: license, level, clauses, bases, files, gaps."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from licscan.errors import OutdatedError
from licscan.model import Assessment, Change, Clause, Evidence, Level, UnknownReason, WeightFile

_LEVELS = list(Level)


def changes(before: Assessment, after: Assessment) -> Iterator[Change]:
    """What changed from one assessment to another, the license first.

    `license` is another license or another text of it; `level-lowered` and `level-raised` say which way the level went.
    Where one of the two times nobody could look, that is the change, `looked-at`, and nothing else follows from it.
    """
    if _unseen(before) is not _unseen(after):
        yield Change(id="looked-at", before=_license(before), after=_license(after), evidence=_stated(after))
    else:
        yield from _terms(before, after)
    yield from _listed("base", (one.base for one in before.lineage), (one.base for one in after.lineage))
    yield from _listed("dataset", (one.name for one in before.datasets), (one.name for one in after.datasets))
    yield from _files(before.files, after.files)
    yield from _listed("conflict", (one.id for one in before.conflicts), (one.id for one in after.conflicts))
    yield from _listed("gap", (one.id for one in before.gaps), (one.id for one in after.gaps))


def _unseen(assessment: Assessment) -> bool:
    """Whether nobody could look at what decides its level."""
    return assessment.level is Level.UNKNOWN and assessment.unknown_reason is UnknownReason.NOT_LOOKED_AT


def _terms(before: Assessment, after: Assessment) -> Iterator[Change]:
    old, new = before.license, after.license
    if _identity(before) != _identity(after):
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


def _identity(assessment: Assessment) -> tuple[object, ...]:
    """What makes a license the same one: its expression and whether its text is altered; else the words stated."""
    license_ = assessment.license
    stated = () if license_.spdx else tuple(sorted({claim.stated for claim in license_.claims}))
    return license_.spdx, license_.match == "modified", stated


def since(before: Callable[[], Assessment | None], after: Assessment) -> tuple[Change, ...] | None:
    """What changed since a model was found as `before` tells; None where nobody had looked.

    Where what was found cannot be read any more, that is the change, `looked-at`.
    """
    try:
        found = before()
    except OutdatedError as error:
        return (Change(id="looked-at", before=error.what, after=_license(after)),)
    return None if found is None else tuple(changes(found, after))


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
    words = ", ".join(dict.fromkeys(claim.stated[:80] for claim in license_.claims))
    unknown = f"{assessment.unknown_reason or 'none'}{f' ({words})' if words else ''}"
    return f"{license_.spdx or unknown}{altered}"


def _stated(assessment: Assessment) -> Evidence | None:
    claims = assessment.license.claims
    return next((claim.evidence for claim in claims if claim.expression == assessment.license.spdx), None)


def _clauses(before: Iterable[Clause], after: Iterable[Clause]) -> Iterator[Change]:
    # What stands on both sides is no change, in whatever order.
    before, after = list(before), list(after)
    said = [[(one.id, one.values, one.inherited_from) for one in clauses] for clauses in (before, after)]
    old, new = (
        _by_key(clause for clause, mark in zip(clauses, own, strict=True) if mark not in others)
        for clauses, own, others in ((before, said[0], said[1]), (after, said[1], said[0]))
    )
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


def _files(before: Iterable[WeightFile], after: Iterable[WeightFile]) -> Iterator[Change]:
    old, new = ({file.path: file for file in files} for files in (before, after))
    for name in [*old, *(name for name in new if name not in old)]:
        one, other = old.get(name), new.get(name)
        shown = _bytes(one, other) if one and other else None
        if shown is None or shown[0] != shown[1]:
            was, is_ = shown or tuple(_digests(file).popitem()[1] if file else "" for file in (one, other))
            yield Change(
                id="file", before=f"{name} ({was})" if one else None, after=f"{name} ({is_})" if other else None
            )


def _bytes(one: WeightFile, other: WeightFile) -> tuple[str, str]:
    """What is known of the bytes on both sides in the same way: a digest, or the size alone."""
    theirs = _digests(other)
    return next((digest, theirs[way]) for way, digest in reversed(_digests(one).items()) if way in theirs)


def _digests(file: WeightFile) -> dict[str, str]:
    """What is known of a file's bytes, by algorithm; what tells most stands last."""
    found = {"size": f"{file.size} bytes"}
    if file.promised:
        found[file.promised.partition(":")[0]] = file.promised
    if file.sha256:
        found["sha256"] = f"sha256:{file.sha256}"
    return found


def _listed(kind: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    yield from _mapped(kind, {str(name): str(name) for name in before}, {str(name): str(name) for name in after})


def _mapped(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old != new:
            shown = [None if said is None else name if said == name else f"{name} ({said})" for said in (old, new)]
            yield Change(id=kind, before=shown[0], after=shown[1])

"""The decision: what is named, held against the lock and the policy. Pure, over plain values."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from licscan.config import Configuration
from licscan.gate.finding import Finding, own
from licscan.gate.mentions import Found, Place
from licscan.gate.standing import standing
from licscan.gate.waivers import waived
from licscan.lock import Lock
from licscan.measures import facts
from licscan.policy import Judge, pinned, rules_of
from licscan.revisions import split, unpinned
from licscan.text import count

# Where a name means other bytes tomorrow, unless a commit says which.
_MOVING = frozenset({"hf", "dataset", "modelscope", "oci"})
_SHOWN = 5


@dataclass(slots=True)
class Decision:
    """What was decided.

    Attributes:
        findings: What is objected to, what somebody let pass included.
        models: What is so about each model that is named and locked, for this organisation, by its reference.
        internal: The models that are the organisation's own.
    """

    findings: list[Finding] = field(default_factory=list)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    internal: list[str] = field(default_factory=list)


def decide(
    found: Found,
    lock: Lock | None,
    policy: Mapping[str, Any],
    told: Configuration,
    today: datetime.date,
    *,
    whole: bool = True,
    lock_path: str | None = None,
) -> Decision:
    """What a policy objects to in the models that are named.

    Args:
        found: What the search found.
        lock: The lock; None where there is none.
        policy: The policy, compiled.
        told: The configuration.
        today: The day.
        whole: Whether all that the lock is for was searched, so that what is unused can be said.
        lock_path: How the lock is called in findings.
    """
    decision = Decision()
    named: dict[str, list[Place]] = {}
    for place in found.places:
        named.setdefault(place.ref, []).append(place)
    decision.internal = sorted(ref for ref in named if is_internal(ref, told.internal))
    asked = {ref: places for ref, places in named.items() if ref not in set(decision.internal)}
    findings = [own("file-unreadable", f"{path}: {why}", what=path, path=path) for _, path, why in found.unread]
    findings += _partial(asked)
    if lock is None:
        findings += _without_lock(asked, lock_path)
    else:
        findings += _with_lock(asked, lock, policy, told, today=today, decision=decision)
        findings += _unused(lock, asked, lock_path) if whole else ()
    judged = [one for finding in findings if (one := _severity(finding, told.severity))]
    commits = {ref: lock.models[ref] for ref in asked if lock and ref in lock.models}
    for finding in waived(judged, told.waivers, found.comments, commits, today, whole=whole and lock is not None):
        if (kept := _severity(finding, told.severity)) is not None:
            decision.findings.append(kept)
    return decision


def is_internal(ref: str, patterns: Iterable[str]) -> bool:
    """Whether a reference is one of the organisation's own models; `acme/*` means those of the Hub."""
    name = unpinned(ref).casefold()
    return any(
        fnmatchcase(name, full.casefold())
        for full in (pattern if ":" in pattern else f"hf:{pattern}" for pattern in patterns)
    )


def is_partial(ref: str) -> bool:
    """Whether only a part of the name is known: the running program knows the rest, and no lock can hold it."""
    return "*" in ref and ref.startswith(("hf:", "dataset:"))


def _partial(asked: Mapping[str, list[Place]]) -> Iterator[Finding]:
    for ref, places in sorted(asked.items()):
        if is_partial(ref):
            finding = own("name-known-in-part", f"only {_name(ref)} stands here: nobody can say which model", model=ref)
            yield from (finding._replace(path=place.path, line=place.line) for place in places)


def _without_lock(asked: Mapping[str, list[Place]], lock_path: str | None) -> Iterator[Finding]:
    whole = [ref for ref in asked if not is_partial(ref)]
    if whole:
        models = count(len(whole), "model")
        yield own("lock-missing", f"{models} named here, and no lock says what they are", path=lock_path)


def _with_lock(
    asked: Mapping[str, list[Place]],
    lock: Lock,
    policy: Mapping[str, Any],
    told: Configuration,
    *,
    today: datetime.date,
    decision: Decision,
) -> Iterator[Finding]:
    agreements = [one.plain for one in told.organisation.agreements]
    judge = Judge(rules_of(policy), facts(told.organisation), agreements, today.isoformat())
    for ref, places in sorted(asked.items()):
        if is_partial(ref):
            continue
        entry = lock.models.get(ref)
        if entry is None:
            found: Iterable[Finding] = [_not_locked(ref, lock)]
        else:
            model = decision.models[ref] = standing(lock.model(ref), lock.limits, told.organisation)
            found = [*_objections(judge, model, entry), *_own(ref, model)]
        for finding in found:
            yield from (finding._replace(path=place.path, line=place.line) for place in places)
    yield from _differing(decision.models, asked)


def _not_locked(ref: str, lock: Lock) -> Finding:
    name = unpinned(ref)
    others = [other for other in lock.models if unpinned(other) == name]
    besides = f"; the lock holds it as {', '.join(others[:_SHOWN])}" if others else ""
    return own("not-locked", f"{_name(ref)} is named, and the lock does not say what it is{besides}", model=ref)


def _objections(judge: Judge, model: dict[str, Any], entry: Mapping[str, Any]) -> Iterator[Finding]:
    # What is named is judged: a name without a commit is not pinned, though the lock holds it at one.
    named = {**model, "revision": split(model["ref"])[1]}
    for one in judge.objections(named, entry.get("changes", ())):
        yield Finding(
            rule=one.rule,
            severity=one.severity,
            model=model["ref"],
            message=one.message,
            remedy=one.remedy,
            evidence=one.evidence,
            fingerprint=one.fingerprint,
            waiver=one.agreement,
        )


def _own(ref: str, model: Mapping[str, Any]) -> Iterator[Finding]:
    scheme, revision = ref.partition(":")[0], split(ref)[1] or ""
    if scheme in _MOVING and not pinned(revision):
        how = f"at {revision}, which can be moved" if revision else "without a revision"
        yield own(
            "revision-mutable",
            f"{_name(ref)} is named {how}: tomorrow it may be another model under other terms",
            model=ref,
            what=str(model["revision"] or "a commit"),
        )
    unfinished = [gap for gap in model["gaps"] if gap["unfinished"]]
    if unfinished:
        said = "; ".join(f"{gap['what']} ({gap['id']}: {gap['why']})" for gap in unfinished[:_SHOWN])
        yield own("not-looked-at", f"{_name(ref)}: could not be established: {said}", model=ref, what=ref)


def _differing(models: Mapping[str, Mapping[str, Any]], asked: Mapping[str, list[Place]]) -> Iterator[Finding]:
    """One name at several revisions, whose licenses differ."""
    together: dict[str, dict[str, str]] = {}
    for ref, model in models.items():
        license_ = str(model["license"]["id"] or model["license"]["spdx"] or "no known license")
        together.setdefault(unpinned(ref), {})[ref] = license_
    for name, licenses in sorted(together.items()):
        if len(set(licenses.values())) > 1:
            said = ", ".join(f"{split(ref)[1] or 'without revision'}: {one}" for ref, one in licenses.items())
            for ref in licenses:
                finding = own("license-differs", f"{_name(name)} is under different licenses here: {said}", model=ref)
                yield from (finding._replace(path=place.path, line=place.line) for place in asked[ref])


def _unused(lock: Lock, asked: Mapping[str, object], lock_path: str | None) -> Iterator[Finding]:
    unused = sorted(lock.models.keys() - asked.keys())
    if unused:
        shown = ", ".join(unused[:_SHOWN]) + (f" and {len(unused) - _SHOWN} more" if len(unused) > _SHOWN else "")
        yield own(
            "lock-unused", f"{count(len(unused), 'model')} in the lock and named nowhere: {shown}", path=lock_path
        )


def _severity(finding: Finding, told: Mapping[str, str]) -> Finding | None:
    """The finding as bad as the configuration has it; None where it is off."""
    severity = told.get(finding.rule, finding.severity)
    return None if severity == "off" else finding._replace(severity=severity)


def _name(ref: str) -> str:
    return ref.removeprefix("hf:")

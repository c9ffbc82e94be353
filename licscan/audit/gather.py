"""The dossier gathered: one passage over the models to judge and to choose, and one each time they are written."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from licscan import __version__, reviews
from licscan.audit.dossier import Dossier, Rule
from licscan.audit.entries import Basis, Entries, Models, places
from licscan.audit.judging import Judging, Known, contracts, exemptions, known_of
from licscan.gate import RULES
from licscan.judge import judge_of
from licscan.lineage import name
from licscan.model import (
    Finding,
    Level,
    ModelRef,
    Report,
    ReviewState,
    Tool,
)
from licscan.revisions import unpinned
from licscan.rulebook import Policy
from licscan.store.report import summary

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 12  # each clause and each link to one bears it
_SEVERITIES = ("error", "warning", "note")


def gather(report: Report, basis: Basis) -> Dossier:
    """A dossier of the models of a report.

    Args:
        report: The models, as they are for who asks; they are gone through once here, and once each time the dossier's
            entries are.
        basis: What it is made with.

    Raises:
        UsageError: An agreement replaces what is no clause type.
    """
    heads, findings, known = _passage(report, basis)
    of, others = _by_model(findings, heads)
    kept = [at for at, head in enumerate(heads) if basis.filters.keep(head.ref, head.level, of[at])]
    narrowed = bool(basis.filters.words)
    if narrowed:
        some = {id(one) for at in kept for one in of[at]}
        findings = tuple(one for one in findings if id(one) in some)
    today = basis.now.date()
    entries = Entries(report, basis, dict(zip(kept, _keys([heads[at].ref for at in kept]), strict=True)), of)
    return Dossier(
        report=_report(report, basis, [heads[at] for at in kept], findings, entries, narrowed=narrowed),
        entries=entries,
        created=basis.now,
        writer=Tool(name="licscan", version=__version__, rules=basis.rules.version),
        organisation=basis.told.organisation,
        policy=basis.policy_name,
        policy_title=basis.policy.title,
        rules=_rules(basis.policy, findings),
        clauses=basis.rules.clauses,
        waivers=exemptions(basis.told.waivers, findings, known, today),
        contracts=contracts(basis.told.organisation.agreements, findings, today),
        earlier=basis.earlier,
        filters=basis.filters.words,
        total=len(heads),
        others=() if narrowed else others,
    )


class _Head(NamedTuple):
    """What is remembered of a model between two passages."""

    ref: ModelRef
    level: Level
    gaps: tuple[str, ...]
    conflicts: tuple[str, ...]
    review: ReviewState


def _passage(report: Report, basis: Basis) -> tuple[list[_Head], tuple[Finding, ...], Known]:
    """All models gone through once: what is remembered of each, and what is objected to."""
    today = basis.now.date()
    history = reviews.by_model(basis.decisions)
    judge = judge_of(basis.policy, basis.rules, basis.told.organisation, today)
    judging = Judging(judge, basis.told, basis.last)
    named = places(report.mentions)
    heads: list[_Head] = []
    known: Known = {}
    for model in report.models:
        known[str(model.ref)] = known_of(model)
        state = reviews.state(model, history.get(name(model.ref), ()), today).state
        gaps, conflicts = ({one.id: None for one in some} for some in (model.gaps, model.conflicts))
        heads.append(_Head(model.ref, model.level, tuple(gaps), tuple(conflicts), state))
        if not basis.judged:
            judging.see(model, named.get(name(model.ref), ()))
    findings = report.findings if basis.judged else judging.findings(known, today)
    return heads, tuple(findings), known


def _by_model(findings: Iterable[Finding], heads: Sequence[_Head]) -> tuple[list[list[Finding]], tuple[Finding, ...]]:
    """The findings of each model, and those about models that are not among these.

    Of one name at several revisions, each has those about its own revision, and all have those about the name.
    """
    places: dict[str, list[int]] = {}
    for at, head in enumerate(heads):
        places.setdefault(str(head.ref.at(None)), []).append(at)
    of: list[list[Finding]] = [[] for _ in heads]
    others = []
    for one in findings:
        if one.model is None:
            continue
        named = places.get(unpinned(str(one.model)), [])
        own = [at for at in named if heads[at].ref == one.model]
        for at in own or named:
            of[at].append(one)
        if not named:
            others.append(one)
    return of, tuple(others)


def _keys(refs: Sequence[ModelRef]) -> list[str]:
    """Anchors: words of the name, and a hash that tells names apart; the revision counts only where it must."""
    number = Counter(str(ref.at(None)) for ref in refs)
    keys: Counter[str] = Counter()
    made = []
    for ref in refs:
        plain = str(ref.at(None))
        told = plain if number[plain] == 1 else str(ref)
        words = _OTHER.sub("-", ref.name.casefold()).strip("-")[-_LONGEST:].strip("-")
        key = f"{words or 'model'}-{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
        keys[key] += 1
        made.append(key if keys[key] == 1 else f"{key}-{keys[key]}")
    return made


def _report(
    report: Report,
    basis: Basis,
    heads: Sequence[_Head],
    findings: Sequence[Finding],
    entries: Entries,
    *,
    narrowed: bool,
) -> Report:
    names = {name(head.ref) for head in heads}
    counted = summary(
        Counter(head.level.value for head in heads),
        Counter(gap for head in heads for gap in head.gaps),
        Counter(conflict for head in heads for conflict in head.conflicts),
    )
    told = [one for one in findings if one.waiver is None]
    same = report.summary.get("same_weights")
    counted |= {"same_weights": same} if same and not narrowed else {}
    counted |= {
        "findings": {severity: sum(one.severity == severity for one in told) for severity in _SEVERITIES},
        "waived": len(findings) - len(told),
        "reviews": {state.value: sum(head.review is state for head in heads) for state in ReviewState},
        "policy": basis.policy_name,
    }
    mentions = tuple(one for one in report.mentions if not narrowed or name(one.ref) in names)
    return report.model_copy(
        update={"models": Models(entries), "findings": tuple(findings), "mentions": mentions, "summary": counted}
    )


def _rules(policy: Policy, findings: Iterable[Finding]) -> dict[str, Rule]:
    """The rules that found something."""
    own = {one.id: Rule(one.title, one.severity, one.remedy) for one in policy.rules}
    gate = {key: Rule(one.title, one.severity, one.remedy) for key, one in RULES.items()}
    found = dict.fromkeys(one.rule for one in findings)
    return {rule: (own.get(rule) or gate[rule]) for rule in found if rule in own or rule in gate}

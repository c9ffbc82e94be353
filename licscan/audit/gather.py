"""The dossier gathered: one passage over the models to judge and to choose, and one each time they are written."""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from licscan import __version__, reviews
from licscan.audit.dossier import Dossier, Earlier, Entry, Rule
from licscan.audit.filters import Filters
from licscan.audit.judging import Before, Judging, Known, contracts, exemptions, known_of
from licscan.changes import changes
from licscan.config import Configuration
from licscan.gate import RULES
from licscan.judge import judge_of
from licscan.licenses.expression import parse, terms
from licscan.licenses.resolve import record_of
from licscan.lineage import name
from licscan.model import (
    Assessment,
    Finding,
    Level,
    License,
    Mention,
    ModelRef,
    ModelReview,
    Report,
    ReviewState,
    Tool,
)
from licscan.revisions import unpinned
from licscan.rulebook import Policy, Rulebook
from licscan.store.report import summary

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 60
_SEVERITIES = ("error", "warning", "note")


def _nothing(_model: Assessment) -> Assessment | None:
    return None


@dataclass(frozen=True, slots=True)
class Basis:
    """What an audit is made with.

    Attributes:
        rules: The rule base.
        policy: The policy.
        policy_name: How it was chosen.
        told: What the configuration says: the organisation, waivers, severities.
        now: The time that the audit bears.
        decisions: What people decided about models, oldest first.
        filters: What it is narrowed to.
        judged: Whether the gate has judged: its findings stay as they are.
        last: What the run before found of a model, for rules about changes; None where nothing was.
        earlier: What it is compared with.
        before: What was found of a model then; None where nothing was.
    """

    rules: Rulebook
    policy: Policy
    policy_name: str
    told: Configuration
    now: datetime.datetime
    decisions: Sequence[ModelReview] = ()
    filters: Filters = field(default_factory=Filters)
    judged: bool = False
    last: Before = _nothing
    earlier: Earlier | None = None
    before: Before = _nothing


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
    of = _by_model(findings, heads)
    kept = [at for at, head in enumerate(heads) if basis.filters.keep(head.ref, head.level, of[at])]
    narrowed = bool(basis.filters.words)
    if narrowed:
        some = {id(one) for at in kept for one in of[at]}
        findings = tuple(one for one in findings if id(one) in some)
    today = basis.now.date()
    entries = _Entries(report, basis, dict(zip(kept, _keys([heads[at].ref for at in kept]), strict=True)), of)
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
    places = _places(report.mentions)
    heads: list[_Head] = []
    known: Known = {}
    for model in report.models:
        known[str(model.ref)] = known_of(model)
        state = reviews.state(model, history.get(name(model.ref), ()), today).state
        gaps, conflicts = ({one.id: None for one in some} for some in (model.gaps, model.conflicts))
        heads.append(_Head(model.ref, model.level, tuple(gaps), tuple(conflicts), state))
        if not basis.judged:
            judging.see(model, places.get(name(model.ref), ()))
    findings = report.findings if basis.judged else judging.findings(known, today)
    return heads, tuple(findings), known


def _places(mentions: Iterable[Mention]) -> dict[tuple[str, str], list[Mention]]:
    found: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        found.setdefault(name(mention.ref), []).append(mention)
    return found


def _by_model(findings: Iterable[Finding], heads: Sequence[_Head]) -> list[list[Finding]]:
    """The findings of each model; of one name at several revisions, each those that are about its own."""
    of: dict[str, list[Finding]] = {}
    for one in findings:
        if one.model:
            of.setdefault(unpinned(str(one.model)), []).append(one)
    number = Counter(str(head.ref.at(None)) for head in heads)
    return [
        [
            one
            for one in of.get(str(head.ref.at(None)), ())
            if number[str(head.ref.at(None))] == 1 or one.model in {head.ref, head.ref.at(None)}
        ]
        for head in heads
    ]


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


class _Entries:
    """The models that are in the audit, each read and made anew when it is asked for."""

    def __init__(self, report: Report, basis: Basis, keys: Mapping[int, str], of: Sequence[Sequence[Finding]]) -> None:
        self._report = report
        self._basis = basis
        self._keys = keys
        self._of = of
        self._places = _places(report.mentions)
        self._history = reviews.by_model(basis.decisions)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Entry]:
        number = 0
        for position, model in enumerate(self._report.models):
            if position in self._keys:
                number += 1
                yield self._entry(number, position, model)

    def _entry(self, number: int, position: int, model: Assessment) -> Entry:
        mine, basis = name(model.ref), self._basis
        before = basis.before(model) if basis.earlier else None
        return Entry(
            number=number,
            key=self._keys[position],
            model=model,
            findings=tuple(self._of[position]),
            mentions=tuple(self._places.get(mine, ())),
            review=reviews.state(model, self._history.get(mine, ()), basis.now.date()),
            text=reviews.text_of(model),
            records=tuple(_records(model, basis.rules)),
            changes=tuple(changes(before, model)) if before else None,
        )


class _Models(Sequence[Assessment]):
    """The models of entries."""

    def __init__(self, entries: _Entries) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Assessment]:
        return (entry.model for entry in self._entries)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Assessment, ...]: ...
    def __getitem__(self, index: int | slice) -> Assessment | tuple[Assessment, ...]:
        return tuple(self)[index]


def _report(
    report: Report,
    basis: Basis,
    heads: Sequence[_Head],
    findings: Sequence[Finding],
    entries: _Entries,
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
        update={"models": _Models(entries), "findings": tuple(findings), "mentions": mentions, "summary": counted}
    )


def _rules(policy: Policy, findings: Iterable[Finding]) -> dict[str, Rule]:
    """The rules that found something."""
    own = {one.id: Rule(one.title, one.severity, one.remedy) for one in policy.rules}
    gate = {key: Rule(one.title, one.severity, one.remedy) for key, one in RULES.items()}
    found = dict.fromkeys(one.rule for one in findings)
    return {rule: (own.get(rule) or gate[rule]) for rule in found if rule in own or rule in gate}


def _records(model: Assessment, rules: Rulebook) -> Iterator[License]:
    """The records that a model's terms come from: of its license, of its bases', and of the policies in these."""
    licenses = (model.license.spdx, *(one.license for one in model.lineage if one.binds))
    found: dict[str, License] = {}
    waiting = [record for words in licenses if words for record in _named(words, rules)]
    while waiting:
        record = waiting.pop(0)
        if record.id not in found:
            found[record.id] = record
            waiting += [rules.licenses[one] for one in record.incorporates if one in rules.licenses]
    yield from found.values()


def _named(words: str, rules: Rulebook) -> Iterator[License]:
    tree = parse(words)
    for term in terms(tree) if tree else ():
        record = record_of(term.symbol, rules)
        if record:
            yield record

"""What the page says of all models together, gathered while they go by one at a time."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from licscan.audit.dossier import Dossier, Entry
from licscan.audit.html.view import Shown, words_of
from licscan.model import Change, Gap, GapId, Level, License, Obligation, ReviewState, Threshold
from licscan.rulebook import ClauseGroup

_STATES = ("reached", "tell-us", "below")
_WORDS = {"reached": "reached", "tell-us": "tell us", "below": "below"}


class Named(NamedTuple):
    """A model as others point to it."""

    key: str
    name: str


class Row(NamedTuple):
    """A model's line in the table."""

    number: int
    key: str
    name: str
    revision: str
    level: Level
    why: str
    license: str
    owed: int
    asked: int
    threshold: str
    errors: int
    warnings: int
    waived: int
    conflicts: int
    gaps: int
    review: ReviewState
    changed: bool
    marks: str


@dataclass(slots=True)
class Told:
    """Words that somebody must show, and who asks for them."""

    words: str
    clause: str
    where: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    models: list[Named] = field(default_factory=list)


@dataclass(slots=True)
class Objected:
    """A rule and the models that it objects to."""

    rule: str
    severity: str
    title: str
    remedy: str
    models: list[Named] = field(default_factory=list)


@dataclass(slots=True)
class Open:
    """What could not be established, and of which models."""

    gap: GapId
    models: list[Named] = field(default_factory=list)


@dataclass(slots=True)
class Terms:
    """A license with its terms: by clause type, where a model says so."""

    title: str
    spdx: str
    freedom: str
    first: Named
    models: int = 0
    clauses: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Text:
    """A license text by its digest."""

    sha256: str
    path: str
    title: str
    models: list[Named] = field(default_factory=list)


class Moved(NamedTuple):
    """A model and what changed of it."""

    model: Named
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Chapters:
    """All chapters but those of single models; `add` each model, then ask."""

    dossier: Dossier
    rows: list[Row] = field(default_factory=list)
    levels: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    failing: int = 0
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    asked: dict[str, list[Named]] = field(default_factory=dict)
    objected: dict[str, Objected] = field(default_factory=dict)
    open: dict[GapId, Open] = field(default_factory=dict)
    licenses: dict[str, Terms] = field(default_factory=dict)
    records: dict[str, tuple[License, int]] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)
    new: list[Named] = field(default_factory=list)
    reached: list[Named] = field(default_factory=list)

    def add(self, shown: Shown) -> None:
        """Gather what a model adds."""
        named = Named(shown.key, shown.name)
        model, entry = shown.model, shown.entry
        self.levels[model.level.value] += 1
        self.reviews[entry.review.state.value] += 1
        self._objections(named, shown)
        for gap in {gap.id for gap in model.gaps}:
            self.open.setdefault(gap, Open(gap)).models.append(named)
        if any(one.status == "reached" for one in model.thresholds):
            self.reached.append(named)
        self._words(named, model.obligations, shown)
        self._questions(named, shown)
        self._license(named, shown)
        self._bytes(named, entry)
        if entry.changes:
            self.moved.append(Moved(named, entry.changes))
        elif entry.changes is None and self.dossier.earlier:
            self.new.append(named)
        self.rows.append(_row(shown, named, new=bool(self.new and self.new[-1] == named)))

    @property
    def clauses(self) -> list[tuple[str, str, str]]:
        """The clause types of the matrix: id, title, and what they do; limits first."""
        rules = self.dossier.clauses
        order = [ClauseGroup.LIMITATION, ClauseGroup.CONDITION, ClauseGroup.PERMISSION, ClauseGroup.OTHER]
        found = {name for one in self.licenses.values() for name in one.clauses}
        kept = [(order.index(rules[name].group) if name in rules else len(order), name) for name in sorted(found)]
        return [(name, rules[name].title if name in rules else name, _group(rules, name)) for _, name in sorted(kept)]

    @property
    def gaps(self) -> list[Open]:
        """The kinds of gaps, those first where something that is there could not be looked at."""
        return sorted(self.open.values(), key=lambda one: (not one.gap.unfinished, -len(one.models), one.gap.value))

    @property
    def objections(self) -> list[Objected]:
        """The rules that object, the gravest first."""
        order = ("error", "warning", "note")
        return sorted(self.objected.values(), key=lambda one: (order.index(one.severity), -len(one.models), one.rule))

    @property
    def unassigned(self) -> tuple[Gap, ...]:
        """The gaps that belong to no model."""
        return self.dossier.gaps

    def _objections(self, named: Named, shown: Shown) -> None:
        live = [one for one in shown.findings if one.waiver is None]
        self.severities.update(one.severity for one in live)
        self.failing += any(one.severity == "error" for one in live)
        for one in live:
            rule = self.dossier.rules.get(one.rule)
            title, remedy = (rule.title, rule.remedy) if rule else (one.rule, one.remedy)
            kept = self.objected.setdefault(one.rule, Objected(one.rule, one.severity, title, remedy))
            if named not in kept.models[-1:]:
                kept.models.append(named)

    def _words(self, named: Named, obligations: tuple[Obligation, ...], shown: Shown) -> None:
        where = {
            (clause.id, clause.inherited_from, str(clause.values.get("text"))): clause.values.get("where")
            for clause in shown.model.clauses
        }
        for duty in obligations:
            if not duty.words or duty.status == "not-owed":
                continue
            kept = self.told.setdefault((duty.clause, duty.words), Told(duty.words, duty.clause))
            place = where.get((duty.clause, duty.inherited_from, duty.words))
            for value, seen in (
                (words_of(place) if place else "", kept.where),
                (str(duty.activity or ""), kept.activities),
            ):
                if value and value not in seen:
                    seen.append(value)
            if named not in kept.models[-1:]:
                kept.models.append(named)

    def _questions(self, named: Named, shown: Shown) -> None:
        facts = {one.metric for one in shown.model.thresholds if one.status == "tell-us"}
        for one in shown.model.limitations:
            rule = self.dossier.clauses.get(one.clause)
            if one.status == "tell-us" and rule:
                facts.update(rule.asked)
        for fact in facts:
            self.asked.setdefault(fact, []).append(named)

    def _license(self, named: Named, shown: Shown) -> None:
        known = shown.model.license
        if known.spdx is None:
            return
        kept = self.licenses.setdefault(
            known.spdx + (" altered" if known.match == "modified" else ""),
            Terms(
                (known.title or known.spdx) + (", altered" if known.match == "modified" else ""),
                shown.license,
                known.freedom.value,
                named,
            ),
        )
        kept.models += 1
        for _, terms in shown.terms:
            for term in terms:
                if any(origin.base is None for origin in term.origins):
                    kept.clauses.setdefault(term.id, term.anchor)

    def _bytes(self, named: Named, entry: Entry) -> None:
        for record in entry.records:
            self.records[record.id] = (record, self.records.get(record.id, (record, 0))[1] + 1)
        text = entry.text
        if text and text.sha256:
            title = entry.model.license.title or "no license that the rule base knows"
            self.texts.setdefault(text.sha256, Text(text.sha256, text.path or text.source, title)).models.append(named)


def _group(rules: Mapping[str, object], name: str) -> str:
    return str(getattr(rules.get(name), "group", ClauseGroup.OTHER))


def _row(shown: Shown, named: Named, *, new: bool) -> Row:
    model, entry = shown.model, shown.entry
    live = Counter(one.severity for one in shown.findings if one.waiver is None)
    duties = {duty.text: duty.status for duty in model.obligations if duty.status != "not-owed"}
    return Row(
        number=entry.number,
        key=named.key,
        name=named.name,
        revision=shown.revision,
        level=model.level,
        why=model.level_reasons[-1] if model.level_reasons else "",
        license=shown.license,
        owed=len(duties),
        asked=sum(status == "tell-us" for status in duties.values()),
        threshold=_threshold(model.thresholds),
        errors=live["error"],
        warnings=live["warning"],
        waived=sum(one.waiver is not None for one in shown.findings),
        conflicts=len(model.conflicts),
        gaps=len(model.gaps),
        review=entry.review.state,
        changed=bool(entry.changes) or new,
        marks=" ".join(dict.fromkeys(_marks(shown))),
    )


def _threshold(thresholds: tuple[Threshold, ...]) -> str:
    found = {one.status for one in thresholds}
    return next((_WORDS[state] for state in _STATES if state in found), "")


def _marks(shown: Shown) -> Iterator[str]:
    """What the filters of the table ask for."""
    model, entry = shown.model, shown.entry
    yield from (f"g:{gap.id.value}" for gap in model.gaps)
    yield from (f"f:{one.rule}" for one in shown.findings if one.waiver is None)
    yield from (f"s:{one.severity}" for one in shown.findings if one.waiver is None)
    yield from (f"t:{one.status}" for one in model.thresholds)
    if any(one.waiver for one in shown.findings):
        yield "waived"
    if model.conflicts:
        yield "conflict"
    if entry.changes:
        yield "changed"
    elif entry.changes is None:
        yield "new"
    yield f"r:{entry.review.state.value}"

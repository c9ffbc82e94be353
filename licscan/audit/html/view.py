"""One model as the page shows it: terms once each, duties by what one does, numbers as bars, sources under letters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup
from pydantic import JsonValue

from licscan.audit.dossier import Dossier, Entry
from licscan.audit.html.bars import Bar, bar
from licscan.audit.html.graph import Drawing, draw
from licscan.audit.html.sources import Place, Sources
from licscan.model import (
    Artefact,
    Artefacts,
    Assessment,
    Claim,
    Clause,
    Evidence,
    Finding,
    Gap,
    GapId,
    Limitation,
    Obligation,
    Openness,
    Threshold,
)
from licscan.organisation import DOING
from licscan.rulebook import ClauseGroup, ClauseRule

_SHORT = 12
GROUPS: Mapping[ClauseGroup, str] = {
    ClauseGroup.LIMITATION: "What is not granted, or ends",
    ClauseGroup.CONDITION: "What is asked",
    ClauseGroup.PERMISSION: "What is granted",
    ClauseGroup.OTHER: "Other terms",
}
_SEVERITIES = ("error", "warning", "note")
# With or without an article, as a heading says it.
_DOING = {**DOING, "train-on-outputs": "train on its outputs", "distribute-weights": "distribute its weights"}
_ANY = "Whatever you do with it"


class Origin(NamedTuple):
    """Whose license says something, None being the model's own, and where."""

    base: str | None
    place: Place


class Term(NamedTuple):
    """A clause, once for all licenses in the chain that say the same of it.

    One that is told from a record, without words, stands with the first that has the words of a text.
    """

    anchor: str
    id: str
    title: str
    why: str
    values: tuple[tuple[str, str], ...]
    on: tuple[str, ...]
    quote: str | None
    origins: tuple[Origin, ...]


class Duty(NamedTuple):
    """Something to do for one activity, once for all licenses in the chain that ask for it."""

    text: str
    status: str
    because: str | None
    words: str | None
    carried: bool | None
    bases: tuple[str | None, ...]
    clause: str
    anchor: str | None


class Activities(NamedTuple):
    """What one does, and what is to be done for it."""

    words: str
    duties: tuple[Duty, ...]


class Idle(NamedTuple):
    """A duty of what the organisation said it does not do, and what that is."""

    duty: Duty
    doing: tuple[str, ...]


class Number(NamedTuple):
    """A threshold with its bar."""

    threshold: Threshold
    bar: Bar
    place: Place


class Open(NamedTuple):
    """What could not be established for one reason."""

    gap: GapId
    what: tuple[str, ...]
    why: str


class Barrier(NamedTuple):
    """A limitation and where it stands."""

    limitation: Limitation
    place: Place


@dataclass(frozen=True, slots=True)
class Shown:
    """A model as its section shows it."""

    entry: Entry
    key: str
    model: Assessment
    name: str
    revision: str
    license: str
    terms: tuple[tuple[str, tuple[Term, ...]], ...]
    activities: tuple[Activities, ...]
    idle: tuple[Idle, ...]
    bases: frozenset[str]
    numbers: tuple[Number, ...]
    barriers: tuple[Barrier, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Open, ...]
    claims: tuple[Claim, ...]
    drawing: Drawing | None
    sources: Sources

    @property
    def known(self) -> list[tuple[str, Artefact]]:
        """The artefacts of which something is known."""
        every = ((name, getattr(self.model.artefacts, name)) for name in Artefacts.model_fields)
        return [(name, one) for name, one in every if one.state is not Openness.UNKNOWN]

    def about(self, message: str) -> str:
        """What a finding says of the model, whose name stands above."""
        return message.removeprefix(f"{self.model.ref.at(None)}: ").removeprefix(f"{self.name}: ")

    def whose(self, bases: tuple[str | None, ...]) -> str:
        """Whose licenses ask for something, in words; empty where the model's own alone does."""
        inherited = [plain(one) for one in bases if one]
        if not inherited:
            return ""
        named = "its bases" if len(inherited) > 1 and len(inherited) == len(self.bases) else ", ".join(inherited)
        return f"{'also ' if None in bases else ''}from {named}"

    def place(self, evidence: Evidence) -> Place:
        """Where something stands, its source noted under a letter."""
        return self.sources.place(evidence)

    def cite(self, evidence: Evidence | None) -> Markup:
        """Where something stands, as a template shows it."""
        return self.sources.cite(evidence)


def shown(entry: Entry, dossier: Dossier) -> Shown:
    """A model as the page shows it.

    Args:
        entry: The model.
        dossier: The audit that it is part of.
    """
    model, sources = entry.model, Sources(entry.number)
    if entry.text:
        sources.place(entry.text)
    terms = tuple(_terms(entry.key, model.clauses, dossier.clauses, sources))
    anchors: dict[str, str] = {}
    for term in terms:
        anchors.setdefault(term.id, term.anchor)
    activities, idle = _activities(model.obligations, anchors)
    groups = (
        (words, tuple(term for term in terms if _group(term, dossier) is group)) for group, words in GROUPS.items()
    )
    return Shown(
        entry=entry,
        key=entry.key,
        model=model,
        name=name_of(model),
        revision=(model.revision or "")[:_SHORT],
        license=license_of(model),
        terms=tuple((words, some) for words, some in groups if some),
        activities=activities,
        idle=idle,
        bases=frozenset(one.inherited_from for one in model.clauses if one.inherited_from),
        numbers=tuple(
            Number(one, bar(one, model.clauses, dossier.organisation), sources.place(one.evidence))
            for one in model.thresholds
        ),
        barriers=tuple(Barrier(one, sources.place(one.evidence)) for one in model.limitations),
        findings=tuple(sorted(_once(entry.findings), key=_weight)),
        gaps=tuple(_open(model.gaps)),
        claims=tuple(_claims(model.license.claims)),
        drawing=draw(name_of(model), model.level, model.lineage),
        sources=sources,
    )


def name_of(model: Assessment) -> str:
    """What to call a model: its reference without revision; models of the Hub without scheme."""
    return plain(str(model.ref.at(None)))


def plain(name: str) -> str:
    """A reference as people write it: models of the Hub without scheme."""
    return name.removeprefix("hf:")


def license_of(model: Assessment) -> str:
    """The license in a word or two, or why there is none."""
    known = model.license
    if known.spdx is None:
        return str(model.unknown_reason or "not established").replace("-", " ")
    return known.id if known.id and known.spdx.startswith("LicenseRef-") else known.spdx


def words_of(value: JsonValue) -> str:
    """A value of a clause in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(words_of, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _terms(key: str, clauses: Iterable[Clause], rules: Mapping[str, ClauseRule], sources: Sources) -> Iterator[Term]:
    numbers: dict[str, int] = {}
    for some in _together(clauses):
        first = some[0]
        number = numbers[first.id] = numbers.get(first.id, 0) + 1
        rule = rules.get(first.id)
        yield Term(
            anchor=f"{key}.{first.id}" if number == 1 else f"{key}.{first.id}.{number}",
            id=first.id,
            title=rule.title if rule else first.id,
            why=rule.why if rule else "",
            values=tuple((name.replace("_", " "), words_of(value)) for name, value in first.values.items()),
            on=tuple(dict.fromkeys(str(one) for clause in some for one in clause.on)),
            quote=first.quote,
            origins=tuple(dict.fromkeys(Origin(one.inherited_from, sources.place(one.evidence)) for one in some)),
        )


def _together(clauses: Iterable[Clause]) -> Iterator[list[Clause]]:
    """Clauses that say the same, those with words first."""
    found: dict[tuple[str, str], dict[str | None, list[Clause]]] = {}
    for clause in clauses:
        found.setdefault((clause.id, repr(clause.values)), {}).setdefault(clause.quote, []).append(clause)
    for worded in found.values():
        silent = worded.pop(None, [])
        for number, some in enumerate(worded.values()):
            yield some if number else [*some, *silent]
        if not worded:
            yield silent


def _group(term: Term, dossier: Dossier) -> ClauseGroup:
    rule = dossier.clauses.get(term.id)
    return rule.group if rule else ClauseGroup.OTHER


def _activities(
    obligations: Iterable[Obligation], anchors: Mapping[str, str]
) -> tuple[tuple[Activities, ...], tuple[Idle, ...]]:
    """The duties by activity, activities that ask for the same together; and those of what is not done, each once."""
    found: dict[str, list[Obligation]] = {"": [], **{activity: [] for activity in DOING}}
    for one in obligations:
        found[str(one.activity or "")].append(one)
    live: dict[tuple[Duty, ...], list[str]] = {}
    idle: dict[Duty, list[str]] = {}
    for activity, some in found.items():
        duties = tuple(_duties(some, anchors))
        if activity and all(one.status == "not-owed" for one in duties):
            for duty in duties:
                idle.setdefault(duty._replace(because=None), []).append(DOING[activity])
        elif duties:
            live.setdefault(duties, []).append(activity)
    return (
        tuple(Activities(_when(activities), duties) for duties, activities in live.items()),
        tuple(Idle(duty, tuple(doing)) for duty, doing in idle.items()),
    )


def _when(activities: Sequence[str]) -> str:
    if activities == [""]:
        return _ANY
    *first, last = (_DOING[one] if one else "use it at all" for one in activities)
    return f"If you {', '.join(first)} or {last}" if first else f"If you {last}"


def _duties(some: Iterable[Obligation], anchors: Mapping[str, str]) -> Iterator[Duty]:
    together: dict[Duty, list[str | None]] = {}
    for one in some:
        duty = Duty(one.text, one.status, one.because, one.words, one.carried, (), one.clause, anchors.get(one.clause))
        together.setdefault(duty, []).append(one.inherited_from)
    yield from (duty._replace(bases=tuple(dict.fromkeys(bases))) for duty, bases in together.items())


def _open(gaps: Iterable[Gap]) -> Iterator[Open]:
    """The gaps; what is open for the same reason stands together."""
    together: dict[tuple[GapId, str], list[str]] = {}
    for gap in gaps:
        together.setdefault((gap.id, gap.why), []).append(gap.what)
    for (kind, why), some in together.items():
        yield Open(kind, tuple(some), why)


def _claims(claims: Iterable[Claim]) -> Iterator[Claim]:
    """What is stated, once for each place: a card repeats its license among its tags."""
    seen = set()
    for one in claims:
        mark = one.place, one.subject, one.role, one.stated, one.expression, one.evidence.path
        if mark not in seen:
            seen.add(mark)
            yield one


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Of a model that is named in several places, each objection once; its places are told with the mentions."""
    seen = set()
    for one in findings:
        mark = one.rule, one.message, one.waiver
        if mark not in seen:
            seen.add(mark)
            yield one


def _weight(finding: Finding) -> tuple[bool, int]:
    return finding.waiver is not None, _SEVERITIES.index(finding.severity)

"""An audit as Markdown: for a ticket, a wiki, a repository. Words of others are words there, never markup."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO

from licscan.audit.dossier import Dossier, Entry
from licscan.audit.tables import quoted, values_of
from licscan.changes import words
from licscan.model import Change, Clause, Evidence, Finding, Gap, Level, ModelReview, Obligation
from licscan.organisation import DOING
from licscan.reports.markdown import safe
from licscan.text import count

_SHORT = 12
_ANY = "whatever you do"


def write(dossier: Dossier, stream: TextIO) -> None:
    """Write an audit as Markdown.

    Args:
        dossier: The audit; its entries are read twice, for the table and for the sections.
        stream: Where to.
    """
    for lines in (_head(dossier), _table(dossier), _general(dossier)):
        stream.writelines(f"{line}\n" for line in lines)
    for entry in dossier.entries:
        stream.writelines(f"{line}\n" for line in _section(entry, dossier))


def _head(dossier: Dossier) -> Iterator[str]:
    report, counted = dossier.report, dossier.report.summary
    yield "# License audit"
    yield ""
    yield "**licscan informs; it gives no legal advice.**"
    yield ""
    levels = Counter({level: _number(counted, "levels", level) for level in reversed(Level)})
    said = ", ".join(f"{number} {level}" for level, number in levels.items() if number)
    yield f"- {count(len(dossier.entries), 'model')}{f': {said}' if said else ''}"
    found = [(severity, _number(counted, "findings", severity)) for severity in ("error", "warning", "note")]
    told = ", ".join(count(number, severity) for severity, number in found if number) or "nothing"
    yield f"- policy {safe(dossier.policy)} objects to: {told}; let pass: {counted.get('waived', 0)}"
    decided = counted.get("reviews")
    states = decided.items() if isinstance(decided, dict) else ()
    yield f"- reviews: {', '.join(f'{number} {state}' for state, number in states if number) or 'none'}"
    yield f"- for {safe(dossier.organisation.name or 'an organisation that gave no name')}"
    yield from (f"- left out: {safe(one)}" for one in dossier.filters)
    tool, writer = report.tool, dossier.writer
    run = f"run {report.run}, " if report.run else ""
    looked = f"models looked at {report.created:%Y-%m-%d %H:%M} UTC"
    yield f"- rests on {run}{looked} by licscan {safe(tool.version)} with rules {safe(tool.rules)}"
    yield f"- written {dossier.created:%Y-%m-%d %H:%M} UTC by licscan {safe(writer.version)}, {safe(writer.rules)}"
    if dossier.earlier:
        earlier = dossier.earlier
        yield f"- changes are those since run {earlier.run} of {earlier.started:%Y-%m-%d %H:%M} UTC"
        yield from (f"- no longer there: {safe(one)}" for one in earlier.gone)


def _number(counted: object, part: str, name: str) -> int:
    some = counted.get(part) if isinstance(counted, dict) else None
    number = some.get(name) if isinstance(some, dict) else None
    return number if isinstance(number, int) else 0


def _table(dossier: Dossier) -> Iterator[str]:
    yield ""
    yield "| model | level | license | owed | errors | gaps | review |"
    yield "|---|---|---|---|---|---|---|"
    for entry in dossier.entries:
        model = entry.model
        owed = sum(one.status != "not-owed" for one in model.obligations)
        errors = sum(one.severity == "error" and one.waiver is None for one in entry.findings)
        cells = (_license(entry), str(owed), str(errors), str(len(model.gaps)), entry.review.state.value)
        yield f"| [{safe(_name(entry))}](#{entry.key}) | {' | '.join(map(safe, (model.level.value, *cells)))} |"


def _general(dossier: Dossier) -> Iterator[str]:
    """What belongs to no model: waivers, agreements, findings, gaps."""
    if dossier.waivers:
        yield from ("", "## Waivers", "")
    for one in dossier.waivers:
        waiver, state = one.waiver, "ended" if one.ended else "until"
        said = f"{waiver.approver}: {waiver.reason}, {state} {waiver.expires}; {count(one.used, 'finding')}"
        yield f"- {safe(waiver.rule)} for {safe(waiver.model)}: {safe(said)}"
    if dossier.contracts:
        yield from ("", "## Agreements", "")
    for two in dossier.contracts:
        made, state = two.agreement, "ended" if two.ended else "until"
        ends = f"{state} {made.expires}" if made.expires else "without end"
        said = f"{', '.join(made.models)} instead of {', '.join(made.replaces)}, {ends}; {count(two.used, 'finding')}"
        yield f"- {safe(made.reference)} with {safe(made.licensor)}: {safe(said)}"
    if dossier.general or dossier.gaps:
        yield from ("", "## Of no model", "")
        yield from map(_finding, dossier.general)
        yield from map(_gap, dossier.gaps)


def _section(entry: Entry, dossier: Dossier) -> Iterator[str]:
    model = entry.model
    yield from ("", f'<a id="{entry.key}"></a>', "", f"## {safe(_name(entry))}", "")
    reason = f" ({model.unknown_reason})" if model.unknown_reason else ""
    yield f"- level **{model.level}**{reason}: {safe('; '.join(model.level_reasons))}"
    yield f"- license {safe(_license(entry))}: {safe(model.license.title or 'none')}, match {model.license.match}"
    yield f"- freedom {model.license.freedom}, reciprocity {model.license.reciprocity}"
    yield f"- revision {safe(model.revision or 'none')}"
    if entry.text:
        yield f"- license text: {safe(_place(entry.text))}"
    yield from (f"- {safe(note)}" for note in model.notes)
    yield from (f"- named in {safe(f'{one.path}:{one.line}')}" for one in entry.mentions)
    yield from _part("Review", _review(entry))
    yield from _part("Findings", map(_finding, entry.findings))
    yield from _part("What to do", _duties(model.obligations))
    yield from _part("Thresholds and limitations", _limits(entry))
    yield from _part("Clauses", (_clause(one, dossier) for one in model.clauses))
    yield from _part("Statements", _statements(entry))
    yield from _part("Gaps", map(_gap, model.gaps))
    yield from _part(f"Changes since run {dossier.earlier.run}" if dossier.earlier else "", _changes(entry, dossier))


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", f"### {title}", "", *found)


def _review(entry: Entry) -> Iterator[str]:
    now = entry.review
    if not now.history:
        return
    yield f"- today **{now.state}**{f': {safe(now.because)}' if now.because else ''}"
    yield from (f"- {safe(_decision(one))}" for one in now.history)


def _decision(one: ModelReview) -> str:
    under = f", found under {one.concluded}" if one.concluded else ""
    until = f", until {one.expires}" if one.expires else ""
    text = f", text sha256 {one.text_sha256}" if one.text_sha256 else ""
    conditions = f"; on condition: {'; '.join(one.conditions)}" if one.conditions else ""
    seen = f"revision {one.revision or 'none'}, {one.license or 'no license established'}{text}"
    return f"{one.decided:%Y-%m-%d} {one.decision}{under} by {one.by}{until}: {one.reason}{conditions} ({seen})"


def _finding(one: Finding) -> str:
    place = f" at {one.path}:{one.line}" if one.line else f" at {one.path}" if one.path else ""
    said = f"{one.message}; to do: {one.remedy}{place}"
    where = f" ({safe(_place(one.evidence))})" if one.evidence else ""
    passed = f"; **let pass** by {safe(one.waiver)}" if one.waiver is not None else ""
    return f"- {one.severity} {safe(one.rule)}: {safe(said)}{where}{passed}"


def _duties(duties: Iterable[Obligation]) -> Iterator[str]:
    """A checklist by activity."""
    by_activity: dict[str, list[Obligation]] = {}
    for one in duties:
        by_activity.setdefault(one.activity or "", []).append(one)
    for activity, some in sorted(by_activity.items()):
        yield f"- {f'if you {DOING[activity]}' if activity else _ANY}:"
        for one in some:
            because = f" ({one.because})" if one.because else ""
            shown = f"; the words: {one.words}" if one.words and one.words not in one.text else ""
            said = f"{one.clause}: {one.text}{shown}{because}{_source(one.inherited_from)}"
            yield f"  - [ ] {one.status}: {safe(said)} ({safe(_place(one.evidence))})"


def _limits(entry: Entry) -> Iterator[str]:
    for one in entry.model.thresholds:
        yours = f"; yours: {one.yours}" if one.yours else ""
        because = f" ({one.because})" if one.because else ""
        said = f"{one.metric}: {one.limit}{yours}{because}, then {one.effect}{_source(one.inherited_from)}"
        yield f"- {one.status}: {safe(said)} ({safe(_place(one.evidence))})"
    for two in entry.model.limitations:
        yours = f"; yours: {two.yours}" if two.yours else ""
        said = f"{two.clause}: {two.text}{yours}{_source(two.inherited_from)}"
        yield f"- {two.status}: {safe(said)} ({safe(_place(two.evidence))})"


def _clause(one: Clause, dossier: Dossier) -> str:
    title = dossier.clauses[one.id].title if one.id in dossier.clauses else one.id
    values = f": {values_of(one.values)}" if one.values else ""
    said = f"{one.id}, {title}{values}{_source(one.inherited_from)}"
    return f"- {safe(said)} ({safe(_place(quoted(one)))})"


def _statements(entry: Entry) -> Iterator[str]:
    """Where licenses are stated, what contradicts what, what it comes from, its files, who reviewed the records."""
    model = entry.model
    for claim in model.license.claims:
        said = f"{claim.place}: {claim.stated} ({claim.expression or 'not recognised'})"
        yield f"- {safe(said)} ({safe(_place(claim.evidence))})"
    for conflict in model.conflicts:
        yield f"- conflict {safe(conflict.id)} about {safe(conflict.subject)}:"
        yield from (f"  - {safe(side.says)} ({safe(_place(side.evidence))})" for side in conflict.statements)
    for base in model.lineage:
        level = base.level or "not looked at"
        said = f"{base.relation} of {base.base}, {base.license or 'no license established'}, {level}"
        yield f"- {safe(said)} ({safe(_place(base.declared_by))})"
    for data in model.datasets:
        said = f"trained on {data.name}, {data.license or 'no license established'}"
        yield f"- {safe(said)} ({safe(_place(data.evidence))})"
    for file in model.files:
        digest = f"sha256 {file.sha256}" if file.sha256 else f"promised {file.promised or 'nothing'}"
        yield f"- {safe(f'{file.path}: {file.status}, {digest}')}"
    for record in entry.records:
        by = record.reviewed
        said = f"reviewed by {by.by} ({by.role}) on {by.on}" if by else "not reviewed"
        yield f"- {safe(f'record {record.id}: {record.title}, {said}')}"


def _gap(one: Gap) -> str:
    return f"- {one.id}: {safe(f'{one.what}: {one.why}; {one.id.remedy}')}"


def _changes(entry: Entry, dossier: Dossier) -> Iterator[str]:
    if dossier.earlier and entry.changes is None:
        yield "- new: that run did not look at it"
    elif dossier.earlier and not entry.changes:
        yield "- none"
    yield from (_change(one) for one in entry.changes or ())


def _change(one: Change) -> str:
    return f"- {safe(words(one))}{f' ({safe(_place(one.evidence))})' if one.evidence else ''}"


def _source(inherited_from: str | None) -> str:
    return f" (from {inherited_from})" if inherited_from else ""


def _place(one: Evidence | None) -> str:
    """Where something stands, and its words."""
    if one is None:
        return "no place"
    lines = "-".join(str(line) for line in dict.fromkeys(one.lines)) if one.lines else ""
    parts = (
        one.path or one.url or one.source,
        f"section {one.section}" if one.section else "",
        f"line {lines}" if lines else "",
        f"revision {one.revision[:_SHORT]}" if one.revision else "",
        f"sha256 {one.sha256}" if one.sha256 else "",
    )
    return ", ".join(filter(None, parts)) + (f': "{one.quote}"' if one.quote else "")


def _license(entry: Entry) -> str:
    license_ = entry.model.license
    return license_.spdx or entry.model.unknown_reason or "unknown"


def _name(entry: Entry) -> str:
    return str(entry.model.ref.at(None)).removeprefix("hf:")

"""The tables of an audit, for whoever sorts and counts: the same in CSV and in XLSX, made row by row.

No cell is a formula, whatever a model, a license or a waiver says: see `fits`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from licscan.audit.dossier import Dossier, Entry
from licscan.changes import words
from licscan.model import Clause, Evidence, Finding, ModelReview
from licscan.text import printable

Cell = str | int | float | None
Row = tuple[Cell, ...]

# What a spreadsheet takes for the begin of a formula, the wide forms of East Asian keyboards included.
_FORMULA = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")
_FORBIDDEN = re.compile("[\ufffe\uffff]")
# More does not fit into a cell of a spreadsheet.
_LONGEST = 32_000

_PLACE = ("source", "file", "section", "lines", "revision", "sha256", "url", "words there")


class Table(NamedTuple):
    """A table.

    Attributes:
        name: What the file or sheet is called.
        columns: Its columns.
        rows: The rows that one model has in it.
        first: The rows that stand before those of all models.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Entry], Iterator[Row]]
    first: tuple[Row, ...] = ()


def fits(text: str) -> str:
    """Text as a cell may hold it: nothing hidden or turned around, and said where it had to be cut."""
    shown = _FORBIDDEN.sub("?", printable(text))
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[:_LONGEST]}... ({len(shown) - _LONGEST} more characters)"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take text for a formula."""
    return _FORMULA.match(text) is not None


def tables(dossier: Dossier) -> tuple[Table, ...]:
    """The tables of an audit; each entry is to be given to all of them."""
    of_run = [(None, "gap", gap.id, None, gap.what, gap.why, gap.id.remedy, *_nowhere()) for gap in dossier.gaps]
    general = [_finding(None, one) for one in dossier.general]
    return (
        Table("models", _MODELS, _model),
        Table("terms", _TERMS, lambda entry: _terms(entry, dossier)),
        Table("findings", _FINDINGS, _findings, (*general, *of_run)),
        Table("reviews", _REVIEWS, _reviews),
        Table("sources", _SOURCES, _sources),
        Table("about", ("what", "value"), lambda _entry: iter(()), tuple(_about(dossier))),
    )


_MODELS = (
    *("model", "revision", "level", "why", "license", "license id", "title", "freedom", "reciprocity", "match"),
    *("text file", "text sha256", "owed", "to be told", "thresholds reached", "limitations that apply"),
    *("errors", "warnings", "notes", "let pass", "gaps", "conflicts", "bases", "files", "review", "review because"),
    *("decided by", "decided on", "expires", "changes", "notes of the model", "modality", "named in", "anchor"),
)


def _model(entry: Entry) -> Iterator[Row]:
    model, review = entry.model, entry.review.review
    told = [one.severity for one in entry.findings if one.waiver is None]
    duties = [one.status for one in model.obligations]
    license_ = model.license
    yield (
        _name(entry),
        model.revision,
        f"{model.level}{f' ({model.unknown_reason})' if model.unknown_reason else ''}",
        "; ".join(model.level_reasons),
        license_.spdx,
        license_.id,
        license_.title,
        license_.freedom,
        license_.reciprocity,
        license_.match,
        entry.text.path if entry.text else None,
        entry.text.sha256 if entry.text else None,
        duties.count("owed"),
        duties.count("tell-us"),
        sum(one.status == "reached" for one in model.thresholds),
        sum(one.status == "applies" for one in model.limitations),
        *(told.count(severity) for severity in ("error", "warning", "note")),
        len(entry.findings) - len(told),
        len(model.gaps),
        len(model.conflicts),
        "; ".join(f"{one.relation} of {one.base}" for one in model.lineage),
        len(model.files),
        entry.review.state,
        entry.review.because,
        review.by if review else None,
        f"{review.decided:%Y-%m-%d}" if review else None,
        str(review.expires) if review and review.expires else None,
        None if entry.changes is None else "; ".join(map(words, entry.changes)) or "none",
        "; ".join(model.notes),
        model.modality,
        "; ".join(f"{one.path}:{one.line}" for one in entry.mentions),
        entry.key,
    )


_TERMS = (
    *("model", "kind", "clause", "title", "text", "activities", "status", "because", "yours", "words to show"),
    *("inherited from", *_PLACE, "anchor"),
)


def _terms(entry: Entry, dossier: Dossier) -> Iterator[Row]:
    """Clauses, duties, thresholds and limitations."""
    model, name, key = entry.model, _name(entry), entry.key

    def row(kind: str, clause: str, text: str | None, cells: Iterable[Cell], evidence: Evidence) -> Row:
        title = dossier.clauses[clause].title if clause in dossier.clauses else clause
        return name, kind, clause, title, text, *cells, *_place(evidence), key

    for one in model.clauses:
        evidence = quoted(one)
        cells: Row = (", ".join(one.on), None, None, None, None, one.inherited_from)
        yield row("clause", one.id, values_of(one.values), cells, evidence)
    for duty in model.obligations:
        cells = (duty.activity or "any", duty.status, duty.because, None, duty.words, duty.inherited_from)
        yield row("obligation", duty.clause, duty.text, cells, duty.evidence)
    for limit in model.thresholds:
        cells = (None, limit.status, limit.because, limit.yours, limit.effect, limit.inherited_from)
        yield row("threshold", limit.clause, f"{limit.metric}: {limit.limit}", cells, limit.evidence)
    for bound in model.limitations:
        cells = (None, bound.status, None, bound.yours, None, bound.inherited_from)
        yield row("limitation", bound.clause, bound.text, cells, bound.evidence)


_FINDINGS = (
    *("model", "kind", "id", "severity", "what", "why", "to do", "let pass by", "fingerprint", "named in"),
    *(*_PLACE, "anchor"),
)


def _findings(entry: Entry) -> Iterator[Row]:
    """Findings, gaps, conflicts and changes: what somebody must look at."""
    name, model = _name(entry), entry.model
    yield from (_finding(entry, one) for one in entry.findings)
    for gap in model.gaps:
        yield name, "gap", gap.id, None, gap.what, gap.why, gap.id.remedy, *_nowhere(entry)
    for conflict in model.conflicts:
        for side in conflict.statements:
            where = (None, None, None, *_place(side.evidence), entry.key)
            yield name, "conflict", conflict.id, None, conflict.subject, side.says, None, *where
    for change in entry.changes or ():
        where = (None, None, None, *_place(change.evidence), entry.key)
        yield name, "change", change.id, None, words(change), None, None, *where


def _finding(entry: Entry | None, one: Finding) -> Row:
    named = f"{one.path}:{one.line}" if one.line else one.path
    name = _name(entry) if entry else str(one.model) if one.model else None
    head = (name, "finding", one.rule, one.severity, one.message, None, one.remedy, one.waiver)
    return *head, one.fingerprint, named, *_place(one.evidence), entry.key if entry else None


def _nowhere(entry: Entry | None = None) -> Row:
    return None, None, None, *_place(None), entry.key if entry else None


_REVIEWS = (
    *("model", "decision", "by", "on", "reason", "conditions", "expires", "license found", "revision seen"),
    *("license seen", "text sha256 seen", "run", "stands today", "anchor"),
)


def _reviews(entry: Entry) -> Iterator[Row]:
    for one in entry.review.history:
        yield _name(entry), *_decision(one), entry.review.state if one == entry.review.review else None, entry.key


def _decision(one: ModelReview) -> Row:
    conditions = "; ".join(one.conditions)
    ends = str(one.expires) if one.expires else None
    head = (one.decision.value, one.by, f"{one.decided:%Y-%m-%d %H:%M}", one.reason, conditions, ends)
    return *head, one.concluded, one.revision, one.license, one.text_sha256, one.run


_SOURCES = ("model", "kind", "what", "says", "status", *_PLACE, "anchor")


def _sources(entry: Entry) -> Iterator[Row]:
    """Where licenses are stated, what it comes from, its files, and who reviewed the records."""
    name, model, key = _name(entry), entry.model, entry.key
    for claim in model.license.claims:
        said: Row = (claim.place.value, claim.stated, claim.expression)
        yield name, "claim", *said, *_place(claim.evidence), key
    for base in model.lineage:
        said = (f"{base.relation} of {base.base}", base.license or "no license established", base.level or "not seen")
        yield name, "base", *said, *_place(base.declared_by), key
    for data in model.datasets:
        yield name, "dataset", data.name, data.license, "seen" if data.seen else "not seen", *_place(data.evidence), key
    for file in model.files:
        where = (model.source, file.path, None, None, model.revision, file.sha256, None, file.promised)
        yield name, "file", file.path, f"{file.format}, {file.size} bytes", file.status.value, *where, key
    for record in entry.records:
        by = record.reviewed
        said = (record.title, record.url, f"reviewed by {by.by} ({by.role}) on {by.on}" if by else "not reviewed")
        yield name, "record", *said, *_place(record.evidence), key


def _about(dossier: Dossier) -> Iterator[Row]:
    tool, writer = dossier.report.tool, dossier.writer
    yield "licscan informs; it gives no legal advice", None
    yield "written", f"{dossier.created:%Y-%m-%d %H:%M} UTC by {writer.name} {writer.version}"
    yield "models looked at", f"{dossier.report.created:%Y-%m-%d %H:%M} UTC by {tool.name} {tool.version}"
    yield "rules then", tool.rules
    yield "rules now", writer.rules
    yield "run", dossier.report.run
    yield "policy", f"{dossier.policy}: {dossier.policy_title}"
    yield "organisation", dossier.organisation.name
    yield "models", f"{len(dossier.entries)} of {dossier.total}"
    yield from (("left out", one) for one in dossier.filters)
    for one in dossier.waivers:
        state = "ended" if one.ended else "holds"
        said = f"{one.waiver.approver}: {one.waiver.reason}; until {one.waiver.expires}; {state}; {one.used} findings"
        yield f"waiver of {one.waiver.rule} for {one.waiver.model}", said
    for two in dossier.contracts:
        agreed = two.agreement
        ends = f"until {agreed.expires}" if agreed.expires else "without end"
        said = f"{', '.join(agreed.models)}: {', '.join(agreed.replaces)}; {ends}; {two.used} findings"
        yield f"agreement {agreed.reference} with {agreed.licensor}", said
    if dossier.earlier:
        yield "compared with", f"run {dossier.earlier.run} of {dossier.earlier.started:%Y-%m-%d %H:%M}"
        yield from (("no longer there", one) for one in dossier.earlier.gone)


def quoted(one: Clause) -> Evidence:
    """Where a clause stands, with its words."""
    return one.evidence.model_copy(update={"quote": one.quote}) if one.quote else one.evidence


def values_of(values: Mapping[str, object]) -> str:
    """The values of a clause in words."""
    shown = {name: ", ".join(map(str, one)) if isinstance(one, list) else str(one) for name, one in values.items()}
    return "; ".join(f"{name} {one}" for name, one in shown.items())


def _name(entry: Entry) -> str:
    return str(entry.model.ref.at(None)).removeprefix("hf:")


def _place(evidence: Evidence | None) -> Row:
    if evidence is None:
        return (None,) * len(_PLACE)
    lines = "-".join(str(line) for line in dict.fromkeys(evidence.lines)) if evidence.lines else None
    where = (evidence.source, evidence.path, evidence.section, lines, evidence.revision)
    return *where, evidence.sha256, evidence.url, evidence.quote

"""One model at length, for a terminal: why, what its license says, what is owed, what stays open."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from licscan.hub_renames import identity
from licscan.model import (
    Artefact,
    Artefacts,
    Assessment,
    Claim,
    Conflict,
    Dataset,
    Evidence,
    FilledFramework,
    Finding,
    Level,
    Limitation,
    Lineage,
    Mention,
    ModelRef,
    Obligation,
    Openness,
    Property,
    PropertyId,
    Threshold,
)
from licscan.reports import lines

_COLORS = {
    Level.FULLY_OPEN: "bold green",
    Level.PERMISSIVE: "green",
    Level.RESTRICTIVE: "yellow",
    Level.UNKNOWN: "magenta",
    Level.CLOSED: "red",
}
_SHORT = {Level.PERMISSIVE: "permissive"}
# What is stated of models and helps nobody to judge them; it is in the JSON.
_BESIDE = frozenset({PropertyId.TAG, PropertyId.CARD, PropertyId.CREATED, PropertyId.EMISSIONS})
_SHOWN = 5
_ALL = 5  # a duty of five activities is one of any use
_MATCHES = {"tag": "by name", "exact": "word for word", "modified": "altered", "none": "not at all"}
_RECORDS = "rules/licenses/"
_LONGEST_REVISION = 12
_SHOWN = 3
_ASKED = {"territory-exclusion": "your territories", "field-exclusion": "the fields that you work in"}


def _is_same(one: ModelRef, other: ModelRef) -> bool:
    return identity(one.scheme, one.name) == identity(other.scheme, other.name)


def section(console: Console, model: Assessment, mentions: Iterable[Mention], findings: Iterable[Finding]) -> None:
    """Write everything that is so about one model.

    Args:
        console: Where to.
        model: The model.
        mentions: Where models are named.
        findings: What the policy objects to in it.
    """
    console.print()
    console.print(Text.assemble(lines.harmless(name_of(model), "bold"), "  ", level_of(model.level, short=False)))
    rows: list[tuple[str, str]] = [("why", reason) for reason in model.level_reasons]
    rows += [("named in", f"{one.path}:{one.line}") for one in mentions if _is_same(one.ref, model.ref)]
    rows += [("license", _license_line(model))]
    rows += [("note", note) for note in model.notes]
    rows += [("stated", _claim_line(claim)) for claim in model.license.claims]
    rows += [("model", _property(one)) for one in model.properties if one.id not in _BESIDE]
    rows += [("base", _base(link)) for link in model.lineage]
    rows += [("data", f"{one.name}: {_data(one)}") for one in model.datasets]
    rows += [("artefacts", line) for line in _artefacts(model)]
    rows += [("openness", line) for line in _openness(model)]
    rows += [("threshold", _threshold(one)) for one in model.thresholds]
    rows += [("limit", _limit(one)) for one in model.limitations]
    rows += [("owed", line) for line in _duties(model)]
    rows += [("open", f"{gap.what}: {gap.why} ({gap.id.remedy})") for gap in model.gaps]
    rows += [("objection", _objection(finding)) for finding in findings]
    label = max(len(name) for name, _ in rows)
    previous = ""
    for name, line in rows:
        for number, part in enumerate(lines.wrapped(line, console.width - label - 3)):
            shown = name if number == 0 and name != previous else ""
            console.print(Text.assemble((f"  {shown:<{label}} ", "dim"), part))
        previous = name
    if model.conflicts:
        lines.say(console, "statements that exclude each other:", 2)
        statements(console, model.conflicts)


def _duties(model: Assessment) -> Iterator[str]:
    """Each duty once, with the activities that trigger it and the bases that it comes from."""
    duties: dict[str, list[Obligation]] = {}
    for duty in model.obligations:
        duties.setdefault(duty.text, []).append(duty)
    for text, some in duties.items():
        # What somebody does not do need not be told beside what they owe for what they do.
        asked = [duty for duty in some if duty.status != "not-owed"] or some
        when = list(dict.fromkeys(str(duty.activity) for duty in asked if duty.activity))
        shown = ", ".join(when) if 0 < len(when) < _ALL else "any use"
        places = ", ".join(dict.fromkeys(_place(duty.evidence) for duty in some))
        bases = list(dict.fromkeys(duty.inherited_from for duty in some if duty.inherited_from))
        also = "also " if any(duty.inherited_from is None for duty in some) else ""
        source = f" ({also}from {', '.join(bases)})" if bases else ""
        statuses = {duty.status for duty in asked}
        state = "not owed: " if statuses == {"not-owed"} else "" if "owed" in statuses else "tell us: "
        reasons = "; ".join(dict.fromkeys(duty.because for duty in asked if duty.because))
        name = "; this model's name does not carry it" if any(duty.carried is False for duty in some) else ""
        yield f"{state}{text} [{shown}] ({places}){source}{f'; {reasons}' if reasons else ''}{name}"


def _property(one: Property) -> str:
    """What is stated of what it is and does; a long list cut short."""
    more = f" and {len(one.values) - _SHOWN} more" if len(one.values) > _SHOWN else ""
    return f"{one.id.value.replace('-', ' ')} {', '.join(one.values[:_SHOWN])}{more} ({_place(one.evidence)})"


def _artefacts(model: Assessment) -> Iterator[str]:
    """What was published, with the page that says so; nothing where nothing is known."""
    for name in Artefacts.model_fields:
        artefact: Artefact = getattr(model.artefacts, name)
        if artefact.state is not Openness.UNKNOWN:
            note = f": {artefact.note}" if artefact.note else ""
            where = f" ({_place(artefact.evidence)})" if artefact.evidence else ""
            yield f"{name.replace('_', ' ')} {artefact.state}{note}{where}"


def _place(evidence: Evidence) -> str:
    """Where something stands: the page, or the file with its section or line; what rules cite was not fetched."""
    path = evidence.path or evidence.source
    if path.startswith(_RECORDS):
        path = path.removeprefix(_RECORDS).removesuffix(".yaml")
    line = f":{evidence.lines[0]}" if evidence.lines and not evidence.section else ""
    if evidence.url and evidence.source == "rules":
        return f"{path}{line}, which cites {evidence.url}"
    return evidence.url or f"{path}{line}{', ' + evidence.section if evidence.section else ''}"


def _license_line(model: Assessment) -> str:
    known = model.license
    if known.title is None:
        return f"not established: {model.unknown_reason}" if model.unknown_reason else "not established"
    how = f"freedom {known.freedom}, reciprocity {known.reciprocity}; recognised {_MATCHES[known.match]}"
    review = known.reviewed
    looked = f"; record reviewed by {review.role} ({review.by}, {review.on})" if review else ""
    return f"{known.title}, {known.spdx}; {how}{looked}"


def _claim_line(claim: Claim) -> str:
    where = claim.evidence.path or claim.evidence.source
    line = f":{claim.evidence.lines[0]}" if claim.evidence.lines else ""
    meaning = "" if claim.expression == claim.stated else f" -> {claim.expression or 'not recognised'}"
    return f"{claim.place}, for {claim.subject}: {claim.stated}{meaning} ({where}{line})"


def _openness(model: Assessment) -> Iterator[str]:
    """The requirements of the Open Source AI Definition, and the class of the Model Openness Framework."""
    words = {True: "met", False: "not met", None: "not established"}
    required = {"data information": model.osaid.data_information, "code": model.osaid.code}
    required["parameters"] = model.osaid.parameters
    shown = ", ".join(f"{name} {words[met]}" for name, met in required.items())
    yield f"Open Source AI Definition 1.0: {shown}"
    if model.mof.progress is not None:
        progress = ", ".join(f"{value:.0f} % of class {name}" for name, value in model.mof.progress.items())
        yield f"Model Openness Framework, by the descriptor given: class {model.mof.class_ or 'none'}; {progress}"
    if model.mof.filled and model.mof.filled.components:
        yield from _filled(model.mof.filled)


def _filled(filled: FilledFramework) -> Iterator[str]:
    """The framework filled from what was found, said to be no more than that."""
    progress = ", ".join(f"{value:.0f} % of class {name}" for name, value in filled.progress.items())
    yield (
        f"Model Openness Framework, filled from evidence (a lower bound, no claim of the publisher's): "
        f"class {filled.class_ or 'none'}; {progress}"
    )
    for one in filled.components:
        license_ = f", {one.license}" if one.license else ""
        where = "; ".join(dict.fromkeys(map(_place, one.evidence[:_SHOWN])))
        yield f"{one.name}: {one.state.replace('-', ' ')}{license_}: {one.why} ({where})"
    for words, names in (("nothing found", filled.nothing_found), ("not looked at", filled.not_looked_at)):
        if names:
            yield f"{words}: {', '.join(names)}"
    yield from (f"{gap.what}: {gap.why} ({gap.id.remedy})" for gap in filled.gaps)


def _threshold(one: Threshold) -> str:
    status = f"tell us your {one.metric.replace('_', ' ')}" if one.status == "tell-us" else one.status
    yours = f"; yours: {one.yours}" if one.yours else ""
    because = f" ({one.because})" if one.because else ""
    return f"applies {one.limit}{yours}; {status}{because} ({_place(one.evidence)}){_source(one.inherited_from)}"


def _limit(one: Limitation) -> str:
    states = {"applies": "applies to you", "does-not-apply": "does not apply to you"}
    asked = _ASKED.get(one.clause, "what you do with it")
    state = f"tell us {asked}" if one.status == "tell-us" else states[one.status]
    yours = f" ({one.yours})" if one.yours else ""
    return f"{one.text}; {state}{yours} ({_place(one.evidence)}){_source(one.inherited_from)}"


def _source(inherited_from: str | None) -> str:
    return f" (from {inherited_from})" if inherited_from else ""


def _base(link: Lineage) -> str:
    of = f", base of {link.child}" if link.child else ""
    license_ = f", {link.license}" if link.license else ""
    return f"{link.base} ({link.relation}{of}): {link.level or 'not looked at'}{license_}"


def _data(one: Dataset) -> str:
    return f"{one.license}, {one.freedom}" if one.license else "no license established" if one.seen else "not looked at"


def _objection(finding: Finding) -> str:
    waived = f"; let pass by {finding.waiver}" if finding.waiver else ""
    return f"{finding.severity} {finding.rule}: {finding.remedy}{waived}"


def statements(console: Console, conflicts: Iterable[Conflict]) -> None:
    """The sides of each conflict, the working reading first."""
    for conflict in conflicts:
        for number, statement in enumerate(conflict.statements):
            where = statement.evidence.path or statement.evidence.source
            line = f":{statement.evidence.lines[0]}" if statement.evidence.lines else ""
            mark = "read as" if number == 0 else "against"
            if conflict.id == "checksum":
                # What is so of a file on this disk stands last, and what others promise of it before.
                mark = "is" if statement is conflict.statements[-1] else "promised"
                where = statement.evidence.source
            lines.say(console, f"{mark} {statement.says}, in {where}{line}", 4)


def name_of(model: Assessment) -> str:
    """What to call a model in a table."""
    # The digest of a folder tells a reader nothing; a commit, a tag or a day does.
    revision = model.ref.revision or ""
    shown = "" if revision.startswith("tree-") else f"@{revision[:_LONGEST_REVISION]}" if revision else ""
    ref = model.ref.at(None)
    return f"{ref.name if ref.scheme == 'hf' else ref}{shown}"


def license_of(model: Assessment) -> str:
    """The license in a word or two, or why there is none."""
    known = model.license
    if known.spdx is None:
        return str(model.unknown_reason or "-")
    return known.id if known.id and known.spdx.startswith("LicenseRef-") else known.spdx


def level_of(level: Level, *, short: bool) -> Text:
    """The level, in its color."""
    return Text(shown(level, short=short), style=_COLORS[level])


def shown(level: Level, *, short: bool) -> str:
    """The level in a word."""
    return _SHORT.get(level, level.value) if short else level.value

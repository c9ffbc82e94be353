"""What formats of others have no field for, as pairs in the `licscan:` namespace (docs/manifest-properties.md)."""

import json
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from licscan.bom.words import line
from licscan.formats.modality import kinds_of, modality_of
from licscan.manifest.bill import Component, Duty, Related
from licscan.model import Artefacts, Assessment, Claim, Clause, Evidence, Licensing, Property, PropertyId

Pair = tuple[str, str]
_MACHINES = "hardware_used: "


def of_model(component: Component) -> Iterator[Pair]:
    """Everything that is so about a model beyond what other formats have fields for."""
    model = component.assessment
    yield "licscan:ref", line(str(model.ref))
    yield "licscan:source", line(model.source)
    yield "licscan:level", model.level.value
    yield from (("licscan:level:reason", line(reason)) for reason in model.level_reasons)
    if model.unknown_reason:
        yield "licscan:unknown-reason", model.unknown_reason.value
    yield from (("licscan:modality", kind) for kind in _modalities(model.modality, model.properties))
    yield from _stated(model.properties)
    yield from _dates(component)
    yield from _license(model.license)
    yield from (("licscan:license:text", _text(text.symbol, text.title, text.evidence)) for text in component.texts)
    yield from ((f"licscan:clause:{line(clause.id)}", _clause(clause)) for clause in model.clauses)
    yield from ((f"licscan:obligation:{line(duty.clause)}", _duty(duty)) for duty in component.duties)
    yield from _limits(model)
    yield from _openness(model, model.artefacts)
    yield from _lineage(component)
    yield from (("licscan:change", line(change)) for change in component.changes)
    yield from (("licscan:copyright", line(holder)) for holder in component.copyrights)
    yield from (("licscan:note", line(note)) for note in model.notes)
    for conflict in model.conflicts:
        sides: list[JsonValue] = [line(side.says) for side in conflict.statements]
        yield f"licscan:conflict:{line(conflict.id)}", _json({"subject": line(conflict.subject), "statements": sides})
    for gap in dict.fromkeys((*model.gaps, *component.gaps)):
        yield f"licscan:gap:{gap.id.value}", line(f"{gap.what}: {gap.why}")


def of_related(related: Related) -> Iterator[Pair]:
    """What is known of a model or dataset that a model comes from."""
    yield "licscan:ref", line(related.name)
    if related.level:
        yield "licscan:level", related.level.value
    yield "licscan:declared-by", _where(related.evidence)
    yield "licscan:looked-at", "in part" if related.license else "no"
    if facts := related.facts:
        yield from (("licscan:modality", kind) for kind in _modalities(facts.modality, facts.properties))
        yield from _stated(facts.properties)


def of_training(emissions: Iterable[str]) -> Iterator[Pair]:
    """What a card says of the emissions of a training, and of the machines that it ran on."""
    for one in emissions:
        yield "licscan:computation" if one.startswith(_MACHINES) else "licscan:emissions", one


def _modalities(known: str | None, properties: Iterable[Property]) -> Iterator[str]:
    """What it works on; where only tasks say it, as of data, what these work on."""
    tasks = (value for one in properties if one.id is PropertyId.TASK for value in one.values)
    found = [known] if known else [kind for kind in map(modality_of, tasks) if kind]
    yield from map(line, dict.fromkeys(found))


def _stated(properties: Iterable[Property]) -> Iterator[Pair]:
    """What is stated of what it is and does, each followed by where; what follows from the task has no place but it."""
    told: set[Pair] = set()
    for one in properties:
        values = [line(value) for value in one.values]
        pairs = [(f"licscan:{one.id}", value) for value in values]
        if one.id is PropertyId.EMISSIONS:
            pairs = list(of_training(values))
        elif one.id is PropertyId.TASK:
            inputs, outputs = kinds_of(values[0])
            pairs += [("licscan:input", kind) for kind in inputs] + [("licscan:output", kind) for kind in outputs]
        pairs.append((f"licscan:{one.id}:at", _where(one.evidence)))
        yield from (pair for pair in pairs if pair not in told)
        told.update(pairs)


def _dates(component: Component) -> Iterator[Pair]:
    facts = component.facts
    if facts and facts.published:
        yield "licscan:released", facts.published.isoformat()
    if facts and facts.access:
        yield "licscan:access", facts.access.value
    if facts and facts.origin:
        yield "licscan:origin", line(facts.origin)


def _license(known: Licensing) -> Iterator[Pair]:
    if known.id:
        yield "licscan:license:record", line(known.id)
    if known.title:
        yield "licscan:license:title", line(known.title)
    if known.spdx:
        yield "licscan:license:expression", line(known.spdx)
    yield "licscan:license:freedom", known.freedom.value
    yield "licscan:license:reciprocity", known.reciprocity.value
    yield "licscan:license:match", known.match
    yield "licscan:license:confidence", f"{known.confidence:.2f}"
    if known.candidate:
        yield "licscan:license:candidate", known.candidate.value
    if known.reviewed:
        yield "licscan:license:reviewed", line(f"{known.reviewed.role}: {known.reviewed.by}, {known.reviewed.on}")
    yield from (("licscan:license:claim", _claim(claim)) for claim in known.claims)


def _claim(claim: Claim) -> str:
    fields: dict[str, JsonValue] = {
        "subject": claim.subject.value,
        "role": claim.role.value,
        "place": claim.place.value,
        "stated": line(claim.stated),
    }
    if claim.expression:
        fields["expression"] = line(claim.expression)
    return _json({**fields, "at": _where(claim.evidence)})


def _text(symbol: str | None, title: str, evidence: Evidence | None) -> str:
    fields: dict[str, JsonValue] = {"title": line(title)}
    if symbol:
        fields["symbol"] = line(symbol)
    if evidence and evidence.sha256:
        fields["sha256"] = evidence.sha256
    return _json({**fields, "at": _where(evidence) if evidence else "not at hand"})


def _clause(clause: Clause) -> str:
    fields: dict[str, JsonValue] = {"values": _clean(clause.values)}
    if clause.on:
        fields["on"] = [activity.value for activity in clause.on]
    if clause.inherited_from:
        fields["inherited_from"] = line(clause.inherited_from)
    if clause.evidence.section:
        fields["section"] = line(clause.evidence.section)
    return _json({**fields, "at": _where(clause.evidence)})


def _duty(duty: Duty) -> str:
    fields: dict[str, JsonValue] = {"text": line(duty.text)}
    if duty.words:
        fields["words"] = line(duty.words)
    if duty.activities:
        fields["on"] = [activity.value for activity in duty.activities]
    if duty.condition:
        fields["condition"] = line(duty.condition)
    if duty.inherited_from:
        fields["inherited_from"] = line(duty.inherited_from)
    return _json({**fields, "license": line(duty.license)})


def _limits(model: Assessment) -> Iterator[Pair]:
    for number in model.thresholds:
        fields: dict[str, JsonValue] = {
            "clause": line(number.clause),
            "limit": line(number.limit),
            "effect": line(number.effect),
            "status": number.status,
        }
        if number.inherited_from:
            fields["inherited_from"] = line(number.inherited_from)
        yield f"licscan:threshold:{line(number.metric)}", _json(fields)
    for limit in model.limitations:
        fields = {"text": line(limit.text), "status": limit.status}
        if limit.inherited_from:
            fields["inherited_from"] = line(limit.inherited_from)
        yield f"licscan:limitation:{line(limit.clause)}", _json(fields)


def _openness(model: Assessment, artefacts: Artefacts) -> Iterator[Pair]:
    for name in ("weights", "data", "data_information", "code", "recipe"):
        artefact = getattr(artefacts, name)
        note = f": {line(artefact.note)}" if artefact.note else ""
        yield f"licscan:artefact:{name.replace('_', '-')}", f"{artefact.state.value}{note}"
    for name, met in (
        ("data-information", model.osaid.data_information),
        ("code", model.osaid.code),
        ("parameters", model.osaid.parameters),
    ):
        yield f"licscan:osaid:{name}", "not established" if met is None else "met" if met else "not met"
    if model.mof.class_ is not None:
        yield "licscan:mof:class", str(model.mof.class_)
    for name, progress in sorted((model.mof.progress or {}).items()):
        yield f"licscan:mof:progress:{line(name)}", f"{progress:g}"


def _lineage(component: Component) -> Iterator[Pair]:
    for base in component.bases:
        fields: dict[str, JsonValue] = {"base": line(base.name)}
        if base.child:
            fields["child"] = line(base.child)
        if base.license:
            fields["license"] = line(base.license)
        if base.level:
            fields["level"] = base.level.value
        yield f"licscan:lineage:{base.relation or 'unstated'}", _json({**fields, "at": _where(base.evidence)})
    for data in component.datasets:
        fields = {"dataset": line(data.name)}
        if data.license:
            fields["license"] = line(data.license)
        yield "licscan:lineage:trained-on", _json({**fields, "at": _where(data.evidence)})


def _where(evidence: Evidence) -> str:
    place = evidence.path or evidence.url or ""
    lines = f":{evidence.lines[0]}" if evidence.lines else ""
    return line(f"{evidence.source} {place}{lines}".strip())


def _clean(value: JsonValue) -> JsonValue:
    """The same value with every text on one line."""
    if isinstance(value, str):
        return line(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {line(key): _clean(one) for key, one in value.items()}
    return value


def _json(fields: dict[str, JsonValue]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

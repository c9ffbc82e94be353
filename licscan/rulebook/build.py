"""From the fields of a rule file to its record: evidence added, values of clauses given their types."""

import datetime
import re
from collections import Counter
from collections.abc import Mapping

from pydantic import JsonValue

from licscan.model import Artefacts, License
from licscan.rulebook.families import ModelFacts
from licscan.rulebook.patterns import Patterns
from licscan.rulebook.providers import Provider
from licscan.rulebook.reader import RuleFile
from licscan.rulebook.records import ClauseFile, ClauseRule, ClauseValue, ValueType
from licscan.text import count

Clauses = Mapping[str, ClauseRule]

_PLACE = re.compile(r"\{(\w+)\}")


def clause_rule(file: RuleFile, patterns: Patterns) -> ClauseRule:
    """A clause type; one that searches texts proves itself with examples of both kinds.

    Args:
        file: Its file.
        patterns: Where its patterns are gathered.
    """
    fields = dict(file.fields)
    stated = fields.get("find")
    if isinstance(stated, list):
        fields["find"] = [{"pattern": one} if isinstance(one, str) else one for one in stated]
    rule = file.make(ClauseFile, fields)
    if rule.find and not (rule.examples.match and rule.examples.ignore):
        raise file.refusal(("find",), "has no proof", "give at least one example to match and one to ignore")
    if rule.status == "stable" and not rule.find:
        raise file.refusal(("status",), "is stable, but nothing is searched for", "write `find`, or keep it a draft")
    for place in _PLACE.findall(rule.obligation or ""):
        if place not in rule.values:
            raise file.refusal(("obligation",), f"names {{{place}}}, which is no value of this clause", "add it")
    patterns.add(file, rule)
    return ClauseRule.model_validate({name: getattr(rule, name) for name in ClauseRule.model_fields})


def license_record(file: RuleFile, clauses: Clauses) -> License:
    """A license record with its clauses' values typed and its evidence attached."""
    fields = dict(file.fields)
    fields["evidence"] = file.evidence()
    stated = fields.get("clauses") or []
    if not isinstance(stated, list):
        raise file.refusal(("clauses",), "is no list", "write one `- id: ...` per clause")
    if "reviewed" not in fields:
        raise file.refusal(("reviewed",), "is missing", "say who looked at it: {by, role, on}")
    if "copy_of" in fields:
        raise file.refusal(("copy_of",), "is no key of this record", "remove it")
    fields["clauses"] = [_recorded_clause(file, clauses, index, entry) for index, entry in enumerate(stated)]
    made = file.make(License, fields)
    _every_quote_is_of_a_clause(file, made)
    return made


def _every_quote_is_of_a_clause(file: RuleFile, record: License) -> None:
    """Places that were found before clauses were added or taken away would show one clause in the words of another."""
    stated = Counter(clause.id for clause in record.clauses)
    for index, one in enumerate(record.fingerprints):
        for said in filter(None, one.quotes.split(", ")):
            name, *places = said.split(" ")
            if len(places) != stated[name]:
                what = (
                    f"has {count(len(places), 'place')} of {name}, and the record {count(stated[name], 'clause')} of it"
                )
                remedy = "find them anew, as CONTRIBUTING.md says, or take the places away"
                raise file.refusal(("fingerprints", index, "quotes"), what, remedy)
            if any(int(last) >= one.letters for last in (place.partition("-")[2] for place in places) if last):
                raise file.refusal(
                    ("fingerprints", index, "quotes"), "goes beyond the last letter", "find the places anew"
                )


def model_facts(file: RuleFile) -> tuple[ModelFacts, ...]:
    """All families of one organization's file."""
    stated = file.fields.get("families")
    if not isinstance(stated, list):
        raise file.refusal(("families",), "is no list", "write one `- id: ...` per family")
    for key in file.fields.keys() - {"id", "title", "families", "reviewed"}:
        raise file.refusal((key,), "is no key of this record", "remove it")
    return tuple(_family(file, index, entry) for index, entry in enumerate(stated))


def _family(file: RuleFile, index: int, entry: object) -> ModelFacts:
    at = ("families", index)
    if not isinstance(entry, dict):
        raise file.refusal(at, "is no mapping", "write `key: value` lines")
    fields = {"reviewed": file.fields.get("reviewed"), **entry, "evidence": file.evidence(at, url=entry.get("url"))}
    fields.pop("url", None)
    artefacts = entry.get("artefacts") or {}
    if not isinstance(artefacts, dict):
        raise file.refusal((*at, "artefacts"), "is no mapping", f"write {', '.join(Artefacts.model_fields)}")
    fields["artefacts"] = {
        name: _artefact(file, (*at, "artefacts", name), stated) for name, stated in artefacts.items()
    }
    return file.make(ModelFacts, fields, at)


def _artefact(file: RuleFile, at: tuple[str | int, ...], stated: object) -> object:
    """`data: none`, or `data: {state: open, note: ..., url: ...}`."""
    if isinstance(stated, dict):
        url = stated.get("url")
        rest = {key: value for key, value in stated.items() if key != "url"}
        return {**rest, "evidence": file.evidence(at, url=url)}
    return {"state": stated, "evidence": file.evidence(at)}


def provider(file: RuleFile) -> Provider:
    """A provider with what the names mean under which it offers models, each with its evidence."""
    url = file.fields.get("url")
    stated = file.fields.get("models") or []
    if not isinstance(stated, list):
        raise file.refusal(("models",), "is no list", "write one `- {names: [...], hub: ...}` per kind of name")
    models = [_offered(file, index, entry) for index, entry in enumerate(stated)]
    rewrites = file.fields.get("rewrites") or []
    if not isinstance(rewrites, list):
        raise file.refusal(("rewrites",), "is no list", "write expressions, or `{find: ..., put: ...}`")
    rewrites = [{"find": one} if isinstance(one, str) else one for one in rewrites]
    evidence = file.evidence(url=url if isinstance(url, str) else None)
    return file.make(Provider, {**file.fields, "models": models, "rewrites": rewrites, "evidence": evidence})


def _offered(file: RuleFile, index: int, entry: object) -> dict[str, object]:
    at = ("models", index)
    if not isinstance(entry, dict):
        raise file.refusal(at, "is no mapping", "write {names: [...], hub: ...} or {names: [...], closed: true}")
    fields = {key: value for key, value in entry.items() if key != "url"}
    url = entry.get("url", file.fields.get("url"))
    return {**fields, "evidence": file.evidence(at, url=url if isinstance(url, str) else None)}


def _recorded_clause(file: RuleFile, clauses: Clauses, index: int, entry: object) -> dict[str, object]:
    at = ("clauses", index)
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise file.refusal(at, "has no id", "write `- id: <clause type>`")
    rule = clauses.get(entry["id"])
    if rule is None:
        raise file.refusal((*at, "id"), f"{entry['id']!r} is no clause type", "see rules/clauses")
    for key in entry.keys() - {"id", "values", "on", "section"}:
        raise file.refusal((*at, key), "is no key of a recorded clause", "use id, values, on, section")
    return {
        "id": rule.id,
        "values": _values(file, rule, (*at, "values"), entry.get("values") or {}),
        "on": entry.get("on") or rule.on,
        "evidence": file.evidence(at, section=entry.get("section")),
    }


def _values(file: RuleFile, rule: ClauseRule, at: tuple[str | int, ...], stated: object) -> dict[str, JsonValue]:
    if not isinstance(stated, dict):
        raise file.refusal(at, "is no mapping", f"give {', '.join(rule.values) or 'nothing'}")
    for key in stated.keys() - rule.values.keys():
        known = ", ".join(rule.values) or "no values"
        raise file.refusal((*at, key), f"is no value of {rule.id}", f"it has {known}")
    for key, spec in rule.values.items():
        if spec.required and key not in stated:
            raise file.refusal(at, f"{rule.id} needs {key}", "add it")
    return {key: _typed(file, (*at, key), rule.values[key], value) for key, value in stated.items()}


def _typed(file: RuleFile, at: tuple[str | int, ...], spec: ClauseValue, value: object) -> JsonValue:
    items = value if isinstance(value, list) else None
    if spec.type is ValueType.LIST:
        if items is not None and all(isinstance(item, str) for item in items):
            return items
        raise file.refusal(at, "is no list of words", "write [one, two]")
    if not isinstance(value, str):
        raise file.refusal(at, "is no single value", f"write one {spec.type}")
    try:
        return _scalar(spec, value)
    except ValueError as error:
        raise file.refusal(at, f"{value!r} is no {spec.type}", str(error)) from error


def _scalar(spec: ClauseValue, value: str) -> JsonValue:
    match spec.type:
        case ValueType.COUNT:
            if not re.fullmatch(r"\d[\d_]*", value):
                raise ValueError("write plain digits")
            return int(value)
        case ValueType.FLAG:
            if value not in {"true", "false"}:
                raise ValueError("write true or false")
            return value == "true"
        case ValueType.DATE:
            return datetime.date.fromisoformat(value).isoformat()
        case ValueType.CHOICE if value not in spec.of:
            raise ValueError(f"choose one of {', '.join(spec.of)}")
        case _:
            return value

"""One model of a lock: from the JSON of its assessment to what is worth a line, and back to the shape of an assessment.

What depends on an organisation (whether a number is reached, whether a limitation applies) is no part of an entry: the
lock lies in a repository, and those facts need not.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Entry = Mapping[str, Any]
Plain = Mapping[str, Any]

QUOTE = 160

_EVIDENCE = ("source", "path", "url", "revision", "sha256", "section", "lines", "quote")
_LICENSE: dict[str, Any] = {
    "id": None,
    "title": None,
    "spdx": None,
    "freedom": "unknown",
    "reciprocity": "none",
    "match": "none",
    "confidence": 0.0,
    "candidate": None,
    "reviewed": None,
}
_CLAIM: dict[str, Any] = {"subject": "weights", "role": "license", "expression": None, "confidence": 0.0}
_CLAUSE: dict[str, Any] = {"values": {}, "on": [], "quote": None, "inherited_from": None}
_DUTY: dict[str, Any] = {"status": "owed", "because": None, "words": None, "carried": None, "inherited_from": None}
_BASE: dict[str, Any] = {"level": None, "child": None, "license": None, "binds": True}
_DATASET: dict[str, Any] = {"license": None, "freedom": "unknown", "seen": False}
_FILE: dict[str, Any] = {"sha256": None, "sha512": None, "promised": None, "status": "unverified"}
_ARTEFACT: dict[str, Any] = {"state": "unknown", "note": None, "license": None}
_ARTEFACTS = ("weights", "data", "data_information", "code", "recipe")


def entry_of(ref: str, model: Plain, as_of: str, changes: Iterable[Plain] = ()) -> dict[str, Any]:
    """What a lock keeps of a model.

    Args:
        ref: The reference as it is named.
        model: The JSON of its assessment, made without facts of any organisation.
        as_of: The day.
        changes: What changed since it was last accepted.
    """
    license_ = model["license"]
    entry: dict[str, Any] = {
        "ref": ref,
        "commit": model["revision"],
        "as_of": as_of,
        "level": model["level"],
        "license": {**_slim(license_, _LICENSE), "text": _text_digest(license_)},
        "name": model["name"],
        "source": model["source"],
        "modality": model["modality"],
        "unknown": model["unknown_reason"],
        "reasons": list(model["level_reasons"]),
        "changes": [_with(one, {"before": None, "after": None}, "evidence") for one in changes],
        "claims": [_with(one, _CLAIM, "evidence") for one in license_["claims"]],
        "clauses": [_clause(one) for one in model["clauses"]],
        "obligations": list(_duties(model["obligations"])),
        "artefacts": {key: _artefact(one) for key, one in model["artefacts"].items() if one["state"] != "unknown"},
        "osaid": {key: value for key, value in model["osaid"].items() if value is not None},
        "mof": {key: model["mof"][key] for key in ("class", "progress") if model["mof"][key] is not None},
        "notes": list(model["notes"]),
        "lineage": [_with(one, _BASE, "declared_by") for one in model["lineage"]],
        "datasets": [_with(one, _DATASET, "evidence") for one in model["datasets"]],
        "files": [
            {key: value for key, value in _slim(one, _FILE).items() if key != "header"} for one in model["files"]
        ],
        "conflicts": [_conflict(one) for one in model["conflicts"]],
        "gaps": [_slim(one, {"unfinished": False, "passing": False}) for one in model["gaps"]],
    }
    return {key: value for key, value in entry.items() if value not in (None, [], {})}


def _slim(one: Plain, defaults: Plain) -> dict[str, Any]:
    """The fields that are not what they are anyway; evidence and claims apart."""
    apart = {"evidence", "declared_by", "claims"}
    nothing = object()
    return {key: value for key, value in one.items() if key not in apart and value != defaults.get(key, nothing)}


def _with(one: Plain, defaults: Plain, key: str) -> dict[str, Any]:
    place = _place(one.get(key))
    return {**_slim(one, defaults), **({key: place} if place else {})}


def _place(evidence: Plain | None) -> dict[str, Any]:
    """Where something stands, without what is said elsewhere: the commit, and digests and lines of rule files."""
    if not evidence:
        return {}
    left_out = {"revision"} | ({"sha256", "lines", "quote"} if evidence["source"] == "rules" else set())
    kept = {key: value for key, value in evidence.items() if value is not None and key not in left_out}
    if "quote" in kept:
        kept["quote"] = _short(kept["quote"])
    return kept


def _short(quote: str) -> str:
    return quote if len(quote) <= QUOTE else f"{quote[: QUOTE - 1].rpartition(' ')[0]}…"


def _text_digest(license_: Plain) -> str | None:
    """The digest of the text that says which license it is, where there was one."""
    stated = (one["evidence"] for one in license_["claims"] if one["place"] == "license-file")
    return next((str(place["sha256"]) for place in stated if place.get("sha256")), None)


def _clause(one: Plain) -> dict[str, Any]:
    made = _with(one, _CLAUSE, "evidence")
    if "quote" in made:
        made["quote"] = _short(made["quote"])
        made["evidence"].pop("quote", None)
    return made


def _duties(duties: Iterable[Plain]) -> Iterator[dict[str, Any]]:
    """Each duty once, with the activities that trigger it."""
    found: dict[str, dict[str, Any]] = {}
    for duty in duties:
        fields = _with(duty, _DUTY, "evidence")
        id_, activity = fields.pop("id"), fields.pop("activity", None)
        whose = id_.removesuffix(f"/{activity}") if activity else id_
        kept = found.setdefault(f"{whose}\0{fields['text']}", {"id": whose, "on": [], **fields})
        kept["on"] += [activity] if activity else []
    for duty in found.values():
        yield {key: value for key, value in duty.items() if value not in ([], {})}


def _artefact(one: Plain) -> dict[str, Any]:
    return _with(one, {**_ARTEFACT, "state": None}, "evidence")


def _conflict(one: Plain) -> dict[str, Any]:
    said = [{"says": side["says"], "evidence": _place(side["evidence"])} for side in one["statements"]]
    return {"id": one["id"], "subject": one["subject"], "statements": said}


def model_of(entry: Entry) -> dict[str, Any]:
    """An entry in the shape of the JSON of an assessment; thresholds and limitations wait for an organisation.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: The entry is damaged.
    """
    license_ = {key: value for key, value in entry["license"].items() if key != "text"}
    commit = entry.get("commit")
    return {
        "ref": str(entry["ref"]),
        "name": str(entry["name"]),
        "source": str(entry["source"]),
        "revision": commit,
        "modality": entry.get("modality"),
        "level": str(entry["level"]),
        "level_reasons": list(map(str, entry.get("reasons", ()))),
        "unknown_reason": entry.get("unknown"),
        "license": {**_LICENSE, **license_, "claims": [_full(one, _CLAIM, commit) for one in entry.get("claims", ())]},
        "clauses": [_full(one, _CLAUSE, commit) for one in entry.get("clauses", ())],
        "obligations": [duty for one in entry.get("obligations", ()) for duty in _each_duty(one, commit)],
        "thresholds": [],
        "limitations": [],
        "artefacts": {key: _full(entry.get("artefacts", {}).get(key, {}), _ARTEFACT, commit) for key in _ARTEFACTS},
        "osaid": {"data_information": None, "code": None, "parameters": None, **entry.get("osaid", {})},
        "mof": {"class": None, "progress": None, "filled": None, **entry.get("mof", {})},
        "notes": list(entry.get("notes", ())),
        "lineage": [_full(one, _BASE, commit, "declared_by") for one in entry.get("lineage", ())],
        "datasets": [_full(one, _DATASET, commit) for one in entry.get("datasets", ())],
        "files": [{**_FILE, "header": {}, **one} for one in entry.get("files", ())],
        "conflicts": [
            {**one, "statements": [_full(side, {}, commit) for side in one["statements"]]}
            for one in entry.get("conflicts", ())
        ],
        "gaps": [{"unfinished": False, "passing": False, **one} for one in entry.get("gaps", ())],
    }


def _full(one: Plain, defaults: Plain, commit: object, key: str = "evidence") -> dict[str, Any]:
    return {**defaults, **one, key: _evidence(one.get(key), commit)}


def _evidence(place: Plain | None, commit: object) -> dict[str, Any] | None:
    if place is None:
        return None
    revision = None if place["source"] == "rules" else commit
    return {**dict.fromkeys(_EVIDENCE), "revision": revision, **place}


def _each_duty(one: Plain, commit: object) -> Iterator[dict[str, Any]]:
    fields = {key: value for key, value in _full(one, _DUTY, commit).items() if key != "on"}
    for activity in one.get("on") or (None,):
        yield {**fields, "id": f"{one['id']}/{activity}" if activity else one["id"], "activity": activity}

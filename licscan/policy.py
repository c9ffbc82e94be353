"""What a policy objects to: conditions over what is so of a model. Pure, over plain values, and so fast to start."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from licscan.condition import Condition, Facts, Thing, holds
from licscan.condition_json import restored

Plain = Mapping[str, Any]

# Under these keys a thing carries what is shown of it, and where it stands; conditions cannot ask for them.
WORDS, EVIDENCE, AGREEMENT = "_words", "_evidence", "_agreement"
_SHOWN = 3
_BESIDE = frozenset({"organisation", "model", "source", "revision"})
_LASTING = ("metric", "limit", "activity", "license", "path", "before", "after")


class Rule(NamedTuple):
    """One rule of a policy, ready to be asked.

    Attributes:
        id: The rule.
        severity: `error`, `warning` or `note`.
        condition: What must hold of a model.
        message: What is wrong, with places.
        remedy: What to do.
        open: The severity where the organisation did not say what decides; `pass` for none, None for the rule's own.
    """

    id: str
    severity: str
    condition: Condition
    message: str
    remedy: str
    open: str | None = None


class Objection(NamedTuple):
    """What a rule objects to.

    Attributes:
        rule: The rule.
        severity: `error`, `warning` or `note`.
        message: What is wrong.
        remedy: What to do.
        evidence: Where what is objected to stands.
        fingerprint: Stays the same from run to run, while the same is objected to.
        agreement: The contract that covers all of it, if one does.
    """

    rule: str
    severity: str
    message: str
    remedy: str
    evidence: Plain | None
    fingerprint: str
    agreement: str | None


class Judge:
    """Holds models against a policy.

    Args:
        rules: The rules of the policy.
        organisation: What the organisation says of itself, as conditions see it.
        agreements: Contracts: `licensor`, `models`, `reference`, `replaces`, `expires`.
        today: The day, `YYYY-MM-DD`.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        organisation: Thing,
        agreements: Sequence[Plain] = (),
        today: str = "",
    ) -> None:
        self._rules = tuple(rules)
        self._organisation = organisation
        self._agreements = [one for one in agreements if not one.get("expires") or str(one["expires"]) >= today]

    def objections(self, model: Plain, changes: Iterable[Plain] = ()) -> Iterator[Objection]:
        """What is objected to in a model.

        Args:
            model: The JSON of its assessment.
            changes: What changed since it was looked at last.
        """
        found = facts(model, changes, self._agreements)
        if self._organisation:
            found = {**found, "organisation": [self._organisation]}
        for rule in self._rules:
            outcome = holds(rule.condition, found)
            if outcome.holds is False or (outcome.holds is None and rule.open == "pass"):
                continue
            severity = rule.severity if outcome.holds or rule.open is None else rule.open
            yield _objection(rule, severity, model, outcome.found, outcome.missing)


def rules_of(compiled: Plain) -> tuple[Rule, ...]:
    """The rules of a policy that was compiled to plain JSON.

    Raises:
        ConditionError, KeyError: It was not.
    """
    return tuple(
        Rule(one["id"], one["severity"], restored(one["when"]), one["message"], one["remedy"], one["open"])
        for one in compiled["rules"]
    )


def facts(model: Plain, changes: Iterable[Plain] = (), agreements: Sequence[Plain] = ()) -> Facts:
    """What conditions can ask of a model, from the JSON of its assessment.

    Args:
        model: The assessment.
        changes: What changed since the last one.
        agreements: Contracts that hold today.
    """
    ref = str(model["ref"])
    scheme, _, rest = ref.partition(":")
    # A path may hold "@"; what follows the last is a revision only where the assessment has one.
    revision = str(model.get("revision") or "")
    name = rest.removesuffix(f"@{revision}") if revision else rest
    license_ = model["license"]
    reviewed = (license_.get("reviewed") or {}).get("role")
    own = {"name": model["name"], "ref": f"{scheme}:{name}", "scheme": scheme, "owner": name.partition("/")[0]}
    said = {key: license_.get(key) for key in ("id", "spdx", "freedom", "reciprocity", "match", "candidate")}
    found: dict[str, list[dict[str, object]]] = {
        "model": [{**own, "modality": model.get("modality")}],
        "level": [{"id": model["level"], "unknown": model.get("unknown_reason")}],
        "license": [{**said, "reviewed": reviewed, EVIDENCE: _claimed(license_)}],
        "revision": [{"id": revision or None, "pinned": pinned(revision)}],
        "source": [{"id": model["source"]}],
        "artefact": [{"id": key, **value} for key, value in (model.get("artefacts") or {}).items()],
        "integrity": [_file(one) for one in model.get("files", ())],
        "conflict": [_conflict(one) for one in model.get("conflicts", ())],
        "gap": [{**one, WORDS: f"{one['what']}: {one['why']}"} for one in model.get("gaps", ())],
        "base": [_base(one) for one in model.get("lineage", ())],
        "dataset": [{**one, WORDS: _dataset(one), EVIDENCE: one["evidence"]} for one in model.get("datasets", ())],
        "change": [{**one, WORDS: _change(one), EVIDENCE: one.get("evidence")} for one in changes],
    }
    found["clause"] = [_term(one, one["id"], {**one["values"], "on": one["on"]}) for one in model.get("clauses", ())]
    for subject in ("threshold", "limitation", "obligation"):
        found[subject] = [_term(one, one["clause"], one) for one in model.get(f"{subject}s", ())]
    for subject in ("clause", "threshold", "limitation", "obligation"):
        _cover(found[subject], found["model"][0]["ref"], agreements)
    return found


def _term(one: Plain, id_: str, fields: Plain) -> dict[str, object]:
    """A clause, threshold, limitation or obligation: its fields, its words, and where it stands."""
    source = f" (from {one['inherited_from']})" if one.get("inherited_from") else ""
    yours = f"; yours: {one['yours']}" if one.get("yours") else ""
    words = f"{one.get('limit') or one.get('text') or id_}{yours}{source}"
    evidence = {**one["evidence"], "quote": one.get("quote") or one["evidence"].get("quote")}
    return {**fields, "id": id_, "inherited_from": one.get("inherited_from"), WORDS: words, EVIDENCE: evidence}


def _cover(things: list[dict[str, object]], ref: object, agreements: Sequence[Plain]) -> None:
    """Mark the terms that a contract replaces: those of models that it covers, and what others inherit of them."""
    for thing in things:
        of = str(thing.get("inherited_from") or ref)
        # A model of the Hub may be named without its scheme, and a pattern may say which revision.
        names = {name.casefold() for full in (of, of.rpartition("@")[0]) for name in (full, full.removeprefix("hf:"))}
        for one in agreements:
            covered = any(fnmatchcase(name, str(pattern).casefold()) for pattern in one["models"] for name in names)
            if covered and thing["id"] in one["replaces"]:
                thing[AGREEMENT] = f"agreement {one['reference']} with {one['licensor']}"


def pinned(revision: str) -> bool:
    """Whether a revision always means the same bytes: a commit or a digest does, a branch or tag does not."""
    digest = revision.partition(":")[2] if ":" in revision else revision.removeprefix("tree-")
    return len(digest) in {32, 40, 64} and all(letter in "0123456789abcdef" for letter in digest)


def _file(one: Plain) -> dict[str, object]:
    return {
        "status": one["status"],
        "path": one["path"],
        "format": one["format"],
        WORDS: f"{one['path']} ({one['status']})",
    }


def _conflict(one: Plain) -> dict[str, object]:
    said = "; against ".join(str(statement["says"]) for statement in one["statements"])
    first = one["statements"][0]["evidence"] if one["statements"] else None
    return {"id": one["id"], "subject": one["subject"], WORDS: said, EVIDENCE: first}


def _base(one: Plain) -> dict[str, object]:
    words = f"{one['base']} ({one['relation']}) is {one.get('level') or 'not looked at'}"
    fields = {key: one.get(key) for key in ("relation", "level", "license", "binds")}
    return {"ref": one["base"], **fields, WORDS: words, EVIDENCE: one["declared_by"]}


def _dataset(one: Plain) -> str:
    return f"{one['name']} ({one.get('license') or 'no license established'})"


def _change(one: Plain) -> str:
    if one.get("before") is None:
        return f"new: {one['after']}"
    return f"{one['before']} -> {one['after']}" if one.get("after") is not None else f"gone: {one['before']}"


def _claimed(license_: Plain) -> Plain | None:
    """Where the license that holds is stated."""
    claims = license_.get("claims", ())
    return next((claim["evidence"] for claim in claims if claim.get("expression") == license_.get("spdx")), None)


def _objection(
    rule: Rule, severity: str, model: Plain, found: Sequence[tuple[str, Thing]], missing: Sequence[str]
) -> Objection:
    things = [thing for _, thing in found]
    shown = list(dict.fromkeys(str(thing[WORDS]) for thing in things if thing.get(WORDS)))
    more = f"; and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    evidence = next((thing[EVIDENCE] for thing in things if thing.get(EVIDENCE)), None)
    license_ = model["license"]
    reasons = model.get("level_reasons") or [""]
    places = {
        "model": model["name"],
        "level": model["level"],
        "license": license_.get("title") or license_.get("spdx") or "its license",
        "reason": reasons[-1],
        "found": "; ".join(shown[:_SHOWN]) + more,
        "quote": str((evidence or {}).get("quote") or "") if isinstance(evidence, Mapping) else "",
        "tell": ", ".join(missing),
    }
    asked = f"; this cannot be judged before you say {', '.join(missing)}" if missing else ""
    # A contract replaces terms; who asks and which model it is about stand beside them.
    covered = {str(thing.get(AGREEMENT) or "") for subject, thing in found if subject not in _BESIDE}
    what = [rule.id, _unpinned(model["ref"], model.get("revision")), *sorted(map(_mark, things))]
    return Objection(
        rule=rule.id,
        severity=severity,
        message=_filled(rule.message, places) + asked,
        remedy=_filled(rule.remedy, places),
        evidence=evidence if isinstance(evidence, Mapping) else None,
        fingerprint=hashlib.sha256("\0".join(what).encode()).hexdigest()[:32],
        agreement="; ".join(sorted(covered)) if covered and "" not in covered else None,
    )


def _unpinned(ref: object, revision: object) -> str:
    return str(ref).removesuffix(f"@{revision}") if revision else str(ref)


def _mark(thing: Thing) -> str:
    """What makes a thing the same from run to run: what it is and whose, never how the organisation stands to it."""
    said = [str(thing.get("id")), *(f"{name}={thing[name]}" for name in _LASTING if thing.get(name) is not None)]
    if source := thing.get("inherited_from"):
        said.append(f"from={str(source).partition('@')[0]}")
    return "\0".join(said)


def _filled(text: str, places: Mapping[str, str]) -> str:
    """The text with its places filled in one pass: what stands in a place is never read as a place again."""
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        filled.append(f"{places[name]}{rest}" if brace and name in places else f"{{{part}")
    return "".join(filled)

"""The outcome of a check: findings, why it passes or fails, and the JSON of the report's contract."""

import datetime
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licscan import __version__
from licscan.gate.decide import Decision
from licscan.gate.finding import Finding
from licscan.gate.mentions import Found
from licscan.gate.rules import RULES
from licscan.lock import Lock
from licscan.text import count

_LEVELS = ("fully-open", "permissive-open-weights", "restrictive", "unknown", "closed")
_INCOMPLETE = 3
_NOTHING = 4
_VENDORED = "vendored-not-searched"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to.

    Attributes:
        findings: What is objected to, what somebody let pass included.
        report: The JSON of the report's contract.
        because: Why it passes or fails, as a sentence.
        code: The exit code.
    """

    findings: tuple[Finding, ...]
    report: Mapping[str, Any]
    because: str
    code: int


def outcome(
    decision: Decision,
    found: Found,
    lock: Lock | None,
    policy: Mapping[str, Any],
    now: datetime.datetime,
    *,
    strict: bool = False,
    require_models: bool = False,
) -> Outcome:
    """The outcome of a decision.

    Args:
        decision: What was decided.
        found: What the search found.
        lock: The lock.
        policy: The policy, compiled.
        now: The time that the report bears.
        strict: Whether what could not be read makes the check incomplete.
        require_models: Whether a tree that names no models is no success.
    """
    findings = tuple(sorted(decision.findings, key=_order))
    named = {place.ref for place in found.places}
    code = _code(findings, found, named, strict=strict, require_models=require_models)
    because = _because(findings, named, decision, policy, code)
    summary = {
        "outcome": "fail" if code else "pass",
        "because": because,
        "exit_code": code,
        "models": len(named),
        "levels": _levels(decision),
        "severities": dict(Counter(one.severity for one in findings if one.waiver is None)),
        "waived": sum(one.waiver is not None for one in findings),
        "policy": policy["id"],
        "internal": decision.internal,
        "files": found.files,
        "excluded": found.excluded,
        "rules": _rules(findings, policy),
    }
    # Among the reports of four hundred repositories, each must say whose it is: GitHub and GitLab know.
    if repository := os.environ.get("GITHUB_REPOSITORY") or os.environ.get("CI_PROJECT_PATH"):
        summary["repository"] = repository
    report = {
        "schema_version": 1,
        "tool": {"name": "licscan", "version": __version__, "rules": lock.rules if lock else "none"},
        "created": now.isoformat().replace("+00:00", "Z"),
        "run": None,
        "models": [_shown(model) for _, model in sorted(decision.models.items())],
        "findings": [one._asdict() for one in findings],
        "mentions": [{"path": one.path, "line": one.line, "ref": one.ref} for one in found.places],
        "gaps": _gaps(found),
        "summary": summary,
    }
    return Outcome(findings, report, because, code)


def _gaps(found: Found) -> list[dict[str, str]]:
    """What the search could not look at."""
    unread = [{"id": gap, "what": "which models it names", "why": f"{path}: {why}"} for gap, path, why in found.unread]
    what = "which models other people's code names"
    return unread + [{"id": _VENDORED, "what": what, "why": one} for one in found.vendored]


def _order(one: Finding) -> tuple[object, ...]:
    severities = {"error": 0, "warning": 1, "note": 2}
    return (
        one.waiver is not None,
        severities[one.severity],
        one.rule,
        one.model or "",
        one.path or "",
        one.line or 0,
        one.message,
    )


def _code(findings: tuple[Finding, ...], found: Found, named: set[str], *, strict: bool, require_models: bool) -> int:
    if any(one.fails for one in findings):
        return 1
    if strict and (found.unread or any(one.rule == "not-looked-at" and one.waiver is None for one in findings)):
        return _INCOMPLETE
    return _NOTHING if require_models and not named else 0


def _because(
    findings: tuple[Finding, ...], named: set[str], decision: Decision, policy: Mapping[str, Any], code: int
) -> str:
    failing = [one for one in findings if one.fails]
    if failing:
        kinds = Counter(one.rule for one in {(one.rule, one.fingerprint): one for one in failing}.values())
        said = ", ".join(f"{number} {rule}" for rule, number in sorted(kinds.items()))
        models = {one.model for one in failing if one.model}
        which = f"{len(models)} of {count(len(named), 'model')} not allowed: " if models else ""
        return f"{which}{said}"
    if code == _INCOMPLETE:
        return "not everything could be looked at"
    if not named:
        return "no models are named here"
    passed = len({(one.rule, one.model) for one in findings if one.waiver is not None})
    own = f", {len(decision.internal)} of them internal" if decision.internal else ""
    let = f", {count(passed, 'finding')} waived" if passed else ""
    return f"{count(len(named), 'model')}{own}, nothing that policy {policy['id']} refuses{let}"


def _levels(decision: Decision) -> dict[str, int]:
    found = Counter(model["level"] for model in decision.models.values())
    return {level: found[level] for level in _LEVELS if found[level]}


def _rules(findings: tuple[Finding, ...], policy: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What the rules that found something are called, and what to do about them."""
    titles = {rule["id"]: rule for rule in policy["rules"]}
    shown = {}
    for one in findings:
        if one.rule in RULES:
            own = RULES[one.rule]
            shown[one.rule] = {"title": own.title, "remedy": own.remedy.replace("{what}", "...")}
        else:
            shown[one.rule] = {"title": titles[one.rule]["title"], "remedy": titles[one.rule]["remedy"]}
    return shown


def _shown(model: Mapping[str, Any]) -> dict[str, Any]:
    """A model without what only policies ask of its gaps."""
    gaps = [{key: gap[key] for key in ("id", "what", "why")} for gap in model["gaps"]]
    return {**model, "gaps": gaps}

"""Assessments held against a policy: facts on one side, what this organisation accepts on the other."""

import datetime
import difflib
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from licscan import condition_json as conditions
from licscan.errors import UnreadableError, UsageError
from licscan.formats.bounded import read_file
from licscan.measures import facts
from licscan.model import Assessment, Change, Evidence, Finding, Mention, Organisation
from licscan.policy import Judge, Objection, Rule
from licscan.rulebook import Policy, Rulebook, RuleFile, of_models, whole_policies

_LARGEST = 1 << 20


def chosen(name: str, rules: Rulebook, where: str = "") -> Policy:
    """A policy of the rule base, or of a file that may extend one.

    Args:
        name: Its id, or the path of its file.
        rules: The rule base.
        where: The place that names it, where that is a file.

    Raises:
        UsageError: There is none of that name, or the file cannot be read.
        RuleError: The file is wrong; the message names file, line and key.
    """
    if name.endswith((".yaml", ".yml")):
        try:
            data = read_file(Path(name), _LARGEST).data
        except UnreadableError as error:
            raise UsageError(error.what, where=where or ascii(name), remedy="check the path of the policy") from error
        (own,) = whole_policies([RuleFile(name, data)], rules.clauses, rules.policies).values()
        return own
    if name not in rules.policies:
        near = difflib.get_close_matches(name, rules.policies, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(sorted(rules.policies))}"
        raise UsageError(f"no such policy: {name!a}", where=where, remedy=remedy)
    return rules.policies[name]


def judge_of(policy: Policy, rules: Rulebook, organisation: Organisation, today: datetime.date) -> Judge:
    """A judge by a policy.

    Args:
        policy: The policy, with the rules of those that it extends.
        rules: The rule base.
        organisation: What the organisation said of itself.
        today: The day by which agreements hold or have ended.

    Raises:
        UsageError: An agreement replaces what is no clause type.
    """
    for index, one in enumerate(organisation.agreements):
        for clause in one.replaces:
            if clause not in rules.clauses:
                near = difflib.get_close_matches(clause, rules.clauses, n=1)
                remedy = f"did you mean {near[0]}?" if near else "see rules/clauses"
                where = f"the configuration: agreements.{index}.replaces"
                raise UsageError(f"{clause!r} is no clause type", where=where, remedy=remedy)
    agreements = [one.plain for one in organisation.agreements]
    return Judge(ready(policy, rules), facts(organisation), agreements, today.isoformat())


def ready(policy: Policy, rules: Rulebook) -> tuple[Rule, ...]:
    """The rules of a policy that are not off, their conditions read."""
    vocabulary = of_models({name: None for rule in rules.clauses.values() for name in rule.values})
    return tuple(
        Rule(rule.id, rule.severity, rule.condition(vocabulary), rule.message, rule.remedy, rule.open)
        for rule in policy.rules
        if rule.severity != "off"
    )


def compiled(name: str, policy: Policy, rules: Rulebook) -> dict[str, Any]:
    """A policy as plain JSON, for those who know neither YAML nor pydantic; `licscan.policy.rules_of` reads it.

    Args:
        name: How it was chosen: by id, or by the path of a file.
        policy: The policy.
        rules: The rule base.
    """
    source = None if policy.id == name else hashlib.sha256(Path(name).read_bytes()).hexdigest()
    titles = {rule.id: rule.title for rule in policy.rules}
    kept = [
        {
            "id": rule.id,
            "title": titles[rule.id],
            "severity": rule.severity,
            "when": conditions.plain(rule.condition),
            "message": rule.message,
            "remedy": rule.remedy,
            "open": rule.open,
        }
        for rule in ready(policy, rules)
    ]
    return {"id": policy.id, "title": policy.title, "source": source, "rules": kept}


def limits(rules: Rulebook) -> dict[str, dict[str, Any]]:
    """By clause type, who comes under it, as plain JSON."""
    return {
        rule.id: {"title": rule.title, "applies": conditions.plain(rule.condition), "asked": list(rule.asked)}
        for rule in rules.clauses.values()
        if rule.condition is not None
    }


def plain(assessment: Assessment) -> dict[str, Any]:
    """The JSON of an assessment, with what policies may ask of its gaps besides."""
    model = assessment.model_dump(mode="json")
    for gap, shown in zip(assessment.gaps, model["gaps"], strict=True):
        shown |= {"unfinished": gap.id.unfinished, "passing": gap.id.passing}
    return model


def findings(
    judge: Judge, assessment: Assessment, changes: Iterable[Change] = (), mentions: Iterable[Mention] = ()
) -> Iterator[Finding]:
    """What a policy objects to in one model, once for each place that names it.

    Args:
        judge: The judge.
        assessment: What is so about the model.
        changes: What changed since it was looked at last.
        mentions: Where it is named.
    """
    named: list[Mention | None] = [*mentions] or [None]
    for objection in judge.objections(plain(assessment), [change.model_dump(mode="json") for change in changes]):
        for mention in named:
            yield _finding(objection, assessment, mention)


def _finding(objection: Objection, assessment: Assessment, mention: Mention | None) -> Finding:
    return Finding.model_validate(
        {
            "rule": objection.rule,
            "severity": objection.severity,
            "model": assessment.ref,
            "message": objection.message,
            "remedy": objection.remedy,
            "path": mention.path if mention else None,
            "line": mention.line if mention else None,
            "evidence": Evidence.model_validate(objection.evidence) if objection.evidence else None,
            "fingerprint": objection.fingerprint,
            "waiver": objection.agreement,
        }
    )

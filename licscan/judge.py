"""Assessments held against a policy: facts on one side, what this organisation accepts on the other."""

import datetime
from collections.abc import Iterable, Iterator

from licscan.errors import UsageError
from licscan.measures import facts
from licscan.model import Assessment, Change, Evidence, Finding, Mention, Organisation
from licscan.policy import Judge, Objection, Rule
from licscan.rulebook import Policy, Rulebook, of_models


def chosen(name: str, rules: Rulebook) -> Policy:
    """A policy of the rule base.

    Raises:
        UsageError: There is none of that name.
    """
    if name not in rules.policies:
        known = ", ".join(sorted(rules.policies))
        raise UsageError("no such policy", where=ascii(name), remedy=f"use one of {known}")
    return rules.policies[name]


def judge_of(policy: Policy, rules: Rulebook, organisation: Organisation, today: datetime.date) -> Judge:
    """A judge by a policy.

    Args:
        policy: The policy, with the rules of those that it extends.
        rules: The rule base.
        organisation: What the organisation said of itself.
        today: The day by which agreements hold or have ended.
    """
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
    plain = assessment.model_dump(mode="json")
    named: list[Mention | None] = [*mentions] or [None]
    for objection in judge.objections(plain, [change.model_dump(mode="json") for change in changes]):
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

"""Policies from their files: read, checked, and made whole with the rules of those that they extend."""

import re
from collections.abc import Iterable, Mapping

from licscan.condition import ConditionError, Vocabulary
from licscan.rulebook.domains import Domains, domains, misspelt
from licscan.rulebook.policies import PLACES, Policy, PolicyRule, of_models
from licscan.rulebook.reader import RuleFile
from licscan.rulebook.records import ClauseRule

_PLACE = re.compile(r"\{(\w*)\}")
_DEEPEST = 10


def whole_policies(
    files: Iterable[RuleFile], clauses: Mapping[str, ClauseRule], shipped: Mapping[str, Policy] | None = None
) -> dict[str, Policy]:
    """Policies by id, each with the rules that it takes over from others.

    Args:
        files: One file a policy.
        clauses: The clause types, whose values conditions may name.
        shipped: Policies that these may extend besides one another.

    Raises:
        RuleError: A rule says what cannot be read, or a policy extends one that is not there, or itself.
    """
    vocabulary = of_models({name: None for rule in clauses.values() for name in rule.values})
    known = domains(clauses)
    opened = {str(file.fields["id"]): file for file in files}
    own = {name: file.make(Policy, file.fields) for name, file in opened.items()}
    for name, policy in own.items():
        _check(opened[name], policy, vocabulary, known)
    every = {**(shipped or {}), **own}
    return {name: _whole(opened[name], policy, every) for name, policy in own.items()}


def _check(file: RuleFile, policy: Policy, vocabulary: Vocabulary, known: Domains) -> None:
    for index, rule in enumerate(policy.rules):
        at = ("rules", index)
        if rule.id in [other.id for other in policy.rules[:index]]:
            raise file.refusal((*at, "id"), f"{rule.id!r} stands twice", "rename one of them")
        for place in _PLACE.findall(rule.message + rule.remedy):
            if place not in PLACES:
                raise file.refusal((*at, "message"), f"names {{{place}}}", f"use {', '.join(PLACES)}")
        if rule.when is None:
            continue  # takes a rule of the extended policy away, or changes how bad it is or what it says
        try:
            condition = rule.condition(vocabulary)
        except ConditionError as error:
            raise file.refusal((*at, *error.path), error.what, error.remedy) from error
        for what, remedy in misspelt(condition, known):
            raise file.refusal((*at, "when"), what, remedy)


def _whole(file: RuleFile, policy: Policy, every: Mapping[str, Policy]) -> Policy:
    """The policy with the rules of all that it extends; a rule of the same id replaces, or changes, that one."""
    chain = [policy]
    while (extended := chain[-1].extends) is not None:
        if extended not in every:
            raise file.refusal(("extends",), f"{extended!r} is no policy", f"use one of {', '.join(sorted(every))}")
        if any(extended == one.id for one in chain):
            raise file.refusal(("extends",), "leads back to itself", "extend another policy")
        if len(chain) > _DEEPEST:
            raise file.refusal(("extends",), f"is more than {_DEEPEST} policies long", "extend one of the first")
        chain.append(every[extended])
    rules: dict[str, PolicyRule] = {}
    for one in reversed(chain):
        for index, rule in enumerate(one.rules):
            before = rules.get(rule.id)
            rules[rule.id] = whole = _over(before, rule)
            if one is not policy:
                continue
            if whole.when is None:
                known = f"say when it objects, or change one of {', '.join(rules)}"
                raise file.refusal(("rules", index, "when"), f"{rule.id} replaces no rule", known)
            if not (whole.message and whole.remedy and whole.title):
                what = f"{rule.id} has no title, message or remedy"
                raise file.refusal(("rules", index), what, "say what is wrong and what to do")
    return policy.model_copy(update={"rules": tuple(rules.values())})


def _over(before: PolicyRule | None, rule: PolicyRule) -> PolicyRule:
    """A rule over that of the same id: what it does not say stays as it was."""
    if before is None:
        return rule
    return before.model_copy(update={name: getattr(rule, name) for name in rule.model_fields_set})

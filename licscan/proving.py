"""A policy proved: its cases, and rules that can never object or only repeat another."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from licscan.condition import Condition, Facts, Join, Leaf, Test, holds, scalar
from licscan.judge import ready
from licscan.policy import Rule
from licscan.rulebook import Policy, Rulebook
from licscan.rulebook.domains import Domains, domains, misspelt, named

# Subjects of which a model has one: it cannot be two things at a time.
_SINGLE = frozenset({"level", "license", "model", "revision", "source"})


class Trouble(NamedTuple):
    """What is wrong with a policy.

    Attributes:
        about: The case or rule.
        what: What is wrong.
        fails: Whether the policy may not be used so; else it is only worth knowing.
    """

    about: str
    what: str
    fails: bool = True


def troubles(policy: Policy, rules: Rulebook) -> Iterator[Trouble]:
    """What is wrong with a policy: cases that come out otherwise, rules that cannot object, rules that repeat others.

    Args:
        policy: The policy, with the rules of those that it extends.
        rules: The rule base.
    """
    made = ready(policy, rules)
    yield from _cases(policy, made)
    known = domains(rules.clauses, rules.licenses)
    for rule in made:
        yield from (Trouble(rule.id, what) for what in _impossible(rule.condition, known))
    for rule in made:
        for other in made:
            if rule is not other and _within(rule.condition, other.condition):
                yield Trouble(rule.id, f"whatever it objects to, {other.id} objects to as well", fails=False)


def _cases(policy: Policy, rules: tuple[Rule, ...]) -> Iterator[Trouble]:
    if not policy.cases:
        yield Trouble(policy.id, "it has no cases, so nothing proves it", fails=False)
    for case in policy.cases:
        facts = _facts(case.model) | ({"organisation": [_thing(case.organisation)]} if case.organisation else {})
        objecting = {rule.id for rule in rules if _objects(rule, facts)}
        said = set(case.objections)
        for name in sorted(said - {rule.id for rule in rules}):
            yield Trouble(case.title, f"{name} is no rule of this policy")
        for name in sorted(objecting - said):
            yield Trouble(case.title, f"{name} objects, and the case does not say so")
        for name in sorted(said - objecting):
            yield Trouble(case.title, f"{name} does not object")


def _objects(rule: Rule, facts: Facts) -> bool:
    verdict = holds(rule.condition, facts).holds
    return verdict is True or (verdict is None and rule.open != "pass")


def _facts(stated: Mapping[str, object]) -> dict[str, list[Mapping[str, object]]]:
    found: dict[str, list[Mapping[str, object]]] = {}
    for subject, things in stated.items():
        items = things if isinstance(things, list) else [things]
        found[subject] = [_thing(one) if isinstance(one, Mapping) else {"id": one} for one in items]
    return found


def _thing(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of a case with numbers and truth values as such: rule files are read without types."""
    return {
        name: [scalar(one, (name,)) for one in value] if isinstance(value, list) else scalar(value, (name,))
        for name, value in fields.items()
    }


def _impossible(condition: Condition, known: Domains) -> Iterator[str]:
    """Why a condition, or a part of it, can never hold."""
    if isinstance(condition, Leaf):
        yield from (f"{what}; {remedy}" for what, remedy in misspelt(condition, known))
        return
    if condition.how == "all":
        leaves = [part for part in condition.parts if isinstance(part, Leaf) and part.subject in _SINGLE]
        for one in leaves:
            for other in leaves[leaves.index(one) + 1 :]:
                if one.subject == other.subject and _disjoint(one, other):
                    yield f"a model has one {one.subject}, and it cannot be both"
    for part in condition.parts:
        yield from _impossible(part, known)


def _disjoint(one: Leaf, other: Leaf) -> bool:
    for test in one.tests:
        for another in other.tests:
            mine, theirs = named(test), named(another)
            if test.name == another.name and mine is not None and theirs is not None and not mine & theirs:
                return True
    return False


def _within(one: Condition, other: Condition) -> bool:
    """Whether one condition surely holds only where another does; False where that is not plain to see."""
    if one == other:
        return True
    if isinstance(other, Join):
        return other.how == "any" and any(_within(one, part) for part in other.parts)
    if isinstance(one, Join):
        if one.how == "all":
            return any(_within(part, other) for part in one.parts)
        return one.how == "any" and all(_within(part, other) for part in one.parts)
    return one.subject == other.subject and all(any(_implies(mine, test) for mine in one.tests) for test in other.tests)


def _implies(one: Test, other: Test) -> bool:
    mine, theirs = named(one), named(other)
    if one.name != other.name:
        return False
    return one == other or (mine is not None and theirs is not None and mine <= theirs)

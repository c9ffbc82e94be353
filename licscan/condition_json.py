"""Conditions as JSON: how a lock keeps those of a policy, to be held without the rule base."""

from licscan.condition import Condition, ConditionError, Join, Leaf, Test


def plain(condition: Condition) -> list[object]:
    """A condition as JSON can keep it; `restored` reads it again without knowing any vocabulary."""
    if isinstance(condition, Join):
        return [condition.how, *map(plain, condition.parts)]
    return [condition.subject, *(_plain_test(test) for test in condition.tests)]


def _plain_test(test: Test) -> list[object]:
    # As it is when JSON is read again: what is written and what is read must compare as the same.
    return [test.name, test.sign, list(test.operand) if isinstance(test.operand, tuple) else test.operand]


def restored(data: object) -> Condition:
    """A condition from what `plain` made of it.

    Raises:
        ConditionError: It was not made so.
    """
    match data:
        case [("all" | "any" | "not") as how, *parts] if parts:
            return Join(how, tuple(map(restored, parts)))
        case [str() as subject, *tests]:
            return Leaf(subject, tuple(map(_restored_test, tests)))
        case _:
            raise ConditionError((), "is no compiled condition", "write the lock anew with licscan lock")


def _restored_test(data: object) -> Test:
    match data:
        case [str() as name, ("is" | "in" | "like" | "above" | "below") as sign, operand]:
            return Test(name, sign, tuple(operand) if isinstance(operand, list) else operand)
        case _:
            raise ConditionError((), "is no compiled condition", "write the lock anew with licscan lock")

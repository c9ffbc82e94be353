"""Two licenses beside one another: what becomes allowed, forbidden, owed, and what changes in terms that both have."""

from typing import NamedTuple

from licscan.licenses.texts import TextReading
from licscan.model import Clause
from licscan.rulebook import ClauseGroup, Rulebook


class Change(NamedTuple):
    """What changes from one license to another.

    Attributes:
        kind: `allowed`, `no longer allowed`, `forbidden`, `no longer forbidden`, `owed`, `no longer owed`, `stated`,
            `no longer stated`, or `changed`.
        clause: The term, of the second license where both have it.
        before: The same term of the first license, where its values differ.
    """

    kind: str
    clause: Clause
    before: Clause | None = None


_NEW = {
    ClauseGroup.PERMISSION: "allowed",
    ClauseGroup.LIMITATION: "forbidden",
    ClauseGroup.CONDITION: "owed",
    ClauseGroup.OTHER: "stated",
}


def compare(first: TextReading, second: TextReading, rules: Rulebook) -> tuple[Change, ...]:
    """What changes from the first license to the second: limits first, then duties, then permissions."""
    before, after = _by_key(first), _by_key(second)
    found: list[Change] = []
    for key, clause in after.items():
        kind = _NEW[rules.clauses[clause.id].group]
        if key not in before:
            found.append(Change(kind, clause))
        elif _values(before[key]) != _values(clause):
            found.append(Change("changed", clause, before[key]))
    for key, clause in before.items():
        if key not in after:
            found.append(Change(f"no longer {_NEW[rules.clauses[clause.id].group]}", clause))
    order = ["forbidden", "owed", "changed", "no longer allowed", "allowed", "no longer forbidden", "no longer owed"]
    return tuple(sorted(found, key=lambda one: order.index(one.kind) if one.kind in order else len(order)))


def _by_key(reading: TextReading) -> dict[tuple[str, str, int], Clause]:
    # A license may have several terms of a type, and several thresholds of a measure: they are compared one by one.
    found: dict[tuple[str, str, int], Clause] = {}
    for clause in reading.clauses:
        kind = clause.id, str(clause.values.get("metric", ""))
        found[*kind, sum(key[:2] == kind for key in found)] = clause
    return found


def _values(clause: Clause) -> dict[str, object]:
    return {name: value for name, value in clause.values.items() if name not in {"where", "subject", "period"}}

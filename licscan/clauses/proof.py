"""Whether the patterns of a rule base find what their own examples say, and leave alone what they must."""

from collections.abc import Iterator
from typing import NamedTuple

from licscan.clauses.search import search
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.wording import Wording

_HERE = Evidence(source="example")


class Failure(NamedTuple):
    """An example that a clause type does not keep.

    Attributes:
        clause: The clause type.
        what: Whether it was not found, or found where it is not.
        example: The sentence.
    """

    clause: str
    what: str
    example: str


def prove(rules: Rulebook) -> Iterator[Failure]:
    """Every example that is not found, and every one that is found and must not be."""
    searched = {one.clause for one in rules.detectors.patterns}
    for rule in (one for one in rules.clauses.values() if one.id in searched):
        for example in rule.examples.match:
            if not _finds(rule.id, example, rules):
                yield Failure(rule.id, "not found in", example)
        for example in rule.examples.ignore:
            if _finds(rule.id, example, rules):
                yield Failure(rule.id, "found in", example)


def _finds(clause: str, example: str, rules: Rulebook) -> bool:
    return any(found.id == clause for found in search(Wording(example), rules, _HERE))

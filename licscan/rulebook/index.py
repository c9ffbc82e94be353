"""Indexes over the rule base, made once for each rule base however often it is asked."""

from functools import lru_cache
from typing import Generic, TypeVar

from licscan.rulebook.families import ModelFacts

Values = TypeVar("Values")


class Same(Generic[Values]):
    """Values that are the same as others only if they are the same object: comparing what they say costs too much.

    Args:
        values: What an index is made of.
    """

    def __init__(self, *values: Values) -> None:
        self.values = values

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.values)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Same)
            and len(self.values) == len(other.values)
            and all(one is another for one, another in zip(self.values, other.values, strict=True))
        )


def candidates(name: str, models: tuple[ModelFacts, ...]) -> list[ModelFacts]:
    """The records that may know a name on the Hub: those that name its organization, or any."""
    index = _by_organization(Same(models))
    return [*index.get(_ANY, ()), *index.get(_organization(name), ())]


_ANY = "*"


@lru_cache(maxsize=4)
def _by_organization(same: Same[tuple[ModelFacts, ...]]) -> dict[str, list[ModelFacts]]:
    found: dict[str, list[ModelFacts]] = {}
    for facts in same.values[0]:
        for organization in dict.fromkeys(map(_organization, facts.match)):
            found.setdefault(organization, []).append(facts)
    return found


def _organization(name: str) -> str:
    head = name.casefold().partition("/")[0] if "/" in name else ""
    return _ANY if any(mark in head for mark in "*?[") else head

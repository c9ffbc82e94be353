"""Indexes over the rule base, made once for each rule base however often it is asked."""

from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

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


class Named(NamedTuple):
    """A pattern of a family's names without the organization.

    Attributes:
        glob: The pattern without its organization.
        fixed: How many characters it fixes; 0 where no number is among them.
        facts: The record.
    """

    glob: str
    fixed: int
    facts: ModelFacts


_HEAD = 3


def by_model_name(name: str, models: tuple[ModelFacts, ...]) -> list[Named]:
    """The patterns of all organizations that may fit a model's name without its organization."""
    return _by_head(Same(models)).get(name[:_HEAD].casefold(), [])


@lru_cache(maxsize=4)
def _by_head(same: Same[tuple[ModelFacts, ...]]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for facts in same.values[0]:
        for pattern in facts.match:
            organization, _, glob = pattern.rpartition("/")
            head = glob[:_HEAD].casefold()
            if organization and not any(mark in organization + head for mark in "*?["):
                fixed = len(glob) - glob.count("*") if any(letter.isdigit() for letter in glob) else 0
                found.setdefault(head, []).append(Named(glob, fixed, facts))
    return found

"""The rule base as the program has it in its hands: all rules, checked against one another."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Protocol, TypeVar

from pydantic import Field, PrivateAttr

from licscan.model import License, Value
from licscan.rulebook.detectors import Detectors, unpacked
from licscan.rulebook.elements import Framework
from licscan.rulebook.families import ModelFacts
from licscan.rulebook.frameworks import OpennessClasses
from licscan.rulebook.policies import Policy
from licscan.rulebook.providers import Provider
from licscan.rulebook.records import ClauseRule, FreedomRules, LevelTable, Names

Meant = TypeVar("Meant")

_MOST_MEANINGS = 10_000


class Memory(Protocol):
    """Where readings are kept; one that cannot be written forgets, and is no error."""

    def get(self, key: str) -> bytes | None:
        """What was kept under a key; None where nothing was."""

    def keep(self, key: str, said: bytes) -> None:
        """Keep something under a key."""


class Rulebook(Value):
    """All rules, checked against one another.

    Attributes:
        version: Date and digest of the rule files.
        licenses: License records by id.
        names: How they are named.
        clauses: Clause types by id.
        freedom: How clauses count.
        levels: The decision table.
        mof: The classes of the Model Openness Framework.
        policies: What may be objected to, by id.
        frameworks: What others want to find in a bill of materials, by id.
        models: What is known of model families.
        providers: Who offers models as a service, and what their names mean.
    """

    version: str
    licenses: dict[str, License]
    names: Names
    clauses: dict[str, ClauseRule]
    freedom: FreedomRules
    levels: LevelTable
    mof: OpennessClasses | None = None
    policies: dict[str, Policy] = Field(default_factory=dict)
    frameworks: dict[str, Framework] = Field(default_factory=dict)
    models: tuple[ModelFacts, ...]
    providers: tuple[Provider, ...] = ()

    _packed: bytes = PrivateAttr(b"")
    _memory: Memory | None = PrivateAttr(None)
    # What expressions and words mean by these rules alone: a thousand models state the same few.
    _meanings: dict[tuple[str, str], Any] = PrivateAttr(default_factory=dict)

    def __repr__(self) -> str:
        return f"Rulebook({self.version!r})"

    @cached_property
    def detectors(self) -> Detectors:
        """What texts are searched with; opened when the first is."""
        return unpacked(self._packed)

    @property
    def memory(self) -> Memory | None:
        """Where readings of texts are kept by these rules; None where they are not."""
        return self._memory

    def remembering(self, memory: Memory) -> "Rulebook":
        """The same rules, with a place for what texts were found to say by them."""
        whole = self.model_copy()
        whole._memory = memory  # noqa: SLF001 - of its own kind
        return whole

    def remembered(self, kind: str, words: str, meaning: Callable[[str, "Rulebook"], Meant]) -> Meant:
        """What words mean by these rules, found once.

        Args:
            kind: What is asked about them.
            words: The words.
            meaning: Answers, from the words and these rules alone.
        """
        known = self._meanings
        found: Meant | None = known.get((kind, words))
        if found is None:
            if len(known) >= _MOST_MEANINGS:
                known.clear()
            known[kind, words] = found = meaning(words, self)
        return found

    def with_licenses(self, records: Mapping[str, License]) -> "Rulebook":
        """The same rules with some records besides."""
        whole = self.model_copy(update={"licenses": {**self.licenses, **records}})
        whole._meanings = {}  # noqa: SLF001 - of its own kind
        return whole

    def searching_with(self, detectors: bytes) -> "Rulebook":
        """The same rules with what texts are searched with, as `licscan.rulebook.detectors.packed` keeps it."""
        whole = self.model_copy()
        whole._packed = detectors  # noqa: SLF001 - of its own kind
        return whole

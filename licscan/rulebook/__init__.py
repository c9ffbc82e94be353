"""The rule base: YAML under `rules/`, read, checked, compiled."""

from licscan.rulebook.checks import fits, weigh
from licscan.rulebook.compiled import load
from licscan.rulebook.records import (
    ClauseGroup,
    ClauseRule,
    LevelRow,
    ModelFacts,
    Rulebook,
    ValueType,
    Weight,
)

__all__ = [
    "ClauseGroup",
    "ClauseRule",
    "LevelRow",
    "ModelFacts",
    "Rulebook",
    "ValueType",
    "Weight",
    "fits",
    "load",
    "weigh",
]

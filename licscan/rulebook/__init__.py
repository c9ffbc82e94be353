"""The rule base: YAML under `rules/`, read, checked, compiled."""

from licscan.rulebook.checks import fits, weigh
from licscan.rulebook.compiled import load
from licscan.rulebook.policies import MODEL, Policy, PolicyRule, of_models
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
    "MODEL",
    "ClauseGroup",
    "ClauseRule",
    "LevelRow",
    "ModelFacts",
    "Policy",
    "PolicyRule",
    "Rulebook",
    "ValueType",
    "Weight",
    "fits",
    "load",
    "of_models",
    "weigh",
]

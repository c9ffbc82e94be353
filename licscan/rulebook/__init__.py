"""The rule base: YAML under `rules/`, read, checked, compiled."""

from licscan.rulebook.book import Memory, Rulebook
from licscan.rulebook.checks import weigh
from licscan.rulebook.compiled import load
from licscan.rulebook.elements import Document, Element, Framework
from licscan.rulebook.families import ModelFacts
from licscan.rulebook.frameworks import Component, OpennessClasses
from licscan.rulebook.index import Same, by_model_name, candidates
from licscan.rulebook.objections import whole_policies
from licscan.rulebook.policies import MODEL, Policy, PolicyRule, of_models
from licscan.rulebook.providers import OfferedModels, Provider, Rewrite
from licscan.rulebook.reader import RuleFile
from licscan.rulebook.records import (
    ClauseGroup,
    ClauseRule,
    LevelRow,
    ValueType,
    Weight,
)

__all__ = [
    "MODEL",
    "ClauseGroup",
    "ClauseRule",
    "Component",
    "Document",
    "Element",
    "Framework",
    "LevelRow",
    "Memory",
    "ModelFacts",
    "OfferedModels",
    "OpennessClasses",
    "Policy",
    "PolicyRule",
    "Provider",
    "Rewrite",
    "RuleFile",
    "Rulebook",
    "Same",
    "ValueType",
    "Weight",
    "by_model_name",
    "candidates",
    "load",
    "of_models",
    "weigh",
    "whole_policies",
]

"""The configuration: `licscan.toml`, or `[tool.licscan]` in `pyproject.toml`. Plain values, and so fast to start."""

from licscan.config.facts import METRICS, PURPOSES, amount, organisation
from licscan.config.files import NAME, Layer, found_above, layers
from licscan.config.gate import Configuration, Waiver, read
from licscan.organisation import ACTIVITIES

__all__ = [
    "ACTIVITIES",
    "METRICS",
    "NAME",
    "PURPOSES",
    "Configuration",
    "Layer",
    "Waiver",
    "amount",
    "found_above",
    "layers",
    "organisation",
    "read",
]

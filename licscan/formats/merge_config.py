"""The configuration of mergekit: every model that was merged, wherever its many forms name them.

https://github.com/arcee-ai/mergekit: a model is a name, `name@revision`, `name+adapter`, or a mapping of these.
"""

from collections import deque
from typing import Any

from licscan.formats.header import Origin
from licscan.formats.marked_yaml import load
from licscan.model import Relation

# Where a configuration names models; the source of a tokenizer gives words, and no weights.
_KEYS = frozenset({"base_model", "model", "source_model", "lora", "path"})
_MOST = 300
_STEPS = 100_000


def read_merge_config(text: str) -> tuple[Origin, ...]:
    """The models that a configuration names, each once, in their order.

    Raises:
        UnreadableError: It is no YAML.
    """
    found: dict[str, Origin] = {}
    waiting: deque[tuple[str, Any]] = deque([("", load(text).value)])
    for _ in range(_STEPS):
        if not waiting or len(found) >= _MOST:
            break
        key, value = waiting.popleft()
        if isinstance(value, dict):
            revision = value.get("revision")
            at = f"@{revision}" if isinstance(revision, str) and isinstance(value.get("path"), str) else ""
            waiting.extend((name, f"{one}{at}" if name == "path" and at else one) for name, one in value.items())
        elif isinstance(value, list):
            waiting.extend((key, one) for one in value)
        elif isinstance(value, str) and key in _KEYS:
            for place, name in enumerate(_names(value)):
                found.setdefault(name, Origin(key, name, Relation.ADAPTER if place else Relation.MERGE))
    return tuple(found.values())


def _names(value: str) -> list[str]:
    """A model, and the adapter that is laid over it."""
    return [name.strip() for name in value.split("+") if name.strip()]

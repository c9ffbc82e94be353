"""JSON files that tools write beside weights: config.json of transformers, adapter_config.json of PEFT."""

import json
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.hub_names import model_ref
from licscan.formats.modality import modality_of
from licscan.model import DeclaredBase, Evidence, Relation

_LONGEST = 300
_TASKS = (
    ("multimodal", ("vision_config", "audio_config", "thinker_config")),
    ("image", ("image_size", "num_channels")),
    ("audio", ("num_mel_bins", "feat_extract_norm")),
    ("text", ("vocab_size",)),
)


class Config(NamedTuple):
    """What a configuration says of a model.

    Attributes:
        modality: What it works on.
        base: The model that it comes from.
        licenses: Keys and values that state a license.
    """

    modality: str | None = None
    base: DeclaredBase | None = None
    licenses: tuple[tuple[str, str], ...] = ()


def parse(text: str) -> dict[str, object]:
    """The JSON object of a configuration.

    Raises:
        UnreadableError: It is no JSON object, or nested beyond reason.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise UnreadableError("JSON nested beyond reason") from error
    except ValueError as error:
        raise UnreadableError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object")
    return value


def read_config(text: str, at: Evidence) -> Config:
    """What `config.json` says; its `_name_or_path` is often the model that it was trained from, or a stale path.

    Raises:
        UnreadableError: It is no JSON object.
    """
    fields = parse(text)
    task = fields.get("pipeline_tag")
    modality = modality_of(task) if isinstance(task, str) else None
    if modality is None:
        modality = next((name for name, keys in _TASKS if any(key in fields for key in keys)), None)
    stated = ((key, fields.get(key)) for key in ("license", "licence"))
    licenses = tuple((key, value) for key, value in stated if isinstance(value, str))
    base = _base(fields, "_name_or_path", Relation.UNSTATED, at)
    return Config(modality, base, licenses)


def read_adapter_config(text: str, at: Evidence) -> Config:
    """What `adapter_config.json` says: the base, by PEFT's own key.

    Raises:
        UnreadableError: It is no JSON object.
    """
    fields = parse(text)
    base = _base(fields, "base_model_name_or_path", Relation.ADAPTER, at)
    revision = fields.get("revision")
    if base and base.ref and isinstance(revision, str) and revision not in {"", "main"}:
        base = base.model_copy(update={"ref": base.ref.at(revision)})
    return Config(base=base)


def _base(fields: dict[str, object], key: str, relation: Relation, at: Evidence) -> DeclaredBase | None:
    name = fields.get(key)
    if not isinstance(name, str) or not name.strip():
        return None
    quote = f"{key}: {name}"[:_LONGEST]
    evidence = at.model_copy(update={"quote": quote})
    return DeclaredBase(stated=name[:_LONGEST], ref=model_ref(name), relation=relation, evidence=evidence)

"""JSON files that tools write beside weights: config.json of transformers, adapter_config.json of PEFT."""

import json
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.bounded import sound
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
    modality = next((modality_of(task) for task in _strings(fields.get("pipeline_tag"))), None)
    if modality is None:
        modality = next((name for name, keys in _TASKS if any(key in fields for key in keys)), None)
    stated = ((key, value) for key in ("license", "licence", "licenses") for value in _strings(fields.get(key)))
    licenses = tuple((key, value) for key, value in stated if value.strip())
    base = _base(fields, "_name_or_path", Relation.UNSTATED, at)
    return Config(modality, base, licenses)


def read_adapter_config(text: str, at: Evidence) -> Config:
    """What `adapter_config.json` says: the base, by PEFT's own key.

    Raises:
        UnreadableError: It is no JSON object.
    """
    fields = parse(text)
    base = _base(fields, "base_model_name_or_path", Relation.ADAPTER, at)
    revision = next(iter(_strings(fields.get("revision"))), "")
    if base and base.ref and revision not in {"", "main"}:
        base = base.model_copy(update={"ref": base.ref.at(revision)})
    return Config(base=base)


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [sound(one) for one in values if isinstance(one, str)]


def _base(fields: dict[str, object], key: str, relation: Relation, at: Evidence) -> DeclaredBase | None:
    name = next(iter(_strings(fields.get(key))), "")
    if not name.strip():
        return None
    quote = f"{key}: {name}"[:_LONGEST]
    evidence = at.model_copy(update={"quote": quote})
    return DeclaredBase(stated=name[:_LONGEST], ref=model_ref(name), relation=relation, evidence=evidence)

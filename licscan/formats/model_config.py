"""Files that tools write beside weights: of transformers, PEFT, diffusers, mergekit, Ollama."""

import json
import re
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.bounded import sound
from licscan.formats.header import Origin
from licscan.formats.hub_names import ollama_ref
from licscan.formats.lineage_names import declared
from licscan.formats.merge_config import read_merge_config
from licscan.formats.modality import modality_of
from licscan.formats.modelfile import read_modelfile
from licscan.formats.properties import OF_ADAPTERS, OF_CONFIGS, OF_PIPELINES, of_fields
from licscan.model import DeclaredBase, Evidence, Property, Relation

_MOST_BASES = 100
# What `ollama show --modelfile` writes for a layer: where it lies on that machine.
_BLOB = re.compile(r"blobs[\\/]sha256[-:][0-9a-f]{64}")
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
        bases: The models that it comes from.
        licenses: Keys and values that state a license.
        texts: Texts of licenses that stand in it.
        properties: What it says that the model is and does.
    """

    modality: str | None = None
    bases: tuple[DeclaredBase, ...] = ()
    licenses: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()

    @property
    def base(self) -> DeclaredBase | None:
        """The first of the models that it comes from."""
        return self.bases[0] if self.bases else None


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
    bases = _bases(fields, "_name_or_path", Relation.UNSTATED, at)
    return Config(modality, bases, licenses, properties=tuple(of_fields(fields, OF_CONFIGS, at)))


def read_adapter_config(text: str, at: Evidence) -> Config:
    """What `adapter_config.json` says: the base, by PEFT's own key.

    Raises:
        UnreadableError: It is no JSON object.
    """
    fields = parse(text)
    revision = next(iter(_strings(fields.get("revision"))), "")
    bases = _bases(fields, "base_model_name_or_path", Relation.ADAPTER, at)
    if revision not in {"", "main"}:
        bases = tuple(
            base.model_copy(update={"ref": base.ref.at(revision)}) if base.ref and not base.ref.revision else base
            for base in bases
        )
    return Config(bases=bases, properties=tuple(of_fields(fields, OF_ADAPTERS, at)))


def read_pipeline(text: str, at: Evidence) -> Config:
    """What `model_index.json` of diffusers says: the pipeline that it was made from.

    Raises:
        UnreadableError: It is no JSON object.
    """
    fields = parse(text)
    bases = _bases(fields, "_name_or_path", Relation.UNSTATED, at)
    return Config(bases=bases, properties=tuple(of_fields(fields, OF_PIPELINES, at)))


def read_merge(text: str, at: Evidence) -> Config:
    """What mergekit's configuration says: the models that were merged.

    Raises:
        UnreadableError: It is no YAML.
    """
    return Config(bases=tuple(declared(origin, at) for origin in read_merge_config(text)))


def read_ollama(text: str, at: Evidence) -> Config:
    """What a Modelfile says: what it is made from, and under which license."""
    config = Config()
    for one in read_modelfile(text):
        here = at.model_copy(update={"lines": (one.line, one.line)})
        if one.command in {"FROM", "ADAPTER", "DRAFT"} and not _BLOB.search(one.argument):
            relation = Relation.ADAPTER if one.command == "ADAPTER" else Relation.UNSTATED
            base = declared(Origin(one.command, one.argument, relation), here)
            known = ollama_ref(one.argument) if base.ref is None or "/" not in one.argument else base.ref
            config = config._replace(bases=(*config.bases, base.model_copy(update={"ref": known})))
        elif one.command == "LICENSE" and "\n" in one.argument:
            config = config._replace(texts=(*config.texts, one.argument))
        elif one.command == "LICENSE" and one.argument:
            config = config._replace(licenses=(*config.licenses, (one.command, one.argument)))
    return config


READERS = {
    "config.json": read_config,
    "adapter_config.json": read_adapter_config,
    "model_index.json": read_pipeline,
    "mergekit_config.yml": read_merge,
    "mergekit_config.yaml": read_merge,
    "mergekit_moe_config.yml": read_merge,
    "Modelfile": read_ollama,
}


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [sound(one) for one in values if isinstance(one, str)]


def _bases(fields: dict[str, object], key: str, relation: Relation, at: Evidence) -> tuple[DeclaredBase, ...]:
    names = [name for name in _strings(fields.get(key)) if name.strip()][:_MOST_BASES]
    return tuple(declared(Origin(key, name, relation), at) for name in names)

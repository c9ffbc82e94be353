"""Models as artifacts of OCI registries: what a manifest of any of their kinds says, and where its layers lie.

https://github.com/modelpack/model-spec (CNCF), https://github.com/docker/model-spec, https://kitops.org.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.bounded import read_file
from licscan.formats.hub_names import model_ref
from licscan.formats.packed import unpack
from licscan.model import Claim, DeclaredBase, Evidence, Gap, GapId, Place, Relation, Subject
from licscan.sources.stores.interface import DIGEST, Held, named, within
from licscan.sources.stores.records import json_object, mappings, text_of

_KINDS = re.compile(r"application/vnd\.(?:cncf\.model|docker\.ai|kitops\.modelkit|ollama\.image)\b.*")
_PATHS = ("org.cncf.model.filepath", "org.opencontainers.image.title")
_LICENSES = "org.opencontainers.image.licenses"
_MOST_LAYERS = 10_000
_CONFIG_LIMIT = 4 << 20
# Part of a media type, and the name of the file that such a layer is where it bears none.
_NAMES = (
    ("lora", "adapter.gguf"),
    ("mmproj", "mmproj.gguf"),
    ("gguf", "model.gguf"),
    ("safetensors", "model.safetensors"),
    ("dduf", "model.dduf"),
    ("license", "LICENSE"),
    ("weight.config", "config.json"),
)


class Manifest(NamedTuple):
    """A manifest: its fields, its bytes, where blobs lie, and who says so."""

    fields: dict[str, Any]
    data: bytes
    blob: Callable[[str], Path]
    source: str


def is_model(fields: dict[str, Any]) -> bool:
    """Whether a manifest is that of a model, by the kinds of its artifact, configuration and layers."""
    config = fields.get("config")
    kinds = [fields.get("artifactType"), config.get("mediaType") if isinstance(config, dict) else None]
    kinds += [layer.get("mediaType") for layer in mappings(fields.get("layers"))[:_MOST_LAYERS]]
    return any(_KINDS.fullmatch(text_of(kind)) for kind in kinds)


def read_manifest(manifest: Manifest, name: str) -> Held:
    """Everything that a manifest says of a model.

    Raises:
        UnreadableError: It has too many layers.
    """
    held = Held(name)
    held.revision = f"sha256:{hashlib.sha256(manifest.data).hexdigest()}"
    held.besides = manifest.data
    layers = mappings(manifest.fields.get("layers"))
    if len(layers) > _MOST_LAYERS:
        raise UnreadableError(f"{len(layers):,} layers", where=name)
    for number, layer in enumerate(layers):
        _layer(layer, number, manifest, held)
    notes = manifest.fields.get("annotations")
    if isinstance(notes, dict):
        _claim(text_of(notes.get(_LICENSES)), _LICENSES, "manifest", manifest.source, held)
    _config(manifest, held)
    return held


def hexed(digest: object) -> str | None:
    """The hexadecimal part of a digest; None for what is none: it could be a path."""
    found = DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    return found[1].lower() if found else None


def _layer(layer: dict[str, Any], number: int, manifest: Manifest, held: Held) -> None:
    kind = text_of(layer.get("mediaType"))
    digest = hexed(layer.get("digest"))
    if not _KINDS.fullmatch(kind):
        return
    if digest is None:
        why = f"manifest: layer {number} names {str(layer.get('digest'))[:80]!a}, which is no digest"
        held.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="a part of the model", why=why))
        return
    blob, path = manifest.blob(digest), _path(kind, layer, number, held)
    if ".tar" in kind or "+tar" in kind or kind.endswith("tar"):
        _packed(path, blob, kind, held)
        return
    held.state(path, blob, digest, layer.get("size"))


def _path(kind: str, layer: dict[str, Any], number: int, held: Held) -> str:
    notes = layer.get("annotations")
    stated = next((text_of(notes.get(key)) for key in _PATHS if notes.get(key)), "") if isinstance(notes, dict) else ""
    path = within(stated) or next((name for part, name in _NAMES if part in kind), f"layer-{number}")
    if path not in held.files:
        return path
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}-{number}.{suffix}" if dot else f"{path}-{number}"


def _packed(path: str, blob: Path, kind: str, held: Held) -> None:
    """A layer that is an archive: its texts and the headers of its weights are read, and it is not unpacked."""
    try:
        packed = unpack(blob)
    except UnreadableError as error:
        held.gaps.append(Gap(id=GapId(error.gap), what=f"what {path} holds", why=f"{path}: {error.what}"))
        return
    for name, data in packed.texts.items():
        if inside := within(name):
            held.texts.setdefault(inside, data)
    for file in packed.weights:
        if inside := within(file.name):
            held.packed.setdefault(inside, file)
    weighty = "weight" in kind or "model" in kind.rpartition("modelkit.")[2]
    if packed.cut or (weighty and not packed.weights):
        why = f"{path}: the archive of a layer: {packed.cut or 'no weights in it are known as such'}"
        held.gaps.append(Gap(id=GapId.HEADER_NOT_READ, what="what weight files say of themselves", why=why))


def _config(manifest: Manifest, held: Held) -> None:
    config = manifest.fields.get("config")
    digest = hexed(config.get("digest")) if isinstance(config, dict) else None
    if digest is None:
        return
    try:
        fields = json_object(read_file(manifest.blob(digest), _CONFIG_LIMIT).data, "config")
    except UnreadableError as error:
        held.gaps.append(Gap(id=GapId(error.gap), what="what its configuration says", why=f"config: {error.what}"))
        return
    described = fields.get("descriptor")
    if isinstance(described, dict):
        _described(described, manifest.source, held)
    inner = fields.get("config")
    header = inner.get("gguf") if isinstance(inner, dict) else None
    if isinstance(header, dict):
        _claim(text_of(header.get("general.license")), "general.license", "config", manifest.source, held)
    if "manifestVersion" in fields or "package" in fields:
        kitfile(fields, "config", manifest.source, held)


def _described(fields: dict[str, Any], source: str, held: Held) -> None:
    """The descriptor of the CNCF's configuration: licenses, and where it comes from."""
    licenses = fields.get("licenses")
    stated = [text_of(one) for one in licenses[:50]] if isinstance(licenses, list) else [text_of(licenses)]
    stated = [f"({one})" if " " in one and len(stated) > 1 else one for one in stated if one]
    _claim(" AND ".join(stated), "descriptor.licenses", "config", source, held)
    address, revision = text_of(fields.get("sourceURL")), text_of(fields.get("revision"))
    ref = model_ref(address) if address else None
    if ref:
        quote = f"descriptor.sourceURL: {address}"[:300]
        evidence = Evidence(source=source, path="config", quote=quote)
        ref = ref.at(revision) if re.fullmatch(r"[0-9a-f]{40}", revision) else ref
        held.bases.append(DeclaredBase(stated=address[:300], ref=ref, relation=Relation.UNSTATED, evidence=evidence))


def kitfile(fields: dict[str, Any], path: str, source: str, held: Held) -> None:
    """What the Kitfile of a ModelKit says: licenses of its parts, and the kit that its model is taken from."""
    package, model = fields.get("package"), fields.get("model")
    if isinstance(model, dict):
        _claim(text_of(model.get("license")), "model.license", path, source, held)
        for part in mappings(model.get("parts")):
            _claim(text_of(part.get("license")), "model.parts.license", path, source, held)
        base = text_of(model.get("path"))
        if re.fullmatch(r"[\w.-]+(?:\.[\w-]+|:\d+)/[\w./-]+(?::[\w.-]+)?", base):
            evidence = Evidence(source=source, path=path, quote=f"model.path: {base}"[:300])
            ref = named("oci", base)
            held.bases.append(DeclaredBase(stated=base[:300], ref=ref, relation=Relation.UNSTATED, evidence=evidence))
    if isinstance(package, dict) and not held.claims:
        _claim(text_of(package.get("license")), "package.license", path, source, held)
    for key, subject in (("code", Subject.CODE), ("datasets", Subject.DATA), ("docs", Subject.DOCS)):
        for part in mappings(fields.get(key)):
            _claim(text_of(part.get("license")), f"{key}.license", path, source, held, subject=subject)


def _claim(stated: str, key: str, path: str, source: str, held: Held, *, subject: Subject = Subject.WEIGHTS) -> None:
    if stated:
        evidence = Evidence(source=source, path=path, section=key, quote=f"{key}: {stated}"[:300])
        held.claims.append(Claim(subject=subject, place=Place.CARD_TAG, stated=stated[:2000], evidence=evidence))

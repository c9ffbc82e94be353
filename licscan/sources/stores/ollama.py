"""The store of Ollama: manifests by name, blobs by digest, licenses as layers of their own.

https://github.com/ollama/ollama: `manifests/<host>/<namespace>/<model>/<tag>` is JSON, `blobs/sha256-<hex>` its layers.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats.bounded import Content, decode, read_file
from licscan.formats.tree import Folder, walk
from licscan.model import Claim, DeclaredBase, Evidence, Gap, GapId, ModelRef, Place, Relation, Subject
from licscan.sources.stores.interface import DIGEST, Held, Machine, Store, named, within
from licscan.sources.stores.records import json_object, mappings, read_json, text_of

_HOST, _NAMESPACE = "registry.ollama.ai", "library"
_TYPE = re.compile(r"application/vnd\.ollama\.image\.([a-z]+)")
_WEIGHTS = ("model", "projector", "adapter", "draft")
_PART = re.compile(r"[\w.-]{1,80}", re.ASCII)
_MOST_LAYERS = 20_000
_CONFIG_LIMIT = 1 << 20
# A layer of so few bytes in one line is the name of a license, and no text of one.
_NAME = 100


class Ollama(Store):
    """The models that Ollama pulled or made."""

    name = "ollama"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """The variable that Ollama reads, a user's own store, that of the service."""
        yield from machine.named("OLLAMA_MODELS")
        yield machine.home / ".ollama" / "models"
        if machine.system == "linux":
            yield Path("/usr/share/ollama/.ollama/models")

    def is_root(self, folder: Folder) -> bool:
        """Manifests beside blobs, without the index of Docker's store."""
        return {"manifests", "blobs"} <= set(folder.folders) and "models.json" not in folder.files

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every manifest; a file that is none is a gap."""
        gaps: list[Gap] = []

        def troubled(place: Path, why: str) -> None:
            gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="which models are there", why=f"{place}: {why}"))

        for folder in walk(root / "manifests", troubled):
            if len(folder.path.relative_to(root / "manifests").parts) == 3:  # noqa: PLR2004 - host, namespace, model
                yield from (folder.path / name for name in folder.files if not name.startswith("."))
        yield from gaps

    def hold(self, path: Path) -> Held | None:
        """What a manifest names: weights, licenses, the model that it was made from."""
        parts = path.parts[-5:]
        if len(parts) < 5 or parts[0] != "manifests" or not path.is_file():  # noqa: PLR2004
            return None
        root = path.parents[4]
        manifest, data = read_json(path)
        held = Held(_shown(*parts[1:]))
        held.revision = f"sha256:{hashlib.sha256(data).hexdigest()}"
        held.besides = data
        quote = "/".join(parts)
        original = _elsewhere(*parts[1:])
        if original and original.scheme != self.name:
            held.copy_of(original, Evidence(source=self.name, path="manifest", quote=quote))
        layers = mappings(manifest.get("layers"))
        if len(layers) > _MOST_LAYERS:
            raise UnreadableError(f"{len(layers):,} layers", where=str(path))
        _config(manifest.get("config"), root, held)
        for number, layer in enumerate(layers):
            _layer(layer, number, root, held)
        return held

    def locate(self, ref: ModelRef, machine: Machine) -> Path | None:
        """The manifest of `ollama:name:tag` in the first store that has it; names are compared whatever their case."""
        if ref.scheme != self.name:
            return None
        parts = _parts(ref.name)
        return next((found for root in self.roots(machine) if (found := _manifest(root, parts))), None)

    def call(self, path: Path, machine: Machine) -> ModelRef | None:
        """`ollama:name:tag` for a manifest in the first store of this machine that has the name."""
        if path.parts[-5:-4] != ("manifests",):
            return None
        ref = named(self.name, _shown(*path.parts[-4:]))
        return ref if ref and self.locate(ref, machine) == path.absolute() else None


def _shown(host: str, namespace: str, model: str, tag: str) -> str:
    """A name as Ollama shows it: without the host and namespace that it supposes."""
    name = f"{model}:{tag}"
    if host == _HOST:
        return name if namespace == _NAMESPACE else f"{namespace}/{name}"
    return f"{host}/{namespace}/{name}"


def _parts(name: str) -> tuple[str, str, str, str]:
    head, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        head, tag = name, "latest"
    parts = head.split("/")
    host = "/".join(parts[:-2]) or _HOST
    return host, parts[-2] if len(parts) > 1 else _NAMESPACE, parts[-1], tag


def _manifest(root: Path, parts: tuple[str, str, str, str]) -> Path | None:
    place = root.absolute() / "manifests"
    for part in parts:
        if not _PART.fullmatch(part.replace(":", "")) or part in {".", ".."}:
            return None
        below = place / part
        if not below.exists():
            try:
                near = (other for other in place.iterdir() if other.name.casefold() == part.casefold())
                below = next(near, below)
            except OSError:
                return None
        place = below
    return place if place.is_file() else None


def _elsewhere(host: str, namespace: str, model: str, tag: str) -> ModelRef | None:
    """The model of another place that Ollama pulled; the tag says which file of it, and nothing of its revision."""
    if host in {"hf.co", "huggingface.co"}:
        return named("hf", f"{namespace}/{model}")
    if host in {"modelscope.cn", "www.modelscope.cn"}:
        return named("modelscope", f"{namespace}/{model}")
    return named("ollama", _shown(host, namespace, model, tag))


def _blob(digest: object, root: Path) -> tuple[Path, str] | None:
    """Where a layer lies, and its digest; None for what is no digest: it could be a path."""
    found = DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    if found is None:
        return None
    hexed = found[1].lower()
    old = root / "blobs" / f"sha256:{hexed}"
    return (old if old.is_file() else root / "blobs" / f"sha256-{hexed}"), hexed


def _layer(layer: dict[str, Any], number: int, root: Path, held: Held) -> None:
    kind = _TYPE.match(text_of(layer.get("mediaType")))
    if kind is None or kind[1] not in {*_WEIGHTS, "license", "tensor", "json"}:
        return
    blob = _blob(layer.get("digest"), root)
    if blob is None:
        why = f"layer {number} names {str(layer.get('digest'))[:80]!a}, which is no digest"
        held.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="a part of the model", why=f"manifest: {why}"))
        return
    path = _free(held, _place(kind[1], layer, blob[0]))
    held.state(path, *blob, layer.get("size"))
    if kind[1] == "license":
        _license(path, blob[0], held)
    if parent := text_of(layer.get("from")):
        _parent(parent, kind[1], held)


def _place(kind: str, layer: dict[str, Any], blob: Path) -> str:
    """The path of a layer in the model."""
    if kind == "license":
        return "LICENSE"
    name = within(text_of(layer.get("name")))
    if kind == "json":
        return name or "config.json"
    if kind == "tensor":
        return f"tensors/{name or blob.name}.safetensors"
    # What it really is, its content says; an adapter may be one or the other.
    return f"{kind}.gguf"


def _free(held: Held, path: str) -> str:
    """A path that no other layer has: there may be several of one kind."""
    if path not in held.files:
        return path
    stem, dot, suffix = path.rpartition(".")
    numbers = range(2, len(held.files) + 3)
    return next(one for n in numbers if (one := f"{stem}-{n}.{suffix}" if dot else f"{path}-{n}") not in held.files)


def _license(path: str, blob: Path, held: Held) -> None:
    """A layer that only names a license is a claim; a text is read with the other texts."""
    try:
        content: Content = read_file(blob, _NAME + 1)
    except UnreadableError:
        return
    words = decode(content.data).strip()
    if content.whole and words and "\n" not in words:
        del held.files[path]
        evidence = Evidence(source="ollama", path=path, sha256=hashlib.sha256(content.data).hexdigest(), quote=words)
        claim = Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=words, evidence=evidence)
        held.claims.append(claim)


def _parent(parent: str, kind: str, held: Held) -> None:
    if parent.startswith(("/", "~")) or "\\" in parent or "@" in parent:
        return  # a blob or a file that somebody had; the layer itself is here
    relation = Relation.ADAPTER if kind == "adapter" else Relation.UNSTATED
    evidence = Evidence(source="ollama", path="manifest", quote=f"from: {parent}"[:300])
    ref = _elsewhere(*_parts(parent))
    held.bases.append(DeclaredBase(stated=parent[:300], ref=ref, relation=relation, evidence=evidence))


def _config(config: object, root: Path, held: Held) -> None:
    """What the configuration layer says: a model that runs elsewhere, or on a base of another name."""
    blob = _blob(config.get("digest"), root) if isinstance(config, dict) else None
    if blob is None:
        return
    try:
        content = read_file(blob[0], _CONFIG_LIMIT)
        fields = json_object(content.data, "config")
    except UnreadableError as error:
        held.gaps.append(Gap(id=GapId(error.gap), what="what its configuration says", why=f"config: {error.what}"))
        return
    held.besides += content.data
    if host := text_of(fields.get("remote_host")):
        remote = text_of(fields.get("remote_model")) or held.name
        held.notes.append(f"runs at {host} as {remote}: no weights of it are on this machine")
        evidence = Evidence(source="ollama", path="config", quote=f"remote_host: {host}, remote_model: {remote}"[:300])
        base = DeclaredBase(
            stated=remote[:300], ref=named("ollama", remote), relation=Relation.UNSTATED, evidence=evidence
        )
        held.bases.append(base)
    if base_name := text_of(fields.get("base_name")):
        _parent(base_name, "model", held)

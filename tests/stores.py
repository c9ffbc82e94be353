"""Stores of models, laid out exactly as their tools lay them out."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from licscan.model import Gap, GapId, Model, ModelRef
from licscan.sources.folder import HERE, FolderSource
from licscan.sources.stores import Machine

COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
Files = Mapping[str, bytes | str]


def machine(home: Path, **environment: str) -> Machine:
    """A machine whose user has this home."""
    return Machine(home, environment, "linux")


def source(home: Path, **environment: str) -> FolderSource:
    return FolderSource(machine=machine(home, **environment))


def here(home: Path, **environment: str) -> tuple[list[str], list[Gap]]:
    """What all stores of a machine hold, as references relative to the home, and what is there and is no model."""
    found = list(source(home, **environment).find(HERE))
    refs = [str(one).replace(f"{home}/", "") for one in found if isinstance(one, ModelRef)]
    return refs, [one for one in found if isinstance(one, Gap)]


def load(ref: str | Path, home: Path | None = None) -> Model:
    """The facts of one model."""
    wanted = ModelRef(scheme="file", name=str(ref)) if isinstance(ref, Path) else ModelRef.parse(ref)
    local = source(home or Path("/nowhere"))
    return local.load(local.pin(wanted)).model


def gaps(model: Model) -> dict[GapId, str]:
    return {gap.id: gap.why for gap in model.gaps}


def bytes_of(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def hub_cache(
    root: Path, folder: str, files: Files, *, commit: str = COMMIT, ref: str | None = "main", links: bool = True
) -> Path:
    """A repository in the cache of huggingface_hub; the snapshot."""
    repository = root / folder
    snapshot = repository / "snapshots" / commit
    for below in ("blobs", "refs"):
        (repository / below).mkdir(parents=True, exist_ok=True)
    snapshot.mkdir(parents=True)
    if ref:
        (repository / "refs" / ref).parent.mkdir(parents=True, exist_ok=True)
        (repository / "refs" / ref).write_text(commit)
    for name, content in files.items():
        data = bytes_of(content)
        large = name.endswith((".safetensors", ".gguf", ".bin"))
        blob = repository / "blobs" / (sha256(data) if large else git_sha1(data))
        place = snapshot / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if links:
            blob.write_bytes(data)
            place.symlink_to(os.path.relpath(blob, place.parent))
        else:
            place.write_bytes(data)
    return snapshot


OLLAMA = "application/vnd.ollama.image."


def ollama_blob(root: Path, data: bytes) -> dict[str, Any]:
    """A blob in the store of Ollama; its descriptor."""
    place = root / "blobs" / f"sha256-{sha256(data)}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return {"digest": f"sha256:{sha256(data)}", "size": len(data)}


def ollama(
    root: Path,
    name: str,
    layers: list[tuple[str, bytes | str] | tuple[str, bytes | str, dict[str, str]]],
    config: Mapping[str, object] | None = None,
) -> Path:
    """A model in the store of Ollama, by its four-part name; the manifest."""
    made = []
    for kind, content, *more in layers:
        extra = more[0] if more else {}
        made.append({"mediaType": f"{OLLAMA}{kind}", **ollama_blob(root, bytes_of(content)), **extra})
    described = ollama_blob(root, json.dumps({"model_format": "gguf", **(config or {})}).encode())
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", **described},
        "layers": made,
    }
    place = root / "manifests" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(manifest))
    return place

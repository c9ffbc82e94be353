"""Stores of blobs with manifests: those of Ollama, OCI image layouts, and runners that keep models in such.

Ollama: `manifests/<host>/<namespace>/<model>/<tag>`, `blobs/sha256-<hex>`. OCI: `index.json`, `blobs/sha256/<hex>`
(https://github.com/opencontainers/image-spec/blob/main/image-layout.md).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.digests import Promise, parted
from licscan.errors import UnreadableError
from licscan.verify.copy import Copy, look, walk
from licscan.verify.folder import is_layout
from licscan.verify.promises_hub import named_by_digest, oci_digest, pairs
from licscan.verify.small import read_json, size_of

_LIMIT = 4 << 20
_HOST, _NAMESPACE = "registry.ollama.ai", "library"
_LEVELS = 4
_MOST = 10_000
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")


def ollama_root() -> Path:
    """Where Ollama keeps its models: `OLLAMA_MODELS`, the user's own folder, or that of the system's service."""
    if place := os.environ.get("OLLAMA_MODELS"):
        return Path(place).expanduser()
    own = Path("~/.ollama/models").expanduser()
    service = Path("/usr/share/ollama/.ollama/models")
    return service if not own.is_dir() and service.is_dir() else own


def read_ollama(place: Path, wanted: str = "") -> Iterator[Copy]:
    """The models of a store of Ollama.

    Args:
        place: The store.
        wanted: A name, as `ollama run` takes it; all by default.
    """
    for folder in walk(str(place / "manifests"), lambda _: None):
        for file in folder.files:
            parts = file.path.split("/")
            name = _ollama_name(parts) if len(parts) == _LEVELS else ""
            if name and (not wanted or _whole(wanted) == _whole(name)):
                copy = Copy(f"ollama:{name}", str(place), f"ollama:{name}")
                _manifest(copy, place, f"manifests/{file.path}", "manifest")
                yield copy


def read_layout(place: Path) -> Iterator[Copy]:
    """The images of an OCI layout, or of a runner's store; else one copy of all its blobs."""
    named = 0
    for digest, promised, title in _roots(place):
        copy = Copy(f"{place}{f' ({title})' if title else ''}", str(place))
        algorithm, value = parted(digest)
        path = f"blobs/{algorithm}/{value}"
        if not (place / path).exists() and (place / "manifests" / algorithm / value).exists():
            path = f"manifests/{algorithm}/{value}"
        copy.promises.append(promised._replace(path=path))
        copy.files[path] = look(str(place / path), path)
        _manifest(copy, place, path, f"manifest {value[:12]}")
        named += 1
        yield copy
    if not named:
        yield _blobs(place)


def _roots(place: Path) -> Iterator[tuple[str, Promise, str]]:
    """Digests of the manifests of all images, what is promised of them, and what they are called."""
    waiting: list[tuple[str, dict[str, Any]]] = []
    try:
        waiting.append(("index.json", read_json(str(place / "index.json"), _LIMIT)))
    except UnreadableError:
        for name in (
            sorted(os.listdir(place / "manifests" / "sha256")) if (place / "manifests" / "sha256").is_dir() else ()
        ):
            if digest := oci_digest(f"sha256:{name}"):
                yield digest, Promise("", "blob name", digest), name[:12]
    seen = 0
    while waiting and seen < _MOST:
        source, said = waiting.pop()
        entries = said.get("manifests")
        for entry in entries if isinstance(entries, list) else ():
            seen += 1
            digest = oci_digest(entry.get("digest")) if isinstance(entry, dict) else None
            if digest is None:
                continue
            if entry.get("mediaType") in _INDEXES:
                algorithm, value = parted(digest)
                try:
                    waiting.append((f"index {value[:12]}", read_json(str(place / "blobs" / algorithm / value), _LIMIT)))
                except UnreadableError:
                    continue
            else:
                notes = entry.get("annotations")
                title = notes.get("org.opencontainers.image.ref.name") if isinstance(notes, dict) else ""
                yield digest, Promise("", source, digest, size_of(entry.get("size"))), str(title or "")


def _manifest(copy: Copy, place: Path, path: str, source: str) -> None:
    """The blobs that a manifest names, as files of a copy."""
    try:
        said = read_json(str(place / path), _LIMIT)
    except UnreadableError as error:
        copy.troubles.append(f"{path}: {error.what}")
        return
    for media, digest, size, title in pairs(said):
        if digest is None:
            copy.troubles.append(f"{path}: a layer ({media}) without a digest that is known")
            continue
        blob = _blob(place, digest)
        file = look(str(place / blob), blob)
        kind = title or media.rpartition(".")[2]
        copy.files[blob] = file._replace(note=f"{kind}{f'; {file.note}' if file.note else ''}")
        copy.promises.append(Promise(blob, source, digest, size))
        copy.promises.append(Promise(blob, "blob name", digest))


def _blob(place: Path, digest: str) -> str:
    algorithm, value = parted(digest)
    return f"blobs/{algorithm}/{value}" if is_layout(str(place)) else f"blobs/{algorithm}-{value}"


def _blobs(place: Path) -> Copy:
    """All blobs of a store that names no images, by their own names."""
    copy = Copy(str(place), str(place))
    for folder in walk(str(place / "blobs"), copy.troubles.append):
        for file in folder.files:
            path = f"blobs/{file.path}"
            copy.files[path] = file._replace(path=path)
            digest = named_by_digest(folder.place.replace(os.sep, "/"), path.rpartition("/")[2])
            if digest:
                copy.promises.append(Promise(path, "blob name", digest))
    return copy


def _ollama_name(parts: list[str]) -> str:
    """The name of a model as Ollama shows it: what is usual is left out."""
    host, namespace, model, tag = parts
    if host != _HOST:
        return f"{host}/{namespace}/{model}:{tag}"
    return f"{model}:{tag}" if namespace == _NAMESPACE else f"{namespace}/{model}:{tag}"


def _whole(name: str) -> tuple[str, str, str, str]:
    """Host, namespace, model and tag of a name; Ollama ignores case."""
    path, colon, tag = name.casefold().rpartition(":")
    if not colon or "/" in tag:
        path, tag = name.casefold(), "latest"
    *before, model = path.split("/")
    host, namespace = [_HOST, _NAMESPACE, *before][-2:] if len(before) != 1 else (_HOST, before[0])
    return host, namespace, model, tag

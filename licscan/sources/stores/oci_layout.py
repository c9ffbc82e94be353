"""Image layouts of OCI that hold models: as registries' tools and KitOps lay them out.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats.tree import Folder, walk
from licscan.model import Gap, GapId
from licscan.sources.stores.artifacts import Manifest, hexed, is_model, read_manifest
from licscan.sources.stores.interface import Held, Machine, Store, files_in
from licscan.sources.stores.records import mappings, read_json, text_of

_NAMES = ("org.opencontainers.image.ref.name", "io.containerd.image.name")
# KitOps calls the index of a repository by the name of that, in base64.
_OF_REPOSITORY = re.compile(r"([A-Za-z0-9_-]+={0,3})-index\.json")
_DEEPEST = 3
_MOST = 10_000


class OCILayout(Store):
    """Models in image layouts."""

    name = "oci-layout"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """Where KitOps keeps its layouts."""
        yield from (place / "storage" for place in machine.named("KITOPS_HOME"))
        yield machine.local / "kitops" / "storage"

    def is_root(self, folder: Folder) -> bool:
        """The marker of a layout beside its index."""
        return {"oci-layout", "index.json"} <= set(folder.files)

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every manifest of a model that an index names; images of anything else are left."""
        for folder in walk(root, lambda *_: None):
            if self.is_root(folder):
                yield from _manifests(folder.path)

    def hold(self, path: Path) -> Held | None:
        """What the manifest of a model says."""
        root = path.parent.parent.parent
        if path.parts[-3:-1] != ("blobs", "sha256") or not (root / "oci-layout").is_file():
            return None
        fields, data = read_json(path)
        if not is_model(fields):
            return None
        name = _name(root, path.name) or f"{root.name}@sha256:{path.name[:12]}"
        return read_manifest(Manifest(fields, data, lambda digest: path.parent / digest, self.name), name)


def _manifests(root: Path) -> Iterator[Path | Gap]:
    waiting: list[tuple[Path, int]] = [(index, 0) for index in (root / "index.json", *_by_repository(root))]
    seen: set[Path] = set()
    while waiting and len(seen) < _MOST:
        index, depth = waiting.pop()
        try:
            fields = read_json(index)[0]
        except UnreadableError as error:
            why = f"{index}: {error.what}"
            yield Gap(id=GapId(error.gap), what="which models are there", why=why)
            continue
        for digest, _ in _entries(fields):
            path = root / "blobs" / "sha256" / digest
            if path in seen:
                continue
            seen.add(path)
            try:
                named = read_json(path)[0]
            except UnreadableError as error:
                yield Gap(id=GapId(error.gap), what="a manifest of the index", why=f"{path}: {error.what}")
                continue
            if "manifests" in named and depth < _DEEPEST:
                waiting.append((path, depth + 1))
            elif is_model(named):
                yield path


def _entries(index: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in mappings(index.get("manifests")):
        if digest := hexed(entry.get("digest")):
            yield digest, entry


def _by_repository(root: Path) -> Iterator[Path]:
    """The indexes that KitOps keeps of each repository, beside that of the layout."""
    return (path for path in files_in(root) if _OF_REPOSITORY.fullmatch(path.name))


def _name(root: Path, digest: str) -> str | None:
    """The name that an index gives a manifest; that of a repository gives it a tag."""
    for index in (root / "index.json", *_by_repository(root)):
        try:
            entries = _entries(read_json(index)[0])
        except UnreadableError:
            continue
        for found, entry in entries:
            notes = entry.get("annotations")
            if found == digest and isinstance(notes, dict):
                stated = next((text_of(notes.get(key)) for key in _NAMES if text_of(notes.get(key))), None)
                repository = _repository(index.name)
                if stated:
                    return f"{repository}:{stated}" if repository else stated
    return None


def _repository(index: str) -> str | None:
    """The repository that an index is called after."""
    found = _OF_REPOSITORY.fullmatch(index)
    try:
        name = base64.urlsafe_b64decode(found[1]).decode() if found else ""
    except ValueError:
        return None
    return name if name.isprintable() and name else None

"""The store of Docker Model Runner: `models.json` over manifests and blobs by digest."""

from collections.abc import Iterator
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.tree import Folder
from licscan.model import Evidence, Gap, GapId, ModelRef
from licscan.sources.stores.artifacts import Manifest, hexed, read_manifest
from licscan.sources.stores.interface import Held, Machine, Store, named
from licscan.sources.stores.records import mappings, read_json, text_of

_HUBS = ("huggingface.co/", "hf.co/")
_DEFAULT = ("index.docker.io/", "docker.io/", "registry-1.docker.io/")


class DockerModels(Store):
    """The models that Docker Model Runner pulled."""

    name = "docker-models"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """The variable that it reads, and Docker's folder."""
        yield from machine.named("MODELS_PATH")
        yield machine.home / ".docker" / "models"

    def is_root(self, folder: Folder) -> bool:
        """Its index beside its blobs."""
        return "models.json" in folder.files and {"blobs", "manifests"} <= set(folder.folders)

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every model of the index whose manifest is there."""
        for digest, tags in _index(root).items():
            path = root / "manifests" / "sha256" / digest
            if path.is_file():
                yield path
            else:
                why = f"{root / 'models.json'} names {', '.join(tags) or digest}, and its manifest is not there"
                yield Gap(id=GapId.FILES_NOT_LISTED, what="a model of the index", why=why)

    def hold(self, path: Path) -> Held | None:
        """What a manifest says, under the first of its tags."""
        root = path.parent.parent.parent
        if path.parts[-3:-1] != ("manifests", "sha256") or not (root / "models.json").is_file():
            return None
        fields, data = read_json(path)
        tags = _index(root).get(path.name, [])
        name = tags[0] if tags else f"sha256:{path.name[:12]}"
        held = read_manifest(Manifest(fields, data, lambda digest: root / "blobs" / "sha256" / digest, self.name), name)
        for tag in tags:
            hub = next((tag.removeprefix(prefix) for prefix in _HUBS if tag.startswith(prefix)), None)
            if hub:
                ref = named("hf", hub.partition(":")[0])
                held.copy_of(ref, Evidence(source=self.name, path="models.json", quote=f"tags: {tag}"[:300]))
        return held

    def locate(self, ref: ModelRef, machine: Machine) -> Path | None:
        """The manifest of `oci:ai/name:tag` in a store of this machine."""
        if ref.scheme != "oci":
            return None
        for root in self.roots(machine):
            for digest, tags in _index(root).items():
                path = root / "manifests" / "sha256" / digest
                if ref.name in tags and path.is_file():
                    return path
        return None

    def call(self, path: Path, machine: Machine) -> ModelRef | None:
        """`oci:ai/name:tag` for a manifest that has a tag in a store of this machine."""
        root = path.parent.parent.parent
        if path.parts[-3:-1] != ("manifests", "sha256") or root not in list(self.roots(machine)):
            return None
        tags = _index(root).get(path.name, [])
        return named("oci", tags[0]) if tags else None


def _index(root: Path) -> dict[str, list[str]]:
    """The tags of each model by the hexadecimal digest of its manifest, as Docker shows them."""
    try:
        entries = mappings(read_json(root / "models.json")[0].get("models"))
    except UnreadableError:
        return {}
    found: dict[str, list[str]] = {}
    for entry in entries:
        digest, tags = hexed(entry.get("id")), entry.get("tags")
        if digest:
            found[digest] = [_short(text_of(tag)) for tag in tags if text_of(tag)] if isinstance(tags, list) else []
    return found


def _short(tag: str) -> str:
    return next((tag.removeprefix(prefix) for prefix in _DEFAULT if tag.startswith(prefix)), tag)

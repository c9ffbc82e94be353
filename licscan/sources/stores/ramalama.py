"""The store of RamaLama: by transport and name, `refs/<tag>.json` over `snapshots/` and `blobs/`.

https://github.com/containers/ramalama, `model_store/`; older versions wrote `refs/<tag>` with one file name a line.
"""

from collections.abc import Iterator
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode
from licscan.formats.tree import Folder, walk
from licscan.model import Evidence, Gap, GapId, ModelRef
from licscan.sources.stores.interface import DIGEST, Held, Machine, Store, files_in, named, within
from licscan.sources.stores.records import json_object, mappings, read_bytes, text_of

_TRANSPORTS = {"huggingface": "hf", "hf": "hf", "ollama": "ollama", "modelscope": "modelscope", "oci": "oci"}
_OTHERS = frozenset({"url", "file", "http", "https", "rlcr"})
_HIGHEST = 6


class RamaLama(Store):
    """The models that RamaLama pulled."""

    name = "ramalama"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """A user's own store, and that of the system."""
        yield from (place / "store" for place in machine.named("RAMALAMA_STORE"))
        yield machine.home / ".local" / "share" / "ramalama" / "store"
        if machine.system == "linux":
            yield Path("/var/lib/ramalama/store")

    def is_root(self, folder: Folder) -> bool:
        """Folders that are called as its transports, and no others."""
        names = set(folder.folders)
        return folder.path.name == "store" and bool(names) and names <= {*_TRANSPORTS, *_OTHERS}

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every reference."""
        for folder in walk(root, lambda *_: None):
            if {"refs", "snapshots"} <= set(folder.folders):
                yield from files_in(folder.path / "refs")

    def hold(self, path: Path) -> Held | None:
        """What a reference names."""
        model = path.parent.parent
        if path.parent.name != "refs" or not (model / "snapshots").is_dir() or not path.is_file():
            return None
        place = _transport(model)
        if place is None:
            return None
        transport, name = place
        held = Held(f"{name}:{path.name.removesuffix('.json')}")
        data = read_bytes(path)
        held.besides = data
        snapshot, files = _listed(data, str(path))
        folder = within(snapshot.replace(":", "-"))
        for file in files:
            _file(file, model, folder, held)
        quote = f"{transport}/{held.name}"
        held.copy_of(_ref(transport, name, path), Evidence(source=self.name, path="ref", quote=quote[:300]))
        if not held.files:
            why = f"{path.name} names no file that is here"
            held.gaps.append(Gap(id=GapId.FILES_NOT_LISTED, what="all files of the model", why=why))
        return held


def _transport(model: Path) -> tuple[str, str] | None:
    """The transport that a model came by, and its name there."""
    for up, parent in enumerate(list(model.parents)[:_HIGHEST]):
        if parent.name in {*_TRANSPORTS, *_OTHERS} and parent.parent.name == "store":
            return parent.name, "/".join(model.parts[-up - 1 :])
    return None


def _ref(transport: str, name: str, path: Path) -> ModelRef | None:
    scheme = _TRANSPORTS.get(transport)
    if scheme is None:
        return None
    tag = path.name.removesuffix(".json")
    if scheme == "hf":
        # Of `org/repo/file.gguf` and `org/repo`, the repository; tags name a file or a kind of it.
        return named("hf", "/".join(name.split("/")[:2]))
    if scheme == "ollama":
        return named("ollama", f"{name.removeprefix('library/')}:{tag}")
    return named(scheme, f"{name}:{tag}" if scheme == "oci" else name)


def _listed(data: bytes, where: str) -> tuple[str, list[tuple[str, str]]]:
    """The snapshot that a reference names, and its files, each with its digest where it states one."""
    if data.lstrip().startswith(b"{"):
        fields = json_object(data, where)
        files = [(text_of(one.get("name")), text_of(one.get("hash"))) for one in mappings(fields.get("files"))]
        return text_of(fields.get("hash")), files
    lines = [line.strip() for line in decode(data).splitlines() if line.strip()]
    if not lines:
        raise UnreadableError("an empty reference", where=where)
    return lines[0], [(line.partition("---")[0], "") for line in lines[1:]]


def _file(file: tuple[str, str], model: Path, folder: str | None, held: Held) -> None:
    name, digest = within(file[0]), DIGEST.fullmatch(file[1])
    if name is None or folder is None:
        return
    held.files[name] = model / "snapshots" / folder / name
    if digest:
        held.promised[name] = f"sha256:{digest[1].lower()}"

"""The data folder of Jan: a folder for each model, with a `model.yml` or, of older versions, a `model.json`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats.hub_names import model_ref
from licscan.formats.tree import Folder, walk
from licscan.model import Evidence, Gap, GapId
from licscan.sources.stores.interface import SHA256, Held, Machine, Store, walk_files
from licscan.sources.stores.records import mappings, read_json, read_yaml, text_of

_BOOKS = ("model.yml", "model.yaml", "model.json")
_KNOWN = frozenset({"model_path", "engine", "model", "sources", "source_url", "files", "format"})


class Jan(Store):
    """The models that Jan downloaded or took in."""

    name = "jan"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """The data folder that its settings name, and those of its versions."""
        for settings in (machine.data / "Jan" / "settings.json", machine.home / ".config" / "Jan" / "settings.json"):
            try:
                if chosen := text_of(read_json(settings)[0].get("data_folder")):
                    yield machine.place(chosen)
            except UnreadableError:
                continue
        yield machine.data / "Jan" / "data"
        yield machine.home / "jan"
        yield machine.home / "cortexcpp"

    def is_root(self, folder: Folder) -> bool:
        """Models beside the threads or extensions of its conversations."""
        names = set(folder.folders)
        return bool({"models", "llamacpp"} & names) and bool({"threads", "extensions", "assistants"} & names)

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every folder with a book of a model, wherever versions put it."""
        for top in (root / "models", root / "llamacpp" / "models"):
            if top.is_dir():
                yield from (folder.path for folder in walk(top, lambda *_: None) if set(_BOOKS) & set(folder.files))

    def hold(self, path: Path) -> Held | None:
        """A folder with a book of Jan's."""
        if "models" not in path.parts or not path.is_dir():
            return None
        book = next((path / name for name in _BOOKS if (path / name).is_file()), None)
        if book is None:
            return None
        held = Held(path.name, walk_files(path))
        try:
            fields = read_json(book)[0] if book.suffix == ".json" else read_yaml(book)
        except UnreadableError as error:
            held.gaps.append(Gap(id=GapId(error.gap), what=f"what {book.name} says", why=f"{book.name}: {error.what}"))
            return held
        if _KNOWN.isdisjoint(fields):
            return None
        _read(fields, book, held)
        return held


def _read(fields: dict[str, Any], book: Path, held: Held) -> None:
    held.name = text_of(fields.get("name")) or text_of(fields.get("id")) or held.name
    held.besides = repr(sorted(fields.items(), key=str)).encode("utf-8", "replace")
    for key, digest in (("model_path", "model_sha256"), ("mmproj_path", "mmproj_sha256")):
        file, promised = text_of(fields.get(key)).replace("\\", "/").rpartition("/")[2], text_of(fields.get(digest))
        if file in held.files and SHA256.fullmatch(promised):
            held.promised[file] = f"sha256:{promised}"
    stated = [text_of(source.get("url")) for source in mappings(fields.get("sources"))]
    stated += [text_of(fields.get(key)) for key in ("source_url", "source", "model_path")]
    for url in stated:
        # A path on this machine is where it lies, and not where it comes from.
        ref = model_ref(url) if "://" in url else None
        if ref and ref not in {same.ref for same in held.same_as}:
            held.copy_of(ref, Evidence(source="jan", path=book.name, quote=url[:300]))

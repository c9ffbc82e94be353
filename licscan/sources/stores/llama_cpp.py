"""The old cache of llama.cpp: files beside their addresses. The new one is that of the Hub's client.

`<file>.json` holds url and etag, `<file>.etag` an etag alone, `manifest=<owner>_<repo>=<tag>.json` the Hub's answer.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.hub_names import model_ref
from licscan.formats.tree import Folder
from licscan.model import Evidence, Gap, GapId
from licscan.sources.stores.interface import SHA256, Held, Machine, Store, files_in
from licscan.sources.stores.records import read_json, text_of

_SPLIT = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.IGNORECASE)


class LlamaCpp(Store):
    """What llama.cpp downloaded into a folder of its own."""

    name = "llama.cpp"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """The variable that it reads, and the cache folder of each system."""
        yield from machine.named("LLAMA_CACHE")
        yield machine.cache / "llama.cpp"
        yield machine.home / "Library" / "Caches" / "llama.cpp"
        yield from (data / "llama.cpp" for data in machine.named("LOCALAPPDATA"))

    def is_root(self, folder: Folder) -> bool:
        """Weights with their books beside them."""
        names = set(folder.files)
        return any(name.startswith("manifest=") for name in names) or any(
            name.endswith(".gguf") and {f"{name}.json", f"{name}.etag"} & names for name in names
        )

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every weight file, of several parts the first; one that is still being fetched is a gap."""
        for path in files_in(root):
            split = _SPLIT.fullmatch(path.name)
            if path.suffix.casefold() == ".gguf" and (split is None or int(split[2]) == 1):
                yield path
            elif path.name.endswith((".gguf.downloadInProgress", ".gguf.tmp")):
                yield Gap(id=GapId.FILES_NOT_LISTED, what="a model that is not whole", why=f"{path}: a broken download")

    def hold(self, path: Path) -> Held | None:
        """A file with all of its parts; its address tells the repository, its etag the digest."""
        if path.suffix.casefold() != ".gguf" or not path.is_file():
            return None
        parts = _parts(path)
        if not any(_books(part) for part in parts) and path.parent.name != "llama.cpp":
            return None
        held = Held(path.stem, {part.name: part for part in parts})
        for part in parts:
            _read_books(part, held)
        if not held.same_as and (repository := _by_manifest(path)):
            why = (
                f"its name begins with {repository!a}, in which a stroke of the repository's name may be an underscore"
            )
            held.gaps.append(Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="which repository it is of", why=why))
        return held


def _parts(path: Path) -> list[Path]:
    split = _SPLIT.fullmatch(path.name)
    if split is None:
        return [path]
    prefix, total = split[1], split[3]
    return [
        one for one in files_in(path.parent) if (m := _SPLIT.fullmatch(one.name)) and (m[1], m[3]) == (prefix, total)
    ]


def _books(path: Path) -> bool:
    return any(path.with_name(path.name + suffix).is_file() for suffix in (".json", ".etag"))


def _read_books(path: Path, held: Held) -> None:
    etag, url = "", ""
    try:
        fields, data = read_json(path.with_name(f"{path.name}.json"))
        etag, url = text_of(fields.get("etag")), text_of(fields.get("url"))
        held.besides += data
    except UnreadableError:
        try:
            data = read_file(path.with_name(f"{path.name}.etag"), 4096).data
            etag = decode(data).strip()
            held.besides += data
        except UnreadableError:
            return
    digest = etag.removeprefix("W/").strip('"')
    if SHA256.fullmatch(digest):
        held.promised[path.name] = f"sha256:{digest}"
    ref = model_ref(url) if url else None
    if ref and ref not in {same.ref for same in held.same_as}:
        held.copy_of(ref, Evidence(source="llama.cpp", path=f"{path.name}.json", quote=f"url: {url}"[:300]))
        held.name = ref.name


def _by_manifest(path: Path) -> str | None:
    """The repository that a manifest is of, whose stroke llama.cpp wrote as an underscore."""
    names = (one.name.split("=") for one in files_in(path.parent) if one.name.startswith("manifest="))
    found = (parts[1] for parts in names if len(parts) == 3)  # noqa: PLR2004 - manifest, repository, tag
    return next((name for name in found if path.name.startswith(f"{name}_")), None)

"""The folder of GPT4All: weight files, and a catalog that knows them by name, digest and address."""

import configparser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.hub_names import model_ref
from licscan.formats.tree import Folder
from licscan.model import Evidence, Gap, GapId
from licscan.sources.stores.interface import SHA256, Held, Machine, Store, files_in
from licscan.sources.stores.records import LIMIT, mappings, text_of

_NAMES = ("gpt4all", "GPT4All")
_CATALOG = re.compile(r"models3?\.json")
_MD5 = re.compile(r"[0-9a-f]{32}")
_INCOMPLETE = "incomplete-"


class GPT4All(Store):
    """What GPT4All downloaded."""

    name = "gpt4all"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """The Python binding's cache, the application's folder, and the one that its settings name."""
        yield machine.cache / "gpt4all"
        yield machine.data / "nomic.ai" / "GPT4All"
        yield from (place / "nomic.ai" / "GPT4All" for place in machine.named("LOCALAPPDATA"))
        configs = [*machine.named("XDG_CONFIG_HOME"), machine.home / ".config", machine.data]
        for settings in (folder / "nomic.ai" / "GPT4All.ini" for folder in configs):
            parser = configparser.ConfigParser(strict=False, interpolation=None)
            try:
                parser.read_string(decode(read_file(settings, LIMIT).data))
            except (UnreadableError, configparser.Error):
                continue
            if chosen := parser.get("General", "modelPath", fallback="").strip():
                yield machine.place(chosen)

    def is_root(self, folder: Folder) -> bool:
        """By its name, or a catalog beside weights."""
        has_weights = any(name.endswith(".gguf") for name in folder.files)
        return has_weights and (folder.path.name in _NAMES or "models3.json" in folder.files)

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every weight file; one that is still being fetched is a gap."""
        for path in files_in(root):
            if path.name.startswith(_INCOMPLETE):
                yield Gap(id=GapId.FILES_NOT_LISTED, what="a model that is not whole", why=f"{path}: a broken download")
            elif path.suffix == ".gguf":
                yield path

    def hold(self, path: Path) -> Held | None:
        """A file, with what the catalog beside it says."""
        if path.suffix != ".gguf" or not path.is_file():
            return None
        catalogs = [one for one in files_in(path.parent) if _CATALOG.fullmatch(one.name)]
        if path.parent.name not in _NAMES and not catalogs:
            return None
        held = Held(path.stem, {path.name: path})
        for catalog in catalogs:
            for entry in _entries(catalog):
                if entry.get("filename") == path.name:
                    _entry(entry, catalog.name, held)
        return held


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        return mappings(json.loads(decode(read_file(path, LIMIT).data)))
    except (UnreadableError, ValueError, RecursionError):
        return []


def _entry(entry: dict[str, Any], catalog: str, held: Held) -> None:
    (name,) = held.files
    held.name = text_of(entry.get("name")) or held.name
    digest, old = text_of(entry.get("sha256sum")), text_of(entry.get("md5sum"))
    if SHA256.fullmatch(digest):
        held.promised[name] = f"sha256:{digest}"
    elif _MD5.fullmatch(old):
        held.promised[name] = f"md5:{old}"
    held.besides += repr(sorted(entry.items(), key=str)).encode("utf-8", "replace")
    url = text_of(entry.get("url"))
    held.copy_of(model_ref(url) if url else None, Evidence(source="gpt4all", path=catalog, quote=f"url: {url}"[:300]))
